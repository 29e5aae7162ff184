/** What a person typed to narrow a list, and what the centre is asked for because of it. */
import type { CaseFilter, CaseState, CaseView, FindBy, Line } from '@/ipc'
import { caseNumber, tooShort } from '@/lib/case-number'
import { dayStart } from '@/lib/time'
import { CaseStateWords } from '@/ipc/words'

export interface Typed {
  by: FindBy
  text: string
  state: CaseState | ''
  unit: { unit_id: string; name: string } | null
  line: Line | ''
  /** Days, `2026-11-22`; empty for any. */
  from: string
  to: string
}

export const FIND_BY: readonly FindBy[] = ['case_no', 'phone', 'policy_no', 'loss_report_no', 'claim_no', 'plate']
const DAY = 24 * 60 * 60_000

export const nothingTyped = (): Typed => ({ by: 'case_no', text: '', state: '', unit: null, line: '', from: '', to: '' })

/** The states that a list holds; a list that is not here holds any. */
const HELD: Partial<Record<CaseView, CaseState[]>> = {
  team: ['TIMING', 'LEADER_NOTIFIED', 'LEADER_HANDLING'],
  callback: ['SUBMITTED', 'CALLING', 'NOT_REACHED'],
  to_dispatch: ['TO_DISPATCH', 'RETURNED'],
  rulings: ['RULING'],
  handling: ['DISPATCHED', 'HANDLING', 'REWORK'],
  recall: ['REPLIED', 'RECALLING'],
}
/** On the desk only; the centre never has them. */
const LOCAL: CaseState[] = ['DRAFT', 'SEALED', 'QUARANTINED', 'DISCARDED']

/** The states that are worth choosing from. */
export function statesOf(view: CaseView): CaseState[] {
  return HELD[view] ?? CaseStateWords.filter((state) => !LOCAL.includes(state))
}

/** How many filters are set beside what is looked for. */
export const filtersSet = (typed: Typed): number => [typed.state, typed.unit, typed.line, typed.from || typed.to].filter(Boolean).length

/** The key of the sentence that says why it cannot be asked for; `null` when it can. */
export function wrongWith(typed: Typed): 'find.short' | 'find.order' | null {
  if (typed.by === 'case_no' && tooShort(typed.text)) return 'find.short'
  return typed.from && typed.to && typed.from > typed.to ? 'find.order' : null
}

/** What the centre is asked for; `null` when nothing narrows the list. */
export function filterOf(typed: Typed): CaseFilter | null {
  const text = typed.by === 'case_no' ? caseNumber(typed.text) : typed.text.trim()
  if (text === '' && filtersSet(typed) === 0) return null
  return {
    find: text === '' ? null : { by: typed.by, text },
    states: typed.state === '' ? [] : [typed.state],
    unit_id: typed.unit?.unit_id ?? null,
    line: typed.line === '' ? null : typed.line,
    from: typed.from === '' ? null : dayStart(typed.from),
    // The last day counts whole.
    to: typed.to === '' ? null : dayStart(typed.to) + DAY,
  }
}

export const NO_FILTER: CaseFilter = { find: null, states: [], unit_id: null, line: null, from: null, to: null }
