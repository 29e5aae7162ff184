/** 重复不满: what a merge begins with, and which of the others may well be the same matter. */
import type { CaseDetail, CaseSummary } from '@/ipc'
import type { Answers } from './asks'

/** The dialog as it opens: what is asked for is filled in, and nothing is done before it is confirmed. */
export const mergeInto = (caseId: string): Partial<Answers> => ({ choice: 'duplicate', code: caseId })

/** Found within the span in which the rules prompt 并案. */
export function similarSoon(detail: CaseDetail, other: CaseSummary): boolean {
  const span = detail.rules.limits.find((limit) => limit.name === 'merge_prompt')?.span ?? 0
  return Math.abs(detail.summary.found_at - other.found_at) <= span
}

/** How many other cases there are, also those that the viewer may not see. */
export const similarCount = (detail: CaseDetail): number => detail.similar.length + detail.similar_hidden
