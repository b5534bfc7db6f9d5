/** A long history is narrowed to one channel, or to one kind of thing that happened. Pure. */
import type { EntrySubject } from '../../../src/entries.ts'
import type { HistoryRow } from './calls-in-history.ts'

export const historyKinds = ['conversations', 'question', 'mails', 'appointments', 'case'] as const
export type HistoryKind = (typeof historyKinds)[number]

/** Null where everything is wanted. */
export interface HistoryFilter {
  channel: string | null
  kind: HistoryKind | null
}

const beginnings: Readonly<Record<Exclude<HistoryKind, 'case'>, readonly EntrySubject[]>> = {
  conversations: ['call.', 'offer.', 'conversation.', 'interaction.', 'contact.'],
  question: ['ticket.', 'work.'],
  mails: ['mail.', 'registered-mail.'],
  appointments: ['appointment.'],
}

/** What a row is about; what is about nothing else is about the case itself. */
export function kindOfRow(row: HistoryRow): HistoryKind {
  if (row.kind === 'call') return 'conversations'
  const { type } = row.entry
  return historyKinds.find(kind => kind !== 'case' && beginnings[kind].some(beginning => type.startsWith(beginning))) ?? 'case'
}

/** A call is on the telephone, whatever its steps say. */
const channelOf = (row: HistoryRow): string | null => (row.kind === 'call' ? 'telephone' : row.entry.channel)

/** The rows that fit, in their order. */
export const rowsThatFit = (rows: readonly HistoryRow[], { channel, kind }: HistoryFilter): HistoryRow[] =>
  rows.filter(row => (channel === null || channelOf(row) === channel) && (kind === null || kindOfRow(row) === kind))

/** Which channels and kinds a history has: what would show nothing is not offered. */
export const choicesIn = (rows: readonly HistoryRow[]): { channels: string[]; kinds: HistoryKind[] } => ({
  channels: [...new Set(rows.flatMap(row => channelOf(row) ?? []))].sort(),
  kinds: historyKinds.filter(kind => rows.some(row => kindOfRow(row) === kind)),
})
