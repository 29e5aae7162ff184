/**
 * The way of a change: typed, looked at, stored. What was typed stays whatever the centre answers.
 *
 * Who was overtaken sees what the other changed, and looks again before it is stored.
 */
import { computed, nextTick, ref, shallowRef, watch, type Ref } from 'vue'
import { host, type AmendmentDraft, type AmendmentView, type AmendOutcome, type RuleBook, type RuleFault } from '@/ipc'
import { toLocalInput } from '@/lib/time'
import { t } from '@/texts'
import { faultSentence, toFault } from '@/texts/faults'
import { placeOf, ruleFaultText } from './values'

/** `2026-11-22` in Beijing. */
export const dayOf = (at: number) => toLocalInput(at).slice(0, 10)

export interface Amending {
  book: Ref<RuleBook | null>
  /** What the fields come to; `null` while one of them cannot be read. */
  draft: () => AmendmentDraft | null
  unitId: () => string
  reread: () => Promise<void>
}

export function useAmend({ book, draft, unitId, reread }: Amending) {
  const day = ref(dayOf(book.value?.server_time ?? 0))
  const reason = ref('')
  const working = ref<'look' | 'save' | null>(null)
  const outcome = shallowRef<AmendOutcome | null>(null)
  const faults = shallowRef<RuleFault[]>([])
  const failed = ref('')
  const meanwhile = shallowRef<AmendmentView[]>([])
  const stored = ref(false)

  // What was looked at is no longer what stands there.
  watch([day, () => JSON.stringify(draft())], () => {
    outcome.value = null
    faults.value = []
    failed.value = ''
    stored.value = false
  })
  watch(reason, () => (faults.value = faults.value.filter((fault) => fault.code !== 'reason_length')))

  const places = computed(() => {
    const found = new Map<string, string>()
    for (const fault of faults.value) {
      const place = placeOf(fault, unitId())
      const sentence = ruleFaultText(fault)
      found.set(place, found.has(place) ? `${found.get(place)}${sentence}` : sentence)
    }
    return found
  })
  const faultAt = (place: string) => places.value.get(place) ?? ''

  async function send(preview: boolean): Promise<void> {
    const wanted = draft()
    if (working.value || !book.value || !wanted) return
    working.value = preview ? 'look' : 'save'
    failed.value = ''
    faults.value = []
    stored.value = false
    const based_on = book.value.revision
    try {
      const answer = await host.invoke('amend_rules', { based_on, effective_on: day.value, reason: reason.value, draft: wanted, preview })
      outcome.value = preview ? answer : null
      if (!preview) {
        reason.value = ''
        meanwhile.value = []
        await reread()
        stored.value = true
      }
    } catch (error) {
      const fault = toFault(error)
      outcome.value = null
      faults.value = fault.problem?.rules ?? []
      if (fault.problem?.code === 'outdated') {
        await reread()
        meanwhile.value = book.value?.amendments.filter((one) => one.number > based_on) ?? []
      } else if (faults.value.length === 0) failed.value = faultSentence(fault)
      else failed.value = places.value.get('form') ?? t('rules.marked')
      await nextTick()
      document.querySelector<HTMLElement>('form [aria-invalid=true]')?.focus()
    } finally {
      working.value = null
    }
  }

  return { day, reason, working, outcome, faultAt, failed, meanwhile, stored, look: () => send(true), save: () => send(false) }
}
