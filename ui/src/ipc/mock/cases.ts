/** Made-up cases, drafts, records and alerts of the mock host; every time is relative to `now`. */
import type {
  Action,
  Alert,
  CaseAction,
  CaseDetail,
  CaseState,
  CaseSummary,
  DraftView,
  Level,
  PersonChoice,
  Receipt,
  RecordView,
  ReportFacts,
  ReportForm,
  SealKind,
  TimelineEntry,
  TimerName,
  TimerView,
} from '../gen'
import { emptyFacts, emptyForm } from '../empty'
import { ME, PEOPLE, type Persona, RULES } from './people'
import { CHOICES, conversion, rounds } from './rounds'

export const SECOND = 1_000
export const MINUTE = 60_000

export const id = (n: number) => `0193a5c0-7e1${(n >> 8) % 10}-7abc-8def-${(0x7f3a00000000 + n * 0x1c91).toString(16).padStart(12, '0')}`

export const NO_FACTS: ReportFacts = emptyFacts()

export const filledForm = (): ReportForm => {
  const form = emptyForm()
  Object.assign(form.facts, FACTS.assessment)
  Object.assign(form.customer, {
    phone: '138 0000 1234',
    narrative: '客户已等定损两天，第三次来柜台催办，认为没有人负责。已解释流程并联系定损员。',
  })
  return form
}

const facts = (some: Partial<ReportFacts>): ReportFacts => ({ ...NO_FACTS, ...some })
export const FACTS = {
  assessment: facts({
    trigger: 'grumbling',
    step: 'loss_assessment',
    cause: 'timeliness',
    cause_detail: 'timeliness_assessment',
    complaint_demanded: false,
    customer_present: true,
  }),
  promise: facts({
    trigger: 'complaint_demanded',
    step: 'quotation',
    cause: 'selling',
    cause_detail: 'selling_promise',
    complaint_demanded: true,
    customer_present: false,
  }),
  quote: facts({
    trigger: 'demand_unmet',
    step: 'quotation',
    cause: 'policy_issue',
    cause_detail: 'issue_quote_difference',
    complaint_demanded: false,
    customer_present: true,
  }),
  payment: facts({
    trigger: 'grumbling',
    step: 'claim_payment',
    cause: 'timeliness',
    cause_detail: 'timeliness_payment',
    complaint_demanded: false,
    customer_present: false,
  }),
  electronic: facts({
    trigger: 'other_sign',
    step: 'policy_delivery',
    cause: 'policy_issue',
    cause_detail: 'issue_electronic_policy',
    complaint_demanded: false,
    customer_present: false,
  }),
  calls: facts({
    trigger: 'grumbling',
    step: 'renewal',
    cause: 'selling',
    cause_detail: 'selling_nuisance_calls',
    complaint_demanded: false,
    customer_present: false,
  }),
}

interface Sketch {
  n: number
  state: CaseState | string
  facts: ReportFacts
  unit: string
  line: CaseSummary['line']
  found: number
  clock?: [TimerName, number, number]
  level?: number
  holder?: CaseSummary['holder']
  reporter?: CaseSummary['reporter']
  missing?: CaseSummary['missing']
  result?: CaseSummary['callback_result']
}

export function summary(now: number, s: Sketch): CaseSummary {
  return {
    case_id: id(s.n),
    version: 4,
    state: s.state,
    reporter: s.reporter === undefined ? PEOPLE.clerk : s.reporter,
    unit_id: `u${s.n}`,
    unit_name: s.unit,
    line: s.line,
    facts: s.facts,
    found_at: now - s.found * MINUTE,
    changed_at: now - 20 * SECOND,
    clock: s.clock
      ? { name: s.clock[0], level: s.level ?? 0, due_at: now + s.clock[1] * SECOND, span: s.clock[2] * MINUTE }
      : null,
    level: s.level ?? 0,
    holder: s.holder ?? null,
    missing: s.missing ?? [],
    report_time: s.state === 'TIMING' ? null : reportTime(now - (s.found - 4) * MINUTE),
    callback_result: s.result ?? null,
  }
}

const reportTime = (at: number) => ({ earliest: at, latest: at, proof: 'online' as const })

