/** 95518: registering a call, who complains again, where a call was recorded, what was opened again. */
import { beforeEach, describe, expect, it } from 'vitest'
import CallbackPage from '@/features/callback/CallbackPage.vue'
import CasePage from '@/features/cases/CasePage.vue'
import QueuePage from '@/features/cases/QueuePage.vue'
import { ASKS, empty, missingOf } from '@/features/cases/asks'
import { similarSoon } from '@/features/cases/similar'
import { forgetRegistration } from '@/features/register/registration'
import RegisterPage from '@/features/register/RegisterPage.vue'
import type { CaseDetail, DeskFault } from '@/ipc'
import type { ArgsOf } from '@/ipc/host'
import { id } from '@/ipc/mock/cases'
import { refusalSentence } from '@/texts/faults'
import { useRoute } from '@/windows/workbench/route'
import { atTheMoment, calls, mock, MOMENT, pass, press, settle, stage } from './stage'

atTheMoment()
beforeEach(forgetRegistration)

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const lost: DeskFault = { code: 'unreachable', problem: null, fields: [], retryable: true }
const refused: DeskFault = { code: 'problem', problem: { type: '', title: '', status: 409, code: 'refused', request_id: null, refusal: { code: 'already_begun' } }, fields: [], retryable: false }

type Page = Awaited<ReturnType<typeof stage>>

async function choose(page: Page, typed: string): Promise<void> {
  await page.find('#register-caller').setValue(typed)
  await pass(400)
  ;(page.find('#register-caller').element as HTMLElement).focus()
  await press({ key: 'Enter' })
}

async function fill(page: Page): Promise<void> {
  await page.find('input[name=trigger][value=grumbling]').setValue()
  await page.find('#field-step').setValue('claim_payment')
  await page.find('#field-cause').setValue('timeliness')
  await page.find('#field-contact').setValue('13800001234')
  await page.find('#field-narrative').setValue('等待赔款超过十天')
  await page.findAll('input[name=complaint_demanded]')[0]?.setValue()
}

/** 来电时间 and 发现时间 as they stand in the form. */
const times = (page: Page) => ['#register-called', '#register-found'].map((one) => (page.find(one).element as HTMLInputElement).value)

/** Handed over; the centre has it, and its answer does not arrive. */
async function loseAnswer(page: Page): Promise<void> {
  await choose(page, '顾晓燕')
  await fill(page)
  mock.failing.set('act', lost)
  await press({ key: 'Enter', ctrl: true })
  mock.failing.delete('act')
  const [sent] = calls('act') as ArgsOf<'act'>[]
  if (!sent) throw new Error('nothing was handed over')
  await mock.invoke('act', sent)
  mock.calls.pop()
}

