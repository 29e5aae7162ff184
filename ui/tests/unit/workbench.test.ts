import { describe, expect, it, vi } from 'vitest'
import CallbackPage from '@/features/callback/CallbackPage.vue'
import CasePage from '@/features/cases/CasePage.vue'
import CaseTimeline from '@/features/cases/CaseTimeline.vue'
import ConnectionPage from '@/features/connection/ConnectionPage.vue'
import TeamBoard from '@/features/ladder/TeamBoard.vue'
import { levelSentence } from '@/features/ladder/sentence'
import MyReports from '@/features/report/MyReports.vue'
import SignIn from '@/features/session/SignIn.vue'
import SettingsPage from '@/features/settings/SettingsPage.vue'
import type { CaseDetail, Level } from '@/ipc'
import { id } from '@/ipc/mock/cases'
import { desk } from '@/stores/desk'
import { go, groups, useRoute } from '@/windows/workbench/route'
import { atTheMoment, calls, mock, MOMENT, pass, press, settle, stage } from './stage'

atTheMoment()

const HELD = id(1)
const cells = (text: string) => text.replace(/\s+/g, ' ')

describe('navigation', () => {
  it.each([
    ['clerk', ['inbox', 'my_reports', 'find', 'absences', 'articles', 'training', 'connection', 'settings']],
    ['leader1', ['team_board', 'inbox', 'my_reports', 'find', 'absences', 'articles', 'training', 'connection', 'settings']],
    ['agent1', ['callback', 'register', 'wallboard', 'to_dispatch', 'recall', 'reopened', 'inbox', 'my_reports', 'find', 'absences', 'articles', 'training', 'connection', 'settings']],
    ['operator', ['register', 'inbox', 'my_reports', 'find', 'absences', 'articles', 'training', 'connection', 'settings']],
    ['handler', ['handling', 'inbox', 'my_reports', 'find', 'absences', 'articles', 'training', 'connection', 'settings']],
    ['head', ['handling', 'rulings', 'recall', 'reopened', 'escalated', 'team_board', 'inbox', 'my_reports', 'find', 'absences', 'articles', 'rules', 'training', 'connection', 'settings']],
    ['it', ['inbox', 'my_reports', 'find', 'absences', 'directory', 'articles', 'rules', 'training', 'connection', 'settings']],
    ['signed-out', ['articles', 'training', 'connection', 'settings']],
  ])('shows %s only what the role may do', async (scene, pages) => {
    await stage(ConnectionPage, scene)
    expect(groups.value.flatMap((group) => group.pages)).toEqual(pages)
  })

  it('shows a case that a link or a toast leads to, though it is on no list of the page', async () => {
    await stage(ConnectionPage, 'agent1')
    go(null, id(52))
    expect(useRoute()).toMatchObject({ page: 'inbox', caseId: id(52) })
  })

  it('sends a page that the role does not have to the role’s first one', async () => {
    await stage(ConnectionPage, 'clerk')
    go('callback')
    expect(useRoute().page).toBe('my_reports')
  })
})