export function mine(now: number): CaseSummary[] {
  const of = (s: Omit<Sketch, 'unit' | 'line'>) => summary(now, { unit: '昆山支公司', line: 'claims', ...s })
  return [
    of({ n: 1, state: 'LEADER_HANDLING', facts: FACTS.assessment, found: 9, clock: ['t2', 341, 10], level: 1, holder: PEOPLE.leader1 }),
    of({ n: 2, state: 'CALLING', facts: FACTS.payment, found: 16, holder: PEOPLE.agent1 }),
    of({ n: 3, state: 'ARCHIVED_NO_DISSATISFACTION', facts: FACTS.electronic, found: 190, result: 'not_dissatisfied' }),
    of({ n: 4, state: 'TO_DISPATCH', facts: FACTS.promise, found: 320, result: 'dissatisfied', missing: ['policy_no'] }),
    of({ n: 5, state: 'LEADER_RESOLVED', facts: FACTS.quote, found: 1500 }),
    of({ n: 6, state: 'SPOT_RESOLVED', facts: FACTS.payment, found: 1620 }),
  ]
}

export function team(now: number): CaseSummary[] {
  const of = (s: Omit<Sketch, 'unit' | 'line'>) => summary(now, { unit: '昆山支公司', line: 'claims', ...s })
  return [
    of({ n: 1, state: 'LEADER_NOTIFIED', facts: FACTS.assessment, found: 6, clock: ['t2', 521, 10], level: 1, holder: PEOPLE.leader1 }),
    of({ n: 7, state: 'LEADER_HANDLING', facts: FACTS.quote, found: 14, clock: ['t2', 48, 10], level: 1, holder: PEOPLE.leader1, reporter: PEOPLE.colleague }),
    of({ n: 8, state: 'TIMING', facts: NO_FACTS, found: 2, clock: ['t1', 172, 5], reporter: PEOPLE.colleague }),
    of({ n: 9, state: 'TIMING', facts: NO_FACTS, found: 5.4, clock: ['t1', -24, 5] }),
    of({ n: 2, state: 'SUBMITTED', facts: FACTS.payment, found: 16, clock: ['t3', 131, 5] }),
    of({ n: 5, state: 'LEADER_RESOLVED', facts: FACTS.quote, found: 150, holder: PEOPLE.leader1 }),
  ]
}

export function callbackQueue(now: number): CaseSummary[] {
  return [
    summary(now, { n: 91, state: 'SUBMITTED', facts: FACTS.promise, unit: '邳州支公司', line: 'sales', found: 19, clock: ['t3', -21, 5], reporter: PEOPLE.seller }),
    summary(now, { n: 1, state: 'CALLING', facts: FACTS.assessment, unit: '昆山支公司', line: 'claims', found: 15, clock: ['t3', 48, 5], holder: PEOPLE.agent1 }),
    summary(now, { n: 92, state: 'SUBMITTED', facts: { ...FACTS.quote, risk_tags: ['repeated'] }, unit: '玄武支公司', line: 'underwriting', found: 8, clock: ['t3', 97, 5] }),
    summary(now, { n: 93, state: 'SUBMITTED', facts: FACTS.payment, unit: '海门支公司', line: 'claims', found: 12, clock: ['t3', 175, 5] }),
    summary(now, { n: 94, state: 'CALLING', facts: FACTS.electronic, unit: '姜堰支公司', line: 'policy_issuing', found: 7, clock: ['t3', 210, 5], holder: PEOPLE.agent2 }),
    summary(now, { n: 95, state: 'SUBMITTED', facts: FACTS.calls, unit: '宿豫支公司', line: 'tele_sales', found: 6, clock: ['t3', 242, 5], missing: ['phone'] }),
    summary(now, { n: 96, state: 'NOT_REACHED', facts: FACTS.payment, unit: '溧阳支公司', line: 'claims', found: 64, result: 'not_reached' }),
  ]
}

export function toDispatch(now: number): CaseSummary[] {
  return [
    summary(now, { n: 4, state: 'TO_DISPATCH', facts: FACTS.promise, unit: '邳州支公司', line: 'sales', found: 320, result: 'dissatisfied', reporter: PEOPLE.seller, clock: ['t4', 222, 10] }),
    summary(now, { n: 41, state: 'RETURNED', facts: FACTS.payment, unit: '昆山支公司', line: 'claims', found: 410, result: 'dissatisfied', clock: ['t4', -95, 10] }),
  ]
}

