/** What was added to a report later. Its words are the workbench's alone. */
import type { FactsView } from '@/ipc'
import { t } from '@/texts'
import { word, wordOr } from '@/texts/words'

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
