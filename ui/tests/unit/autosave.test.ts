import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SAVE_WITHIN, useAutosave } from '@/windows/quick-report/autosave'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('saving while typing', () => {
  it('begins within 300 ms of a keystroke, also for somebody who never pauses', async () => {
    const save = vi.fn(async () => 1)
    const autosave = useAutosave(save)
    for (let i = 0; i < 10; i += 1) {
      autosave.touch()
      await vi.advanceTimersByTimeAsync(50)
    }
    expect(SAVE_WITHIN).toBeLessThanOrEqual(300)
    expect(save.mock.calls.length).toBeGreaterThanOrEqual(2)
  })

  it('says saved only after the core answered, and only for the newest text', async () => {
    const answers: ((at: number) => void)[] = []
    const autosave = useAutosave(() => new Promise((answer) => answers.push(answer)))
    autosave.touch()
    await vi.advanceTimersByTimeAsync(SAVE_WITHIN)
    expect(autosave.state.value.kind).toBe('saving')

    autosave.touch()
    answers[0]?.(100)
    await vi.advanceTimersByTimeAsync(0)
    expect(autosave.state.value.kind, 'the first answer does not cover the second keystroke').toBe('saving')

    await vi.advanceTimersByTimeAsync(SAVE_WITHIN)
    answers[1]?.(200)
    await vi.advanceTimersByTimeAsync(0)
    expect(autosave.state.value).toEqual({ kind: 'saved', at: 200 })
  })

  it('says why it was not saved, and tries again when asked', async () => {
    const save = vi.fn<() => Promise<number>>().mockRejectedValueOnce({ code: 'disk_full', problem: null, fields: [], retryable: false })
    save.mockResolvedValue(300)
    const autosave = useAutosave(save)
    autosave.touch()
    await vi.advanceTimersByTimeAsync(SAVE_WITHIN)
    expect(autosave.state.value).toMatchObject({ kind: 'failed', fault: { code: 'disk_full' } })
    await autosave.flush()
    expect(autosave.state.value).toEqual({ kind: 'saved', at: 300 })
  })

  it('an answer for a draft that is gone does not speak for the new one', async () => {
    let answer: (at: number) => void = () => undefined
    const autosave = useAutosave(() => new Promise((done) => (answer = done)))
    autosave.touch()
    await vi.advanceTimersByTimeAsync(SAVE_WITHIN)
    autosave.reset(null)
    answer(100)
    await vi.advanceTimersByTimeAsync(0)
    expect(autosave.state.value).toEqual({ kind: 'untouched' })
  })
})
