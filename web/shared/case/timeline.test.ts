import { describe, expect, it } from 'vitest'
import type { HistoryEntry } from '../../../src/cases/model.ts'
import { timelineOf } from './timeline.ts'

const entry = (type: string, at: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  id: `${type} ${at}`,
  at,
  type,
  who: null,
  unit: null,
  channel: null,
  sentence: type,
  text: null,
  caseId: null,
  callId: null,
  level: null,
  waitedMs: null,
  ...more,
})

describe('the last contacts', () => {
  it('are one point for each call, which says how it ended, and how sure it was who called', () => {
    const call = { callId: 'c1', channel: 'telephone' }
    const points = timelineOf([
      entry('call.ended', '2026-11-12T10:05:00Z', call),
      entry('ticket.sent', '2026-11-12T10:04:00Z', call),
      entry('contact.identified', '2026-11-12T10:03:00Z', { ...call, level: 'declared' }),
      entry('contact.identified', '2026-11-12T10:02:00Z', { ...call, level: 'hint' }),
      entry('interaction.opened', '2026-11-12T10:01:00Z', call),
      entry('call.arrived', '2026-11-12T10:00:00Z', call),
    ])
    expect(points).toHaveLength(1)
    expect(points[0]).toMatchObject({
      sentence: 'ticket.sent',
      channel: 'telephone',
      at: '2026-11-12T10:05:00Z',
      level: 'declared',
    })
  })

  it('leave out what happens only inside', () => {
    expect(
      timelineOf([entry('contact.changed', '2026-11-12T10:05:00Z'), entry('ticket.claimed', '2026-11-12T10:05:00Z')]),
    ).toEqual([])
  })

  it('keep two days of one case apart', () => {
    const points = timelineOf([
      entry('ticket.answered', '2026-11-14T09:00:00Z', { caseId: 'k' }),
      entry('appointment.booked', '2026-11-12T09:00:00Z', { caseId: 'k' }),
    ])
    expect(points.map(point => point.sentence)).toEqual(['ticket.answered', 'appointment.booked'])
  })
})
