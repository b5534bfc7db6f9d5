import { describe, expect, it } from 'vitest'
import type { CallTurn } from '../../src/telephony/model.ts'
import { figuresOf, todayLines } from './figures.ts'

const turn = (callId: string, minute: number, more: Partial<CallTurn> = {}): CallTurn => ({
  callId,
  offer: `${callId}-${minute}`,
  outcome: 'answered',
  from: '+390659594321',
  office: { id: 'ag-roma-eur', name: 'Roma EUR' },
  section: { id: 'ccm-pensioni', name: 'Pensioni' },
  waitedMs: 0,
  isCallback: false,
  callEnded: null,
  offeredAt: `2026-11-24T10:${String(minute).padStart(2, '0')}:00Z`,
  answeredAt: `2026-11-24T10:${String(minute).padStart(2, '0')}:05Z`,
  endedAt: `2026-11-24T10:${String(minute).padStart(2, '0')}:35Z`,
  ...more,
})
const missed = { outcome: 'no-answer', answeredAt: null } as const

describe('the day of an operator', () => {
  it('counts a call once, however often it rang', () => {
    const turns = [turn('a', 1, missed), turn('a', 2), turn('b', 5)]
    expect(figuresOf(turns, [])).toEqual({ answered: 2, meanMs: 30_000, closedAtOnce: 0 })
    expect(figuresOf([], [])).toEqual({ answered: 0, meanMs: null, closedAtOnce: 0 })
  })

  it('lists a call that rang again as one line, with what became of it', () => {
    const lines = todayLines([turn('a', 1), turn('a', 3, missed), turn('b', 5)], [])
    expect(lines.map(line => [line.callId, line.outcome])).toEqual([
      ['b', 'answered'],
      ['a', 'answered'],
    ])
  })
})
