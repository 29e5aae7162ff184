/** Made-up units, people, imports and absences of the mock host. */
import type { AbsenceKind, AbsenceList, AbsenceView, CalendarVersion, DirectoryChanges, DirectoryPreview, DirectoryVersion, DirectoryView, FieldChange, Me, Person, PersonRef, Unit } from '../gen'
import { id } from './cases'
import { ME, PEOPLE, type Persona } from './people'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** 2018-06-01 in Beijing. */
const BEGIN = Date.UTC(2018, 4, 31, 16)
const VERSION = '1793462400000-3fa9c1d2'

const unit = (unit_id: string, parent: string | null, level: Unit['level'], name: string): Unit => ({ unit_id, parent, level, name, active_from: BEGIN, active_to: null, successor: null })
const UNITS: Unit[] = [
  unit('320000', null, 'province', '江苏分公司'),
  unit('3295518', '320000', 'city', '95518 客服中心'),
  unit('320500', '320000', 'city', '苏州分公司'),
  unit('320583', '320500', 'county', '昆山支公司'),
  unit('32058301', '320583', 'outlet', '昆山营业部'),
  unit('320581', '320500', 'county', '常熟支公司'),
  unit('320300', '320000', 'city', '徐州分公司'),
]

type Some = Partial<Pick<Person, 'line' | 'post' | 'deputies' | 'roles'>>
const person = (who: PersonRef, unit_id: string, direct_leader: string | null, some: Some = {}): Person => ({
  ...who,
  unit_id,
  line: 'claims',
  post: 'management',
  direct_leader,
  deputies: [],
  roles: [],
  ...some,
})
const FOLK: Person[] = [
  person(PEOPLE.leader3, '320000', null, { line: 'customer_service', roles: ['EXE'] }),
  person(PEOPLE.it, '320000', PEOPLE.leader3.person_id, { line: 'customer_service', post: 'administration', roles: ['ADM'] }),
  person(PEOPLE.agent1, '3295518', PEOPLE.leader3.person_id, { line: 'customer_service', post: 'hotline_agent', roles: ['CMP'] }),
  person(PEOPLE.agent2, '3295518', PEOPLE.leader3.person_id, { line: 'customer_service', post: 'hotline_agent', roles: ['CMP'] }),
  person(PEOPLE.leader2, '320500', PEOPLE.leader3.person_id, { roles: ['DPT', 'CSD'] }),
  person(PEOPLE.handler, '320500', PEOPLE.leader2.person_id, { post: 'claim_review', roles: ['HDL'] }),
  person(PEOPLE.leader1, '320583', PEOPLE.leader2.person_id, { deputies: [PEOPLE.deputy1.person_id] }),
  person(PEOPLE.deputy1, '320583', PEOPLE.leader2.person_id, { line: 'sales' }),
  person(PEOPLE.clerk, '320583', PEOPLE.leader1.person_id, { post: 'claims_counter' }),
  person(PEOPLE.colleague, '32058301', PEOPLE.leader1.person_id, { post: 'general_counter' }),
  person(PEOPLE.seller, '320300', PEOPLE.leader3.person_id, { line: 'sales', post: 'sales' }),
]

export const now = (at: number): DirectoryView => ({ at, version: VERSION, effective_from: at - 20 * DAY, units: UNITS, people: FOLK })
export const nothing = (at: number): DirectoryView => ({ at, version: null, effective_from: null, units: [], people: [] })

const field = (name: FieldChange['field'], before: string | null, after: string | null): FieldChange => ({ field: name, before, after })

/** A file called 有误 has faults; any other changes some people. */
export function preview(name: string): DirectoryPreview {
  const whole: DirectoryPreview = {
    preview: '9f'.repeat(32),
    base: VERSION,
    lists: [
      { list: 'units', sheet: '机构', rows: 8 },
      { list: 'people', sheet: '人员', rows: 11 },
    ],
    faults: [],
    fault_count: 0,
    changes: [
      { subject: 'unit', kind: 'added', id: '320582', name: '张家港支公司', fields: [field('parent', null, '320500'), field('level', null, 'county'), field('active_from', null, String(BEGIN))] },
      { subject: 'person', kind: 'changed', id: PEOPLE.clerk.person_id, name: PEOPLE.clerk.name, fields: [field('unit', '320583', '320582'), field('direct_leader', PEOPLE.leader1.person_id, PEOPLE.leader2.person_id)] },
      { subject: 'person', kind: 'changed', id: PEOPLE.leader1.person_id, name: PEOPLE.leader1.name, fields: [field('deputies', PEOPLE.deputy1.person_id, `${PEOPLE.colleague.person_id};${PEOPLE.deputy1.person_id}`)] },
      { subject: 'person', kind: 'changed', id: PEOPLE.handler.person_id, name: PEOPLE.handler.name, fields: [field('roles', 'HDL', 'HDL;DPT'), field('post', 'claim_review', 'management')] },
      { subject: 'person', kind: 'removed', id: PEOPLE.seller.person_id, name: PEOPLE.seller.name, fields: [field('unit', '320300', null), field('line', 'sales', null), field('post', 'sales', null)] },
      { subject: 'person', kind: 'added', id: '32058201', name: '许文静', fields: [field('unit', null, '320582'), field('line', null, 'claims'), field('post', null, 'survey'), field('direct_leader', null, PEOPLE.leader2.person_id)] },
      { subject: 'line_leader', kind: 'changed', id: '320500/claims', name: PEOPLE.leader2.name, fields: [field('line_leader', PEOPLE.leader3.person_id, PEOPLE.leader2.person_id)] },
    ],
    names: Object.fromEntries([...UNITS.map((one) => [one.unit_id, one.name]), ...FOLK.map((one) => [one.person_id, one.name]), ['320582', '张家港支公司']]),
    units: 8,
    people: 11,
  }
  if (name.includes('无变化')) return { ...whole, changes: [] }
  if (!name.includes('有误')) return whole
  const fault = (row: number, column: string | null, code: string, words: Record<string, string>) => ({ sheet: '人员', row, column, code, words })
  const faults = [
    fault(7, '条线', 'unknown_word', { detail: '理陪', column: '条线' }),
    fault(9, '姓名', 'formula_without_value', { detail: 'VLOOKUP(A9,Sheet2!A:B,2,0)', column: '姓名' }),
    fault(12, null, 'orphan', { person_id: '32058312' }),
    fault(15, null, 'leader_cycle', { person_ids: '32050802 → 32050803 → 32050805' }),
  ]
  return { ...whole, faults, fault_count: faults.length, changes: [] }
}

