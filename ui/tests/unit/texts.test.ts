import { afterEach, describe, expect, it } from 'vitest'
import * as lists from '@/ipc/words'
import type { AlertKind, DeskFault, ErrorCode, Refusal } from '@/ipc'
import { detailsOf } from '@/features/report/form'
import { storyText } from '@/features/ladder/story'
import { speak, t, textOrNull } from '@/texts'
import calming from '@/texts/calming.json'
import en from '@/texts/en.json'
import { faultSentence, fieldSentence, problemSentence, refusalSentence } from '@/texts/faults'
import { word } from '@/texts/words'
import zh from '@/texts/zh-CN.json'

const flatten = (branch: object, path = ''): [string, string][] =>
  Object.entries(branch).flatMap(([name, value]) => (typeof value === 'string' ? [[path + name, value] as [string, string]] : flatten(value as object, `${path}${name}.`)))
const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()

/** Catalogue section → the generated list that it must cover. */
const COVERED: [string, readonly string[]][] = [
  ['words.trigger', lists.TriggerWords],
  ['words.step', lists.StepWords],
  ['words.cause', lists.CauseWords],
  ['words.cause_detail', lists.CauseDetailWords],
  ['words.product', lists.ProductWords],
  ['words.customer_kind', lists.CustomerKindWords],
  ['words.mood', lists.MoodWords],
  ['words.risk_tag', lists.RiskTagWords],
  ['words.measure', lists.MeasureWords],
  ['words.channel', lists.ChannelWords],
  ['words.field', lists.FieldNameWords],
  ['words.state', lists.CaseStateWords],
  ['words.outcome', lists.CaseStateWords],
  ['words.starter', lists.StarterWords],
  ['words.level_end', lists.LevelEndWords],
  ['words.callback_result', lists.CallbackResultWords],
  ['words.timer_name', lists.TimerNameWords],
  ['words.line', lists.LineWords],
  ['words.role', lists.RoleWords],
  ['words.time_proof', lists.TimeProofWords],
  ['words.seal_kind', lists.SealKindWords],
  ['words.record_state', lists.RecordStateWords],
  ['words.origin', lists.OriginWords],
  ['words.limit_name', lists.LimitNameWords],
  ['words.void_reason', lists.VoidReasonWords],
  ['words.action', lists.ActionWords],
  ['words.return_reason', lists.ReturnReasonWords],
  ['words.handling_result', lists.HandlingResultWords],
  ['words.recall_result', lists.RecallResultWords],
  ['words.urge_kind', lists.UrgeKindWords],
  ['words.complaint_term', lists.ComplaintTermWords],
  ['words.number_name', lists.NumberNameWords],
  ['absence.kinds', lists.AbsenceKindWords],
  ['directory.levels', lists.UnitLevelWords],
  ['directory.posts', lists.PostWords],
  ['directory.fields', lists.DirectoryFieldWords],
  ['directory.subjects', lists.SubjectWords],
  ['directory.lists', lists.DirectoryListWords],
  ['link', lists.LinkStateWords],
  ['fault', lists.DeskFaultCodeWords],
  ['problem', lists.ErrorCodeWords],
  ['refusal', lists.RefusalWords],
  ['field_fault', lists.FieldFaultKindWords],
]

afterEach(() => speak('zh-CN'))

