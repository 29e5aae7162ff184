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
