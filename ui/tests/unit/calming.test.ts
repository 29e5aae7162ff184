import { describe, expect, it } from 'vitest'
// Loaded before the first test, so that they are there as soon as they are asked for.
import '@/windows/quick-report/CalmingWords.vue'
import { calmingFor, STEPS } from '@/features/report/calming'
import { CauseWords } from '@/ipc/words'
import QuickReport from '@/windows/quick-report/QuickReport.vue'
import { atTheMoment, calls, mock, pass, press, settle, stage } from './stage'

atTheMoment()

const show = (scene: string) => stage(QuickReport, scene, { first: { case_id: null } })

describe('calming words', () => {
  it.each(['zh-CN', 'en'] as const)('stand for every cause, each its own, in %s', (language) => {
    const seen = new Set<string>()
    for (const cause of CauseWords) for (const step of STEPS) seen.add(calmingFor(cause, language).words[step])
    expect(seen.size).toBe(CauseWords.length * STEPS.length)
  })

  it('are whole sentences, short enough to be read out', () => {
    for (const cause of CauseWords) {
      for (const text of Object.values(calmingFor(cause, 'zh-CN').words)) {
        expect(text, cause).toMatch(/。$/)
        expect(text.length, text).toBeLessThanOrEqual(60)
      }
    }
  })

  it('are those that fit every cause for a cause that a newer centre added', () => {
    expect(calmingFor('drone_noise' as never, 'zh-CN').words).toEqual(calmingFor('other', 'zh-CN').words)
  })

  it('come by one key without a network, follow the cause and leave the focus alone', async () => {
    const wrapper = await show('timing offline')
    await pass(300)
    const [before, focus] = [mock.calls.length, document.activeElement]
    expect(wrapper.find('[data-test=calming]').exists()).toBe(false)
    await press({ key: 'F2' })
    await pass(300)
    expect(wrapper.find('[data-test=calming]').text()).toContain('您慢慢说，我一直在听。')
    expect(document.activeElement).toBe(focus)
    expect(mock.calls.slice(before)).toEqual([])
    await wrapper.find('#field-cause').setValue('timeliness/timeliness_waiting')
    await settle()
    expect(wrapper.find('[data-test=calming]').text()).toContain('让您等了这么久')
    expect(wrapper.find('[data-test=calming]').text()).toContain('服务时效')
  })

  it('are folded away by Esc before the window is hidden', async () => {
    const wrapper = await show('timing')
    await press({ key: 'F2' })
    await pass(300)
    await press({ key: 'Escape' })
    expect(wrapper.find('[data-test=calming]').exists()).toBe(false)
    expect(calls('hide_window')).toEqual([])
    await press({ key: 'Escape' })
    expect(calls('hide_window')).toHaveLength(1)
  })

  it('are folded away by a submit, so that one Esc hides the window', async () => {
    const wrapper = await show('timing')
    await press({ key: 'F2' })
    await pass(300)
    await press({ key: '2', code: 'Digit2', alt: true })
    await press({ key: 'Enter', ctrl: true })
    expect(wrapper.find('[data-test=calm]').exists(), 'handed over').toBe(false)
    await press({ key: 'Escape' })
    expect(calls('hide_window')).toHaveLength(1)
  })

  it('are not there unasked in the report after one that was handed over', async () => {
    const wrapper = await show('timing')
    await press({ key: 'F2' })
    await pass(300)
    await press({ key: '2', code: 'Digit2', alt: true })
    await press({ key: 'Enter', ctrl: true })
    await wrapper.findAll('button').find((button) => button.text().includes('再报一件'))?.trigger('click')
    await pass(300)
    expect(wrapper.find('[data-test=calm]').exists()).toBe(true)
    expect(wrapper.find('[data-test=calming]').exists()).toBe(false)
  })

  it('are not offered where only the flow is left to start', async () => {
    const wrapper = await stage(QuickReport, 'noticed', { first: mock.scene.boot.report })
    mock.emit({ kind: 'show_report', report: mock.scene.boot.report })
    await pass(300)
    expect(wrapper.find('[data-test=noticed]').exists()).toBe(true)
    await press({ key: 'F2' })
    expect(wrapper.find('[data-test=calm]').exists()).toBe(false)
    expect(wrapper.find('[data-test=calming]').exists()).toBe(false)
  })
})
