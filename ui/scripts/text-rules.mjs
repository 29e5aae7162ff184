// What the check of texts looks for in one file. No type can hold these rules: no sentence outside of the catalogues,
// and only src/ipc knows the host. Comments are not looked at: an engineer may name the trade's words there.

const CHINESE = /[\u3400-\u9fff\uff00-\uffef]/u
const WORD = /[A-Za-z]{2,}/
/** A capital, then at least two more words: said to a person, not a name of code. */
const ENGLISH_SENTENCE = /(['"`])([A-Z][a-z]+(?:,? [A-Za-z’-]+){2,}[.!?…]?)\1/
/** What an engineer reads when a promise between two parts of the program is broken. */
const FOR_ENGINEERS = /\b(?:Error|console\.\w+|invariant)\(/
/** What stands on the keys is the same in every language. */
const KEY_CAPS = /\b(?:Ctrl|Shift|Alt|Esc|Enter|Tab)\b/g
const HOST = /from\s+['"]@tauri-apps|import\(\s*['"]@tauri-apps/
/** Attributes whose words a person sees or hears. */
const SPOKEN = /(?:^|\s)(title|alt|label|placeholder|aria-label|aria-description|aria-roledescription|aria-valuetext)\s*=\s*"([^"]*)"/g
/** Catalogues, the rule in our own words, what is said to customers, generated files (their comments are the contract's) and the made-up people of the mock host. */
const MAY_HOLD_SENTENCES = ['src/texts/zh-CN.json', 'src/texts/en.json', 'src/texts/articles.json', 'src/texts/calming.json', 'src/ipc/gen/', 'src/ipc/mock/']

/** The findings of one file, each as `name:line: what`. */
export function findingsIn(name, source) {
  const text = withoutComments(source)
  const findings = []
  const find = (line, what) => findings.push(`${name}:${line}: ${what}`)
  text.split('\n').forEach((line, i) => {
    if (HOST.test(line) && !name.startsWith('src/ipc/')) find(i + 1, 'only src/ipc may import the host')
  })
  if (MAY_HOLD_SENTENCES.some((place) => name.startsWith(place))) return findings
  text.split('\n').forEach((line, i) => {
    if (CHINESE.test(line) && !name.endsWith('.html')) find(i + 1, `a sentence outside the catalogues: ${line.trim()}`)
    const english = name.endsWith('.css') ? null : ENGLISH_SENTENCE.exec(line)
    if (english && !FOR_ENGINEERS.test(line)) find(i + 1, `an English sentence outside the catalogues: ${english[2]}`)
  })
  for (const { line, said } of spokenIn(name, text)) find(line, `words in a template outside the catalogues: ${said}`)
  return findings
}

const blank = (comment) => comment.replace(/[^\n]/g, ' ')
const withoutComments = (text) =>
  text
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/(^|\s)\/\/.*$/gm, blank)

/** Text nodes and spoken attributes of a template that hold letters of their own. */
function* spokenIn(name, text) {
  const markup = name.endsWith('.html') ? text : name.endsWith('.vue') ? onlyTemplate(text) : ''
  for (const { line, kind, part } of partsOf(markup)) {
    if (kind === 'text') {
      const said = part.replace(/\{\{[\s\S]*?\}\}/g, ' ').replace(/&\w+;/g, ' ').replace(KEY_CAPS, ' ').trim()
      if (WORD.test(said)) yield { line, said }
    } else {
      for (const [, attribute, said] of part.matchAll(SPOKEN)) {
        if (WORD.test(said)) yield { line, said: `${attribute}="${said}"` }
      }
    }
  }
}

/** The file with everything but its template blanked, so that lines keep their numbers. */
function onlyTemplate(text) {
  const from = text.search(/^<template>/m)
  const to = text.lastIndexOf('</template>')
  return from < 0 || to < from ? '' : blank(text.slice(0, from)) + text.slice(from, to)
}

/** Tags and the texts between them; a `>` within quotes ends no tag, a `<` within braces begins none. */
function* partsOf(markup) {
  let [kind, part, line, start, quote] = ['text', '', 1, 1, '']
  for (let at = 0; at < markup.length; at += 1) {
    const letter = markup[at]
    if (letter === '\n') line += 1
    if (kind === 'tag' && (letter === '"' || letter === "'")) quote = quote === letter ? '' : quote || letter
    const opens = kind === 'text' && letter === '<' && /[a-z/!]/i.test(markup[at + 1] ?? '') && balanced(part)
    const closes = kind === 'tag' && letter === '>' && quote === ''
    if (opens || closes) {
      yield { line: start, kind, part }
      ;[kind, part, start] = [opens ? 'tag' : 'text', '', line]
    } else part += letter
  }
  yield { line: start, kind, part }
}

const balanced = (part) => part.split('{{').length === part.split('}}').length
