/** The way of a ticket between those who have had it: the contact centre, the regional centre, a central directorate. Pure. */
import type { HistoryEntry } from '../../../src/cases/model.ts'
import type { EntryName } from '../../../src/entries.ts'

/** Left to right, as a question goes up. */
export const lanes = ['contact-centre', 'centre', 'directorate'] as const
export type Lane = (typeof lanes)[number]

export interface Stop {
  key: string
  /** Null for where it stands now. */
  at: string | null
  lane: Lane
  sentence: string
  /** Who did it, and where. */
  by: string
}

/** Where a ticket is after each kind of entry; what is not named here leaves it where it was. */
const laneAfter: ReadonlyMap<string, Lane> = new Map<EntryName, Lane>([
  ['ticket.sent', 'contact-centre'],
  ['ticket.claimed', 'centre'],
  ['ticket.released', 'centre'],
  ['ticket.handed-over', 'centre'],
  ['ticket.taken-over', 'centre'],
  ['ticket.moved', 'centre'],
  ['ticket.forwarded', 'directorate'],
  ['ticket.returned', 'centre'],
  ['ticket.answered', 'centre'],
  ['ticket.answer-withdrawn', 'centre'],
  ['ticket.undelivered', 'centre'],
  ['ticket.booked', 'centre'],
])

/**
 * The stops, oldest first.
 * @param entries oldest first, as the API gives them
 * @param waits the sentence for a ticket that waits for somebody to take it; null for one that does not
 */
export function wayOf(entries: readonly HistoryEntry[], waits: string | null): Stop[] {
  const stops = entries.flatMap(({ id, type, at, sentence, who, unit }): Stop[] => {
    const lane = laneAfter.get(type)
    return lane ? [{ key: id, at, lane, sentence, by: [who, unit].filter(Boolean).join(', ') }] : []
  })
  return waits === null || stops.length === 0
    ? stops
    : [...stops, { key: 'now', at: null, lane: 'centre', sentence: waits, by: '' }]
}
