/** How each kind of alert looks and what can be answered. A kind that a newer centre added is shown and acknowledged. */
import type { Alert, AlertKind } from '@/ipc'
import { t, textOrNull, type TextKey } from '@/texts'

/** `take_over` and `claim` are acts; `acknowledge` only says that it was read. */
export type Answer = 'take_over' | 'start_flow' | 'resolved' | 'claim' | 'start_own_flow' | 'supplement' | 'acknowledge' | 'open'

interface Look {
  answers: Answer[]
  /** Whether it asks for something now; decides the frame. */
  calls: boolean
  hint?: TextKey
}

const LOOKS: Record<AlertKind | 'test', Look> = {
  leader_notice: { answers: ['take_over', 'start_flow', 'resolved', 'open'], calls: true },
  undelivered: { answers: ['start_own_flow', 'acknowledge', 'open'], calls: true, hint: 'alert.hint_undelivered' },
  climbed: { answers: ['acknowledge', 'open'], calls: false },
  callback_due: { answers: ['claim', 'open'], calls: true, hint: 'alert.hint_callback' },
  callback_overdue: { answers: ['claim', 'acknowledge', 'open'], calls: true, hint: 'alert.hint_callback' },
  number_needed: { answers: ['supplement', 'acknowledge'], calls: false, hint: 'alert.hint_number' },
  outcome: { answers: ['acknowledge', 'open'], calls: false, hint: 'alert.hint_outcome' },
  countersign_needed: { answers: ['open'], calls: true, hint: 'alert.hint_countersign' },
  countersign_refused: { answers: ['start_own_flow', 'acknowledge', 'open'], calls: true, hint: 'alert.hint_denied' },
  dispatch_needed: { answers: ['open', 'acknowledge'], calls: true },
  ruling_needed: { answers: ['open', 'acknowledge'], calls: true },
  sign_needed: { answers: ['open', 'acknowledge'], calls: true },
  assistance_asked: { answers: ['acknowledge', 'open'], calls: false },
  assigned: { answers: ['open', 'acknowledge'], calls: true },
  handler_needed: { answers: ['open', 'acknowledge'], calls: true },
  approval_needed: { answers: ['open', 'acknowledge'], calls: true },
  recall_due: { answers: ['open', 'acknowledge'], calls: true, hint: 'alert.hint_callback' },
  archive_approval: { answers: ['open', 'acknowledge'], calls: true },
  rework_needed: { answers: ['open', 'acknowledge'], calls: true },
  urged: { answers: ['open', 'acknowledge'], calls: true },
  escalated: { answers: ['open', 'acknowledge'], calls: true },
  risk: { answers: ['open', 'acknowledge'], calls: true },
  test: { answers: ['acknowledge'], calls: false, hint: 'alert.test_body' },
}

export function lookOf(alert: Alert): Look {
  return Object.hasOwn(LOOKS, alert.kind) ? LOOKS[alert.kind as AlertKind] : { answers: ['acknowledge', 'open'], calls: false }
}

export const isTest = (alert: Alert): boolean => alert.kind === 'test'

export function titleOf(alert: Alert): string {
  if (alert.kind === 'leader_notice' && alert.level <= 1) return t('alert.leader_notice_first')
  return textOrNull(`alert.${alert.kind}`, { level: alert.level }) ?? t('alert.other')
}
