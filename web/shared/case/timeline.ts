/**
 * The last contacts of a person as a line of time: one point for each conversation, message or appointment, not for each entry of the
 * history. Pure.
 */
import type { HistoryEntry } from '../../../src/cases/model.ts'
import type { LiveFilter } from '../query.ts'

export interface Contact {
  key: string
  at: string
  channel: string | null
  sentence: string
  /** A colleague who had it, and where. */
  who: string | null
  unit: string | null
  callId: string | null
  caseId: string | null
  /** How sure we were of who it was at its end; null where nobody said. */
  level: HistoryEntry['level']
}

/** What tells most about a contact comes first: how it ended, then what was asked, then that it took place. */
const weights: readonly (readonly [beginning: LiveFilter, weight: number])[] = [
  ['ticket.sent', 9],
  ['ticket.answered', 9],
  ['interaction.answered', 8],
  ['appointment.concluded', 8],
  ['appointment.no-show', 8],
  ['appointment.', 7],
  ['interaction.booked', 7],
  ['ticket.', 6],
  ['case.closed', 5],
  ['case.opened', 4],
  ['interaction.opened', 3],
  ['call.', 2],
]

/** Entries that are no contact with the citizen. */
const inside: readonly LiveFilter[] = [
  'contact.',
  'ticket.claimed',
  'ticket.released',
  'ticket.handed-over',
  'ticket.taken-over',
  'case.noted',
  'mail.',
  'offer.',
]

/** @param entries newest first, as the API answers */
export function timelineOf(entries: readonly HistoryEntry[]): Contact[] {
  const points = new Map<string, { weight: number; contact: Contact }>()
  const levels = new Map<string, Contact['level']>()
  for (const entry of entries) {
    // The newest comes first: it is where the conversation ended.
    if (entry.level !== null && entry.callId !== null && !levels.has(entry.callId)) levels.set(entry.callId, entry.level)
    if (inside.some(beginning => entry.type.startsWith(beginning))) continue
    const key = entry.callId ?? `${entry.caseId ?? entry.id}:${entry.at.slice(0, 10)}`
    const weight = weights.find(([beginning]) => entry.type.startsWith(beginning))?.[1] ?? 1
    const found = points.get(key)
    if (found && found.weight >= weight) {
      found.contact.channel ??= entry.channel
      continue
    }
    const { at, channel, sentence, who, unit, callId, caseId } = entry
    points.set(key, {
      weight,
      contact: {
        key,
        at: found?.contact.at ?? at,
        channel: found?.contact.channel ?? channel,
        sentence,
        who,
        unit,
        callId,
        caseId,
        level: null,
      },
    })
  }
  return [...points.values()].map(({ contact }) => ({ ...contact, level: levels.get(contact.callId ?? '') ?? null }))
}
