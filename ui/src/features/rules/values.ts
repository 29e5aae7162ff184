/** Settings and their values as a person reads and types them. */
import type { RuleFault, SettingMeasure, SettingName } from '@/ipc'
import { dateTimeText } from '@/lib/time'
import { t, textOrNull } from '@/texts'
import { spanText } from '@/texts/span'
import { word } from '@/texts/words'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const isSpan = (measure: SettingMeasure) => measure === 'wall_clock' || measure === 'working_time' || measure === 'days'

/** A keeping is counted in days, whatever clocks are counted in. */
export const daysText = (span: number) => t('rules.days', { n: Math.round(span / DAY) })

/** The span of a limit by its name. */
export const limitText = (name: string, span: number) => (name === 'retention' ? daysText(span) : spanText(span))

/** What tells one setting from another. */
export const keyOf = (name: SettingName) => `${name.kind}.${name.name}`

export function settingText(name: SettingName): string {
  if (name.kind === 'limit') return word('limit_name', name.name)
  if (name.kind === 'number') return word('number_name', name.name)
  return textOrNull(`rules.switch.${name.name}`) ?? t('common.unknown', { code: name.name })
}

export function valueText(measure: SettingMeasure, value: number): string {
  if (measure === 'days') return daysText(value)
  if (isSpan(measure)) return spanText(value)
  if (measure === 'percent') return t('rules.percent', { n: value })
  if (measure === 'switch') return t(value === 0 ? 'rules.off' : 'rules.on')
  return t('rules.times', { n: value })
}

/** The unit in which a span is typed: the one in which its usual length is a small number. */
export function unitOf(usual: number): { key: 'seconds' | 'minutes' | 'hours' | 'days'; size: number } {
  if (usual <= 2 * MINUTE) return { key: 'seconds', size: SECOND }
  if (usual <= 4 * HOUR) return { key: 'minutes', size: MINUTE }
  return usual <= 366 * DAY ? { key: 'hours', size: HOUR } : { key: 'days', size: DAY }
}

/** A span as it stands in its field: 4.5 for four and a half minutes. */
export const typedOf = (value: number, usual: number) => String(Math.round((value / unitOf(usual).size) * 1_000) / 1_000)

/** What was typed, in milliseconds; `null` when it is no number. Full-width digits are digits. */
export function spanOf(typed: string, usual: number): number | null {
  const text = typed.normalize('NFKC').trim()
  return /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * unitOf(usual).size) : null
}

/** The same for numbers and switches. */
export function countOf(typed: string): number | null {
  const text = typed.normalize('NFKC').trim()
  return /^\d{1,6}$/.test(text) ? Number(text) : null
}

/** The field at which a fault is shown: a setting's key, `date`, `reason`, `text`, or `form`. */
export function placeOf(fault: RuleFault, unitId: string): string {
  switch (fault.code) {
    case 'too_early':
      return 'date'
    case 'reason_length':
      return 'reason'
    case 'text_length':
      return 'text'
    case 'unusable_number':
      return `number.${fault.name}`
    case 'locked':
    case 'too_long':
    case 'missing_limit':
      return `limit.${fault.name}`
    case 'climb_before_deputy':
      return fault.unit_id === null || fault.unit_id === unitId ? 'limit.delivery_climb' : 'form'
    case 'not_stricter':
    case 'not_positive':
    case 'too_short':
    case 'duplicate_limit':
      return fault.unit_id === null || fault.unit_id === unitId ? `limit.${fault.name}` : 'form'
    default:
      return 'form'
  }
}

export function ruleFaultText(fault: RuleFault): string {
  const places: Record<string, string | number> = {}
  const named = 'name' in fault ? fault.name : ''
  for (const [name, value] of Object.entries(fault)) {
    if (typeof value === 'number') places[name] = name === 'earliest' ? dateTimeText(value) : name === 'least' || name === 'most' ? value : limitText(named, value)
    else if (value !== null) places[name] = String(value)
  }
  if ('name' in fault) places.name = fault.code === 'unusable_number' ? word('number_name', fault.name) : word('limit_name', fault.name)
  return textOrNull(`rule_fault.${fault.code}`, places) ?? t('common.unknown', { code: fault.code })
}