export function handling(now: number): CaseSummary[] {
  const of = (s: Omit<Sketch, 'unit' | 'line'>) => summary(now, { unit: '昆山支公司', line: 'claims', reporter: null, result: 'dissatisfied', ...s })
  return [
    of({ n: 51, state: 'DISPATCHED', facts: FACTS.assessment, found: 52, clock: ['t5', 412, 30] }),
    of({ n: 52, state: 'HANDLING', facts: FACTS.payment, found: 190, clock: ['t6', 2_900, 120], holder: PEOPLE.handler }),
    of({ n: 53, state: 'REWORK', facts: FACTS.electronic, found: 2_900, clock: ['t7', -1_260, 1_440], holder: PEOPLE.handler }),
  ]
}

export function recall(now: number): CaseSummary[] {
  return [
    summary(now, { n: 61, state: 'REPLIED', facts: FACTS.quote, unit: '玄武支公司', line: 'underwriting', found: 1_700, clock: ['t9', 40_000, 1_440] }),
    summary(now, { n: 62, state: 'RECALLING', facts: FACTS.payment, unit: '海门支公司', line: 'claims', found: 2_100, clock: ['t9', 21_000, 1_440], holder: PEOPLE.agent2 }),
  ]
}

export function rulings(now: number): CaseSummary[] {
  return [summary(now, { n: 71, state: 'RULING', facts: FACTS.promise, unit: '昆山支公司', line: 'sales', found: 700, clock: ['t4', 130, 10] })]
}

export function escalated(now: number): CaseSummary[] {
  return [
    summary(now, { n: 53, state: 'REWORK', facts: FACTS.electronic, unit: '昆山支公司', line: 'claims', reporter: null, found: 2_900, clock: ['t7', -1_260, 1_440], holder: PEOPLE.handler }),
    summary(now, { n: 81, state: 'TO_COMPLAINT', facts: FACTS.promise, unit: '昆山支公司', line: 'sales', reporter: null, found: 4_400 }),
  ]
}

/** Opened again by a linked complaint. */
export function reopened(now: number): CaseSummary[] {
  return [
    summary(now, { n: 84, state: 'TO_DISPATCH', facts: FACTS.electronic, unit: '姜堰支公司', line: 'policy_issuing', found: 9_100, clock: ['t4', 260, 10], result: 'not_dissatisfied' }),
    summary(now, { n: 85, state: 'HANDLING', facts: FACTS.payment, unit: '昆山支公司', line: 'claims', found: 26_000, clock: ['t7', 31_000, 1_440], holder: PEOPLE.handler, result: 'not_dissatisfied' }),
  ]
}

/** What a registration became. */
export function registered(now: number, caseId: string, action: Extract<CaseAction, { kind: 'register_as_agent' }>, caller: PersonChoice): CaseSummary {
  const head = summary(now, { n: 0, state: 'SUBMITTED', facts: action.report.form.facts, unit: caller.unit_name, line: caller.line, found: 0, clock: ['t3', 300, 5], reporter: { person_id: caller.person_id, name: caller.name } })
  return { ...head, case_id: caseId, version: 2, found_at: action.report.found_at, report_time: { earliest: action.called_at, latest: action.called_at, proof: 'telephone' } }
}

/** The same customer a day and ten days ago: of the case in the queue's third row. */
function similar(now: number, head: CaseSummary): { similar: CaseSummary[]; similar_hidden: number } {
  if (head.case_id !== id(92)) return { similar: [], similar_hidden: 0 }
  const of = (s: Omit<Sketch, 'unit' | 'line' | 'facts'>) => summary(now, { unit: '玄武支公司', line: 'underwriting', facts: FACTS.quote, ...s })
  return { similar: [of({ n: 61, state: 'REPLIED', found: 900 }), of({ n: 86, state: 'ARCHIVED_NO_DISSATISFACTION', found: 14_400 })], similar_hidden: 1 }
}

const ACTIONS: Record<Persona, Action[]> = {
  clerk: ['supplement', 'start_flow', 'withdraw'],
  leader1: ['take_over', 'resolve_as_leader', 'escalate', 'start_flow_as_leader'],
  operator: ['supplement'],
  agent1: ['claim_callback', 'release_callback', 'log_dial', 'record_callback', 'dispatch', 'urge', 'void', 'reveal_field'],
  handler: ['sign', 'return', 'log_contact', 'write_result', 'ask_assistance'],
  head: ['rule', 'approve_result', 'reject_result', 'assign_handler', 'acknowledge_escalation', 'comment'],
  it: [],
  auditor: [],
}

