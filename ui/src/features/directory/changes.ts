/** What an import changes, in words: what kind of change it is, and each value as a person reads it. */
import type { CalendarChange, DirectoryChange, DirectoryField, FieldChange, ImportFault } from '@/ipc'
import { dateTimeText } from '@/lib/time'
import { t, textOrNull } from '@/texts'
import { word } from '@/texts/words'

/** What a person looks for in a preview. One change may be several of them. */
export const KINDS = ['added', 'removed', 'moved', 'leader', 'deputies', 'roles', 'changed'] as const
export type Kind = (typeof KINDS)[number]

const KIND_OF: Partial<Record<DirectoryField, Kind>> = { unit: 'moved', direct_leader: 'leader', deputies: 'deputies', roles: 'roles', line_leader: 'leader' }

export function kindsOf(change: DirectoryChange): Kind[] {
  if (change.kind !== 'changed') return [change.kind]
  return [...new Set(change.fields.map((field) => KIND_OF[field.field] ?? 'changed'))]
}

/** Code → name of everybody and everything that a preview mentions. */
export type Names = Partial<Record<string, string>>

const named = (code: string, names: Names) => (names[code] ? t('directory.named', { name: names[code], code }) : code)
const list = (joined: string, one: (part: string) => string) => joined.split(';').map(one).join(t('common.list_separator'))

/** `from-to@deputy`, times as the wire has them. */
function absenceText(part: string, names: Names): string {
  const [span = '', deputy] = part.split('@')
  const text = span.split('-').map((at) => dateTimeText(Number(at)).slice(0, 16)).join(' – ')
  return deputy ? `${text} ${named(deputy, names)}` : text
}

export function valueText(field: DirectoryField, value: string | null, names: Names): string {
  if (value === null) return t('common.none')
  switch (field) {
    case 'parent':
    case 'successor':
    case 'unit':
    case 'direct_leader':
    case 'line_leader':
      return named(value, names)
    case 'deputies':
      return list(value, (code) => named(code, names))
    case 'level':
      return textOrNull(`directory.levels.${value}`) ?? value
    case 'post':
      return textOrNull(`directory.posts.${value}`) ?? value
    case 'line':
      return word('line', value)
    case 'roles':
      return list(value, (code) => word('role', code))
    case 'active_from':
    case 'active_to':
      return dateTimeText(Number(value)).slice(0, 10)
    case 'absences':
      return list(value, (part) => absenceText(part, names))
    case 'name':
    case 'phone':
      return value
  }
}

/** One line for each value; for what comes or goes only the values that there are. */
export function fieldTexts(change: DirectoryChange, names: Names): string[] {
  const field = (one: FieldChange) => t(`directory.fields.${one.field}`)
  const value = (one: FieldChange, side: 'before' | 'after') => valueText(one.field, one[side], names)
  if (change.kind === 'changed') {
    return change.fields.map((one) => t('directory.becomes', { field: field(one), before: value(one, 'before'), after: value(one, 'after') }))
  }
  const side = change.kind === 'added' ? 'after' : 'before'
  const told = change.fields.filter((one) => one[side] !== null && one.field !== 'name')
  return told.map((one) => t('directory.is', { field: field(one), value: value(one, side) }))
}

/** Whom or what a change is about: `陆建明 32050802`. */
export function whoText(change: DirectoryChange, names: Names): string {
  if (change.subject !== 'line_leader') return change.name
  const [unit = '', line = ''] = change.id.split('/')
  return [names[unit] ?? unit, word('line', line)].join(t('common.separator'))
}

/** A part of a calendar as it was and is. */
export function calendarText(change: CalendarChange): string {
  const name = t(`directory.parts.${change.part}`)
  const part = change.year === null ? name : t('directory.calendar_part', { year: change.year, part: name })
  const after = change.after || t('directory.calendar_nothing')
  return change.before ? t('directory.calendar_was', { part, before: change.before, after }) : t('directory.calendar_is', { part, after })
}

export const faultText = (fault: ImportFault) => textOrNull(`import_fault.${fault.code}`, fault.words as Record<string, string>) ?? t('common.unknown', { code: fault.code })

export const placeText = (fault: ImportFault) => (fault.row === 0 ? fault.sheet : t('directory.place_row', { sheet: fault.sheet, row: fault.row }))
