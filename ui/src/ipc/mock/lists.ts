import type { CaseFilter, CaseSummary, CaseView } from '../gen'
import type { Persona } from './people'

/** The lists from which each of them opens a case. */
export const VIEWS_OF: Record<Persona, CaseView[]> = {
  clerk: ['team', 'mine', 'callback'],
  leader1: ['team', 'mine', 'callback'],
  agent1: ['callback', 'to_dispatch', 'recall', 'reopened'],
  operator: ['mine'],
  handler: ['handling'],
  head: ['handling', 'rulings', 'escalated'],
  it: ['mine'],
  auditor: ['all'],
}

/** The filters of the centre, as far as the made-up cases have what they ask for; the customer's number of all of them is one. */
export function narrowed(cases: CaseSummary[], filter?: CaseFilter): CaseSummary[] {
  if (!filter) return cases
  const { find, states, unit_id, line, from, to } = filter
  const found = (one: CaseSummary) =>
    !find || (find.by === 'case_no' ? one.case_id.endsWith(find.text.replace('…', '').toLowerCase()) : find.text.replace(/\D/g, '') === '13800001234')
  return cases.filter(
    (one) =>
      found(one) &&
      (states.length === 0 || states.some((state) => state === one.state)) &&
      (unit_id === null || one.unit_id.startsWith(unit_id)) &&
      (line === null || one.line === line) &&
      (from === null || one.found_at >= from) &&
      (to === null || one.found_at < to),
  )
}
