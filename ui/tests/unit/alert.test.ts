import { describe, expect, it, vi } from 'vitest'
import { desk } from '@/stores/desk'
import AlertWindow from '@/windows/alert/AlertWindow.vue'
import { atTheMoment, calls, mock, pass, press, settle, stage } from './stage'

atTheMoment()

const show = (scene: string) => stage(AlertWindow, scene)
const first = () => desk.alerts.open[0]

describe('an alert', () => {
  it('shows level, time, place, what and what went before', async () => {
    const wrapper = await show('leader-alert')
    expect(wrapper.find('h1').text()).toContain('第 2 级')
    expect(wrapper.find('[data-test=clock]').text()).toBe('09:41')
    expect(wrapper.text()).toContain('昆山支公司')
    expect(wrapper.text()).toContain('客户仍在现场')
    expect(wrapper.text()).toContain('系统自动升级到第 2 级')
    expect(wrapper.text()).toContain('另有 1 件待确认')
  })

  it('holds no customer data', async () => {
    const wrapper = await show('leader-alert')
    expect(wrapper.text()).not.toMatch(/138|王|苏E/)
  })

  it('is reported as shown after its picture stood there, and only itself', async () => {
    await show('leader-alert')
    await pass(300)
    expect(calls('alerts_shown')).toEqual([{ alert_ids: [first()?.alert_id] }])
  })

  it('is not reported as shown by a hidden window', async () => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true })
    await show('leader-alert')
    await pass(300)
    expect(calls('alerts_shown')).toEqual([])
    Reflect.deleteProperty(document, 'hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    await pass(300)
    expect(calls('alerts_shown')).toHaveLength(1)
  })

  it('takes Enter only after the person came in', async () => {
    await show('leader-alert')
    await press({ key: 'Enter' })
    expect(calls('act')).toEqual([])
    document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }))
    await press({ key: 'Enter' })
    expect(calls('act')).toMatchObject([{ action: { kind: 'take_over' } }])
  })

  it('asks again before it starts the flow for somebody else', async () => {
    const wrapper = await show('leader-alert')
    await wrapper.findAll('footer button')[1]?.trigger('click')
    await settle()
    expect(calls('act')).toEqual([])
    await wrapper.find('footer button').trigger('click')
    await settle()
    expect(calls('act')).toMatchObject([{ action: { kind: 'start_flow_as_leader' } }])
  })

  it('stays and says why when the centre refuses', async () => {
    const wrapper = await show('leader-alert')
    mock.failing.set('act', mock.fault('unreachable'))
    await wrapper.find('footer button').trigger('click')
    await settle()
    expect(wrapper.find('.failed').text()).toContain('连不上中心')
  })

  it('that somebody else answered explains itself with the name and leaves', async () => {
    const wrapper = await show('late-alert')
    const alert = first()
    if (!alert) throw new Error('no alert')
    const head = (await mock.invoke('cases', { view: 'team', after: null })).cases[0]
    if (!head) throw new Error('no case')
    mock.emit({ kind: 'case_changed', case: { ...head, case_id: alert.case_id, holder: { person_id: '1', name: '张建国' } } })
    mock.emit({ kind: 'alerts', board: { open: [], ended: [{ ...alert, ended: { reason: 'taken_by_other', at: Date.now() } }], missed: 0 } })
    await settle()
    expect(wrapper.find('[data-test=ended]').text()).toContain('已由张建国接手')
    expect(calls('hide_window')).toEqual([])
    await pass(3_500)
    expect(calls('hide_window')).toEqual([{ window: 'alert' }])
  })

  it('that the person answered here is gone at once', async () => {
    const wrapper = await show('late-alert')
    await wrapper.find('footer button').trigger('click')
    await settle()
    expect(wrapper.find('[data-test=ended]').exists()).toBe(false)
    expect(calls('hide_window')).toEqual([{ window: 'alert' }])
  })

  it('that the person acknowledged at another desk is gone at once', async () => {
    const wrapper = await show('late-alert')
    const alert = first()
    if (!alert) throw new Error('no alert')
    mock.emit({ kind: 'alerts', board: { open: [], ended: [{ ...alert, ended: { reason: 'acknowledged', at: Date.now() } }], missed: 0 } })
    await settle()
    expect(wrapper.find('[data-test=ended]').exists()).toBe(false)
    expect(calls('hide_window')).toEqual([{ window: 'alert' }])
  })

  it('gives way to the next one when the person answered it', async () => {
    const wrapper = await show('leader-alert')
    await wrapper.find('footer button').trigger('click')
    await settle()
    expect(calls('hide_window')).toEqual([])
    expect(wrapper.text()).toContain('玄武支公司')
  })

  it('of a kind that a newer centre added can be read and acknowledged', async () => {
    const wrapper = await show('unknown-alert')
    expect(wrapper.find('h1').text()).toBe('新的提醒')
    await wrapper.find('footer button').trigger('click')
    expect(calls('acknowledge_alert')).toHaveLength(1)
  })

  it('that waits for delivery says so instead of a clock', async () => {
    const wrapper = await show('leader-alert')
    await wrapper.findAll('.turn button')[1]?.trigger('click')
    await settle()
    expect(wrapper.text()).toContain('送达后开始计时')
  })

  it('claims a callback and opens it', async () => {
    const wrapper = await show('agent1 callback-alert')
    await wrapper.find('footer button').trigger('click')
    await settle()
    expect(calls('act')).toMatchObject([{ action: { kind: 'claim_callback' } }])
    expect(calls('open_workbench')).toMatchObject([{ page: 'callback' }])
  })

  it('what a gap brought is one line', async () => {
    const wrapper = await show('callback-alert missed')
    expect(wrapper.find('.missed').text()).toContain('50')
  })
})

describe('moving the alert', () => {
  const pointer = (target: Element, type: string, x: number, buttons: number) =>
    target.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, buttons, screenX: x, screenY: 0 }))

  it('begins when its head is pulled, not when it is pressed', async () => {
    const head = (await show('leader-alert')).find('header').element
    pointer(head, 'pointerdown', 100, 1)
    pointer(head, 'pointermove', 102, 1)
    pointer(head, 'pointerup', 102, 0)
    pointer(head, 'pointermove', 140, 0)
    expect(mock.moves).toBe(0)
    pointer(head, 'pointerdown', 100, 1)
    pointer(head, 'pointermove', 106, 1)
    pointer(head, 'pointermove', 120, 1)
    expect(mock.moves).toBe(1)
  })

  it('never begins from its text or from a button', async () => {
    const wrapper = await show('leader-alert')
    for (const target of [wrapper.find('main').element, wrapper.find('.turn button').element]) {
      pointer(target, 'pointerdown', 100, 1)
      pointer(target, 'pointermove', 140, 1)
    }
    expect(mock.moves).toBe(0)
  })
})

it('an alert changes its language where it stands', async () => {
  const wrapper = await show('leader-alert')
  mock.emit({ kind: 'settings', settings: { ...mock.scene.boot.settings, language: 'en' } })
  await vi.waitFor(() => expect(wrapper.find('footer button').text()).not.toContain('确认接手'))
  expect(wrapper.text()).not.toContain('客户仍在现场')
})
