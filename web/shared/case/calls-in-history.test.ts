import { describe, expect, it } from 'vitest'
import type { HistoryEntry } from '../../../src/cases/model.ts'
import { historyRows } from './calls-in-history.ts'

const entry = (type: string, at: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{ id: `${type} ${at}`, at: `2026-11-12T${at}:00Z`, type, who: null, unit: null, channel: null, sentence: type },
  ...{ text: null, caseId: null, callId: null, level: null, waitedMs: null },
  ...more,
})
const call = { callId: 'c1', channel: 'telephone' }
const oneCall = [
  entry('call.arrived', '14:33', call),
  entry('call.menu-chosen', '14:33', call),
  entry('call.queued', '14:33', call),
  entry('offer.made', '14:33', call),
  entry('offer.answered', '14:33', call),
  entry('call.connected', '14:34', { ...call, waitedMs: 3_000 }),
  entry('interaction.opened', '14:34', { ...call, who: 'Anna Bianchi' }),
  entry('contact.identified', '14:35', { ...call, who: 'Anna Bianchi' }),
  entry('case.opened', '14:50', { ...call, caseId: 'k' }),
  entry('ticket.sent', '14:50', { ...call, caseId: 'k', who: 'Anna Bianchi' }),
  entry('conversation.ended', '14:52', call),
  entry('call.ended', '14:52', call),
]

describe('a call in a history', () => {
  it('is one row, and what came of it keeps rows of its own', () => {
    const rows = historyRows(oneCall)
    expect(rows.map(row => (row.kind === 'call' ? 'call' : row.entry.type))).toEqual(['ticket.sent', 'case.opened', 'call'])
    expect(rows.at(-1)).toMatchObject({
      ...{ at: '2026-11-12T14:33:00Z', endedAt: '2026-11-12T14:52:00Z', waitedMs: 3_000, answeredBy: ['Anna Bianchi'] },
    })
    const last = rows.at(-1)
    expect(last?.kind === 'call' && last.steps.map(step => step.type)).toHaveLength(10)
  })

  it('names each colleague once, and says the first wait, when it was handed on and taken up again', () => {
    const [row] = historyRows([
      ...oneCall.slice(0, 7),
      entry('call.transferred', '14:40', call),
      entry('call.connected', '14:45', { ...call, waitedMs: 90_000 }),
      entry('interaction.taken', '14:45', { ...call, who: 'Luca Donati' }),
      entry('call.connected', '14:46', { ...call, waitedMs: 95_000 }),
      entry('interaction.taken', '14:46', { ...call, who: 'Anna Bianchi' }),
    ])
    expect(row).toMatchObject({ waitedMs: 3_000, answeredBy: ['Anna Bianchi', 'Luca Donati'], endedAt: null })
  })

  it('that nobody answered says so by having neither', () => {
    const [row] = historyRows([entry('call.arrived', '9:00', call), entry('call.ended', '9:05', call)])
    expect(row).toMatchObject({ waitedMs: null, answeredBy: [] })
  })

  it('keeps two calls apart, and leaves what has no call as it is', () => {
    const other = oneCall.map(each => ({ ...each, callId: 'c2', id: `${each.id} 2` }))
    const rows = historyRows([...oneCall, entry('case.noted', '15:00'), ...other])
    expect(rows.filter(row => row.kind === 'call').map(row => row.key)).toEqual(['c2', 'c1'])
    expect(rows.filter(row => row.kind === 'entry')).toHaveLength(5)
  })
})
