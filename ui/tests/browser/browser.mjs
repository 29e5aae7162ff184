// Debian's Chromium, and pages that watch themselves: console errors, policy violations, a clock that can be set.
import { chromium } from 'playwright-core'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
]

/** The moment all pictures are taken at: 14:06:00 in Beijing. */
export const MOMENT = Date.UTC(2026, 10, 22, 6, 6, 0)

export const SIZES = {
  'quick-report': { width: 480, height: 680 },
  timer: { width: 300, height: 92 },
  alert: { width: 440, height: 292 },
  workbench: { width: 1280, height: 800 },
}

export const launch = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })

/** Opens one window of the program in a scene. */
export async function openWindow(browser, address, { window, scene = '', page = '', open = '', fault = '', size, scale = 1, moment = MOMENT }) {
  const context = await browser.newContext({ viewport: size ?? SIZES[window], deviceScaleFactor: scale, locale: 'zh-CN', reducedMotion: 'reduce' })
  const tab = await context.newPage()
  const trouble = []
  tab.on('pageerror', (error) => trouble.push(`error: ${error.message}`))
  tab.on('console', (message) => ['error', 'warning'].includes(message.type()) && trouble.push(`console: ${message.text()}`))
  // The program freezes the prototypes; a page that relies on changing them would break only there.
  await tab.addInitScript(() => {
    Object.freeze(Object.prototype)
    globalThis.violations = []
    document.addEventListener('securitypolicyviolation', (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`))
  })
  await tab.clock.install({ time: moment })
  const query = new URLSearchParams({ scene })
  if (page) query.set('page', page)
  if (open) query.set('case', open)
  if (fault) query.set('fault', fault)
  await tab.goto(`${address}/${window}.html?${query}`)
  await tab.waitForFunction(() => globalThis.chayanMock?.calls.some((call) => call.command === 'painted'), null, { timeout: 10_000 })
  return { tab, trouble, close: () => context.close() }
}
