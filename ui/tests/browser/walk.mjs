// The workbench by Tab alone: every control of a page is reached, and shows that it has the focus.
import { SCREENS } from './screens.mjs'

const CLAIM = 'every control of a page is reached by Tab and shows its focus'

const WALKED = ['my-reports', 'team-board', 'inbox', 'callback-dialled', 'register', 'recall', 'handling-case', 'case-leader', 'find', 'absences', 'directory', 'rules', 'audit-accesses', 'settings', 'sign-in']

/** Numbers what Tab must reach; returns how many stops there are. A group of radio buttons is one. */
const tag = () => {
  const look = (one) => {
    const looks = []
    for (let box = one; box && looks.length < 3; box = box.parentElement) {
      const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(box)
      looks.push([outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor].join())
    }
    return looks.join('|')
  }
  const radios = new Set()
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((one) => {
    if (one.matches(':disabled, [tabindex="-1"]') || one.closest('[inert]') || !one.checkVisibility({ visibilityProperty: true })) return false
    if (one.type !== 'radio') return true
    if (radios.has(one.name)) return false
    return radios.add(one.name)
  })
  globalThis.walked = { look, before: new Map() }
  document.activeElement?.blur()
  for (const [number, one] of stops.entries()) {
    one.dataset.walk = String(number)
    globalThis.walked.before.set(one, look(one))
  }
  return stops.length
}

/** What has the focus: its number, its words, and whether it looks otherwise than without. */
const here = () => {
  const one = document.activeElement
  const { look, before } = globalThis.walked
  const radio = one.type === 'radio' ? document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"][data-walk]`) : one
  const words = one.getAttribute('aria-label') || one.textContent.trim().slice(0, 20) || one.id || one.tagName
  return { number: radio?.dataset?.walk ?? null, words, seen: !before.has(one) || before.get(one) !== look(one) }
}

async function walk(tab, demand) {
  const count = await tab.evaluate(tag)
  const reached = new Set()
  const unseen = []
  for (let strokes = 0; strokes < 2 * count + 10 && reached.size < count; strokes += 1) {
    await tab.keyboard.press('Tab')
    const { number, words, seen } = await tab.evaluate(here)
    if (number === null) continue
    reached.add(number)
    if (!seen) unseen.push(words)
  }
  const missed = await tab.evaluate((numbers) => [...document.querySelectorAll('[data-walk]')].filter((one) => !numbers.includes(one.dataset.walk)).map((one) => one.getAttribute('aria-label') || one.textContent.trim() || one.id || one.outerHTML.slice(0, 80)), [...reached])
  demand(missed.length === 0, `Tab does not reach: ${missed.join(', ')}`)
  demand(unseen.length === 0, `no visible focus: ${[...new Set(unseen)].join(', ')}`)
  console.log(`     ${count} stops`)
}

export const WALKS = WALKED.map((name) => {
  const screen = SCREENS.find((one) => one.name === name)
  return {
    ...screen,
    name: `${CLAIM}: ${name}`,
    async go(tab, demand) {
      if (screen.ready) await tab.locator(screen.ready).first().waitFor()
      await screen.before?.(tab)
      await walk(tab, demand)
    },
  }
})
