/** One list of the centre, kept fresh by what the centre says. */
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { host, type CaseSummary, type CaseView, type DeskFault } from '@/ipc'
import { desk, onCaseChanged } from '@/stores/desk'
import { toFault } from '@/texts/faults'

/** A burst of changes asks for one new list. */
const SETTLE = 300

export type CaseListStore = ReturnType<typeof useCases>

export function useCases(view: CaseView) {
  const cases = shallowRef<CaseSummary[]>([])
  const next = ref<string | null>(null)
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const fault = shallowRef<DeskFault | null>(null)
  let asked = 0
  let settling: ReturnType<typeof setTimeout> | undefined

  async function read(after: string | null): Promise<void> {
    const mine = (asked += 1)
    try {
      const list = await host.invoke('cases', { view, after })
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
  const more = () => (next.value === null ? Promise.resolve() : read(next.value))

  const stopHearing = onCaseChanged((changed) => {
    // At once what is known; the list's order and membership are the centre's to say.
    cases.value = cases.value.map((shown) => (shown.case_id === changed.case_id && changed.version > shown.version ? changed : shown))
    clearTimeout(settling)
    settling = setTimeout(() => void refresh(), SETTLE)
  })
  watch(
    () => desk.connection.link,
    (link) => link === 'online' && void refresh(),
  )
  onScopeDispose(() => {
    stopHearing()
    clearTimeout(settling)
  })
  void refresh()

  return { cases, next, state, fault, refresh, more }
}
