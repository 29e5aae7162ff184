// Two rules that no type can hold: no sentence outside the catalogues, and only src/ipc knows the host.
// Comments are not looked at: an engineer may name the trade's words there.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CHINESE = /[\u3400-\u9fff\uff00-\uffef]/u
const HOST = /from\s+['"]@tauri-apps|import\(\s*['"]@tauri-apps/
/** Catalogues, generated files (their comments are the contract's) and the made-up people of the mock host. */
const MAY_HOLD_CHINESE = ['src/texts/zh-CN.json', 'src/texts/en.json', 'src/ipc/gen/', 'src/ipc/mock/']

const withoutComments = (text) =>
  text
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/(^|\s)\/\/.*$/gm, blank)
const blank = (comment) => comment.replace(/[^\n]/g, ' ')

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* files(path)
    else if (/\.(ts|vue|css|json|mjs)$/.test(entry.name)) yield path
  }
}

const findings = []
for (const path of files(join(ROOT, 'src'))) {
  const name = relative(ROOT, path)
  const lines = withoutComments(readFileSync(path, 'utf8')).split('\n')
  lines.forEach((line, i) => {
    if (CHINESE.test(line) && !MAY_HOLD_CHINESE.some((place) => name.startsWith(place))) {
      findings.push(`${name}:${i + 1}: a sentence outside the catalogues: ${line.trim()}`)
    }
    if (HOST.test(line) && !name.startsWith('src/ipc/')) findings.push(`${name}:${i + 1}: only src/ipc may import the host`)
  })
}
for (const finding of findings) console.error(finding)
console.log(findings.length === 0 ? 'texts: clean' : `texts: ${findings.length} findings`)
process.exit(findings.length === 0 ? 0 : 1)
