/** The desktop program as host. The only file that knows Tauri. */
import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import { getCurrentWindow } from '@tauri-apps/api/window'
import { EVENT_CHANNEL, type Boot, type DeskEvent, type DeskFault } from './gen'
import type { Host } from './host'

/** What was told, and to which realm it belongs: the real work, or a training. */
type Told = DeskEvent & { realm: number }

/** The realm of this page: known with the first picture, then said with each command. */
let realm: number | null = null
/** What was told before that. */
let early: (() => void)[] | null = []

export const host: Host = {
  async invoke(command, args) {
    try {
      const answer = await invoke(command, { args, realm })
      if (command === 'boot') settle((answer as Boot).realm)
      return answer as never
    } catch (error) {
      throw asFault(error)
    }
  },
  listen: (hear) =>
    listen<Told>(EVENT_CHANNEL, ({ payload }) => {
      const pass = () => payload.realm === realm && hear(payload)
      if (early) early.push(pass)
      else pass()
    }),
  moveWindow: () => getCurrentWindow().startDragging(),
}

function settle(known: number): void {
  realm = known
  const waiting = early ?? []
  early = null
  waiting.forEach((pass) => pass())
}

/** A refusal by the shell itself (wrong argument, no permission) is a plain text: a fault of ours, not the person's. */
function asFault(error: unknown): DeskFault {
  if (typeof error === 'object' && error !== null && 'code' in error) return error as DeskFault
  return { code: 'internal', problem: null, fields: [], retryable: false }
}
