/** Acts on a case: what is asked, whether it is on its way, and how it ended, said once. */
import { ref } from 'vue'
import { ElMessage } from 'element-plus/es/components/message/index.mjs'
import 'element-plus/es/components/message/style/css'
import { host, type CaseAction } from '@/ipc'
import { t } from '@/texts'
import { faultSentence, toFault } from '@/texts/faults'
import { word } from '@/texts/words'

export function useAct() {
  const working = ref(false)

  /** Answers whether the centre accepted it. The screen changes by the event that follows, not here. */
  async function act(caseId: string, action: CaseAction): Promise<boolean> {
    if (working.value) return false
    working.value = true
    try {
      await host.invoke('act', { case_id: caseId, action })
      say('success', t('case.done', { action: word('action', action.kind) }))
      return true
    } catch (error) {
      say('error', faultSentence(toFault(error)))
      return false
    } finally {
      working.value = false
    }
  }

  return { working, act }
}

/** A short word at the top of the workbench; errors stay long enough to be read. */
export function say(type: 'success' | 'error' | 'info', message: string): void {
  ElMessage({ type, message, duration: type === 'error' ? 8_000 : 3_000, showClose: type === 'error', grouping: true })
}
