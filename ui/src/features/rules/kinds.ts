/** What a version or a change is of, in words. */
import type { UnitRef } from '@/ipc'
import { t, textOrNull } from '@/texts'

export function kindText(one: { kind: string; unit: UnitRef | null; edition: number }): string {
  const kind = textOrNull(`rules.kind.${one.kind}`) ?? t('common.unknown', { code: one.kind })
  if (!one.unit) return kind
  return [one.unit.name, kind, t('rules.edition', { n: one.edition })].join(t('common.separator'))
}
