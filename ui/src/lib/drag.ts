/**
 * Moving a window that has no title bar: by its handle, and only once the pointer really moves.
 *
 * A press alone starts nothing. The window manager takes over the pointer when a move begins, and a press that is let
 * go before it did would leave it moving the window with no button held.
 */
import type { ObjectDirective } from 'vue'
import { host } from '@/ipc'

/** So far, in CSS pixels, the pointer travels before a press becomes a move. */
export const DRAG_FROM = 4

/** `v-drag`: this element is the handle; buttons and fields in it stay what they are. */
export const vDrag: ObjectDirective<HTMLElement> = {
  mounted(handle) {
    let from: PointerEvent | null = null
    handle.addEventListener('pointerdown', (event) => {
      const onControl = (event.target as HTMLElement).closest('button, input, textarea, select, a') !== null
      from = event.button === 0 && !onControl ? event : null
    })
    handle.addEventListener('pointermove', (event) => {
      if (!from) return
      if ((event.buttons & 1) === 0) from = null
      else if (Math.hypot(event.screenX - from.screenX, event.screenY - from.screenY) >= DRAG_FROM) {
        from = null
        void host.moveWindow()
      }
    })
    for (const end of ['pointerup', 'pointercancel']) handle.addEventListener(end, () => (from = null))
  },
}
