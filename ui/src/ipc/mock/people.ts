/** Made-up people, units and rules of the mock host. Nobody here exists; telephone numbers are of no subscriber. */
import type { EffectiveRules, LimitName, Me, Origin, PersonChoice, PersonRef, Reference, TrainingPerson, TrainingRole, UnitChoice } from '../gen'

const MINUTE = 60_000

export const PEOPLE = {
  clerk: { person_id: '32050803', name: '顾晓燕' },
  colleague: { person_id: '32050805', name: '沈涛' },
  leader1: { person_id: '32050802', name: '陆建明' },
  deputy1: { person_id: '32050806', name: '朱敏' },
  leader2: { person_id: '32050012', name: '周文华' },
  leader3: { person_id: '32000003', name: '徐国平' },
  agent1: { person_id: '32009502', name: '吴静' },
  operator: { person_id: '32009510', name: '何琳' },
  agent2: { person_id: '32009503', name: '孙丽' },
  handler: { person_id: '32050022', name: '钱丽' },
  head: { person_id: '32050012', name: '周文华' },
  it: { person_id: '32000009', name: '郑凯' },
  auditor: { person_id: '32000015', name: '冯岚' },
  seller: { person_id: '32030211', name: '胡洋' },
} satisfies Record<string, PersonRef>

export type Persona = 'clerk' | 'leader1' | 'agent1' | 'operator' | 'handler' | 'head' | 'it' | 'auditor'

export const ME: Record<Persona, Me> = {
  clerk: { ...PEOPLE.clerk, unit_id: '320583', unit_name: '昆山支公司', line: 'claims', roles: ['REP'] },
  leader1: { ...PEOPLE.leader1, unit_id: '320583', unit_name: '昆山支公司', line: 'claims', roles: ['REP', 'LDR'] },
  agent1: {
    ...PEOPLE.agent1,
    unit_id: '3295518',
    unit_name: '95518 客服中心',
    line: 'customer_service',
    roles: ['REP', 'CMP'],
  },
  operator: { ...PEOPLE.operator, unit_id: '3295518', unit_name: '95518 客服中心', line: 'customer_service', roles: ['REP', 'AGT'] },
  handler: { ...PEOPLE.handler, unit_id: '320500', unit_name: '苏州分公司', line: 'claims', roles: ['REP', 'HDL'] },
  head: { ...PEOPLE.head, unit_id: '320500', unit_name: '苏州分公司', line: 'claims', roles: ['REP', 'LDR', 'DPT', 'CSD'] },
  it: { ...PEOPLE.it, unit_id: '320000', unit_name: '江苏分公司', line: 'customer_service', roles: ['REP', 'ADM'] },
  auditor: { ...PEOPLE.auditor, unit_id: '320000', unit_name: '江苏分公司', line: 'customer_service', roles: ['REP', 'AUD'] },
}

/** Who one may be in a training. */
export const PERSONA_OF: Record<TrainingRole, Persona> = { clerk: 'clerk', leader: 'leader1', agent: 'agent1', handler: 'handler', head: 'head' }
export const CAST: TrainingPerson[] = (Object.keys(PERSONA_OF) as TrainingRole[]).map((role) => {
  const { person_id, name, unit_name } = ME[PERSONA_OF[role]]
  return { role, person_id, name, unit_name }
})

const limit = (name: LimitName, minutes: number, origin: Origin, article: number | null) => ({
  name,
  span: minutes * MINUTE,
  origin,
  article,
})

export const RULES: EffectiveRules = {
  version: '2018-1',
  limits: [
    limit('t1', 5, 'rule', 8),
    limit('t2', 10, 'rule', 8),
    limit('t3', 5, 'rule', 12),
    limit('t1_warning', 1, 'default', null),
    limit('delivery_deputy', 1, 'default', null),
    limit('delivery_climb', 2, 'default', null),
    limit('t3_head', 7.5, 'default', null),
    limit('t3_department', 10, 'default', null),
    limit('discard_within', 0.5, 'default', null),
    limit('merge_prompt', 1440, 'default', null),
    limit('online_within', 5 / 60, 'default', null),
    limit('t4', 10, 'default', null),
    limit('t5', 30, 'default', null),
    limit('t6', 120, 'default', null),
    limit('t7', 1440, 'default', null),
    limit('t9', 1440, 'default', null),
    limit('urge_gap', 30, 'default', null),
    limit('countersign', 10, 'default', null),
    limit('callback_retry', 30, 'default', null),
    limit('call_within', 1440, 'default', null),
    limit('similar_within', 43_200, 'default', null),
    limit('retention', 1096 * 1440, 'default', null),
  ],
  numbers: [
    { name: 'warn_percent', value: 80, origin: 'default' },
    { name: 'head_percent', value: 150, origin: 'default' },
    { name: 'leader_percent', value: 200, origin: 'default' },
    { name: 'callback_attempts', value: 3, origin: 'default' },
  ],
  switches: [
    { name: 'reporter_open', on: false, origin: 'default' },
    { name: 'spot_callback', on: false, origin: 'default' },
  ],
}

export function referenceOf(persona: Persona, now: number): Reference {
  return {
    version: 'r-17',
    as_of: now - 40_000,
    me: ME[persona],
    leaders: [
      { ...PEOPLE.leader1, absent: false, deputy: null, reachable: true },
      { ...PEOPLE.leader2, absent: true, deputy: PEOPLE.deputy1.name, reachable: false },
      { ...PEOPLE.leader3, absent: false, deputy: null, reachable: true },
    ],
    rules: RULES,
    hotline: '95518-6',
  }
}

export const UNITS: UnitChoice[] = [
  { unit_id: '320500', name: '苏州分公司', above: '江苏分公司' },
  { unit_id: '320583', name: '昆山支公司', above: '苏州分公司' },
  { unit_id: '320582', name: '张家港支公司', above: '苏州分公司' },
  { unit_id: '320302', name: '鼓楼支公司', above: '徐州分公司' },
]

/** Whom a call can be of, with the number that they ring from. */
export const CALLERS: (PersonChoice & { phone: string })[] = [
  { ...PEOPLE.clerk, unit_name: '昆山支公司', line: 'claims', phone: '051255550003' },
  { ...PEOPLE.colleague, unit_name: '昆山支公司', line: 'claims', phone: '051255550005' },
  { ...PEOPLE.seller, unit_name: '邳州支公司', line: 'sales', phone: '051655550011' },
]
