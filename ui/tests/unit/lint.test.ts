import { describe, expect, it } from 'vitest'
// @ts-expect-error the checks are plain modules
import { findingsIn } from '../../scripts/text-rules.mjs'

const page = (inside: string) => `<script setup lang="ts">\nconst n = 1\n</script>\n\n<template>\n  ${inside}\n</template>\n`
const found = (inside: string): string[] => findingsIn('src/features/Page.vue', page(inside))

describe('the check of texts', () => {
  it.each([
    ['a text node', '<p>Report sent</p>', 'Report sent'],
    ['a word beside a filled place', '<p v-if="n > 0">{{ n }} cases</p>', 'cases'],
    ['a title', '<button title="Close it">{{ t(\'common.close\') }}</button>', 'title="Close it"'],
    ['a spoken label', '<i aria-label="Online" />', 'aria-label="Online"'],
    ['Chinese', '<p>已报告</p>', '已报告'],
  ])('finds %s in a template and names its line', (_what, inside, said) => {
    expect(found(inside).some((finding) => finding.startsWith('src/features/Page.vue:6: ') && finding.includes(said))).toBe(true)
  })

  it('leaves bound attributes, code in quotes and filled places alone', () => {
    const inside = '<p :title="t(\'a.b\')" class="one two" @click="() => go(\'here\')">{{ n < 2 ? t(\'x\') : word(\'line\', n) }} · 95518</p>'
    expect(found(inside)).toEqual([])
  })

  it('finds an English sentence in a script, but not what only an engineer reads', () => {
    expect(findingsIn('src/lib/a.ts', "const told = 'The report was sent.'\n")).toHaveLength(1)
    expect(findingsIn('src/lib/a.ts', "throw new Error('The place is not there')\n")).toEqual([])
    expect(findingsIn('src/lib/a.ts', "// Said 'The report was sent.'\nconst key = 'report.done'\n")).toEqual([])
    expect(findingsIn('src/texts/en.json', '{ "a": "The report was sent." }\n')).toEqual([])
  })

  it('lets only src/ipc import the host', () => {
    expect(findingsIn('src/lib/a.ts', "import { invoke } from '@tauri-apps/api/core'\n")).toHaveLength(1)
    expect(findingsIn('src/ipc/tauri.ts', "import { invoke } from '@tauri-apps/api/core'\n")).toEqual([])
  })
})