describe('a call', () => {
  it.each(['顾晓燕', '32050803', '0512-5555 0003'])('is registered by keyboard for who is found by %s, at the time of the call', async (typed) => {
    const page = await stage(RegisterPage, 'operator')
    expect((document.activeElement as HTMLElement).id, 'who rings comes first').toBe('register-caller')
    await choose(page, typed)
    expect(page.text()).toContain('昆山支公司')
    await page.find('#register-called').setValue('2026-11-22T13:58')
    await fill(page)
    await press({ key: 'Enter', ctrl: true })
    const called = Date.UTC(2026, 10, 22, 5, 58)
    expect(calls('act')).toMatchObject([
      { action: { kind: 'register_as_agent', reporter: '32050803', called_at: called, recording: '', report: { found_at: called, channel: 'telephone', timing_started_at: null, form: { customer: { phone: '13800001234' } } } } },
    ])
    expect(page.text()).toContain('顾晓燕的报告已启动流程')
    expect(page.text()).toContain('2026-11-22 13:58:00')
  })

  it('is not handed over without a caller, ahead of time, or found after it', async () => {
    const page = await stage(RegisterPage, 'agent1')
    await fill(page)
    await pass(10)
    await press({ key: 'Enter', ctrl: true })
    expect(page.text()).toContain('请选择来电人')
    await choose(page, '顾晓燕')
    await page.find('#register-called').setValue('2026-11-22T14:07')
    await press({ key: 'Enter', ctrl: true })
    expect(page.text()).toContain('来电时间不能晚于现在')
    await page.find('#register-called').setValue('2026-11-22T14:00')
    await page.find('#register-found').setValue('2026-11-22T14:01')
    await press({ key: 'Enter', ctrl: true })
    expect(page.text()).toContain('发现时间不能晚于来电时间')
    expect(calls('act')).toEqual([])
    await page.find('#register-found').setValue('2026-11-22T13:40')
    await press({ key: 'Enter', ctrl: true })
    expect(calls('act')).toMatchObject([{ action: { report: { found_at: Date.UTC(2026, 10, 22, 5, 40) } } }])
  })

  it('marks what the centre finds missing and keeps what was typed', async () => {
    const page = await stage(RegisterPage, 'operator')
    await choose(page, '顾晓燕')
    await page.find('#field-narrative').setValue('等待赔款超过十天')
    await page.find('#register-recording').setValue('two words')
    await press({ key: 'Enter', ctrl: true })
    expect(page.text()).toContain('请填写业务环节')
    expect(page.text()).toContain('录音编号或链接的格式不对')
    expect((page.find('#field-narrative').element as HTMLTextAreaElement).value).toBe('等待赔款超过十天')
  })

  it('stays one case however often it is handed over, and is still there after a look at another page', async () => {
    const page = await stage(RegisterPage, 'agent1')
    await choose(page, '顾晓燕')
    await fill(page)
    mock.failing.set('act', lost)
    await press({ key: 'Enter', ctrl: true })
    page.unmount()
    mock.failing.clear()
    const again = await stageAgain()
    expect((again.find('#field-narrative').element as HTMLTextAreaElement).value).toBe('等待赔款超过十天')
    await again.find('form').trigger('submit')
    await settle()
    const sent = calls('act') as { case_id: string }[]
    expect(new Set(sent.map((one) => one.case_id)).size).toBe(1)
    expect(sent).toHaveLength(2)
    await again.find('#register-next').trigger('click')
    expect(useRoute()).toMatchObject({ page: 'callback', caseId: sent[0]?.case_id })
  })

  it('of another agent is not seen by who signs in next', async () => {
    const page = await stage(RegisterPage, 'agent1')
    await page.find('#field-narrative').setValue('等待赔款超过十天')
    page.unmount()
    const other = await stage(RegisterPage, 'operator')
    expect((other.find('#field-narrative').element as HTMLTextAreaElement).value).toBe('')
  })

  it('is offered the moment at which it is begun to be typed, not that at which the page was opened', async () => {
    const page = await stage(RegisterPage, 'agent1')
    await pass(HOUR)
    await page.find('#register-caller').setValue('顾晓燕')
    expect(times(page)).toEqual(['2026-11-22T15:06', '2026-11-22T15:06'])
    await pass(HOUR)
    await page.find('#field-narrative').setValue('等待赔款超过十天')
    expect(times(page), 'the call does not move any more').toEqual(['2026-11-22T15:06', '2026-11-22T15:06'])
    await page.findAll('.foot button')[1]?.trigger('click')
    await settle()
    expect(times(page), 'another call has a moment of its own').toEqual(['2026-11-22T16:06', '2026-11-22T16:06'])
    await pass(HOUR)
    await page.find('#register-recording').setValue('REC-1')
    expect(times(page)).toEqual(['2026-11-22T17:06', '2026-11-22T17:06'])
  })

  it('keeps the moment that was said first, and the call still has its own', async () => {
    const page = await stage(RegisterPage, 'agent1')
    await pass(HOUR)
    await page.find('#register-called').setValue('2026-11-22T13:58')
    expect(times(page)).toEqual(['2026-11-22T13:58', '2026-11-22T13:58'])
    forgetRegistration()
    const other = await stage(RegisterPage, 'agent1')
    await pass(HOUR)
    await other.find('#register-found').setValue('2026-11-22T14:40')
    expect(times(other)).toEqual(['2026-11-22T16:06', '2026-11-22T14:40'])
  })

  it('still moves both times together after a look at another page', async () => {
    const page = await stage(RegisterPage, 'agent1')
    page.unmount()
    const again = await stageAgain()
    await pass(HOUR)
    await again.find('#register-caller').setValue('顾晓燕')
    expect(times(again)).toEqual(['2026-11-22T15:06', '2026-11-22T15:06'])
    await again.find('#register-called').setValue('2026-11-22T13:58')
    expect(times(again)).toEqual(['2026-11-22T13:58', '2026-11-22T13:58'])
    again.unmount()
  })

  it('that was ahead of time is taken as soon as it is not any more', async () => {
    const page = await stage(RegisterPage, 'agent1')
    await choose(page, '顾晓燕')
    await fill(page)
    await page.find('#register-called').setValue('2026-11-22T14:07')
    await press({ key: 'Enter', ctrl: true })
    expect(page.text()).toContain('来电时间不能晚于现在')
    await pass(2 * MINUTE)
    expect(page.text()).not.toContain('来电时间不能晚于现在')
    await press({ key: 'Enter', ctrl: true })
    expect(calls('act')).toHaveLength(1)
  })

  it('opens what is folded away when something in it is wrong, and leads there', async () => {
    const page = await stage(RegisterPage, 'operator')
    await choose(page, '顾晓燕')
    await fill(page)
    const more = page.find('details').element as HTMLDetailsElement
    expect(more.open).toBe(false)
    mock.failing.set('act', mock.fault('problem', { problem: { type: '', title: '', status: 422, code: 'form_faults', request_id: null, fields: [{ field: 'customer_name', kind: 'too_long', limit: 50 }] } }))
    await press({ key: 'Enter', ctrl: true })
    expect(more.open).toBe(true)
    expect((document.activeElement as HTMLElement).id).toBe('more-customer_name')
  })

  it('whose answer was lost is shown as registered, with the way to add what was typed since', async () => {
    const page = await stage(RegisterPage, 'agent1')
    await loseAnswer(page)
    await page.find('#field-narrative').setValue('等待赔款超过十天，要求回电')
    await press({ key: 'Enter', ctrl: true })
    const [first, second] = calls('act') as { case_id: string }[]
    expect(second).not.toEqual(first)
    expect(page.text()).toContain('已登记')
    expect(page.text()).toContain('之后修改的内容可能没有写进案件')
    await page.find('#register-next').trigger('click')
    expect(useRoute(), 'the case page: there it can be supplemented').toMatchObject({ page: 'my_reports', caseId: first?.case_id })
  })

  it('whose answer was lost is simply registered when nothing was typed since', async () => {
    const page = await stage(RegisterPage, 'agent1')
    await loseAnswer(page)
    // The desk remembers a doubtful act for five minutes; later the same words are another command.
    mock.failing.set('act', refused)
    await press({ key: 'Enter', ctrl: true })
    expect(page.text()).toContain('顾晓燕的报告已启动流程')
    expect(page.text()).not.toContain('之后修改的内容')
  })

  it('that the centre has and cannot show is not handed over as another', async () => {
    const page = await stage(RegisterPage, 'agent1')
    await loseAnswer(page)
    mock.failing.set('act', refused)
    mock.failing.set('case_detail', lost)
    await press({ key: 'Enter', ctrl: true })
    expect(page.text()).toContain('这个案件已经登记过')
    mock.failing.delete('case_detail')
    await press({ key: 'Enter', ctrl: true })
    expect(page.find('#register-next').exists()).toBe(true)
    expect(new Set((calls('act') as { case_id: string }[]).map((one) => one.case_id)).size).toBe(1)
  })

  it('says until when one could have been registered, with its day', () => {
    expect(refusalSentence({ code: 'call_too_old', earliest: MOMENT })).toContain('2026-11-22 14:06:00')
  })
})