export function detail(now: number, head: CaseSummary, persona: Persona, dialled: boolean): CaseDetail {
  const mine = head.holder?.person_id === ME[persona].person_id
  const flow = ['SUBMITTED', 'CALLING', 'NOT_REACHED', 'TO_DISPATCH', 'ARCHIVED_NO_DISSATISFACTION'].includes(head.state)
  const start = head.found_at
  return {
    summary: head,
    timeline: timeline(start, head, flow, dialled, now),
    ladder: ladder(start, flow),
    people: Object.values(PEOPLE),
    flow: flow
      ? {
          received_at: now - 4 * MINUTE,
          report_time: reportTime(now - 4 * MINUTE),
          starter: 'leader',
          started_by: PEOPLE.leader1,
          channel: 'desktop',
        }
      : null,
    callback: {
      claimed_by: head.holder?.person_id ?? null,
      claimed_at: head.holder ? now - 30 * SECOND : null,
      accepted_at: head.holder ? now - 30 * SECOND : null,
      dials: dialled ? [{ by: ME[persona].person_id, at: now - 5 * SECOND, result: null }] : [],
      appointment_at: null,
      number_needed: false,
      overdue_told: [],
    },
    rounds: rounds(now, head),
    departments: ['TO_DISPATCH', 'RETURNED', 'RULING', 'HANDLING'].includes(head.state) ? CHOICES : [],
    conversion: conversion(head),
    ...similar(now, head),
    customer: [
      { field: 'phone', text: '138****1234', masked: true, revealable: persona === 'agent1' },
      { field: 'customer_name', text: '王*', masked: true, revealable: false },
      { field: 'plate', text: '苏E·***12', masked: true, revealable: persona === 'agent1' },
      {
        field: 'narrative',
        text: persona === 'clerk' ? filledForm().customer.narrative : '客户已等定损两天，第三次来柜台催办，认为没有人负责。',
        masked: false,
        revealable: false,
      },
    ],
    actions: ACTIONS[persona].map((action) => ({ action, refusal: refusalOf(action, head, mine, dialled) })),
    rules: RULES,
    receipts: persona === 'agent1' ? [] : [receipt(now - 12 * MINUTE, head.case_id)],
    may_take_evidence: persona === 'leader1' || persona === 'head' || persona === 'auditor',
    may_take_receipts: persona !== 'agent1' && persona !== 'handler',
    may_print_notice: head.state === 'HANDLING' || head.state === 'REWORK',
    customer_removed_at: null,
    server_time: now,
  }
}

/** Where the acts of the departments are possible. */
const STATES_OF: Partial<Record<Action, CaseState[]>> = {
  dispatch: ['TO_DISPATCH', 'RETURNED'],
  urge: ['DISPATCHED', 'RULING', 'HANDLING', 'REWORK'],
  sign: ['DISPATCHED', 'REWORK'],
  return: ['DISPATCHED'],
  log_contact: ['HANDLING'],
  write_result: ['HANDLING'],
  ask_assistance: ['HANDLING'],
  rule: ['RULING'],
  approve_result: ['HANDLING'],
  reject_result: ['HANDLING'],
  assign_handler: ['DISPATCHED', 'HANDLING', 'REWORK'],
}

function refusalOf(action: Action, head: CaseSummary, mine: boolean, dialled: boolean): CaseDetail['actions'][number]['refusal'] {
  const state = head.state as CaseState
  const at = STATES_OF[action]
  if (at && !at.includes(state)) return { code: 'wrong_state', state }
  if (action === 'withdraw' && state === 'CALLING') return { code: 'already_accepted' }
  if (action === 'take_over' && state !== 'LEADER_NOTIFIED') return { code: 'wrong_state', state }
  if (action === 'claim_callback' && head.holder) {
    return mine ? { code: 'wrong_state', state } : { code: 'claimed_by_other', person_id: head.holder.person_id }
  }
  if (['release_callback', 'log_dial', 'record_callback'].includes(action) && !mine) return { code: 'not_claimed' }
  if (action === 'record_callback' && !dialled) return { code: 'no_dial' }
  return null
}

function ladder(start: number, flow: boolean): Level[] {
  const level = (n: number, leader: string, some: Partial<Level>): Level => ({
    level: n,
    leader,
    deputy: null,
    alerted: [],
    notified_at: start + 5 * MINUTE,
    delivered_at: start + 5 * MINUTE + SECOND,
    undelivered_told: false,
    shown_at: start + 5 * MINUTE + 2 * SECOND,
    acknowledged_at: null,
    taken_over_by: null,
    verbal: null,
    ended_at: null,
    end: null,
    ...some,
  })
  if (!flow) return [level(1, PEOPLE.leader1.person_id, { acknowledged_at: start + 6 * MINUTE, taken_over_by: PEOPLE.leader1.person_id })]
  return [
    level(1, PEOPLE.leader1.person_id, { end: 'ran_out', ended_at: start + 15 * MINUTE }),
    level(2, PEOPLE.leader2.person_id, {
      notified_at: start + 15 * MINUTE,
      delivered_at: start + 15 * MINUTE + SECOND,
      deputy: PEOPLE.deputy1.person_id,
      taken_over_by: PEOPLE.deputy1.person_id,
      end: 'flow_started',
      ended_at: start + 17 * MINUTE,
    }),
  ]
}

