/**
 * Saves while typing, and says honestly how far it got.
 *
 * “已存” is said only for what the core answered as durable; a newer keystroke makes it “正在保存” again.
 */
import { ref, type Ref } from 'vue'
import type { DeskFault } from '@/ipc'
import { toFault } from '@/texts/faults'

/** A keystroke is on its way to the disk this many milliseconds later at the latest. */
export const SAVE_WITHIN = 200

export type SaveState =
  | { kind: 'untouched' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: number }
  | { kind: 'failed'; fault: DeskFault }

export interface Autosave {
  state: Ref<SaveState>
  /** Something was typed. */
  touch(): void
  /** Saves what is not saved yet and waits for it. */
  flush(): Promise<void>
  /** Forgets everything: another draft is on the screen. */
  reset(savedAt: number | null): void
}

/** `save` writes the newest text and answers when it is durable, with the desk's clock. */
export function useAutosave(save: () => Promise<number>): Autosave {
  const state = ref<SaveState>({ kind: 'untouched' })
  let due: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null
  let newest = 0
  let generation = 0

  function touch(): void {
    newest += 1
    state.value = { kind: 'saving' }
    // Not put off by the next keystroke: somebody who types without a pause is saved all the same.
    due ??= setTimeout(begin, SAVE_WITHIN)
  }

  function begin(): void {
    clearTimeout(due)
    due = undefined
    running = (running ?? Promise.resolve()).then(write)
  }

  async function write(): Promise<void> {
    const covered = newest
    const mine = generation
    try {
      const at = await save()
      if (mine === generation && covered === newest) state.value = { kind: 'saved', at }
    } catch (error) {
      if (mine === generation) state.value = { kind: 'failed', fault: toFault(error) }
    }
  }

  async function flush(): Promise<void> {
    if (due !== undefined || state.value.kind === 'failed') begin()
    await running
  }

  function reset(savedAt: number | null): void {
    clearTimeout(due)
    due = undefined
    generation += 1
    state.value = savedAt === null ? { kind: 'untouched' } : { kind: 'saved', at: savedAt }
  }

  return { state, touch, flush, reset }
}
