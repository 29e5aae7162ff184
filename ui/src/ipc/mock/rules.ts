/** The made-up rules: one city with stricter limits of its own, and a centre that refuses as the real one does. */
import type { AmendArgs, AmendmentView, AmendOutcome, BranchTextView, ChangeView, DeskFault, Limit, RuleBook, RuleFault, SettingMeasure, SettingName, SettingView, UnitRef } from '../gen'
import { ME, PEOPLE, type Persona, RULES } from './people'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const BEIJING = 8 * 60 * MINUTE

const PROVINCE: UnitRef = { unit_id: '320000', name: '江苏分公司' }
const CITY: UnitRef = { unit_id: '320500', name: '苏州分公司' }
const COUNTY: UnitRef = { unit_id: '320583', name: '昆山支公司' }
const UNITS = [PROVINCE, CITY, COUNTY]
/** For how long something counts or is kept: the longer is the stricter. */
const LONGER = new Set<string>(['merge_prompt', 'call_within', 'similar_within', 'retention'])
const WORKING = new Set(['t4', 't5', 't6', 't7', 't9'])

export interface RulesScene {
  /** 实施细则 by unit: limit name → span. */
  overlays: Record<string, Partial<Record<string, number>>>
  amendments: AmendmentView[]
  texts: BranchTextView[]
  /** Somebody else will be faster once. */
  overtaken: boolean
}

export function rulesOf(now: number, overtaken: boolean): RulesScene {
  const change = (name: SettingName, old: number, is: number, unit: UnitRef | null): ChangeView => ({ unit, name, measure: measureOf(name), old, new: is })
  return {
    overlays: { [CITY.unit_id]: { t1: 4 * MINUTE, t6: 90 * MINUTE } },
    amendments: [
      {
        number: 2,
        at: now - 20 * DAY,
        person: PEOPLE.head,
        reason: '第三季度超时件偏多，先从柜台抓起',
        effective_from: now - 18 * DAY,
        kind: 'overlay_amended',
        unit: CITY,
        edition: 1,
        changes: [change({ kind: 'limit', name: 't1' }, 5 * MINUTE, 4 * MINUTE, CITY), change({ kind: 'limit', name: 't6' }, 120 * MINUTE, 90 * MINUTE, CITY)],
        hash: '4be1c07d55aa90f24be1c07d55aa90f24be1c07d55aa90f24be1c07d55aa90f2',
      },
      {
        number: 1,
        at: now - 60 * DAY,
        person: PEOPLE.it,
        reason: '省公司客户服务管理部 9 月例会决定',
        effective_from: now - 60 * DAY,
        kind: 'defaults_set',
        unit: null,
        edition: 0,
        changes: [change({ kind: 'number', name: 'callback_attempts' }, 2, 3, null)],
        hash: '09d2f6e1b3c47a5509d2f6e1b3c47a5509d2f6e1b3c47a5509d2f6e1b3c47a55',
      },
    ],
    texts: [
      {
        unit: CITY,
        edition: 1,
        title: '苏州分公司客户不满情绪报告实施细则',
        text: '一、柜台发现客户不满，4 分钟内没有化解的立即报告。\n二、主办部门签收后 90 分钟内联系客户。\n三、每月 5 日前由客户服务部通报上月执行情况。',
        effective_from: now - 18 * DAY,
        person: PEOPLE.head,
        at: now - 20 * DAY,
      },
    ],
    overtaken,
  }
}

const measureOf = (name: SettingName): SettingMeasure =>
  name.name === 'retention' ? 'days' : name.kind === 'limit' ? (WORKING.has(name.name) ? 'working_time' : 'wall_clock') : name.kind === 'switch' ? 'switch' : name.name === 'callback_attempts' ? 'count' : 'percent'

/** The unit and those above it, the province first. */
const chainOf = (unit: string) => UNITS.slice(0, UNITS.findIndex((one) => one.unit_id === unit) + 1)

function limitOf(scene: RulesScene, limit: Limit, units: UnitRef[]): { span: number; by: UnitRef | null } {
  let found: { span: number; by: UnitRef | null } = { span: limit.span, by: null }
  for (const unit of units) {
    const span = scene.overlays[unit.unit_id]?.[limit.name]
    if (span !== undefined && (LONGER.has(limit.name) ? span > found.span : span < found.span)) found = { span, by: unit }
  }
  return found
}

function settingsOf(scene: RulesScene, unit: string): SettingView[] {
  const chain = chainOf(unit)
  const above = chain.filter((one) => one.unit_id !== unit)
  const limits = RULES.limits.map((limit): SettingView => {
    const { span, by } = limitOf(scene, limit, chain)
    const name: SettingName = { kind: 'limit', name: limit.name }
    return { name, value: span, measure: measureOf(name), origin: by ? 'overlay' : limit.origin, article: limit.article, set_by: by, without_own: limitOf(scene, limit, above).span, longer_is_stricter: LONGER.has(limit.name) }
  })
  const plain = (name: SettingName, value: number): SettingView => ({ name, value, measure: measureOf(name), origin: 'default', article: null, set_by: null, without_own: value, longer_is_stricter: false })
  const numbers = RULES.numbers.map((number) => plain({ kind: 'number', name: number.name }, number.value))
  const switches = RULES.switches.map((one) => plain({ kind: 'switch', name: one.name }, Number(one.on)))
  return [...limits, ...numbers, ...switches]
}