const link = (number: number) => ({ number, hash: `${number}c41e7d05b2f`.padEnd(64, '0') })

export const taken = (at: number, source: string, reason: string): DirectoryVersion => ({ version: `${at}-77aa01ce`, effective_from: at, added_at: at, by: PEOPLE.it, source, reason, link: link(9) })

export const versions = (at: number): DirectoryVersion[] => [
  { version: '1795420800000-0b1ce5aa', effective_from: at + 9 * DAY, added_at: at - HOUR, by: PEOPLE.it, source: '十二月人员.xlsx', reason: '十二月岗位调整，人力资源部通知 2026-41 号', link: link(7) },
  { version: VERSION, effective_from: at - 20 * DAY, added_at: at - 21 * DAY, by: PEOPLE.it, source: '机构人员.xlsx', reason: '昆山支公司新设营业部', link: link(5) },
  { version: '1767225600000-a1b2c3d4', effective_from: at - 320 * DAY, added_at: at - 322 * DAY, by: null, source: 'units.csv people.csv', reason: '', link: null },
]

export function changes(version: string): DirectoryChanges {
  const { changes, names } = preview('十二月人员.xlsx')
  return { version, before: '1767225600000-a1b2c3d4', changes, change_count: changes.length, names }
}

export const calendars = (at: number): CalendarVersion[] => [
  {
    version: '1795334400000-5e0d21aa',
    effective_from: at - 3 * DAY,
    by: null,
    source: '2027年节假日.json',
    reason: '国务院办公厅关于 2027 年部分节假日安排的通知',
    link: link(6),
    changes: [
      { unit_id: null, part: 'free_days', year: 2027, before: '', after: '元旦 2027-01-01–2027-01-03 春节 2027-02-05–2027-02-12' },
      { unit_id: null, part: 'make_up_days', year: 2027, before: '', after: '2027-01-30 2027-02-20' },
      { unit_id: '320583', part: 'saturday', year: null, before: '', after: '09:00–12:00' },
      { unit_id: '320583', part: 'friday', year: null, before: '08:30–12:00 13:30–18:00', after: '08:30–12:00 13:30–17:30' },
    ],
  },
]

export interface Entered {
  person_id: string
  kind: AbsenceKind
  from: number
  to: number
  deputy: string | null
}

const ref = (code: string): PersonRef => Object.values(PEOPLE).find((one) => one.person_id === code) ?? { person_id: code, name: '' }

export function absence(n: number, entered: Entered, by: Me): AbsenceView {
  const { person_id, deputy, ...rest } = entered
  return { ...rest, absence_id: id(n), person: ref(person_id), deputy: deputy ? ref(deputy) : null, entered_by: { person_id: by.person_id, name: by.name }, entered_at: entered.from - HOUR }
}

export const absences = (at: number): AbsenceView[] => [
  absence(601, { person_id: PEOPLE.clerk.person_id, kind: 'out', from: at - HOUR, to: at + 3 * HOUR, deputy: null }, ME.leader1),
  { ...absence(602, { person_id: PEOPLE.colleague.person_id, kind: 'leave', from: at - DAY, to: at + 2 * DAY, deputy: null }, ME.leader1), absence_id: null, kind: null, entered_by: null, entered_at: null },
  absence(603, { person_id: PEOPLE.leader1.person_id, kind: 'duty', from: at + 2 * DAY, to: at + 4 * DAY, deputy: PEOPLE.deputy1.person_id }, ME.leader1),
]

export function absenceList(at: number, persona: Persona, known: AbsenceView[]): AbsenceList {
  const me = ME[persona]
  const mine = { person_id: me.person_id, name: me.name }
  const leads = me.roles.includes('LDR')
  return {
    absences: leads ? known : known.filter((one) => one.person.person_id === me.person_id),
    people: leads ? [mine, PEOPLE.clerk, PEOPLE.colleague] : [mine],
    deputies: [PEOPLE.deputy1, PEOPLE.leader2, PEOPLE.colleague].filter((one) => one.person_id !== me.person_id),
    server_time: at,
  }
}
