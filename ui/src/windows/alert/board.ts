/** Which alert is on the window: the most urgent one, until the person looks at another. */
import { computed, onScopeDispose, ref, watch } from 'vue'
import { host, type Alert } from '@/ipc'
import { afterPaint } from '@/lib/window'
import { desk, onCaseChanged } from '@/stores/desk'

/** An alert that somebody else ended says so this long: one line, and the next thing is waiting. */
const EXPLAIN = 3_000
/** Ends that an act in this window leads to; any other end of the same moment was somebody else's. */
const OWN_ENDS = new Set<string>(['settled', 'flow_started'])

export function useBoard() {
  const chosen = ref<string | null>(null)
  const ended = ref<Alert | null>(null)
  const holders = new Map<string, string>()
  const own = new Set<string>()
  const reported = new Set<string>()
  let leaving: ReturnType<typeof setTimeout> | undefined

  const open = computed(() => desk.alerts.open)
  const place = computed(() => Math.max(0, open.value.findIndex((alert) => alert.alert_id === chosen.value)))
  const current = computed<Alert | null>(() => ended.value ?? open.value[place.value] ?? null)

  const stopHearing = onCaseChanged((changed) => {
    if (changed.holder) holders.set(changed.case_id, changed.holder.name)
  })

  watch(
    () => desk.alerts,
    (now, before) => {
      const looking = before?.open.find((alert) => alert.alert_id === (chosen.value ?? before.open[0]?.alert_id))
      const over = now.ended.find((alert) => alert.alert_id === looking?.alert_id)
      if (over) end(over)
      else if (!before && now.open.length === 0 && now.ended[0]) end(now.ended[0])
      // Whoever is not in the window sees the most urgent one; whoever is stays where they are.
      if (!document.hasFocus()) chosen.value = now.open[0]?.alert_id ?? null
    },
    { immediate: true },
  )

  watch([() => current.value?.alert_id, ended], () => void tellShown(), { immediate: true })
  document.addEventListener('visibilitychange', tellShown)
  onScopeDispose(() => {
    stopHearing()
    document.removeEventListener('visibilitychange', tellShown)
    clearTimeout(leaving)
  })

  /** Who ended it, here or at another desk, knows why and is let go at once; anybody else reads one line. */
  function end(alert: Alert): void {
    clearTimeout(leaving)
    const reason = alert.ended?.reason ?? ''
    if (reason === 'acknowledged' || (own.has(alert.alert_id) && OWN_ENDS.has(reason))) return leave()
    ended.value = alert
    leaving = setTimeout(leave, EXPLAIN)
  }

  /** On to the next one, or away. */
  function leave(): void {
    clearTimeout(leaving)
    ended.value = null
    chosen.value = open.value[0]?.alert_id ?? null
    if (open.value.length === 0) void host.invoke('hide_window', { window: 'alert' })
  }

  /** 已显示 is evidence: it is said only after the picture of this very alert stood on a visible window. */
  async function tellShown(): Promise<void> {
    const alert = current.value
    if (!alert || alert.ended || document.hidden || reported.has(alert.alert_id)) return
    await afterPaint()
    if (document.hidden || current.value?.alert_id !== alert.alert_id || reported.has(alert.alert_id)) return
    reported.add(alert.alert_id)
    try {
      await host.invoke('alerts_shown', { alert_ids: [alert.alert_id] })
    } catch {
      reported.delete(alert.alert_id)
    }
  }

  function turn(by: number): void {
    const next = open.value[(place.value + by + open.value.length) % open.value.length]
    if (next) chosen.value = next.alert_id
  }

  return {
    open,
    place,
    current,
    ended,
    turn,
    leave,
    /** The person's own act is about to end this alert; `false`: it came to nothing. */
    markOwn: (alert: Alert, isOwn: boolean) => (isOwn ? own.add(alert.alert_id) : own.delete(alert.alert_id)),
    holderOf: (alert: Alert) => holders.get(alert.case_id) ?? null,
  }
}
