/** What departments did with the made-up cases. */
import type { CaseSummary, ConversionView, DepartmentChoice, PersonRef, RoundView } from '../gen'
import { PEOPLE } from './people'

const DISPATCHED = new Set(['DISPATCHED', 'RETURNED', 'RULING', 'HANDLING', 'REPLIED', 'RECALLING', 'REWORK'])
const CITY_CLAIMS = { unit_id: '320500', unit_name: '苏州分公司', line: 'claims' as const }

/** What the departments did so far. */
export function rounds(now: number, head: CaseSummary): RoundView[] {
  if (!DISPATCHED.has(head.state)) return []
  const step = (minutes: number, by: PersonRef = PEOPLE.handler) => ({ by, at: now - minutes * 60_000 })
  const signed = !['DISPATCHED', 'RETURNED', 'RULING'].includes(head.state)
  const replied = ['REPLIED', 'RECALLING', 'REWORK'].includes(head.state)
  const round: RoundView = {
    label: '1',
    lead: CITY_CLAIMS,
    assisting: [],
    dispatched_at: now - 45 * 60_000,
    binding: false,
    handler: signed ? PEOPLE.handler : null,
    signed: signed ? step(38) : null,
    contacted: signed ? step(30) : null,
    reached: true,
    returned: ['RETURNED', 'RULING'].includes(head.state) ? { step: step(9), reason: 'not_our_line' } : null,
    reply: replied ? { written: step(25), result: 'resolved_explained', approvers: [PEOPLE.head], approved: step(20, PEOPLE.head) } : null,
    rejections: 0,
    recalls: head.state === 'REWORK' ? [{ step: step(15, PEOPLE.agent1), result: 'dissatisfied' }] : [],
  }
  if (head.state !== 'REWORK') return [round]
  return [round, { ...round, label: '1.1', dispatched_at: now - 14 * 60_000, signed: null, contacted: null, reply: null, recalls: [] }]
}

export const CHOICES: DepartmentChoice[] = (['underwriting', 'claims', 'sales', 'policy_issuing', 'customer_service'] as const).flatMap((line) => [
  { department: { unit_id: '320500', line }, unit_name: '苏州分公司', proposed: line === 'sales' },
  { department: { unit_id: '320000', line }, unit_name: '江苏分公司', proposed: false },
])

/** Received this morning, with the dates of the law. */
export function conversion(head: CaseSummary): ConversionView | null {
  if (head.state !== 'TO_COMPLAINT') return null
  const day = (after: number) => Date.UTC(2026, 10, 22 + after, 15, 59, 59, 999)
  const received = Date.UTC(2026, 10, 22, 1, 12)
  return {
    by: PEOPLE.agent1,
    at: received,
    complaint_no: 'TS20261122-0031',
    term: 'simple',
    dates: { received_at: received, simple: day(15), complex: day(30), extended: day(60) },
    decide_by: day(15),
  }
}
