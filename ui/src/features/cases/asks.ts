/** What each act asks for before it is done, and how the answers become the act. An act that is not here has its own way. */
import type { Action, CaseAction, Department, HandlingResult, RecallResult, ReturnReason, VoidReason } from '@/ipc'
import { HandlingResultWords, RecallResultWords, ReturnReasonWords, VoidReasonWords } from '@/ipc/words'
import { fromLocalInput } from '@/lib/time'

/** Everything that can be typed or chosen; an act takes what it asks for. */
export interface Answers {
  note: string
  choice: string
  reached: boolean
  complex: boolean
  when: string
  /** The department that leads, and those that help. */
  lead: Department | null
  assisting: Department[]
  /** A staff number, a complaint's number or a case's number. */
  code: string
  /** Where a call was recorded. */
  recording: string
}

export type Part = 'note' | 'choice' | 'reached' | 'complex' | 'when' | 'department' | 'assisting' | 'person' | 'complaint_no' | 'target' | 'recording'
type List = 'void_reason' | 'return_reason' | 'handling_result' | 'recall_result'

export interface Ask {
  parts: Part[]
  /** Parts that may stay empty. */
  optional?: Part[]
  choices?: { list: List; words: readonly string[] }
  /** It cannot be taken back. */
  final?: boolean
  make: (given: Answers) => CaseAction
}

export const empty = (): Answers => ({ note: '', choice: '', reached: true, complex: false, when: '', lead: null, assisting: [], code: '', recording: '' })

const note = (given: Answers) => given.note.trim()
const at = (given: Answers) => fromLocalInput(given.when) ?? 0
const code = (given: Answers) => given.code.trim()
const lead = (given: Answers): Department => given.lead ?? { unit_id: '', line: 'claims' }

export const sameDepartment = (a: Department | null, b: Department | null) => a?.unit_id === b?.unit_id && a?.line === b?.line

export const ASKS: Partial<Record<Action, Ask>> = {
  resolve_as_leader: { parts: ['note'], optional: ['note'], make: (given) => ({ kind: 'resolve_as_leader', note: note(given) }) },
  withdraw: { parts: ['note'], final: true, make: (given) => ({ kind: 'withdraw', note: note(given) }) },
  escalate: { parts: [], make: () => ({ kind: 'escalate' }) },
  start_flow_as_leader: { parts: [], final: true, make: () => ({ kind: 'start_flow_as_leader' }) },
  countersign: { parts: ['when'], make: (given) => ({ kind: 'countersign', told_at: at(given) }) },
  refuse_countersign: { parts: ['note'], optional: ['note'], final: true, make: (given) => ({ kind: 'refuse_countersign', note: note(given) }) },
  note_complaint: { parts: ['when'], make: (given) => ({ kind: 'note_complaint', at: at(given) }) },
  name_involved: { parts: ['person'], make: (given) => ({ kind: 'name_involved', people: [code(given)] }) },
  void: {
    parts: ['choice', 'target'],
    choices: { list: 'void_reason', words: VoidReasonWords },
    final: true,
    make: (given) => ({ kind: 'void', reason: given.choice as VoidReason, merged_into: given.choice === 'duplicate' ? code(given) : null }),
  },
  send_to_dispatch: { parts: ['note'], optional: ['note'], make: (given) => ({ kind: 'send_to_dispatch', note: note(given) }) },
  dispatch: {
    parts: ['department', 'assisting', 'note'],
    optional: ['assisting', 'note'],
    make: (given) => ({ kind: 'dispatch', lead: lead(given), assisting: given.assisting, note: note(given) }),
  },
  rule: {
    parts: ['department', 'assisting', 'note'],
    optional: ['assisting'],
    final: true,
    make: (given) => ({ kind: 'rule', lead: lead(given), assisting: given.assisting, reason: note(given) }),
  },
  return: {
    parts: ['choice', 'note'],
    optional: ['note'],
    choices: { list: 'return_reason', words: ReturnReasonWords },
    make: (given) => ({ kind: 'return', reason: given.choice as ReturnReason, note: note(given) }),
  },
  assign_handler: { parts: ['person'], make: (given) => ({ kind: 'assign_handler', handler: code(given) }) },
  log_contact: { parts: ['reached', 'note'], optional: ['note'], make: (given) => ({ kind: 'log_contact', reached: given.reached, note: note(given) }) },
  ask_assistance: {
    parts: ['department', 'note'],
    optional: ['note'],
    make: (given) => ({ kind: 'ask_assistance', department: lead(given), note: note(given) }),
  },
  assist: { parts: ['note'], make: (given) => ({ kind: 'assist', note: note(given) }) },
  write_result: {
    parts: ['choice', 'note'],
    optional: ['note'],
    choices: { list: 'handling_result', words: HandlingResultWords },
    make: (given) => ({ kind: 'write_result', result: given.choice as HandlingResult, note: note(given) }),
  },
  reject_result: { parts: ['note'], make: (given) => ({ kind: 'reject_result', note: note(given) }) },
  record_recall: {
    parts: ['choice', 'when', 'note', 'recording'],
    optional: ['note', 'recording'],
    choices: { list: 'recall_result', words: RecallResultWords },
    make: (given) => ({
      kind: 'record_recall',
      result: given.choice as RecallResult,
      appointment_at: given.choice === 'appointment' ? at(given) : null,
      note: note(given),
      recording: given.recording.trim(),
    }),
  },
  order_rework: { parts: ['note'], make: (given) => ({ kind: 'order_rework', note: note(given) }) },
  archive_unresolved: { parts: ['note'], final: true, make: (given) => ({ kind: 'archive_unresolved', reason: note(given) }) },
  urge: { parts: ['note'], optional: ['note'], make: (given) => ({ kind: 'urge', note: note(given) }) },
  supervise: { parts: ['note'], make: (given) => ({ kind: 'supervise', note: note(given) }) },
  comment: { parts: ['note'], make: (given) => ({ kind: 'comment', note: note(given) }) },
  convert: {
    parts: ['complex', 'complaint_no', 'note'],
    optional: ['complaint_no', 'note'],
    final: true,
    make: (given) => ({ kind: 'convert', complex: given.complex, complaint_no: code(given) || null, note: note(given) }),
  },
  extend_term: { parts: ['note'], final: true, make: (given) => ({ kind: 'extend_term', reason: note(given) }) },
  reopen: { parts: ['complaint_no', 'note'], optional: ['note'], make: (given) => ({ kind: 'reopen', complaint_no: code(given), note: note(given) }) },
}

/** The parts that this choice needs: a case to merge into, or the moment of another call, belong to one choice only. */
export function partsOf(ask: Ask, choice: string): Part[] {
  return ask.parts.filter((part) => {
    if (part === 'target') return choice === 'duplicate'
    if (part === 'when' && ask.choices) return choice === 'appointment'
    return true
  })
}

/** What is asked for and not there yet. */
export function missingOf(ask: Ask, given: Answers): Part[] {
  const absent: Record<Part, boolean> = {
    note: note(given) === '',
    choice: given.choice === '',
    reached: false,
    complex: false,
    when: fromLocalInput(given.when) === null,
    department: given.lead === null,
    assisting: given.assisting.length === 0,
    person: code(given) === '',
    complaint_no: code(given) === '',
    target: code(given) === '',
    recording: given.recording.trim() === '',
  }
  return partsOf(ask, given.choice).filter((part) => absent[part] && !ask.optional?.includes(part))
}
