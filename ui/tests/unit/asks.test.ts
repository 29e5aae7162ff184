import { describe, expect, it } from 'vitest'
import { ASKS, empty, missingOf, partsOf } from '@/features/cases/asks'
import type { Action, Department } from '@/ipc'

const ask = (action: Action) => {
  const found = ASKS[action]
  if (!found) throw new Error(action)
  return found
}

const CLAIMS: Department = { unit_id: '320500', line: 'claims' }
const SALES: Department = { unit_id: '320500', line: 'sales' }

describe('what an act asks for', () => {
  it('becomes the act of the same name', () => {
    for (const [name, one] of Object.entries(ASKS)) expect(one.make(empty()).kind).toBe(name)
  })

  it('is missing until it is given, unless it may be left out', () => {
    expect(missingOf(ask('dispatch'), empty())).toEqual(['department'])
    expect(missingOf(ask('rule'), { ...empty(), lead: CLAIMS })).toEqual(['note'])
    expect(missingOf(ask('rule'), { ...empty(), lead: CLAIMS, note: '直接引起' })).toEqual([])
    expect(missingOf(ask('urge'), empty())).toEqual([])
  })

  it('asks for the moment of another call, and the case to merge into, only where the choice needs it', () => {
    expect(partsOf(ask('record_recall'), 'satisfied')).toEqual(['choice', 'note', 'recording'])
    expect(partsOf(ask('record_recall'), 'appointment')).toEqual(['choice', 'when', 'note', 'recording'])
    expect(partsOf(ask('void'), 'test')).toEqual(['choice'])
    expect(missingOf(ask('void'), { ...empty(), choice: 'duplicate' })).toEqual(['target'])
  })

  it('takes a moment by the clocks of China', () => {
    const act = ask('countersign').make({ ...empty(), when: '2026-11-23T09:00' })
    expect(act).toEqual({ kind: 'countersign', told_at: 1_795_395_600_000 })
  })

  it('sends the department that leads and those that help', () => {
    const act = ask('dispatch').make({ ...empty(), lead: CLAIMS, assisting: [SALES] })
    expect(act).toEqual({ kind: 'dispatch', lead: CLAIMS, assisting: [SALES], note: '' })
  })

  it('trims what is typed and sends no empty number', () => {
    expect(ask('convert').make({ ...empty(), complex: true, note: ' 坚持投诉 ' })).toEqual({ kind: 'convert', complex: true, complaint_no: null, note: '坚持投诉' })
  })
})