describe('the catalogues', () => {
  it('have the same keys', () => {
    expect(flatten(en).map(([key]) => key)).toEqual(flatten(zh).map(([key]) => key))
  })

  it('have the same places in every sentence', () => {
    const english = new Map(flatten(en))
    for (const [key, text] of flatten(zh)) expect(places(english.get(key) ?? ''), key).toEqual(places(text))
  })

  it('hold no empty sentence', () => {
    for (const [key, text] of [...flatten(zh), ...flatten(en)]) expect(text.trim(), key).not.toBe('')
  })

  it('write Chinese with full-width punctuation', () => {
    for (const [key, text] of flatten(zh)) expect(text.replace(/https?:\/\//g, ''), key).not.toMatch(/[\u4e00-\u9fff}][,;:?!()]|[,;:?!()][\u4e00-\u9fff{]/)
  })

  it.each(['zh-CN', 'en'] as const)('cover every word of every list in %s', async (language) => {
    await speak(language)
    for (const [section, words] of COVERED) for (const one of words) expect(textOrNull(`${section}.${one}`), `${section}.${one}`).not.toBeNull()
  })

  it('word the four triggers in the rule’s order', () => {
    expect(lists.TriggerWords.map((trigger) => word('trigger', trigger))).toEqual(['不满并要求投诉', '抱怨·批评·催办', '诉求未满足·分歧', '其他感知到的不满'])
  })

  it('place every second-level cause under exactly one cause', () => {
    expect(lists.CauseWords.flatMap(detailsOf).sort()).toEqual([...lists.CauseDetailWords].sort())
  })

  it('name every kind of alert', () => {
    for (const kind of lists.AlertKindWords satisfies readonly AlertKind[]) expect(textOrNull(`alert.${kind}`), kind).not.toBeNull()
    for (const end of lists.AlertEndWords) expect(textOrNull(`alert.ended_${end}`), end).not.toBeNull()
  })
})

describe('a word that a newer centre added', () => {
  it('is shown with its code', () => {
    expect(word('state', 'ON_HOLD')).toBe('其他\uff08ON_HOLD\uff09')
    expect(storyText({ kind: 'put_on_hold', level: 0, by_system: true })).toBe('其他\uff08put_on_hold\uff09')
  })

  it('never reaches into the catalogue’s own machinery', () => {
    expect(word('state', 'constructor')).toBe('其他\uff08constructor\uff09')
    expect(textOrNull('words.__proto__')).toBeNull()
    expect(textOrNull('words.state.constructor.name')).toBeNull()
  })
})

describe('what went wrong', () => {
  const fault = (code: DeskFault['code'], problem: DeskFault['problem'] = null): DeskFault => ({ code, problem, fields: [], retryable: false })
  const problem = (code: ErrorCode, some = {}) => ({ type: '', title: '', status: 400, code, request_id: 'r-1', ...some })

  it('is one sentence for each code, and each says what to do', () => {
    for (const code of lists.DeskFaultCodeWords) expect(faultSentence(fault(code)).endsWith('。'), code).toBe(true)
    for (const code of lists.ErrorCodeWords) expect(problemSentence(problem(code)).endsWith('。'), code).toBe(true)
  })

  it('takes the centre’s reason before the general one', () => {
    const refused = problem('refused', { refusal: { code: 'wrong_state', state: 'CALLING' } satisfies Refusal })
    expect(faultSentence(fault('problem', refused))).toContain('首次回访中')
  })

  it('says how long a locked account stays locked', () => {
    expect(problemSentence(problem('account_locked', { retry_after: 601 }))).toContain('11 分钟')
  })

  it('names the field and the limit', () => {
    expect(fieldSentence({ field: 'narrative', kind: 'too_short', limit: 5 })).toBe('简要经过至少 5 个字')
  })

  it('names who was faster', () => {
    expect(refusalSentence({ code: 'claimed_by_other', person_id: '32009503' })).toContain('32009503')
  })

  it('fills what a refusal of the handling names', () => {
    expect(refusalSentence({ code: 'attempts_left', made: 1, needed: 3 })).toContain('1 次，满 3 次')
    expect(refusalSentence({ code: 'recused', person_id: '32050012' })).toContain('32050012')
    for (const code of lists.RefusalWords) expect(textOrNull(`refusal.${code}`)?.endsWith('。'), code).toBe(true)
  })

  it('shows an unknown code instead of nothing', () => {
    expect(faultSentence(fault('quota' as never))).toBe('其他\uff08quota\uff09')
  })
})

it('what a customer hears never says that a report exists', () => {
  const spoken = { 'zh-CN': [zh.script, calming['zh-CN'].words], en: [en.script, calming.en.words] }
  for (const [key, text] of flatten(spoken['zh-CN'])) expect(text, key).not.toMatch(/不满|投诉|报告|举报|上报/)
  for (const [key, text] of flatten(spoken.en)) expect(text.toLowerCase(), key).not.toMatch(/complain|dissatisf|report/)
})

it('fills places and leaves what it was not given', () => {
  expect(t('link.pending', { n: 3 })).toBe('3 条待发送')
  expect(t('link.pending')).toContain('{n}')
})
