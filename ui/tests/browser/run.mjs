// The windows in a real browser: accessibility, policy, keyboard, pictures.
//   node tests/browser/run.mjs [--shots-only] [name …]
// Last line: `N passed, M failed`; the exit code says the same.
import { readFileSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { launch, openWindow } from './browser.mjs'
import { JOURNEYS } from './journeys.mjs'
import { SCREENS } from './screens.mjs'
import { serve } from './server.mjs'
import { WALKS } from './walk.mjs'

const SHOTS = fileURLToPath(new URL('../../../target/shots/ui/', import.meta.url))
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** A window without site navigation or landmarks around a dialog is no defect of a desktop window. */
const NOT_FOR_WINDOWS = ['region', 'landmark-one-main', 'page-has-heading-one']

const shotsOnly = process.argv.includes('--shots-only')
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
const chosen = (name) => wanted.length === 0 || wanted.includes(name)
const results = { passed: 0, failed: 0 }

async function check(name, test) {
  try {
    await test()
    results.passed += 1
    console.log(`ok   ${name}`)
  } catch (error) {
    results.failed += 1
    console.log(`FAIL ${name}\n     ${String(error.message ?? error).split('\n').join('\n     ')}`)
  }
}

function demand(condition, why) {
  if (!condition) throw new Error(why)
}

async function accessible(tab) {
  // The policy of the page forbids foreign script, so the checker comes in by the debugger's door.
  await tab.evaluate(AXE)
  const found = await tab.evaluate(
    async ([tags, off]) => {
      const rules = Object.fromEntries(off.map((rule) => [rule, { enabled: false }]))
      const { violations } = await globalThis.axe.run(document, { runOnly: tags, rules })
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim() ?? ''})`).join('; ')}`)
    },
    [STANDARDS, NOT_FOR_WINDOWS],
  )
  demand(found.length === 0, found.join('\n'))
}

/** Nothing may stick out of the window sideways, and buttons must not cut their words off. */
async function fits(tab) {
  const over = await tab.evaluate(() => {
    const root = document.documentElement
    const found = root.scrollWidth > root.clientWidth ? [`page is ${root.scrollWidth} px wide in ${root.clientWidth}`] : []
    for (const button of document.querySelectorAll('button, .tag')) {
      if (button.scrollWidth > button.clientWidth + 1 && getComputedStyle(button).textOverflow !== 'ellipsis') found.push(`cut off: ${button.textContent.trim()}`)
    }
    return found
  })
  demand(over.length === 0, over.join('\n'))
}

async function quiet(opened) {
  const violations = await opened.tab.evaluate(() => globalThis.violations)
  demand(violations.length === 0, `policy: ${violations.join('; ')}`)
  demand(opened.trouble.length === 0, opened.trouble.join('\n'))
}

async function screen(browser, address, one) {
  const opened = await openWindow(browser, address, one)
  try {
    if (one.ready) await opened.tab.locator(one.ready).first().waitFor({ timeout: 8_000 })
    await one.before?.(opened.tab)
    await opened.tab.evaluate(() => document.fonts.ready)
    await opened.tab.screenshot({ path: `${SHOTS}${one.name}.png` })
    if (shotsOnly) return
    await fits(opened.tab)
    await accessible(opened.tab)
    await quiet(opened)
  } finally {
    await opened.close()
  }
}

const flatten = (branch, path = '') =>
  Object.entries(branch).flatMap(([name, value]) => (typeof value === 'string' ? [[path + name, value]] : flatten(value, `${path}${name}.`)))

/** The real bundle, not the mock one: no mock host in it, and the small windows stay small and have their sentences. */
async function bundle() {
  const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
  const { gzipSync } = await import('node:zlib')
  const LIMIT = 60 * 1024
  const sentences = flatten(JSON.parse(await readFile(new URL('../../src/texts/zh-CN.json', import.meta.url), 'utf8')))
  for (const window of ['quick-report', 'timer', 'alert']) {
    const html = await readFile(`${dist}${window}.html`, 'utf8')
    demand(!/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/.test(html), `${window}.html holds inline script or style`)
    let [size, scripts] = [0, '']
    for (const [, file] of html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)) {
      const script = await readFile(dist + file)
      demand(!script.includes('138 0000'), `${file} holds the mock host`)
      scripts += script
      size += gzipSync(script).length
    }
    const asked = new Set(scripts.match(/(?<=[`'"])\w+(?:\.\w+)+(?=[`'"])/g))
    const missed = sentences.find(([key, text]) => asked.has(key) && !scripts.includes(text))
    demand(!missed, `${window} asks for a sentence that it does not have: ${missed?.[0]}`)
    demand(size > 0 && size <= LIMIT, `${window} loads ${size} bytes of script (compressed), more than ${LIMIT}`)
    console.log(`     ${window}: ${(size / 1024).toFixed(1)} KB script, compressed`)
  }
}

await mkdir(SHOTS, { recursive: true })
const server = await serve()
const browser = await launch()
try {
  for (const one of SCREENS.filter(({ name }) => chosen(name))) await check(`screen ${one.name}`, () => screen(browser, server.address, one))
  if (!shotsOnly) {
    for (const journey of [...JOURNEYS, ...WALKS].filter(({ name }) => chosen(name))) {
      await check(journey.name, async () => {
        const opened = await openWindow(browser, server.address, journey)
        try {
          await journey.go(opened.tab, demand)
          await quiet(opened)
        } finally {
          await opened.close()
        }
      })
    }
    if (wanted.length === 0) await check('the real bundle is small, strict and without the mock host', bundle)
  }
} finally {
  await browser.close()
  server.close()
}
console.log(`${results.passed} passed, ${results.failed} failed`)
process.exit(results.failed === 0 ? 0 : 1)
