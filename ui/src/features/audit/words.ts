/** What stands in the record of accesses and among the faults of a chain, in words. */
import type { AccessQuery, AccessRecord, AuditFaultView } from '@/ipc'
import { AccessKindWords } from '@/ipc/words'
import { caseNumber, tooShort } from '@/lib/case-number'
import { dayStart } from '@/lib/time'
import { t, textOrNull } from '@/texts'
import { word } from '@/texts/words'

const DAY = 24 * 60 * 60_000

export function faultPlace(fault: AuditFaultView): string {
  const n = fault.place ?? 0
  if (fault.chain !== 'case') return textOrNull(`audit.at_${fault.chain}`, { n }) ?? t('common.unknown', { code: fault.chain })
  const found = fault.case_no ?? ''
  return fault.place === null ? t('audit.at_case', { case: found }) : t('audit.at_event', { case: found, n })
}

export const faultText = (fault: AuditFaultView): string => textOrNull(`audit.fault.${fault.code}`) ?? t('common.unknown', { code: fault.code })

/** What of: the field, the list, the form of a file. */
export function aboutText(record: AccessRecord): string {
  const view = record.view === null ? '' : (textOrNull(`find.view_${record.view}`) ?? t('common.unknown', { code: record.view }))
  if (record.field) return t('audit.about_field', { field: word('field', record.field) })
  if (record.by) return t('audit.about_by', { by: textOrNull(`find.by_${record.by}`) ?? t('common.unknown', { code: record.by }), view })
  const list = view === '' ? '' : t('audit.about_list', { view })
  const file = record.format ? t('audit.about_format', { format: record.format.toUpperCase(), n: record.count }) : ''
  return [list, file].filter(Boolean).join(t('common.separator')) || '—'
}

export interface Asked {
  person: string
  case: string
  kind: string
  /** Days, `2026-11-22`; empty for any. */
  from: string
  to: string
}

export const nothingAsked = (): Asked => ({ person: '', case: '', kind: '', from: '', to: '' })

/** The key of the sentence that says why it cannot be asked for; `null` when it can. */
export function wrongWith(asked: Asked): 'audit.short' | 'audit.order' | null {
  if (tooShort(asked.case)) return 'audit.short'
  return asked.from && asked.to && asked.from > asked.to ? 'audit.order' : null
}

export function queryOf(asked: Asked, before: string | null): AccessQuery {
  return {
    before,
    person: asked.person.trim() || null,
    case: caseNumber(asked.case) || null,
    kind: AccessKindWords.find((kind) => kind === asked.kind) ?? null,
    from: asked.from === '' ? null : dayStart(asked.from),
    // The last day counts whole.
    to: asked.to === '' ? null : dayStart(asked.to) + DAY,
  }
}
