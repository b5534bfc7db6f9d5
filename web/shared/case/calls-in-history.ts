/**
 * A telephone call in a history is one row that unfolds, not ten: from when to when, how long the caller waited, who answered. What came of it
 * (a ticket, an appointment, an answer) stays a row of its own. Pure.
 */
import type { HistoryEntry } from '../../../src/cases/model.ts'
import type { EntryName } from '../../../src/entries.ts'
import type { LiveFilter } from '../query.ts'

export interface CallRow {
  kind: 'call'
  key: string
  /** When the call came; instants as the API gives them. */
  at: string
  /** Null while it goes on. */
  endedAt: string | null
  /** Until the caller was put through for the first time; null when nobody answered. */
  waitedMs: number | null
  /** Colleagues who answered, in order, each once. */
  answeredBy: string[]
  /** The steps, oldest first. */
  steps: HistoryEntry[]
}

export interface EntryRow {
  kind: 'entry'
  key: string
  at: string
  entry: HistoryEntry
}

export type HistoryRow = CallRow | EntryRow

/** What a call is made of; everything else about it is something that came of it. */
const steps: readonly LiveFilter[] = [
  'call.',
  'offer.',
  'conversation.',
  'interaction.opened',
  'interaction.taken',
  'contact.identified',
]
const is = ({ type }: HistoryEntry, ...names: readonly EntryName[]): boolean => names.some(name => name === type)
const isStep = ({ callId, type }: HistoryEntry): boolean => callId !== null && steps.some(beginning => type.startsWith(beginning))

/** @param entries oldest first, as the API gives them; the rows come newest first */
export function historyRows(entries: readonly HistoryEntry[]): HistoryRow[] {
  const calls = new Map<string, CallRow>()
  const rows: HistoryRow[] = []
  for (const entry of entries) {
    if (entry.callId === null || !isStep(entry)) {
      rows.push({ kind: 'entry', key: entry.id, at: entry.at, entry })
      continue
    }
    let call = calls.get(entry.callId)
    if (!call) {
      call = { kind: 'call', key: entry.callId, at: entry.at, endedAt: null, waitedMs: null, answeredBy: [], steps: [] }
      calls.set(entry.callId, call)
      rows.push(call)
    }
    take(call, entry)
  }
  return rows.reverse()
}

function take(call: CallRow, entry: HistoryEntry): void {
  call.steps.push(entry)
  if (is(entry, 'call.ended')) call.endedAt = entry.at
  if (is(entry, 'call.connected')) call.waitedMs ??= entry.waitedMs
  const opens = is(entry, 'interaction.opened', 'interaction.taken')
  if (opens && entry.who !== null && !call.answeredBy.includes(entry.who)) call.answeredBy.push(entry.who)
}