export function bookOf(scene: RulesScene, persona: Persona, asked: string | null, now: number): RuleBook {
  const me = ME[persona]
  const unit = UNITS.find((one) => one.unit_id === (asked ?? me.unit_id)) ?? PROVINCE
  const administers = me.roles.includes('ADM')
  const own = scene.overlays[unit.unit_id]
  return {
    revision: scene.amendments[0]?.number ?? 0,
    unit,
    version: own ? `2018-1~1+${unit.unit_id}@1` : '2018-1~1',
    document_number: '江苏分公司《客户不满情绪报告工作制度》(2018-06-01 施行)',
    effective_from: 1_527_782_400_000,
    supersedes: '苏人保财险发〔2017〕148号',
    settings: settingsOf(scene, unit.unit_id),
    versions: [
      { version: 'amendment-2', kind: 'overlay_amended', unit: CITY, edition: 1, effective_from: now - 18 * DAY, effective_to: null, supersedes: null },
      { version: 'amendment-1', kind: 'defaults_set', unit: null, edition: 0, effective_from: now - 60 * DAY, effective_to: null, supersedes: null },
      { version: '2018-1', kind: 'rules_imported', unit: null, edition: 0, effective_from: 1_527_782_400_000, effective_to: null, supersedes: '苏人保财险发〔2017〕148号' },
    ],
    amendments: scene.amendments,
    texts: scene.texts.filter((text) => chainOf(unit.unit_id).some((above) => above.unit_id === text.unit.unit_id)),
    units: administers ? UNITS : me.roles.includes('CSD') ? UNITS.slice(1) : [],
    may_set_defaults: administers,
    server_time: now,
  }
}

/** A refusal as the centre words it. */
function refused(code: 'outdated' | 'rule_faults', rules: RuleFault[] = []): DeskFault {
  const status = code === 'outdated' ? 409 : 422
  return { code: 'problem', problem: { type: `urn:chayan:problem:${code}`, title: '', status, code, request_id: null, rules }, fields: [], retryable: false }
}

export function amendBy(scene: RulesScene, persona: Persona, args: AmendArgs, now: number): AmendOutcome {
  const { draft } = args
  const today = new Date(now + BEIJING).toISOString().slice(0, 10)
  const from = args.effective_on === today ? now : Date.parse(`${args.effective_on}T00:00:00Z`) - BEIJING
  const faults: RuleFault[] = from < now ? [{ code: 'too_early', earliest: now }] : []
  const changes: ChangeView[] = []
  const unit = draft.kind === 'defaults' ? null : (UNITS.find((one) => one.unit_id === draft.unit_id) ?? CITY)
  if (draft.kind === 'overlay' && unit) {
    for (const setting of settingsOf(scene, unit.unit_id)) {
      const typed = draft.limits.find((limit) => limit.name === setting.name.name)?.span
      const stricter = typed === undefined || (setting.longer_is_stricter ? typed > setting.without_own : typed < setting.without_own)
      if (typed !== undefined && !stricter && setting.name.kind === 'limit') {
        faults.push({ code: 'not_stricter', unit_id: unit.unit_id, name: setting.name.name, holds: setting.without_own, overlay: typed })
      }
      const is = typed ?? (setting.set_by?.unit_id === unit.unit_id ? setting.without_own : setting.value)
      if (is !== setting.value) changes.push({ unit, name: setting.name, measure: setting.measure, old: setting.value, new: is })
    }
  }
  if (draft.kind === 'defaults') {
    for (const { name, value } of draft.settings) {
      const setting = settingsOf(scene, PROVINCE.unit_id).find((one) => one.name.kind === name.kind && one.name.name === name.name)
      if (setting) changes.push({ unit: null, name, measure: setting.measure, old: setting.value, new: value })
    }
  }
  if (draft.kind === 'text' && !(draft.title.trim() && draft.text.trim())) faults.push({ code: 'text_length', most: 20_000 })
  if (!args.preview && args.reason.trim().length < 2) faults.push({ code: 'reason_length', least: 2, most: 200 })
  if (faults.length === 0 && draft.kind !== 'text' && changes.length === 0) faults.push({ code: 'nothing_changed' })
  if (!args.preview && scene.overtaken) {
    scene.overtaken = false
    const t2: SettingName = { kind: 'limit', name: 't2' }
    append(scene, { at: now, person: PEOPLE.it, reason: '省公司要求全省先缩短', effective_from: now + DAY, kind: 'overlay_amended', unit: PROVINCE, edition: 1, changes: [{ unit: PROVINCE, name: t2, measure: 'wall_clock', old: 10 * MINUTE, new: 9 * MINUTE }] })
  }
  if (!args.preview && args.based_on !== scene.amendments[0]?.number) throw refused('outdated')
  if (faults.length) throw refused('rule_faults', faults)
  if (args.preview) return { number: null, effective_from: from, changes }
  const kinds = { overlay: 'overlay_amended', defaults: 'defaults_set', text: 'text_attached' } as const
  append(scene, { at: now, person: { person_id: ME[persona].person_id, name: ME[persona].name }, reason: args.reason, effective_from: from, kind: kinds[draft.kind], unit, edition: unit ? 2 : 0, changes })
  if (draft.kind === 'overlay') scene.overlays[draft.unit_id] = Object.fromEntries(draft.limits.map((limit) => [limit.name, limit.span]))
  return { number: scene.amendments[0]?.number ?? null, effective_from: from, changes }
}

function append(scene: RulesScene, some: Omit<AmendmentView, 'number' | 'hash'>): void {
  scene.amendments = [{ number: scene.amendments.length + 1, hash: 'c35f00aa71d2e84bc35f00aa71d2e84bc35f00aa71d2e84bc35f00aa71d2e84b', ...some }, ...scene.amendments]
}
