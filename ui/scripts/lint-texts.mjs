// Looks through src/ and the entries' pages for sentences outside of the catalogues (the rules are in text-rules.mjs).
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findingsIn } from './text-rules.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* files(path)
    else if (/\.(ts|vue|css|json|mjs)$/.test(entry.name)) yield path
  }
}

const pages = readdirSync(ROOT).filter((name) => name.endsWith('.html')).map((name) => join(ROOT, name))
const findings = [...files(join(ROOT, 'src')), ...pages].flatMap((path) =>
  findingsIn(relative(ROOT, path), readFileSync(path, 'utf8')),
)
for (const finding of findings) console.error(finding)
console.log(findings.length === 0 ? 'texts: clean' : `texts: ${findings.length} findings`)
process.exit(findings.length === 0 ? 0 : 1)