describe('the callback queue', () => {
  it('is shown by remaining time, with what is late in words', async () => {
    const wrapper = await stage(CallbackPage, 'agent1', { caseId: null })
    const rows = wrapper.findAll('tbody tr')
    expect(rows[0]?.text()).toContain('-00:21')
    expect(rows[0]?.text()).toContain('已超时')
    expect(cells(wrapper.text())).toContain('121 / 123')
  })

  it('dials when D is pressed before the case has been read', async () => {
    const wrapper = await stage(CallbackPage, 'agent1', { caseId: null })
    let arrive = (): void => undefined
    mock.waiting.set('case_detail', new Promise<void>((resolve) => (arrive = resolve)))
    await wrapper.setProps({ caseId: HELD })
    await press({ key: 'd' })
    expect(calls('act')).toEqual([])
    arrive()
    await settle()
    expect(calls('act')).toMatchObject([{ case_id: HELD, action: { kind: 'log_dial' } }])
  })

  it('N claims the most urgent free one', async () => {
    await stage(CallbackPage, 'agent1', { caseId: HELD })
    await press({ key: 'n' })
    expect(calls('act')).toMatchObject([{ case_id: id(91), action: { kind: 'claim_callback' } }])
  })

  it('D logs the dial of the case beside it, and not from within a text', async () => {
    const wrapper = await stage(CallbackPage, 'agent1', { caseId: HELD })
    await press({ key: 'd' })
    expect(calls('act')).toMatchObject([{ case_id: HELD, action: { kind: 'log_dial' } }])
    await settle()
    ;(wrapper.find('#call-note').element as HTMLElement).focus()
    await press({ key: 'd' })
    await press({ key: 'n' })
    expect(calls('act')).toHaveLength(1)
  })

  it('asks for a result only after a dial, and archives with one press', async () => {
    const wrapper = await stage(CallbackPage, 'agent1', { caseId: HELD })
    expect(wrapper.find('#call-note').exists()).toBe(false)
    await press({ key: 'd' })
    await wrapper.find('#call-note').setValue('客户表示满意')
    await wrapper.find('.acts .primary').trigger('click')
    await settle()
    expect(calls('act').at(-1)).toMatchObject({ action: { kind: 'record_callback', result: 'not_dissatisfied', note: '客户表示满意', appointment_at: null } })
    expect(wrapper.text()).toContain('已归档')
  })

  it('leads from 有不满 straight into the dispatch, which covers nothing and begins with what is proposed', async () => {
    const wrapper = await stage(CallbackPage, 'agent1 dialled', { caseId: HELD })
    await wrapper.find('.acts .final').trigger('click')
    await settle()
    expect(calls('act').at(-1)).toMatchObject({ action: { kind: 'record_callback', result: 'dissatisfied' } })
    expect(wrapper.text()).toContain('已进入待转办')
    expect(wrapper.get('form.ask').element.closest('[role=dialog]'), 'over nothing').toBeNull()
    expect((document.activeElement as HTMLElement).id).toBe('act-lead')
    expect(wrapper.get<HTMLSelectElement>('#act-lead').element.selectedOptions[0]?.textContent).toContain('苏州分公司 · 销售（建议）')
    await wrapper.get('form.ask').trigger('submit')
    await settle()
    expect(calls('act').at(-1)).toMatchObject({ case_id: HELD, action: { kind: 'dispatch', lead: { unit_id: '320500', line: 'sales' } } })
    expect(wrapper.find('form.ask').exists()).toBe(false)
    expect(wrapper.text()).toContain('已转办')
  })

  it('offers the dispatch again after it was put off, and for every case that waits for it', async () => {
    const wrapper = await stage(CallbackPage, 'agent1 dialled', { caseId: HELD })
    await wrapper.find('.acts .final').trigger('click')
    await settle()
    await wrapper.findAll('form.ask button')[1]?.trigger('click')
    expect(wrapper.find('form.ask').exists()).toBe(false)
    await wrapper.get('[data-test=dispatch]').trigger('click')
    expect(wrapper.find('form.ask').exists()).toBe(true)
    const other = await stage(CallbackPage, 'agent1', { caseId: id(41) })
    expect(other.find('form.ask').exists(), 'nobody asked for it').toBe(false)
    expect(other.find('[data-test=dispatch]').exists()).toBe(true)
  })

  it('opens no dispatch for any other result, nor for who may not dispatch', async () => {
    const wrapper = await stage(CallbackPage, 'agent1 dialled', { caseId: HELD })
    await wrapper.find('.acts .primary').trigger('click')
    await settle()
    expect(wrapper.find('form.ask').exists()).toBe(false)
    const other = await stage(CallbackPage, 'agent1 dialled', { caseId: HELD })
    const reading = mock.invoke.bind(mock)
    const without = vi.spyOn(mock, 'invoke').mockImplementation(async (command, args) => {
      const answer = await reading(command, args)
      if (command === 'case_detail') (answer as CaseDetail).actions = (answer as CaseDetail).actions.filter((one) => one.action !== 'dispatch')
      return answer
    })
    await other.find('.acts .final').trigger('click')
    await settle()
    without.mockRestore()
    expect(other.text()).toContain('已进入待转办')
    expect(other.find('form.ask').exists()).toBe(false)
  })

  it('keeps the number masked until a reason is given', async () => {
    const wrapper = await stage(CallbackPage, 'agent1', { caseId: HELD })
    expect(wrapper.text()).toContain('138****1234')
    await wrapper.find('.phone button').trigger('click')
    await pass(500)
    const form = document.querySelector('form.reveal')
    form?.dispatchEvent(new Event('submit', { cancelable: true }))
    await settle()
    expect(calls('reveal'), 'no reason, no showing').toEqual([])
    const reason = document.querySelector<HTMLInputElement>('#reveal-why')
    if (!reason) throw new Error('no reason asked')
    reason.value = '首次回访致电'
    reason.dispatchEvent(new Event('input'))
    form?.dispatchEvent(new Event('submit', { cancelable: true }))
    await settle()
    expect(calls('reveal')).toEqual([{ case_id: HELD, field: 'phone', reason: '首次回访致电' }])
    expect(wrapper.find('.phone').text()).toContain('138 0000 1234')
  })

  it('says who was faster and goes on to the next', async () => {
    await stage(CallbackPage, 'agent1', { caseId: HELD })
    mock.failing.set('act', mock.fault('problem', { problem: { type: '', title: '', status: 409, code: 'refused', request_id: null, refusal: { code: 'claimed_by_other', person_id: '32009503' } } }))
    await press({ key: 'n' })
    await pass(100)
    expect(calls('act').length).toBeGreaterThan(1)
    expect(document.body.textContent).toContain('32009503')
  })

  it('an empty queue says so, and an unreachable centre offers to try again', async () => {
    expect((await stage(CallbackPage, 'agent1 empty', { caseId: null })).text()).toContain('队列是空的')
    const wrapper = await stage(CallbackPage, 'agent1 unreachable', { caseId: null })
    expect(wrapper.text()).toContain('连不上中心')
    mock.scene.unreachable = false
    await wrapper.find('.queue [role=alert] button').trigger('click')
    await settle()
    expect(wrapper.findAll('tbody tr').length).toBeGreaterThan(0)
  })
})

