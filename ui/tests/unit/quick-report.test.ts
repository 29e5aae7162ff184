import { describe, expect, it, vi } from 'vitest'
import { id } from '@/ipc/mock/cases'
import QuickReport from '@/windows/quick-report/QuickReport.vue'
import { atTheMoment, calls, mock, pass, press, settle, stage } from './stage'

atTheMoment()

const show = (scene: string, caseId: string | null = null) => stage(QuickReport, scene, { first: { case_id: caseId } })
const text = (wrapper: Awaited<ReturnType<typeof show>>, test: string) => wrapper.find(`[data-test=${test}]`).text()

async function fillAll(wrapper: Awaited<ReturnType<typeof show>>): Promise<void> {
  await press({ key: '2' })
  await wrapper.find('#field-step').setValue('loss_assessment')
  await wrapper.find('#field-cause').setValue('timeliness/timeliness_assessment')
  await wrapper.find('#field-contact').setValue('138 0000 1234')
  await wrapper.find('#field-narrative').setValue('第三次来催定损')
  await wrapper.find('input[name=complaint_demanded]').setValue()
}

describe('a report by keyboard', () => {
  it('starts in the first field when it is shown', async () => {
    await show('')
    expect(document.activeElement?.getAttribute('name')).toBe('trigger')
  })

  it('goes to the leader with one digit and one chord', async () => {
    await show('')
    await press({ key: '2' })
    await press({ key: 'Enter', ctrl: true })
    expect(calls('submit')).toMatchObject([{ exits: ['leader'], form: { facts: { trigger: 'grumbling' } } }])
  })

  it('starts the flow with six inputs', async () => {
    const wrapper = await show('')
    await fillAll(wrapper)
    await press({ key: 'Enter', ctrl: true, shift: true })
    expect(calls('submit')).toMatchObject([
      {
        exits: ['flow'],
        form: {
          facts: { trigger: 'grumbling', step: 'loss_assessment', cause: 'timeliness', cause_detail: 'timeliness_assessment', complaint_demanded: false },
          customer: { phone: '138 0000 1234', narrative: '第三次来催定损' },
        },
      },
    ])
  })

  it('chooses the trigger from anywhere with Alt and the digit’s place', async () => {
    const wrapper = await show('')
    ;(wrapper.find('#field-narrative').element as HTMLElement).focus()
    await press({ key: '¡', code: 'Digit1', alt: true })
    expect((wrapper.find('input[name=trigger]').element as HTMLInputElement).checked).toBe(true)
  })

  it('a digit typed into a text is text', async () => {
    const wrapper = await show('')
    ;(wrapper.find('#field-contact').element as HTMLElement).focus()
    await press({ key: '1' })
    expect(wrapper.find('input[name=trigger]:checked').exists()).toBe(false)
  })

  it('the Enter that confirms pinyin hands nothing over', async () => {
    await show('')
    await press({ key: '2' })
    await press({ key: 'Enter', ctrl: true, composing: true })
    await press({ key: 'Enter', ctrl: true, keyCode: 229 })
    expect(calls('submit')).toEqual([])
  })

  it('both exits go together when asked', async () => {
    const wrapper = await show('')
    await fillAll(wrapper)
    await wrapper.find('.also input').setValue(true)
    await press({ key: 'Enter', ctrl: true })
    expect(calls('submit')).toMatchObject([{ exits: ['leader', 'flow'] }])
  })

  it('Esc saves what was typed and hides', async () => {
    const wrapper = await show('')
    await wrapper.find('#field-narrative').setValue('客户在等')
    await press({ key: 'Escape' })
    expect(calls('save_draft')).toMatchObject([{ form: { customer: { narrative: '客户在等' } } }])
    expect(calls('hide_window')).toEqual([{ window: 'quick_report' }])
  })
})

