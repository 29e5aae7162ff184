// @vitest-environment node
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import * as lists from '@/ipc/words'
import zh from '@/texts/zh-CN.json'
import { modulesOf, sentencesOf } from '../../sentences'

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url))
const SMALL = ['quick-report', 'timer', 'alert'] as const

const keysIn = (branch: object, path = ''): string[] =>
  Object.entries(branch).flatMap(([name, value]) => (typeof value === 'string' ? [path + name] : keysIn(value as object, `${path}${name}.`)))
const ALL = keysIn(zh)
const found = (text: string, what: RegExp) => [...text.matchAll(what)].map(([, part]) => part ?? '')

/** Catalogue section → the words of the contract that a window can be told, whatever it does. */
const TOLD: Record<(typeof SMALL)[number] | 'each', [string, readonly string[]][]> = {
  each: [
    ['fault', lists.DeskFaultCodeWords],
    ['problem', lists.ErrorCodeWords],
    ['refusal', lists.RefusalWords],
    ['field_fault', lists.FieldFaultKindWords],
    ['words.state', lists.CaseStateWords],
    ['words.field', lists.FieldNameWords],
    ['words.trigger', lists.TriggerWords],
  ],
  'quick-report': [
    ['link', lists.LinkStateWords],
    ['words.step', lists.StepWords],
    ['words.cause', lists.CauseWords],
    ['words.cause_detail', lists.CauseDetailWords],
    ['words.seal_kind', lists.SealKindWords],
  ],
  timer: [],
  alert: [
    ['alert', lists.AlertKindWords],
    ['words.line', lists.LineWords],
    ['words.cause', lists.CauseWords],
    ['words.cause_detail', lists.CauseDetailWords],
  ],
}

describe.each(SMALL)('the %s window', (window) => {
  const has = new Set(keysIn(sentencesOf(window, SOURCES)))
  const files = [...modulesOf(window, SOURCES).keys()]

  it('has every sentence, list and beginning of a key that stands in a file of its', () => {
    for (const file of files) {
      const [text, place] = [readFileSync(file, 'utf8'), relative(SOURCES, file)]
      const written = new Set(found(text, /['"`](\w+(?:\.\w+)+)['"`]/g))
      const begun = [...found(text, /`(\w+\.[\w.]*)\$\{/g).filter((begin) => begin !== 'words.'), ...found(text, /\bword(?:Or)?\('(\w+)'/g).map((list) => `words.${list}.`)]
      const asked = ALL.filter((key) => written.has(key) || begun.some((begin) => key.startsWith(begin)))
      expect(asked.filter((key) => !has.has(key)), place).toEqual([])
      expect(begun.filter((begin) => !ALL.some((key) => key.startsWith(begin))), place).toEqual([])
    }
  })

  it('has a sentence for whatever it can be told', () => {
    const told = [...TOLD.each, ...TOLD[window]].flatMap(([section, words]) => words.map((one) => `${section}.${one}`))
    expect(told.filter((key) => !has.has(key))).toEqual([])
  })

  it('has nothing of what only the others say', () => {
    const others = ['native', 'nav', 'case', 'rules', 'directory', ...SMALL.filter((other) => other !== window).map((other) => ({ 'quick-report': 'report.done_', timer: 'timer.ring_', alert: 'alert.' })[other])]
    expect([...has].filter((key) => others.some((begin) => key.startsWith(begin)))).toEqual([])
  })
})

describe('what is written in the modules of a window', () => {
  let folder = ''
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const TEXTS = { a: { one: '1', two: '2', three: '3' }, b: { calm_now: '1', late_now: '2', late: '3' }, words: { line: { x: '1' }, role: { y: '1' } } }
  const TAIL = '</script>\n\n<template>\n  <p :title="t(late ? \'a.two\' : \'a.three\')">{{ t(`b.${how}_now`) }} {{ word(\'line\', code) }}</p>\n</template>\n'
  const PAGE = `<script setup lang="ts">\nimport { t } from '@/texts'\nimport { word } from '@/texts/words'\ndefineProps<{ late: boolean; how: string; code: string }>()\n${TAIL}`

  function keysOf(files: Record<string, string>): string[] {
    folder = mkdtempSync(join(tmpdir(), 'sentences-'))
    const libraries = { 'texts/index.ts': 'export const t = String\nexport const textOrNull = String\n', 'texts/words.ts': 'export const word = String\n' }
    for (const [name, text] of Object.entries({ ...libraries, ...files, 'texts/zh-CN.json': JSON.stringify(TEXTS) })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    return keysIn(sentencesOf('small', folder))
  }
  const main = (text: string) => keysOf({ 'windows/small/main.ts': text })

  it('counts in a script and in a template, whole and put together', () => {
    expect(keysOf({ 'windows/small/main.ts': "import Page from './Page.vue'\n", 'windows/small/Page.vue': PAGE })).toEqual(['a.two', 'a.three', 'b.calm_now', 'b.late_now', 'words.line.x'])
  })

  it('counts also where it is loaded later, and not where only a type is taken', () => {
    const files = { 'later.ts': "export const key = 'a.one'\n", 'shape.ts': "export type Key = 'a.two'\nexport const key = 'a.two'\n", 'shared.ts': "export * from './more'\n", 'more/index.ts': "export const key = 'a.three'\n" }
    expect(keysOf({ ...files, 'windows/small/main.ts': "import type { Key } from '@/shape'\nimport '@/shared'\nvoid import('@/later')\n" })).toEqual(['a.one', 'a.three'])
  })

  it('counts as a list by whatever name a module gives the lookup', () => {
    expect(main("import { word as said } from '@/texts/words'\nsaid('role', 'y')\n")).toEqual(['words.role.y'])
  })

  it.each([
    ['a list that is computed', "import { word } from '@/texts/words'\nconst list = 'line'\nword(list, 'x')\n"],
    ['a key that is computed', "import { textOrNull } from '@/texts'\ntextOrNull('a.' + 'one')\n"],
    ['a lookup that is handed on', "import { word } from '@/texts/words'\n['line'].map(word)\n"],
    ['a module that is computed', "const name = './a'\nvoid import(name)\n"],
    ['a module that is not there', "import './gone'\n"],
  ])('fails the build: %s', (_what, text) => {
    expect(() => main(text)).toThrow(/must be written there|there is no/)
  })

  it('fails the build: a template of a component without a setup script', () => {
    expect(() => keysOf({ 'windows/small/main.ts': "import './Page.vue'\n", 'windows/small/Page.vue': '<template><p>{{ $t }}</p></template>\n' })).toThrow(/setup script/)
  })
})