function timeline(start: number, head: CaseSummary, flow: boolean, dialled: boolean, now: number): TimelineEntry[] {
  let sequence = 0
  const entry = (at: number, kind: string, some: Partial<TimelineEntry> = {}): TimelineEntry => ({
    sequence: (sequence += 1),
    at,
    kind,
    actor: null,
    actor_hidden: false,
    acting_for: null,
    level: null,
    about: null,
    word: null,
    late: 0,
    rule_version: '2018-1',
    ...some,
  })
  const entries = [
    entry(start, 'timing_started', { actor: head.reporter }),
    entry(start + 4 * MINUTE, 'timing_warned'),
    entry(start + 5 * MINUTE, 'leader_notified', { actor: head.reporter, level: 1, about: PEOPLE.leader1 }),
    entry(start + 5 * MINUTE + SECOND, 'notice_delivered', { level: 1, about: PEOPLE.leader1 }),
    entry(start + 6 * MINUTE, 'leader_took_over', { actor: PEOPLE.leader1, level: 1 }),
  ]
  if (flow) entries.push(entry(now - 4 * MINUTE, 'flow_started', { actor: PEOPLE.leader1, acting_for: head.reporter, word: 'leader' }))
  if (head.holder && flow) entries.push(entry(now - 30 * SECOND, 'callback_claimed', { actor: head.holder }))
  if (dialled) entries.push(entry(now - 5 * SECOND, 'dialled', { actor: head.holder }))
  return entries
}

export function receipt(at: number, caseId: string): Receipt {
  return {
    command_id: id(700),
    case_id: caseId,
    content_hash: '9f2c4b7a1de05388c6b1'.padEnd(64, '0'),
    received_at: at,
    report_time: reportTime(at),
    case_hash: '41aa07de55b3'.padEnd(64, '0'),
    key_id: '5d1f0c77aa3e9b21',
    signature: 'c0ffee'.padEnd(128, '0'),
  }
}

export function draft(now: number, n: number, form: ReportForm, timer: TimerView | null): DraftView {
  return {
    case_id: timer?.case_id ?? id(n),
    found_at: timer?.found_at ?? now,
    timer,
    form,
    saved_at: null,
    corrects: null,
    refused: null,
    noticed: false,
    asks: [],
  }
}

export function record(now: number, n: number, kind: SealKind, state: RecordView['state'], some: Partial<RecordView> = {}): RecordView {
  return {
    record_id: id(800 + n),
    case_id: id(n),
    kind,
    state,
    sealed_at: now - n * MINUTE,
    attempts: state === 'sealed' ? 3 : 1,
    receipt: state === 'delivered' ? receipt(now - n * MINUTE + SECOND, id(n)) : null,
    refused: null,
    ...some,
  }
}

export function timer(now: number, n: number, label: string, remaining: number): TimerView {
  const due = now + remaining * SECOND
  return {
    case_id: id(n),
    label,
    person_id: PEOPLE.clerk.person_id,
    found_at: due - 5 * MINUTE,
    warn_at: due - MINUTE,
    due_at: due,
    warned: remaining <= 60,
    overdue: remaining < 0,
    discard_until: due - 5 * MINUTE + 30 * SECOND,
  }
}

export function alert(now: number, n: number, kind: Alert['kind'], some: Partial<Alert> = {}): Alert {
  return {
    alert_id: id(900 + n),
    case_id: id(n),
    kind,
    level: 1,
    raised_at: now - 20 * SECOND,
    due_at: now + 581 * SECOND,
    span: 10 * MINUTE,
    unit_name: '昆山支公司',
    line: 'claims',
    facts: FACTS.assessment,
    story: [
      { at: now - 16 * MINUTE, kind: 'timing_started', level: 0, by_system: false },
      { at: now - 11 * MINUTE, kind: 'leader_notified', level: 1, by_system: false },
    ],
    ended: null,
    ...some,
  }
}
