// What a person does from beginning to end, by keyboard, in a real browser.

const calls = (tab, command) => tab.evaluate((name) => globalThis.chayanMock.calls.filter((call) => call.command === name).map((call) => call.args), command)
const focused = (tab) => tab.evaluate(() => document.activeElement?.id || document.activeElement?.getAttribute('name') || document.activeElement?.textContent?.trim() || '')

/** Counts what the fingers do. */
function fingers(tab) {
  let strokes = 0
  return {
    press: async (key, times = 1) => {
      for (let i = 0; i < times; i += 1) await tab.keyboard.press(key)
      strokes += times
    },
    type: async (text) => {
      await tab.keyboard.insertText(text)
      strokes += [...text].length
    },
    count: () => strokes,
  }
}

export const JOURNEYS = [
  {
    name: 'a whole report by keyboard alone, in reading order',
    window: 'quick-report',
    scene: 'timing',
    async go(tab, demand) {
      const hand = fingers(tab)
      const order = []
      const next = async () => {
        await hand.press('Tab')
        order.push(await focused(tab))
      }
      order.push(await focused(tab))
      await hand.press('2')
      await next()
      await hand.press('ArrowDown', 10)
      await next()
      await hand.press('ArrowDown', 8)
      await next()
      await hand.type('13800001234')
      await next()
      await next()
      await hand.type('第三次来催定损')
      await next()
      await hand.press('Space')
      await next()
      await hand.press('ArrowRight')
      await hand.press('Control+Shift+Enter')
      await tab.locator('[data-test=result]').waitFor()
      const [sent] = await calls(tab, 'submit')
      const expected = ['trigger', 'field-step', 'field-cause', 'field-contact', '', 'field-narrative', 'complaint_demanded', 'customer_present']
      demand(expected.every((id, i) => id === '' || order[i] === id), `tab order was ${order.join(' → ')}`)
      demand(sent.exits.join() === 'flow', `exits: ${sent.exits}`)
      const { facts, customer } = sent.form
      demand(facts.trigger === 'grumbling' && facts.step === 'loss_assessment' && facts.cause === 'timeliness', JSON.stringify(facts))
      demand(facts.complaint_demanded === false && customer.phone === '13800001234' && customer.narrative === '第三次来催定损', JSON.stringify(sent.form))
      demand(hand.count() <= 60, `${hand.count()} keystrokes`)
      console.log(`     ${hand.count()} keystrokes, 8 stops`)
    },
  },
  {
    name: 'a leader notice takes two strokes',
    window: 'quick-report',
    async go(tab, demand) {
      await tab.keyboard.press('4')
      await tab.keyboard.press('Control+Enter')
      await tab.locator('[data-test=result]').waitFor()
      const [sent] = await calls(tab, 'submit')
      demand(sent.exits.join() === 'leader' && sent.form.facts.trigger === 'other_sign', JSON.stringify(sent))
    },
  },
  {
    name: 'every control of the quick report is reached by Tab, in reading order',
    window: 'quick-report',
    async go(tab, demand) {
      const seen = []
      for (let i = 0; i < 16; i += 1) {
        seen.push(
          await tab.evaluate(() => {
            const box = document.activeElement.getBoundingClientRect()
            return { top: Math.round(box.top), left: Math.round(box.left), name: document.activeElement.id || document.activeElement.name || document.activeElement.textContent.trim(), body: document.activeElement === document.body }
          }),
        )
        await tab.keyboard.press('Tab')
      }
      const end = seen.findIndex((one, i) => i > 0 && (one.body || one.name === seen[0].name))
      const round = seen.slice(0, end === -1 ? seen.length : end)
      demand(round.length >= 11, `only ${round.length}: ${round.map((one) => one.name).join(', ')}`)
      for (let i = 1; i < round.length; i += 1) {
        const [before, now] = [round[i - 1], round[i]]
        demand(now.top > before.top - 12, `${now.name} lies above ${before.name}`)
        demand(now.top > before.top + 12 || now.left > before.left, `${now.name} lies left of ${before.name}`)
      }
    },
  },
  {
    name: 'a digit in the narrative is text, and Esc hides with the draft saved',
    window: 'quick-report',
    async go(tab, demand) {
      await tab.locator('#field-narrative').focus()
      await tab.keyboard.type('等了 3 天')
      await tab.keyboard.press('Escape')
      await tab.waitForFunction(() => globalThis.chayanMock.calls.some((call) => call.command === 'hide_window'))
      const saved = await calls(tab, 'save_draft')
      demand(saved.at(-1).form.customer.narrative === '等了 3 天', JSON.stringify(saved))
      demand(saved.at(-1).form.facts.trigger === null, 'the digit chose a trigger')
    },
  },
  {
    name: 'what is typed is on the disk within 300 ms',
    window: 'quick-report',
    async go(tab, demand) {
      await tab.locator('#field-narrative').focus()
      await tab.keyboard.type('客')
      await tab.clock.runFor(300)
      demand((await calls(tab, 'save_draft')).length === 1, 'not saved')
      demand((await tab.locator('[data-test=saving]').textContent()).startsWith('草稿已存本机'), 'not said')
    },
  },
  {
    name: 'showing the window again needs no new page and takes a key at once',
    window: 'quick-report',
    async go(tab, demand) {
      await tab.keyboard.press('Escape')
      await tab.evaluate(() => globalThis.chayanMock.emit({ kind: 'show_report', report: { case_id: null } }))
      await tab.keyboard.press('3')
      await tab.waitForFunction(() => document.querySelectorAll('input[name=trigger]')[2].checked)
      demand((await focused(tab)) === 'trigger', 'the focus is elsewhere')
    },
  },
  {
    name: 'an alert takes no focus, and Enter means nothing until the person comes in',
    window: 'alert',
    scene: 'leader-alert',
    async go(tab, demand) {
      demand(await tab.evaluate(() => document.activeElement === document.body), 'something took the focus')
      await tab.keyboard.press('Enter')
      demand((await calls(tab, 'act')).length === 0, 'Enter acted by itself')
      await tab.keyboard.press('Tab')
      await tab.keyboard.press('Tab')
      await tab.keyboard.press('Tab')
      await tab.keyboard.press('Enter')
      await tab.waitForFunction(() => globalThis.chayanMock.calls.some((call) => call.command === 'act'))
      demand((await calls(tab, 'act'))[0].action.kind === 'take_over', 'another act')
    },
  },
  {
    name: 'an agent claims, dials and archives by keyboard and one click each',
    window: 'workbench',
    scene: 'agent1',
    page: 'callback',
    open: '1',
    async go(tab, demand) {
      await tab.locator('.timeline').waitFor()
      await tab.keyboard.press('d')
      await tab.locator('#call-note').waitFor()
      await tab.locator('.acts .primary').click()
      await tab.locator('.call .notice.ok').waitFor()
      await tab.clock.runFor(1_000)
      await tab.keyboard.press('n')
      await tab.waitForFunction(() => globalThis.chayanMock.calls.filter((call) => call.command === 'act').length === 3)
      const acts = (await calls(tab, 'act')).map((one) => one.action.kind)
      demand(acts.join() === 'log_dial,record_callback,claim_callback', acts.join())
    },
  },
  {
    name: 'what the agent reads out has no word of a report',
    window: 'workbench',
    scene: 'agent1',
    page: 'callback',
    open: '1',
    async go(tab, demand) {
      const script = await tab.locator('.script').textContent()
      demand(script.length > 60, 'no script')
      demand(!/不满|投诉|报告/.test(script), script)
    },
  },
  {
    name: 'at 200 % the quick report still shows every control',
    window: 'quick-report',
    size: { width: 240, height: 340 },
    async go(tab, demand) {
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      demand(wide <= 0, `${wide} px too wide`)
      for (const name of ['#field-narrative', 'input[name=customer_present] >> nth=1', 'footer .final']) {
        await tab.locator(name).scrollIntoViewIfNeeded()
        const box = await tab.locator(name).boundingBox()
        demand(box && box.width > 0 && box.x >= 0 && box.x + box.width <= 241, `${name} is not reachable: ${JSON.stringify(box)}`)
      }
    },
  },
  ...['quick-report', 'timer', 'alert', 'workbench'].map((window) => ({
    name: `in a training the ${window} window is watermarked over everything, and still takes a click`,
    window,
    scene: 'clerk timing leader-alert training',
    async go(tab, demand) {
      const mark = tab.locator('.training-mark')
      const box = await mark.boundingBox()
      const size = tab.viewportSize()
      demand(box.width === size.width && box.height === size.height, JSON.stringify(box))
      const drawn = await mark.evaluate((one) => ({ text: getComputedStyle(one, '::before').content, opacity: getComputedStyle(one, '::before').opacity }))
      demand(drawn.text === '"练习"' && Number(drawn.opacity) > 0.05, JSON.stringify(drawn))
      const covered = await tab.evaluate(() => {
        const button = [...document.querySelectorAll('button:not(:disabled)')].find((one) => one.getBoundingClientRect().width > 0)
        const { left, top, width, height } = button.getBoundingClientRect()
        return document.elementFromPoint(left + width / 2, top + height / 2).closest('.training-mark') !== null
      })
      demand(!covered, 'the watermark takes the click')
    },
  })),
  {
    name: 'English is on the screen as soon as it is chosen',
    window: 'workbench',
    scene: 'agent1',
    page: 'callback',
    open: '1',
    async go(tab, demand) {
      await tab.locator('.timeline').waitFor()
      await tab.evaluate(() => globalThis.chayanMock.invoke('save_settings', { ...globalThis.chayanMock.scene.boot.settings, language: 'en' }))
      await tab.waitForFunction(() => document.documentElement.lang === 'en')
      const text = await tab.locator('nav').textContent()
      demand((await tab.locator('h1').first().textContent()) !== '首次回访' && !/工作台|我的报告|设置/.test(text), `still Chinese: ${text}`)
      demand((await tab.evaluate(() => document.documentElement.lang)) === 'en', 'the page does not say its language')
    },
  },
]
