/** The desktop program as host. The only file that knows Tauri. */
import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import { getCurrentWindow } from '@tauri-apps/api/window'
import { EVENT_CHANNEL, type DeskEvent, type DeskFault } from './gen'
import type { Host } from './host'

export const host: Host = {
  async invoke(command, args) {
    try {
      return await invoke(command, { args })
    } catch (error) {
      throw asFault(error)
    }
  },
  listen: (hear) => listen<DeskEvent>(EVENT_CHANNEL, (event) => hear(event.payload)),
  moveWindow: () => getCurrentWindow().startDragging(),
}

/** A refusal by the shell itself (wrong argument, no permission) is a plain text: a fault of ours, not the person's. */
function asFault(error: unknown): DeskFault {
  if (typeof error === 'object' && error !== null && 'code' in error) return error as DeskFault
  return { code: 'internal', problem: null, fields: [], retryable: false }
}
