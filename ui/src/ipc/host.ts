/**
 * What a window may ask of the program it runs in, and what it is told.
 *
 * Commands go down, events come up. Everything else in `src/` sees only this interface; which host is behind it is
 * decided when the pages are built (`#host` in vite.config.ts).
 */
import type { Commands, DeskEvent } from './gen'

export type CommandName = keyof Commands
export type ArgsOf<C extends CommandName> = Commands[C]['args']
export type ResultOf<C extends CommandName> = Commands[C]['result']

export interface Host {
  /** Asks for something. Fails with a `DeskFault` and with nothing else. */
  invoke<C extends CommandName>(command: C, args: ArgsOf<C>): Promise<ResultOf<C>>
  /** Hears every event from now on; the answer ends it. */
  listen(hear: (event: DeskEvent) => void): Promise<() => void>
  /** The window follows the pointer until its button is let go. */
  moveWindow(): Promise<void>
}
