/** What happened, in words; a part that is not given yet is 待补, never left out silently. */
import type { FactsView } from '@/ipc'
import { t } from '@/texts'
import { word, wordOr } from '@/texts/words'

export const triggerText = (facts: FactsView): string => wordOr('trigger', facts.trigger, t('common.pending'))

/** `服务时效 · 定损慢` */
export function causeText(facts: FactsView): string {
  if (!facts.cause) return t('common.pending')
  const first = word('cause', facts.cause)
  return facts.cause_detail ? [first, word('cause_detail', facts.cause_detail)].join(t('common.separator')) : first
}

/** The closest word for the cause: `定损慢`, else `服务时效`. */
export function causeShort(facts: FactsView): string {
  return facts.cause_detail ? word('cause_detail', facts.cause_detail) : wordOr('cause', facts.cause, t('common.pending'))
}

export const stepText = (facts: FactsView): string => wordOr('step', facts.step, t('common.pending'))

export function yesNo(value: boolean | null): string {
  return value === null ? t('common.pending') : t(value ? 'common.yes' : 'common.no')
}