describe('my reports', () => {
  it('say status and outcome in words', async () => {
    const wrapper = await stage(MyReports, 'clerk')
    expect(wrapper.text()).toContain('回访无不满，已归档'.replace(',', '\uff0c'))
    expect(wrapper.text()).toContain('95518 正在回访')
  })

  it('show a refused one first, with the reason and the way on', async () => {
    const wrapper = await stage(MyReports, 'clerk quarantined')
    const refused = wrapper.find('[data-state=quarantined]')
    expect(refused.text()).toContain('客户联系电话的格式不对')
    await refused.find('button').trigger('click')
    await settle()
    expect(calls('correct_record')).toHaveLength(1)
    expect(calls('open_report')).toHaveLength(1)
  })

  it('are still there when the centre is not', async () => {
    const wrapper = await stage(MyReports, 'clerk offline')
    expect(wrapper.findAll('[data-state=sealed]')).toHaveLength(2)
    expect(wrapper.text()).toContain('95518-6')
  })

  it('change because the centre said so', async () => {
    const wrapper = await stage(MyReports, 'clerk')
    const head = (await mock.invoke('cases', { view: 'mine', after: null })).cases[1]
    if (!head) throw new Error('no case')
    mock.emit({ kind: 'case_changed', case: { ...head, version: head.version + 1, state: 'ARCHIVED_NO_DISSATISFACTION' } })
    await settle()
    expect(wrapper.findAll('tbody tr')[1]?.text()).toContain('已归档')
  })

  it('an older word never replaces a newer one', async () => {
    const wrapper = await stage(MyReports, 'clerk')
    const head = (await mock.invoke('cases', { view: 'mine', after: null })).cases[1]
    if (!head) throw new Error('no case')
    mock.emit({ kind: 'case_changed', case: { ...head, version: head.version - 1, state: 'TIMING' } })
    await settle()
    expect(wrapper.findAll('tbody tr')[1]?.text()).toContain('首次回访中')
  })
})

describe('the team board', () => {
  it('puts what waits for me first, most urgent on top', async () => {
    const wrapper = await stage(TeamBoard, 'leader1')
    const waiting = wrapper.findAll('article')
    expect(waiting.map((one) => one.find('[role=timer]').text())).toEqual(['00:48', '08:41'])
  })

  it('takes over with one press', async () => {
    const wrapper = await stage(TeamBoard, 'leader1')
    await wrapper.findAll('article')[1]?.find('.primary').trigger('click')
    await settle()
    expect(calls('act')).toMatchObject([{ case_id: HELD, action: { kind: 'take_over' } }])
  })
})

