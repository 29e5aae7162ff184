/**
 * Times as a person reads them.
 *
 * The rule binds institutions in one time zone without summer time: every clock shows Beijing time, wherever the
 * machine believes it is. Nothing here reads a clock.
 */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const BEIJING = 8 * HOUR

/** From this much remaining time on a clock is amber. */
export const SOON = MINUTE

/** How urgent a clock is; never shown by colour alone. */
export type Urgency = 'calm' | 'soon' | 'late'

const two = (n: number) => String(n).padStart(2, '0')

/** `mm:ss` until the limit, `-mm:ss` after it, `h:mm:ss` from an hour on. Exactly at the limit: `00:00`. */
export function remainingText(remaining: number): string {
  // Rounded up, so that 00:00 appears at the limit and not a second before it.
  const seconds = Math.ceil(remaining / SECOND)
  const size = Math.abs(seconds)
  const text =
    size < 3_600
      ? `${two(Math.floor(size / 60))}:${two(size % 60)}`
      : `${Math.floor(size / 3_600)}:${two(Math.floor(size / 60) % 60)}:${two(size % 60)}`
  return seconds < 0 ? `-${text}` : text
}

/** Late only when the limit is past: an act exactly at the limit is in time. */
export function urgencyOf(remaining: number, soon = SOON): Urgency {
  if (Math.ceil(remaining / SECOND) < 0) return 'late'
  return remaining <= soon ? 'soon' : 'calm'
}

/** `2026-11-22 14:03:18` */
export function dateTimeText(at: number): string {
  const text = new Date(at + BEIJING).toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 19)}`
}

/** `2026-11-22` */
export function dateText(at: number): string {
  return dateTimeText(at).slice(0, 10)
}

/** `14:03:18` */
export function clockText(at: number): string {
  return dateTimeText(at).slice(11)
}

/** `14:03` */
export function minuteText(at: number): string {
  return clockText(at).slice(0, 5)
}

/** The time of today, or date and time of another day. */
export function whenText(at: number, now: number): string {
  const [day, clock] = dateTimeText(at).split(' ') as [string, string]
  return dateTimeText(now).startsWith(day) ? clock : `${day.slice(5)} ${clock}`
}

/** A local `datetime-local` value in Beijing time as UTC milliseconds; `null` when it is none. */
export function fromLocalInput(value: string): number | null {
  const at = Date.parse(`${value}${value.length === 16 ? ':00' : ''}Z`)
  return Number.isNaN(at) ? null : at - BEIJING
}

/** The value of a `datetime-local` input, to the minute. */
export function toLocalInput(at: number): string {
  return new Date(at + BEIJING).toISOString().slice(0, 16)
}

/** The first moment of a day such as `2026-11-22`, in Beijing. */
export function dayStart(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - BEIJING
}
