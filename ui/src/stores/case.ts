/** One case with everything that its viewer may see, read again whenever it changes. */
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { host, type Action, type CaseDetail, type DeskFault } from '@/ipc'
import { desk, onCaseChanged } from '@/stores/desk'
import { refusalSentence, toFault } from '@/texts/faults'

export function useCase(caseId: Ref<string | null>) {
  const detail = shallowRef<CaseDetail | null>(null)
  const state = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle')
  const fault = shallowRef<DeskFault | null>(null)
  let asked = 0

  let reading = Promise.resolve()
  const refresh = (): Promise<void> => (reading = read())

  /** Returns once nothing is being read any more. */
  async function settled(): Promise<void> {
    for (let waited: Promise<void> | null = null; waited !== reading; ) {
      waited = reading
      await waited
    }
  }

  async function read(): Promise<void> {
    const wanted = caseId.value
    if (wanted === null) return
    const mine = (asked += 1)
    try {
      const found = await host.invoke('case_detail', { case_id: wanted })
      if (mine !== asked) return
      detail.value = found
      fault.value = null
      state.value = 'ready'
    } catch (error) {
      if (mine !== asked) return
      fault.value = toFault(error)
      state.value = 'failed'
    }
  }

  watch(
    caseId,
    (wanted) => {
      asked += 1
      detail.value = null
      fault.value = null
      state.value = wanted === null ? 'idle' : 'loading'
      void refresh()
    },
    { immediate: true },
  )
  const stopHearing = onCaseChanged((changed) => {
    if (changed.case_id === caseId.value && changed.version > (detail.value?.summary.version ?? 0)) void refresh()
  })
  watch(
    () => desk.connection.link,
    (link) => link === 'online' && void refresh(),
  )
  onScopeDispose(stopHearing)

  return { detail, state, fault, refresh, settled }
}

/** Whether the viewer may do it now, and if not why; `null` when it is not theirs at all. */
export function offerOf(detail: CaseDetail | null, action: Action): { possible: boolean; reason: string } | null {
  const offer = detail?.actions.find((one) => one.action === action)
  if (!offer) return null
  return { possible: offer.refusal === null, reason: offer.refusal ? refusalSentence(offer.refusal) : '' }
}