describe('what the person is told', () => {
  it('saving and saved, with the time of the answer', async () => {
    const wrapper = await show('')
    await wrapper.find('#field-narrative').setValue('客户在等')
    expect(text(wrapper, 'saving')).toBe('正在保存…')
    await pass(250)
    expect(text(wrapper, 'saving')).toBe('草稿已存本机 14:06:00')
  })

  it('not saved, with the reason', async () => {
    const wrapper = await show('')
    mock.failing.set('save_draft', mock.fault('disk_full'))
    await wrapper.find('#field-narrative').setValue('客户在等')
    await pass(250)
    expect(text(wrapper, 'saving')).toContain('磁盘已满')
  })

  it('what is missing, at the field, with the focus in the first one', async () => {
    const wrapper = await show('')
    await press({ key: '2' })
    await press({ key: 'Enter', ctrl: true, shift: true })
    expect(wrapper.find('#error-step').text()).toBe('请填写业务环节')
    expect(document.activeElement?.id).toBe('field-step')
    expect(wrapper.find('#field-step').attributes('aria-invalid')).toBe('true')
  })

  it('delivered only with the receipt, sealed until then', async () => {
    const wrapper = await show('')
    await press({ key: '2' })
    await press({ key: 'Enter', ctrl: true })
    expect(wrapper.find('[data-state]').attributes('data-state')).toBe('sealed')
    expect(text(wrapper, 'result')).not.toContain('送达')
    await pass(300)
    expect(wrapper.find('[data-state]').attributes('data-state')).toBe('delivered')
    expect(text(wrapper, 'result')).toContain('14:06:00 送达')
  })

  it('goes away by itself after a delivered report, but not while somebody reads', async () => {
    await show('')
    await press({ key: '2' })
    await press({ key: 'Enter', ctrl: true })
    await pass(7_000)
    expect(calls('hide_window')).toHaveLength(1)
  })

  it('offline: sealed, will be sent, and the telephone with what to say', async () => {
    const wrapper = await show('offline')
    expect(text(wrapper, 'offline')).toContain('95518-6')
    await press({ key: '4' })
    await press({ key: 'Enter', ctrl: true })
    await pass(7_000)
    expect(text(wrapper, 'result')).toContain('已封存\uff0c联网后自动发送')
    expect(text(wrapper, 'result')).toContain('95518-6')
    expect(text(wrapper, 'result'), 'what was not sent is not done').not.toContain('已报直接领导')
    expect(calls('hide_window'), 'a report that waits is not waved away').toEqual([])
  })

  it('who is not signed in is led to the sign-in, and no draft is opened', async () => {
    const wrapper = await show('signed-out')
    expect(calls('open_draft')).toEqual([])
    await wrapper.find('[data-test=signed-out] button').trigger('click')
    expect(calls('open_workbench')).toEqual([{ page: 'sign_in', case_id: null }])
  })

  it('a session that ran out lets the work go on and asks to sign in again', async () => {
    const wrapper = await show('ended')
    expect(text(wrapper, 'session-ended')).toContain('重新登录')
    await press({ key: '2' })
    await press({ key: 'Enter', ctrl: true })
    expect(calls('submit')).toHaveLength(1)
  })

  it('a locked keyring has a way out', async () => {
    const wrapper = await show('keyring-locked')
    await wrapper.find('[data-test=keyring] button').trigger('click')
    await settle()
    expect(calls('retry_keyring')).toHaveLength(1)
    expect(wrapper.find('[data-test=keyring]').exists()).toBe(false)
  })
})

