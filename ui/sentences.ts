/**
 * Which sentences a small window can say, worked out from its sources when it is built: the workbench has the whole
 * catalogue, a small window its own part of it, so that it stays small.
 *
 * It looks at every module that the window can ever load and takes whatever could be a key for one: too much is kept
 * rather than too little. A key that cannot be told from what is written fails the build. While developing and in tests
 * every window knows everything.
 */
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import type { Plugin } from 'vite'
import { compileScript, parse } from 'vue/compiler-sfc'

/** `import sentences from 'virtual:sentences/timer'` */
const VIRTUAL = 'virtual:sentences/'
/** They take what no type holds to be a key; `t` takes only what was written as one somewhere. */
const LOOKUPS = new Set(['textOrNull', 'word', 'wordOr'])

interface Branch {
  [name: string]: string | Branch
}

/** `sources`: the folder of `windows`, `texts` and everything else. */
export function sentencesOfWindows(sources: string): Plugin {
  let building = false
  return {
    name: 'sentences-of-windows',
    configResolved(config) {
      building = config.command === 'build'
    },
    resolveId: (id) => (id.startsWith(VIRTUAL) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${VIRTUAL}`)) return null
      if (!building) return "export { default } from '@/texts/zh-CN.json'"
      return `export default ${JSON.stringify(sentencesOf(id.slice(VIRTUAL.length + 1), sources))}`
    },
  }
}

/** The part of the Chinese catalogue that a window can say. */
export function sentencesOf(window: string, sources: string): Branch {
  const patterns = new Set([...modulesOf(window, sources).values()].flatMap((module) => [...module.says]))
  const expression = (pattern: string) => pattern.replaceAll('.', '\\.').replaceAll('*', '[\\w.]*')
  const said = new RegExp(`^(?:${[...patterns].map(expression).join('|')})$`)
  return only(JSON.parse(readFileSync(join(sources, 'texts/zh-CN.json'), 'utf8')) as Branch, said)
}

function only(branch: Branch, said: RegExp, path = ''): Branch {
  const kept: Branch = {}
  for (const [name, value] of Object.entries(branch)) {
    if (typeof value === 'string') {
      if (said.test(path + name)) kept[name] = value
    } else {
      const part = only(value, said, `${path}${name}.`)
      if (Object.keys(part).length > 0) kept[name] = part
    }
  }
  return kept
}

interface Module {
  /** What could be a key, with a `*` for each place that is filled while running: `alert.title`, `words.line.*`. */
  says: Set<string>
  /** What it imports, at once or later. */
  loads: string[]
}

/** Every module of ours that a window can load, by its file. */
export function modulesOf(window: string, sources: string): Map<string, Module> {
  const modules = new Map<string, Module>()
  const waiting = [join(sources, 'windows', window, 'main.ts')]
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (modules.has(file)) continue
    const module = look(file)
    modules.set(file, module)
    for (const name of module.loads) waiting.push(...fileOf(name, file, sources))
  }
  return modules
}

/** The file of a module of ours; a library and the host (`#host`) say nothing, nor do styles and data. */
function fileOf(name: string, from: string, sources: string): string[] {
  if (!name.startsWith('@/') && !name.startsWith('.')) return []
  const place = name.startsWith('@/') ? join(sources, name.slice(2)) : join(dirname(from), name)
  const found = [place, `${place}.ts`, join(place, 'index.ts')].find((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
  if (!found) throw new Error(`${from}: there is no ${name}`)
  return /\.(ts|vue)$/.test(found) ? [found] : []
}

function look(file: string): Module {
  const source = ts.createSourceFile(file, scriptOf(file), ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS)
  const module: Module = { says: new Set(), loads: [] }
  /** The lookups by the names that this module gives them. */
  const lookups = new Map<string, string>()

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return load(node)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      module.loads.push(patternOf(node.arguments[0]) ?? unclear(node))
    }
    const pattern = patternOf(node)
    if (pattern !== null && /^[\w.*]*\.[\w.*]*$/.test(pattern)) module.says.add(pattern)
    const lookup = ts.isIdentifier(node) && !isMember(node) ? lookups.get(node.text) : undefined
    if (lookup) {
      const asked = patternOf(callOf(node)?.arguments[0]) ?? unclear(node.parent)
      module.says.add(lookup === 'textOrNull' ? asked : `words.${asked}.*`)
    }
    ts.forEachChild(node, visit)
  }

  function load(node: ts.ImportDeclaration | ts.ExportDeclaration): void {
    const clause = ts.isImportDeclaration(node) ? node.importClause : node
    if (!node.moduleSpecifier || clause?.isTypeOnly) return
    module.loads.push(patternOf(node.moduleSpecifier) ?? unclear(node))
    const names = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined
    for (const one of names && ts.isNamedImports(names) ? names.elements : []) {
      const name = (one.propertyName ?? one.name).text
      if (LOOKUPS.has(name)) lookups.set(one.name.text, name)
    }
  }

  function unclear(node: ts.Node): never {
    throw new Error(`${file}: which sentences \`${node.getText(source)}\` asks for must be written there, not computed`)
  }

  visit(source)
  // `word` puts its keys together from the list that it is asked for: every caller names that one.
  if (file.endsWith('texts/words.ts')) module.says.delete('words.*.*')
  return module
}

/** What is written, with a `*` for each place that is filled while running; `null`: nothing is written. */
function patternOf(node: ts.Node | undefined): string | null {
  if (node && ts.isStringLiteralLike(node)) return node.text
  if (node && ts.isTemplateExpression(node)) return [node.head, ...node.templateSpans.map((span) => span.literal)].map((part) => part.text).join('*')
  return null
}

/** The call of a function; a template's code takes what is imported out of its box first: `_unref(word)('line', code)`. */
function callOf(name: ts.Node): ts.CallExpression | null {
  const isBoxed = ts.isCallExpression(name.parent) && name.parent.expression !== name
  const called = isBoxed ? name.parent : name
  return ts.isCallExpression(called.parent) && called.parent.expression === called ? called.parent : null
}

const isMember = (name: ts.Node) => (ts.isPropertyAccessExpression(name.parent) || ts.isPropertyAssignment(name.parent)) && name.parent.name === name

/** A component as one script, its template compiled into it. */
function scriptOf(file: string): string {
  const text = readFileSync(file, 'utf8')
  if (!file.endsWith('.vue')) return text
  const { descriptor } = parse(text, { filename: file })
  if (!descriptor.scriptSetup) throw new Error(`${file}: without a setup script its template is not looked at`)
  return compileScript(descriptor, { id: file, inlineTemplate: true }).content
}
