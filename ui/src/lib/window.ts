/** The life of one window: made hidden, painted, shown, hidden again. */
import { type Component, createApp, h, nextTick } from 'vue'
import { host, type Boot, type WindowName } from '@/ipc'
import { startDesk } from '@/stores/desk'
import { t } from '@/texts'
import { toFault } from '@/texts/faults'

/** A hidden page gets no animation frame on some platforms; its picture is ready all the same by then. */
const PAINT_PATIENCE = 250

/** Draws the first picture and says so. */
export async function openWindow(window: WindowName, draw: (boot: Boot) => Component | Promise<Component>): Promise<void> {
  createApp(await firstPicture(draw)).mount('#app')
  await nextTick()
  await afterPaint()
  await host.invoke('painted', { window })
}

/** A desk that does not open (its store is newer, the disk is full) says so in every window. */
async function firstPicture(draw: (boot: Boot) => Component | Promise<Component>): Promise<Component> {
  let boot: Boot
  try {
    boot = await startDesk()
  } catch (error) {
    const { default: DeskBroken } = await import('@/components/DeskBroken.vue')
    return () => h(DeskBroken, { fault: toFault(error) })
  }
  if (boot.training) document.body.append(trainingMark())
  return draw(boot)
}

/** 练习: lies over the whole window and in nobody's way. */
function trainingMark(): HTMLElement {
  const mark = document.createElement('aside')
  mark.className = 'training-mark'
  mark.dataset.mark = t('app.training')
  mark.setAttribute('aria-label', t('app.training_note'))
  return mark
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
