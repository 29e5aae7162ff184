/** Puts one window on the stage: the mock host in a scene, a moved clock, and the keys a person would press. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, vi } from 'vitest'
import { type Component, nextTick } from 'vue'
import type { CommandName } from '@/ipc'
import { mock } from '@/ipc/mock'
import { startDesk } from '@/stores/desk'

/** 14:06:00 in Beijing. */
export const MOMENT = Date.UTC(2026, 10, 22, 6, 6, 0)

let mounted: VueWrapper | null = null

/** Every test of the file begins at the same moment and moves the clock itself. */
export function atTheMoment(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: MOMENT })
    document.body.innerHTML = ''
  })
  afterEach(() => {
    mounted?.unmount()
    mounted = null
    vi.useRealTimers()
  })
}

export async function stage(component: Component, scene: string, props: Record<string, unknown> = {}): Promise<VueWrapper> {
  mock.reset(scene)
  await startDesk()
  mounted = mount(component, { props, attachTo: document.body })
  await settle()
  return mounted
}

/** Lets promises and pictures catch up without moving the clock. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) {
    await flushPromises()
    await nextTick()
  }
}

/** Moves the clock; everything due in between happens. */
export async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
  await settle()
}

export interface KeyPress {
  key: string
  code?: string
  ctrl?: boolean
  shift?: boolean
  alt?: boolean
  composing?: boolean
  keyCode?: number
}

/** A key on whatever has the focus. */
export async function press(stroke: KeyPress): Promise<void> {
  const event = new KeyboardEvent('keydown', {
    key: stroke.key,
    code: stroke.code ?? stroke.key,
    ctrlKey: stroke.ctrl ?? false,
    shiftKey: stroke.shift ?? false,
    altKey: stroke.alt ?? false,
    isComposing: stroke.composing ?? false,
    bubbles: true,
    cancelable: true,
  })
  if (stroke.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: stroke.keyCode })
  ;(document.activeElement ?? document.body).dispatchEvent(event)
  await settle()
}

export const calls = (command: CommandName) => mock.calls.filter((call) => call.command === command).map((call) => call.args)
export { mock }
