import { describe, expect, it, vi } from 'vitest'
import { desk } from '@/stores/desk'
import TimerWindow from '@/windows/timer/TimerWindow.vue'
import { atTheMoment, calls, mock, pass, press, settle, stage } from './stage'

atTheMoment()

const FRESH = 'fresh'
const show = (scene: string) => stage(TimerWindow, scene)

describe('a timer on the screen', () => {
  it('shows the table’s text at 0:00, 4:00, 5:00 and 5:01', async () => {
    const wrapper = await show('')
    await mock.invoke('start_timing', { label: '' })
    await settle()
    const clock = () => wrapper.find('[data-test=clock]').text()
    expect(clock()).toBe('05:00')
    await pass(240_000)
    expect(clock()).toBe('01:00')
    await pass(60_000)
    expect(clock()).toBe('00:00')
    await pass(1_000)
    expect(clock()).toBe('-00:01')
  })

  it('speaks once at one minute and once at the limit', async () => {
    const wrapper = await show('')
    await mock.invoke('start_timing', { label: '柜台 3 号客户' })
    await settle()
    const spoken = () => wrapper.find('[aria-live=assertive]').text()
    await pass(239_000)
    expect(spoken()).toBe('')
    await pass(1_000)
    expect(spoken()).toContain('还剩 1 分钟')
    await pass(60_000)
    expect(spoken()).toContain('时限已到')
    await pass(5_000)
    expect(spoken(), 'the warning does not come back').toContain('时限已到')
  })

  it('says the state in words, not by colour alone', async () => {
    const wrapper = await show('several')
    expect(wrapper.findAll('.timer').map((one) => one.find('.hint').text())).toEqual(['请立即报告', '即将到时', '尽快化解'])
  })

  it('puts the most urgent one on top and keeps the number of an unnamed one', async () => {
    const wrapper = await show('several')
    expect(wrapper.findAll('.label').map((one) => one.text())).toEqual(['柜台 3 号客户', '客户 2', '电话客户王女士'])
  })

  it('may be discarded only in the first 30 seconds', async () => {
    const wrapper = await show(FRESH)
    expect(wrapper.find('.link').text()).toBe('误触')
    await pass(20_000)
    expect(wrapper.find('.link').exists()).toBe(false)
  })

  it('opens the report for its own case', async () => {
    const wrapper = await show(FRESH)
    await wrapper.find('.acts .primary').trigger('click')
    expect(calls('open_report')).toEqual([{ case_id: desk.timers[0]?.case_id }])
  })

  it('settled on the spot: one choice of trigger, and what was typed goes with it', async () => {
    const wrapper = await show(FRESH)
    const caseId = desk.timers[0]?.case_id
    await wrapper.findAll('.acts button')[1]?.trigger('click')
    await settle()
    await press({ key: '2' })
    expect(calls('submit')).toMatchObject([{ case_id: caseId, exits: ['spot'], form: { facts: { trigger: 'grumbling' } } }])
    expect(wrapper.text()).toContain('没有进行中的计时')
  })

  it('takes a name, but not with the Enter of the input method', async () => {
    const wrapper = await show(FRESH)
    await wrapper.find('.label').trigger('click')
    await settle()
    await wrapper.find('.field').setValue('柜台 1 号')
    ;(wrapper.find('.field').element as HTMLElement).focus()
    await press({ key: 'Enter', keyCode: 229 })
    expect(calls('name_timer')).toEqual([])
    await press({ key: 'Enter' })
    expect(calls('name_timer')).toMatchObject([{ label: '柜台 1 号' }])
  })

  it('says why something did not work', async () => {
    const wrapper = await show(FRESH)
    mock.failing.set('discard_timing', mock.fault('too_late_to_discard'))
    await wrapper.find('.link').trigger('click')
    await settle()
    expect(wrapper.find('.hint').text()).toContain('30 秒')
  })
})

it('timers change their language where they stand', async () => {
  const wrapper = await stage(TimerWindow, 'timing')
  mock.emit({ kind: 'settings', settings: { ...mock.scene.boot.settings, language: 'en' } })
  await vi.waitFor(() => expect(wrapper.find('.acts button').text()).not.toBe('报告'))
})