/** The page again, with the desk as it is. */
async function stageAgain(): Promise<Page> {
  const { mount } = await import('@vue/test-utils')
  const page = mount(RegisterPage, { attachTo: document.body })
  await settle()
  return page
}

describe('the mock host', () => {
  it('refuses a second, different registration of a case and takes the same one again, as the centre does', async () => {
    const page = await stage(RegisterPage, 'operator')
    await loseAnswer(page)
    const sent = calls('act')[0] as ArgsOf<'act'>
    if (sent.action.kind !== 'register_as_agent') throw new Error('another act')
    const first = (await mock.invoke('act', sent)).case
    expect((await mock.invoke('act', sent)).case).toEqual(first)
    const other = { ...sent, action: { ...sent.action, recording: 'REC-1' } }
    await expect(mock.invoke('act', other)).rejects.toMatchObject({ code: 'problem', problem: { code: 'refused', refusal: { code: 'already_begun' } } })
  })
})

describe('who complains again', () => {
  it('is told on the callback page, and the case offers the merge filled in and unconfirmed', async () => {
    const queue = await stage(CallbackPage, 'agent1', { caseId: id(92) })
    expect(queue.text()).toContain('同一客户另有 3 件')
    const page = await stage(CasePage, 'agent1', { caseId: id(92) })
    expect(page.text()).toContain('另有 1 件，您没有查看的权限')
    await page.findAll('.similar .button')[0]?.trigger('click')
    await pass(500)
    expect(document.querySelector<HTMLSelectElement>('#act-choice')?.value).toBe('duplicate')
    expect(document.querySelector<HTMLInputElement>('#act-code')?.value).toBe(id(61))
    expect(calls('act'), 'nothing is merged before it is confirmed').toEqual([])
    document.querySelector('form.ask')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await settle()
    expect(calls('act')).toEqual([{ case_id: id(92), action: { kind: 'void', reason: 'duplicate', merged_into: id(61) } }])
  })

  it('may well be the same matter within the span of the rules, and not a moment after it', () => {
    const detail = (found_at: number) => ({ summary: { found_at }, rules: { limits: [{ name: 'merge_prompt', span: 1_000 }] } }) as unknown as CaseDetail
    const other = { found_at: 5_000 } as CaseDetail['summary']
    expect([4_000, 6_000, 6_001].map((at) => similarSoon(detail(at), other))).toEqual([true, true, false])
  })

  it('is not spoken of where there is no other case', async () => {
    const page = await stage(CallbackPage, 'agent1', { caseId: id(93) })
    expect(page.text()).not.toContain('同一客户另有')
  })
})

describe('where a call was recorded', () => {
  it('goes along with its result', async () => {
    const page = await stage(CallbackPage, 'agent1 dialled', { caseId: id(1) })
    await page.find('#call-recording').setValue(' REC-0097 ')
    await page.find('.acts .primary').trigger('click')
    await settle()
    expect(calls('act').at(-1)).toMatchObject({ action: { kind: 'record_callback', recording: 'REC-0097' } })
  })

  it('is asked for with the second callback and may be left out', () => {
    const ask = ASKS.record_recall
    if (!ask) throw new Error('not asked')
    const given = { ...empty(), choice: 'satisfied' }
    expect(missingOf(ask, given)).toEqual([])
    expect(ask.make({ ...given, recording: ' 7 ' })).toMatchObject({ recording: '7' })
  })
})

it('what a complaint opened again is a list of its own', async () => {
  const page = await stage(QueuePage, 'agent1', { queue: 'reopened' })
  expect(calls('cases')).toMatchObject([{ view: 'reopened' }])
  expect(page.findAll('tbody tr')).toHaveLength(2)
})
