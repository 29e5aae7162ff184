/** The life of one window: made hidden, painted, shown, hidden again. */
import { type Component, createApp, nextTick } from 'vue'
import { host, type Boot, type WindowName } from '@/ipc'
import { startDesk } from '@/stores/desk'
import { prepareTexts } from '@/texts'

/** A hidden page gets no animation frame on some platforms; its picture is ready all the same by then. */
const PAINT_PATIENCE = 250

/** Draws the first picture and says so. */
export async function openWindow(window: WindowName, draw: (boot: Boot) => Component | Promise<Component>): Promise<void> {
  await prepareTexts()
  const boot = await startDesk()
  createApp(await draw(boot)).mount('#app')
  await nextTick()
  await afterPaint()
  await host.invoke('painted', { window })
}

/** Two frames: the first draws, the second proves that the first was drawn. */
export function afterPaint(): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(resolve, PAINT_PATIENCE)
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(patience)
        resolve()
      }),
    )
  })
}
