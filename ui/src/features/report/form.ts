/** 报告表 on a screen: an empty one, the second-level causes of each cause, and putting two versions together. */
import type { Ref } from 'vue'
import type { Cause, CauseDetail, FieldFault, FieldName, ReportForm } from '@/ipc'
import { emptyForm } from '@/ipc/empty'
import { CauseDetailWords, CauseWords, StepWords, TriggerWords } from '@/ipc/words'

export { CauseWords, emptyForm, StepWords, TriggerWords }

/** A form that is being filled in: what is typed, whether another one was opened, and what is wrong with a control. */
export interface Sheet {
  form: ReportForm
  draft: Ref<unknown>
  faultOf: (control: string) => FieldFault | null
}

/** The numbers that stand in for a telephone, in the order of the list. */
export const IDENTIFIERS = ['policy_no', 'loss_report_no', 'claim_no', 'plate'] as const
export type Identifier = (typeof IDENTIFIERS)[number]

const PREFIX: Record<Cause, string | null> = {
  attitude: 'attitude',
  timeliness: 'timeliness',
  claim_result: 'claim',
  policy_issue: 'issue',
  selling: 'selling',
  endorsement_refund: 'endorsement',
  payment: null,
  system_failure: null,
  third_party: 'third_party',
  other: null,
}

/** The second-level causes of a cause, in the list's order. */
export function detailsOf(cause: Cause): CauseDetail[] {
  const prefix = PREFIX[cause]
  return prefix ? CauseDetailWords.filter((detail) => detail.startsWith(`${prefix}_`)) : []
}

/** The control a field's fault belongs to: several fields share one place on the screen. */
export function controlOf(field: FieldName): string {
  if (field === 'cause_detail') return 'cause'
  return (['phone', ...IDENTIFIERS] as FieldName[]).includes(field) ? 'contact' : field
}

/** What was typed before the stored draft arrived wins; the rest comes from the draft. */
export function mergeForms(typed: ReportForm, stored: ReportForm): ReportForm {
  const pick = <T extends object>(mine: T, theirs: T): T => {
    const merged = { ...theirs }
    for (const name of Object.keys(mine) as (keyof T)[]) if (!isBlank(mine[name])) merged[name] = mine[name]
    return merged
  }
  return { facts: pick(typed.facts, stored.facts), customer: pick(typed.customer, stored.customer) }
}

function isBlank(value: unknown): boolean {
  return value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0)
}