describe('the clock in the head', () => {
  it.each([
    ['timing', '03:31', 'calm'],
    ['soon', '00:42', 'soon'],
    ['late', '-01:01', 'late'],
  ])('%s', async (scene, shown, tone) => {
    mock.reset(scene)
    const wrapper = await show(scene, mock.scene.boot.timers[0]?.case_id ?? null)
    expect(text(wrapper, 'clock')).toBe(shown)
    expect(wrapper.find('[data-test=clock]').classes()).toContain(tone)
  })

  it('does nothing while the window is hidden', async () => {
    await show('')
    Object.defineProperty(document, 'hidden', { value: true, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
    const before = vi.getTimerCount()
    await pass(5_000)
    expect(vi.getTimerCount()).toBe(before)
    expect(before).toBe(0)
    Reflect.deleteProperty(document, 'hidden')
  })
})

describe('showing it again', () => {
  it('keeps what is typed before the stored draft arrives', async () => {
    let arrive: (value?: unknown) => void = () => undefined
    mock.reset('')
    const wrapper = await show('')
    mock.waiting.set('open_draft', new Promise((done) => (arrive = done)))
    mock.emit({ kind: 'show_report', report: { case_id: null } })
    await settle()
    await press({ key: '3' })
    arrive()
    await settle()
    await pass(250)
    expect((wrapper.findAll('input[name=trigger]')[2]?.element as HTMLInputElement).checked).toBe(true)
    expect(calls('save_draft')).toMatchObject([{ form: { facts: { trigger: 'demand_unmet' } } }])
  })

  it('a new report begins with an empty sheet', async () => {
    const wrapper = await show('')
    await press({ key: '2' })
    await press({ key: 'Enter', ctrl: true })
    await press({ key: 'Escape' })
    mock.emit({ kind: 'show_report', report: { case_id: null } })
    await settle()
    expect(wrapper.find('[data-test=result]').exists()).toBe(false)
    expect(wrapper.find('input[name=trigger]:checked').exists()).toBe(false)
  })

  it('a refused report is opened again with its reason', async () => {
    const wrapper = await show('')
    await press({ key: '2' })
    await press({ key: 'Enter', ctrl: true })
    const [record] = mock.scene.records.records
    if (!record) throw new Error('no record')
    record.state = 'quarantined'
    record.refused = { type: '', title: '', status: 422, code: 'evidence_mismatch', request_id: null }
    mock.emit({ kind: 'records', records: mock.scene.records })
    await settle()
    await wrapper.find('[data-test=result] li button').trigger('click')
    await settle()
    expect(calls('correct_record')).toEqual([{ record_id: record.record_id }])
    expect(wrapper.text()).toContain('时间证据与内容对不上')
  })
})

describe('a report that the leader has already', () => {
  const NOTICED = id(9)

  it('offers the flow alone, without the five-minute clock, and asks for what is missing', async () => {
    const wrapper = await show('noticed', NOTICED)
    expect(wrapper.find('[data-test=clock]').exists()).toBe(false)
    expect(wrapper.find('header h1').text()).toBe('启动流程 jsk.22')
    expect(wrapper.findAll('footer button').map((button) => button.text())).toEqual(['启动流程 jsk.22Ctrl ↵'])
    expect(wrapper.find('[data-test=noticed]').text()).toContain('还缺')
    expect(wrapper.findAll('.error').length).toBeGreaterThan(0)
    expect(document.activeElement?.id).toBe('field-step')
  })

  it('is prefilled, and the first chord starts its flow', async () => {
    const wrapper = await show('noticed complete', NOTICED)
    expect((wrapper.find('#field-contact').element as HTMLInputElement).value).toBe('138 0000 1234')
    expect(document.activeElement?.id).toBe('start-flow')
    await press({ key: 'Enter', ctrl: true })
    expect(calls('submit')).toMatchObject([{ case_id: NOTICED, exits: ['flow'] }])
  })
})

it('a report that is over says so and leads on, instead of a form that takes nothing', async () => {
  mock.failing.set('open_draft', mock.fault('sealed_record'))
  const wrapper = await show('', id(1))
  mock.failing.set('open_draft', mock.fault('sealed_record'))
  mock.emit({ kind: 'show_report', report: { case_id: id(1) } })
  await settle()
  expect(text(wrapper, 'closed')).toContain('已封存')
  expect(wrapper.find('#field-narrative').exists()).toBe(false)
  expect(wrapper.find('footer').exists()).toBe(false)
  await wrapper.find('[data-test=closed] button').trigger('click')
  await settle()
  expect(calls('open_workbench')).toEqual([{ page: 'my_reports', case_id: id(1) }])
})

it('changes its language where it stands and keeps what was typed', async () => {
  const wrapper = await show('')
  await wrapper.find('#field-narrative').setValue('第三次来催定损')
  mock.emit({ kind: 'settings', settings: { ...mock.scene.boot.settings, language: 'en' } })
  await vi.waitFor(() => expect(wrapper.find('label[for=field-step]').text()).not.toBe('业务环节'))
  await settle()
  expect(wrapper.text()).not.toContain('抱怨')
  expect((wrapper.find('#field-narrative').element as HTMLTextAreaElement).value).toBe('第三次来催定损')
})
