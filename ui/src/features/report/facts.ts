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

/** What was added beyond the quick report, each only where there is one. */
export function moreFacts(facts: FactsView): { name: 'mood' | 'customer_kind' | 'product' | 'risk_tags' | 'measures'; text: string }[] {
  const some = (list: 'risk_tag' | 'measure', values: readonly string[]) => values.map((value) => word(list, value)).join(t('common.list_separator'))
  const all = [
    { name: 'risk_tags' as const, text: some('risk_tag', facts.risk_tags) },
    { name: 'mood' as const, text: wordOr('mood', facts.mood, '') },
    { name: 'customer_kind' as const, text: wordOr('customer_kind', facts.customer_kind, '') },
    { name: 'product' as const, text: wordOr('product', facts.product, '') },
    { name: 'measures' as const, text: some('measure', facts.measures) },
  ]
  return all.filter((one) => one.text !== '')
}

export function yesNo(value: boolean | null): string {
  return value === null ? t('common.pending') : t(value ? 'common.yes' : 'common.no')
}
