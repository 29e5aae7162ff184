/**
 * The words of every list, for people. A word that the contract knows and the catalogue does not fails the build; a
 * word that a newer centre sends is shown as 其他(代码) and never hides the row it stands in.
 */
import type {
  AccessKind,
  Action,
  AmendmentKind,
  CalendarPart,
  CallbackResult,
  CaseState,
  Cause,
  CauseDetail,
  Channel,
  ComplaintTerm,
  CustomerKind,
  DeskFaultCode,
  ErrorCode,
  FieldFaultKind,
  FieldName,
  HandlingResult,
  LevelEnd,
  LimitName,
  Line,
  LinkState,
  Measure,
  Mood,
  NumberName,
  Origin,
  Product,
  RecallResult,
  RecordState,
  Refusal,
  ReturnReason,
  RiskTag,
  Role,
  RuleFault,
  SealKind,
  Starter,
  Step,
  SwitchName,
  TimeProof,
  TimerName,
  Trigger,
  UrgeKind,
  VoidReason,
} from '@/ipc'
import { type Catalogue, t, textOrNull } from './index'

type Lists = {
  access_kind: AccessKind
  action: Action
  callback_result: CallbackResult
  cause: Cause
  cause_detail: CauseDetail
  channel: Channel
  complaint_term: ComplaintTerm
  customer_kind: CustomerKind
  field: FieldName
  handling_result: HandlingResult
  level_end: LevelEnd
  limit_name: LimitName
  line: Line
  measure: Measure
  mood: Mood
  number_name: NumberName
  origin: Origin
  outcome: CaseState
  product: Product
  recall_result: RecallResult
  record_state: RecordState
  return_reason: ReturnReason
  risk_tag: RiskTag
  role: Role
  seal_kind: SealKind
  starter: Starter
  state: CaseState
  step: Step
  time_proof: TimeProof
  timer_name: TimerName
  trigger: Trigger
  urge_kind: UrgeKind
  void_reason: VoidReason
}

/** Fails to compile when the catalogue lacks a word of a list, a code or a refusal. */
type Complete<T extends true> = T
type Covers<Section, Word extends string> = [Word] extends [keyof Section] ? true : false
export type EveryWordHasItsText = Complete<
  | { [L in keyof Lists]: Covers<Catalogue['words'][L], Lists[L]> }[keyof Lists]
  | Covers<Catalogue['fault'], DeskFaultCode>
  | Covers<Catalogue['problem'], ErrorCode>
  | Covers<Catalogue['refusal'], Refusal['code']>
  | Covers<Catalogue['field_fault'], FieldFaultKind>
  | Covers<Catalogue['link'], LinkState>
  | Covers<Catalogue['rule_fault'], RuleFault['code']>
  | Covers<Catalogue['rules']['switch'], SwitchName>
  | Covers<Catalogue['rules']['kind'], AmendmentKind>
  | Covers<Catalogue['directory']['parts'], CalendarPart>
>

/** The text of a word of a list. */
export function word(list: keyof Lists, code: string): string {
  return textOrNull(`words.${list}.${code}`) ?? t('common.unknown', { code })
}

/** The text of a word that may not be given yet. */
export function wordOr(list: keyof Lists, code: string | null | undefined, missing: string): string {
  return code ? word(list, code) : missing
}
