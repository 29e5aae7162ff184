/** One list of the centre, kept fresh by what the centre says. */
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { host, type CaseFilter, type CaseSummary, type CaseView, type DeskFault } from '@/ipc'
import { desk, onCaseChanged } from '@/stores/desk'
import { toFault } from '@/texts/faults'

/** A burst of changes asks for one new list. */
const SETTLE = 300

/** Whether a filter names something of a customer. */
export const looksForCustomer = (filter: CaseFilter | null): boolean => filter?.find != null && filter.find.by !== 'case_no'

export type CaseListStore = ReturnType<typeof useCases>

export function useCases(view: CaseView) {
  const cases = shallowRef<CaseSummary[]>([])
  const next = ref<string | null>(null)
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const fault = shallowRef<DeskFault | null>(null)
  const filter = shallowRef<CaseFilter | null>(null)
  let asked = 0
  let settling: ReturnType<typeof setTimeout> | undefined

  async function read(after: string | null): Promise<void> {
    const mine = (asked += 1)
    try {
      const list = await host.invoke('cases', filter.value ? { view, after, filter: filter.value } : { view, after })
      if (mine !== asked) return
      cases.value = after === null ? list.cases : [...cases.value, ...list.cases]
      next.value = list.next
      fault.value = null
      state.value = 'ready'
    } catch (error) {
      if (mine !== asked) return
      fault.value = toFault(error)
      state.value = 'failed'
    }
  }

  const refresh = () => read(null)
  /** Another part of the list; `null` is all of it. */
  function narrow(wanted: CaseFilter | null): Promise<void> {
    filter.value = wanted
    cases.value = []
    next.value = null
    state.value = 'loading'
    return refresh()
  }
  /** Looking for a customer is recorded at the centre: it is done when the person asks, never by itself. */
  const refreshByItself = () => {
    if (!looksForCustomer(filter.value)) void refresh()
  }
  const more = () => (next.value === null ? Promise.resolve() : read(next.value))

  const stopHearing = onCaseChanged((changed) => {
    // At once what is known; the list's order and membership are the centre's to say.
    cases.value = cases.value.map((shown) => (shown.case_id === changed.case_id && changed.version > shown.version ? changed : shown))
    clearTimeout(settling)
    settling = setTimeout(refreshByItself, SETTLE)
  })
  watch(
    () => desk.connection.link,
    (link) => link === 'online' && refreshByItself(),
  )
  onScopeDispose(() => {
    stopHearing()
    clearTimeout(settling)
  })
  void refresh()

  return { cases, next, state, fault, filter, narrow, refresh, more }
}
