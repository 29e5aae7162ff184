/**
 * The centre's clock as far as the desk knows it, once a second and only while somebody looks.
 *
 * A hidden window does no work: without a viewer or with the page hidden no timer is set at all.
 */
import { onScopeDispose, readonly, ref, type Ref } from 'vue'
import { desk } from '@/stores/desk'

const SECOND = 1_000
const shown = ref(Date.now())
let viewers = 0
let ticking: ReturnType<typeof setTimeout> | undefined

/** The centre's clock at this moment, in UTC milliseconds. */
export function centreNow(): number {
  return Date.now() + desk.connection.clock_offset
}

/** The same for a picture: changes once a second while the page is visible. */
export function useNow(): Readonly<Ref<number>> {
  if (viewers === 0) document.addEventListener('visibilitychange', restart)
  viewers += 1
  restart()
  onScopeDispose(() => {
    viewers -= 1
    if (viewers > 0) return
    document.removeEventListener('visibilitychange', restart)
    clearTimeout(ticking)
    ticking = undefined
  })
  return readonly(shown)
}

function restart(): void {
  clearTimeout(ticking)
  ticking = undefined
  if (!document.hidden) tick()
}

function tick(): void {
  shown.value = centreNow()
  // Aligned to the full second, so that all clocks of a window turn together.
  ticking = setTimeout(tick, SECOND - (shown.value % SECOND))
}