describe('the case page', () => {
  it('says why an act is not possible', async () => {
    const wrapper = await stage(CasePage, 'leader1', { caseId: id(7) })
    const off = wrapper.find('.elsewhen')
    expect(off.find('summary').text()).toBe('当前状态下不可用（1）')
    expect(off.find('[data-action=take_over]').attributes('disabled')).toBeDefined()
    expect(off.text()).toContain('领导介入处理')
  })

  it('shows what happened in words with who and when', async () => {
    const wrapper = await stage(CasePage, 'leader1', { caseId: id(7) })
    expect(wrapper.find('.timeline').text()).toContain('已报第 1 级领导')
    expect(wrapper.find('.timeline').text()).toContain('系统自动')
  })

  it('a case that may not be seen has a sentence and a way back', async () => {
    const wrapper = await stage(CasePage, 'clerk', { caseId: id(999) })
    expect(wrapper.text()).toContain('看不到这个案件')
  })

  it('tells the ladder level by level', () => {
    const level: Level = {
      level: 1,
      leader: 'a',
      deputy: null,
      alerted: [],
      notified_at: MOMENT,
      delivered_at: null,
      undelivered_told: true,
      verbal: null,
      shown_at: null,
      acknowledged_at: null,
      taken_over_by: null,
      ended_at: MOMENT + 120_000,
      end: 'undelivered',
    }
    expect(levelSentence(level, [{ person_id: 'a', name: '陆建明' }], MOMENT)).toBe(
      ['14:06:00 报第 1 级 陆建明', '尚未送达', '14:08:00 未送达，系统自动上报'.replace(',', '\uff0c')].join('\uff0c') + '。',
    )
  })
})

describe('signing in', () => {
  it('a wrong password says so once and keeps the number', async () => {
    const wrapper = await stage(SignIn, 'signed-out')
    await wrapper.find('#person-id').setValue('32050803')
    await wrapper.find('#password').setValue('wrong')
    await wrapper.find('form').trigger('submit')
    await settle()
    expect(wrapper.find('[role=alert]').text()).toBe('工号或密码不对。请重新输入。')
    expect((wrapper.find('#person-id').element as HTMLInputElement).value).toBe('32050803')
    expect((wrapper.find('#password').element as HTMLInputElement).value).toBe('')
  })

  it('says how the last session ended and that no server is set', async () => {
    const wrapper = await stage(SignIn, 'signed-out ended no-server')
    expect(wrapper.text()).toContain('登录已过期')
    expect(wrapper.text()).toContain('还没有设置中心地址')
  })
})

describe('settings', () => {
  it('a new address is tried before it is kept', async () => {
    const wrapper = await stage(SettingsPage, 'clerk unreachable')
    await wrapper.find('#server').setValue('https://new.example.cn')
    await wrapper.find('form').trigger('submit')
    await settle()
    expect(calls('save_settings')).toEqual([])
    await wrapper.find('.save .slim').trigger('click')
    await settle()
    expect(calls('save_settings')).toMatchObject([{ server: 'https://new.example.cn' }])
  })

  it('large text is there at once in every window', async () => {
    await stage(SettingsPage, 'clerk')
    await mock.invoke('save_settings', { ...desk.settings, large_text: true })
    await settle()
    expect(document.documentElement.dataset.large).toBe('true')
  })
})

it('the connection is green only when the centre confirmed everything', async () => {
  expect((await stage(ConnectionPage, 'clerk')).find('.card .tag').classes()).toContain('ok')
  expect((await stage(ConnectionPage, 'clerk quarantined')).find('.card .tag').classes()).not.toContain('ok')
})

it('the connection page says as of when its data is, also while the centre is away', async () => {
  const wrapper = await stage(ConnectionPage, 'clerk offline')
  expect(wrapper.text()).toContain('数据截至 2026-11-22 14:05:20')
  const reference = mock.scene.boot.reference
  if (!reference) throw new Error('no reference')
  mock.emit({ kind: 'reference', reference: { ...reference, as_of: MOMENT - 86_400_000 } })
  await settle()
  expect(wrapper.text()).toContain('数据截至 2026-11-21 14:06:00')
})

describe('what the system noticed late', () => {
  it.each([
    [0, null, ''],
    [1, '晚不到 1 秒处理', 'muted'],
    [999, '晚不到 1 秒处理', 'muted'],
    [1_000, '晚 1 秒处理', 'tag'],
    [65_400, '晚 1 分 5 秒处理', 'tag'],
  ])('by %d ms', async (late, text, look) => {
    const entry = { sequence: 1, at: MOMENT, kind: 'timing_overdue', actor: null, acting_for: null, level: null, about: null, word: null, late, rule_version: '2018-1' }
    const wrapper = await stage(CaseTimeline, 'leader1', { entries: [entry] })
    const said = wrapper.find('[data-test=late]')
    expect(said.exists() ? said.text() : null).toBe(text)
    if (text) expect(said.classes()).toContain(look)
  })
})
