import { describe, expect, it } from 'vitest'
import { clockText, dateTimeText, fromLocalInput, remainingText, toLocalInput, urgencyOf, whenText } from '@/lib/time'
import { spanText } from '@/texts/span'

const SECOND = 1_000
const FIVE = 300 * SECOND

describe('the shown time of a five-minute timer', () => {
  it.each([
    ['0:00', 0, '05:00', 'calm'],
    ['half a second in', 500, '05:00', 'calm'],
    ['3:59', 239 * SECOND, '01:01', 'calm'],
    ['4:00', 240 * SECOND, '01:00', 'soon'],
    ['4:59.999', 299_999, '00:01', 'soon'],
    ['5:00 exactly, still in time', FIVE, '00:00', 'soon'],
    ['5:00.999', 300_999, '00:00', 'soon'],
    ['5:01', 301 * SECOND, '-00:01', 'late'],
    ['1:05:01', 3_901 * SECOND, '-1:00:01', 'late'],
  ])('at %s', (_name, elapsed, text, urgency) => {
    expect(remainingText(FIVE - elapsed)).toBe(text)
    expect(urgencyOf(FIVE - elapsed)).toBe(urgency)
  })
})

describe('a limit in words', () => {
  it.each([
    [48 * SECOND, '48 秒'],
    [FIVE, '5 分钟'],
    [150 * SECOND, '2 分 30 秒'],
    [450 * SECOND, '7 分 30 秒'],
    [1440 * 60 * SECOND, '24 小时'],
    [90 * 60 * SECOND, '1 小时 30 分'],
    [0, '0 秒'],
    [1, '不到 1 秒'],
    [1_999, '1 秒'],
  ])('of %d ms', (span, text) => expect(spanText(span)).toBe(text))
})

describe('points of time', () => {
  const at = Date.UTC(2026, 10, 22, 6, 3, 18)

  it('are shown in Beijing time wherever the machine believes it is', () => {
    expect(dateTimeText(at)).toBe('2026-11-22 14:03:18')
    expect(clockText(at)).toBe('14:03:18')
  })

  it('name the day only when it is not today', () => {
    expect(whenText(at, at + 3_600_000)).toBe('14:03:18')
    expect(whenText(at, at + 36 * 3_600_000)).toBe('11-22 14:03:18')
  })

  it('survive the way through an input to the minute', () => {
    expect(toLocalInput(at)).toBe('2026-11-22T14:03')
    expect(fromLocalInput(toLocalInput(at))).toBe(at - 18 * SECOND)
    expect(fromLocalInput('')).toBeNull()
  })
})
