import { describe, expect, it } from 'vitest'
import { levelSentence } from '@/features/ladder/sentence'
import type { Level, LevelEnd } from '@/ipc/gen'

/** 2026-03-09 14:06:00 in China. */
const MOMENT = Date.UTC(2026, 2, 9, 6, 6, 0)
const MINUTE = 60_000

const level = (number: number, leader: string, from: number, to: number, end: LevelEnd, more: Partial<Level> = {}): Level => ({
  level: number,
  leader,
  deputy: null,
  alerted: [leader],
  notified_at: MOMENT + from * MINUTE,
  delivered_at: MOMENT + from * MINUTE,
  undelivered_told: false,
  verbal: null,
  shown_at: null,
  acknowledged_at: null,
  taken_over_by: null,
  ended_at: MOMENT + to * MINUTE,
  end,
  ...more,
})

describe('the ladder', () => {
  it('is one sentence for each of three levels until the flow starts', () => {
    const people = [
      { person_id: 'a', name: '陆建明' },
      { person_id: 'b', name: '沈玉兰' },
      { person_id: 'c', name: '顾文涛' },
    ]
    const ladder = [
      level(1, 'a', 0, 10, 'ran_out'),
      level(2, 'b', 10, 12, 'undelivered', { delivered_at: null, undelivered_told: true }),
      level(3, 'c', 12, 22, 'flow_started', { acknowledged_at: MOMENT + 13 * MINUTE }),
    ]
    expect(ladder.map((one) => levelSentence(one, people, MOMENT))).toEqual([
      '14:06:00 报第 1 级 陆建明，14:06:00 送达，14:16:00 超时，系统自动上报。',
      '14:16:00 报第 2 级 沈玉兰，尚未送达，14:18:00 未送达，系统自动上报。',
      '14:18:00 报第 3 级 顾文涛，14:18:00 送达，14:19:00 已确认，14:28:00 启动流程。',
    ])
  })
})
