/** Made-up chains, accesses and removals of the mock host. */
import type { AccessEntry, AccessKind, AccessList, AccessQuery, AccessRecord, AuditFaultView, AuditState, AuditView, PersonRef, RemovalView } from '../gen'
import { id } from './cases'
import { PEOPLE } from './people'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const HASHES = ['9b2f40c8e17d', 'c07a55aa90f2', '4be1f3d26a08', '09d2f6e1b3c4', 'e5188cd07b31', '71aa02fe94c6', 'd30c9be5a217', '2a6f81d4c09e']
const hash = (n: number) => (HASHES[n % HASHES.length] ?? '').padEnd(64, '0')

export interface AuditScene {
  since: number | null
  last: AuditView | null
  broken: boolean
}

const view = (at: number, broken: boolean): AuditView => {
  const faults: AuditFaultView[] = [
    { chain: 'case', case_no: id(1), place: 4, code: 'altered' },
    { chain: 'case', case_no: id(53), place: null, code: 'case_differs' },
    { chain: 'access', case_no: null, place: 117, code: 'broken' },
  ]
  return {
    at,
    took: 8_420,
    cases: 1_806,
    events: 24_117,
    amendments: 9,
    accesses: 342,
    removals: 12,
    faults: broken ? faults : [],
    fault_count: broken ? faults.length : 0,
  }
}

export const auditOf = (now: number, has: Set<string>): AuditScene => ({
  since: has.has('walking') ? now - 5_000 : null,
  last: has.has('empty') ? null : view(now - 26 * MINUTE, has.has('broken')),
  broken: has.has('broken'),
})

export const stateOf = (scene: { audit: AuditScene }, now: number): AuditState => {
  const { since, last } = scene.audit
  return { running: since === null ? null : { since, events: 14_000 }, last, failed: false, server_time: now }
}

/** The mock's walk is over as soon as somebody asks how far it is. */
export function begin(scene: { audit: AuditScene }, now: number): AuditState {
  const running = { since: now, events: 0 }
  scene.audit.last = view(now, scene.audit.broken)
  return { running, last: null, failed: false, server_time: now }
}

const record = (at: number, person: PersonRef, kind: AccessKind, some: Partial<AccessRecord>): AccessRecord => ({
  at,
  person_id: person.person_id,
  device_id: id(500),
  kind,
  view: null,
  by: null,
  states: [],
  unit_id: null,
  line: null,
  from: null,
  to: null,
  format: null,
  field: null,
  count: 1,
  cases: [],
  ...some,
})

function all(now: number): AccessEntry[] {
  const rows: [PersonRef, AccessRecord, number | null][] = [
    [PEOPLE.agent1, record(now - 4 * MINUTE, PEOPLE.agent1, 'reveal', { field: 'phone', cases: [id(1)] }), null],
    [PEOPLE.agent2, record(now - 19 * MINUTE, PEOPLE.agent2, 'search', { view: 'all', by: 'phone', count: 5, cases: [id(1), id(2), id(4), id(7), id(51)] }), 342],
    [PEOPLE.head, record(now - 70 * MINUTE, PEOPLE.head, 'export', { view: 'escalated', format: 'xlsx', count: 38 }), 341],
    [PEOPLE.head, record(now - 95 * MINUTE, PEOPLE.head, 'notice', { cases: [id(53)] }), 340],
    [PEOPLE.agent1, record(now - DAY, PEOPLE.agent1, 'search', { view: 'callback', by: 'plate', count: 0 }), 339],
    [PEOPLE.leader1, record(now - 2 * DAY, PEOPLE.leader1, 'pack', { cases: [id(7)] }), 338],
    [PEOPLE.handler, record(now - 3 * DAY, PEOPLE.handler, 'reveal', { field: 'customer_name', cases: [id(52)] }), null],
  ]
  return rows.map(([person, one, number], n) => ({ mark: `${one.at}.${n}`, number, person, record: one, hash: hash(n) }))
}

export function accesses(now: number, asked: AccessQuery): AccessList {
  const { person, kind, from, to } = asked
  const tail = asked.case?.replace('…', '').toLowerCase()
  const found = all(now).filter(
    (one) =>
      (!person || one.person.person_id === person || one.person.name.includes(person)) &&
      (!tail || one.record.cases.some((case_id) => case_id.endsWith(tail))) &&
      (!kind || one.record.kind === kind) &&
      (from === null || one.record.at >= from) &&
      (to === null || one.record.at < to),
  )
  return { accesses: found, more: false }
}

export const removals = (now: number): RemovalView[] =>
  [0, 1, 2].map((n) => ({
    number: 12 - n,
    at: now - (1 + n) * DAY,
    case_id: id(900 + n),
    unit: n === 1 ? { unit_id: '320302', name: '鼓楼支公司' } : { unit_id: '320583', name: '昆山支公司' },
    over_at: now - (n === 1 ? 1_463 : 1_098 + n) * DAY,
    keep: (n === 1 ? 1_461 : 1_096) * DAY,
    rule_version: n === 1 ? '2018-1+320300@1' : '2018-1',
    rows: 2 + n,
    content: hash(n + 2),
    hash: hash(n + 4),
  }))
