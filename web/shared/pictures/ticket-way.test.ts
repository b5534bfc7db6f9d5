import { expect, test } from 'vitest'
import type { HistoryEntry } from '../../../src/cases/model.ts'
import { wayOf } from './ticket-way.ts'

const entry = (type: string, minute: number): HistoryEntry => ({
  ...{ id: `${minute}`, type, at: `2026-11-24T09:${minute}:00Z`, who: 'Paola Neri', unit: 'CRIC Lazio', channel: null },
  ...{ sentence: type, text: null, caseId: null, callId: null, level: null, waitedMs: null },
})

test('a ticket goes up to a directorate and comes back; what happens besides is no stop', () => {
  const entries = ['interaction.opened', 'ticket.sent', 'ticket.claimed', 'case.noted', 'ticket.forwarded', 'ticket.returned']
  const way = wayOf(
    [...entries, 'ticket.answered', 'mail.queued'].map((type, i) => entry(type, 10 + i)),
    null,
  )
  expect(way.map(stop => [stop.sentence, stop.lane])).toEqual([
    ['ticket.sent', 'contact-centre'],
    ['ticket.claimed', 'centre'],
    ['ticket.forwarded', 'directorate'],
    ['ticket.returned', 'centre'],
    ['ticket.answered', 'centre'],
  ])
  expect(way[0]?.by).toBe('Paola Neri, CRIC Lazio')
})

test('one that nobody has taken waits at the centre', () => {
  expect(wayOf([entry('ticket.sent', 10)], 'Da prendere').map(stop => [stop.at === null, stop.lane])).toEqual([
    [false, 'contact-centre'],
    [true, 'centre'],
  ])
  expect(wayOf([], 'Da prendere')).toEqual([])
})
