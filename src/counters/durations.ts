/**
 * What every duration at the counters means, once, for desk, display, kiosk and reports. Each is computed from the entries of a visit, never added
 * up as they come, so that a figure can be explained and computed anew. Milliseconds. Pure.
 */
import { effective, type VisitEntry, type VisitEntryKind } from './effects.ts'

/** The stretches of a visit from each entry of some kinds to the next entry of others; the last one is open until `now`. */
function stretches(
  entries: readonly VisitEntry[],
  from: readonly VisitEntryKind[],
  until: readonly VisitEntryKind[],
  now: number,
): number {
  let sum = 0
  let since: number | null = null
  for (const { kind, at } of entries) {
    if (since !== null && until.includes(kind)) {
      sum += at - since
      since = null
    }
    if (from.includes(kind)) since = at
  }
  return since === null ? sum : sum + now - since
}

const ends: readonly VisitEntryKind[] = ['closed', 'left', 'unserved']
const first = (entries: readonly VisitEntry[], kind: VisitEntryKind): number | null =>
  entries.find(entry => entry.kind === kind)?.at ?? null

/** When an appointment is due; null without one. */
const dueOf = (entries: readonly VisitEntry[]): number | null => entries[0]?.detail.dueAt ?? null
const arrivalOf = (entries: readonly VisitEntry[]): number => entries[0]?.at ?? 0

/** From when somebody waits: the later of arrival and appointment. Who comes early is not kept waiting by the office. */
const waitsFrom = (entries: readonly VisitEntry[]): number => Math.max(arrivalOf(entries), dueOf(entries) ?? 0)

type Definition = (entries: readonly VisitEntry[], now: number) => number | null

/** Each takes the entries that count. Null: it does not exist for this visit, which is not the same as nothing. */
export const definitions: Readonly<Record<'wait' | 'way' | 'service' | 'parked' | 'between' | 'early' | 'late', Definition>> = {
  /** First call minus the later of arrival and appointment, until now while there was none; never below nothing. */
  wait(entries, now) {
    const over = first(entries, 'called') ?? entries.find(({ kind }) => ends.includes(kind))?.at ?? now
    const from = waitsFrom(entries)
    return over === now && from > now ? null : Math.max(0, over - from)
  },
  /** From the last call before the citizen came to the coming, for each coming. */
  way: entries => (first(entries, 'came') === null ? null : waysOf(entries)),
  /** From each coming until the visit is parked, transferred or ended. */
  service: (entries, now) =>
    first(entries, 'came') === null ? null : stretches(entries, ['came'], ['parked', 'transferred', ...ends], now),
  /** From each parking until the next call. */
  parked: (entries, now) => (first(entries, 'parked') === null ? null : stretches(entries, ['parked'], ['called', ...ends], now)),
  /** From each transfer until the next call: the second wait of one visit. */
  between: (entries, now) =>
    first(entries, 'transferred') === null ? null : stretches(entries, ['transferred'], ['called', ...ends], now),
  /** How long before the appointment somebody came. */
  early: entries => (dueOf(entries) === null ? null : Math.max(0, (dueOf(entries) ?? 0) - arrivalOf(entries))),
  /** How long after it. */
  late: entries => (dueOf(entries) === null ? null : Math.max(0, arrivalOf(entries) - (dueOf(entries) ?? 0))),
}

export type DurationName = keyof typeof definitions
export type Durations = Readonly<Record<DurationName, number | null>>

/** The last call before each coming, to the coming. */
function waysOf(entries: readonly VisitEntry[]): number {
  let sum = 0
  let called: number | null = null
  for (const { kind, at } of entries) {
    if (kind === 'called' || kind === 'called-again') called = at
    if (kind === 'came' && called !== null) sum += at - called
  }
  return sum
}

/** All durations of a visit, in milliseconds, as they are at an instant. */
export function durationsOf(all: readonly VisitEntry[], now: number): Durations {
  const entries = effective(all)
  return {
    wait: definitions.wait(entries, now),
    way: definitions.way(entries, now),
    service: definitions.service(entries, now),
    parked: definitions.parked(entries, now),
    between: definitions.between(entries, now),
    early: definitions.early(entries, now),
    late: definitions.late(entries, now),
  }
}
