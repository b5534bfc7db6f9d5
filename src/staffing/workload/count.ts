/**
 * What one entry of the journal does to the figures of a section. Pure.
 *
 *   sent ──▶ here ──claimed, handed over──▶ here, with somebody ──answered, booked, sent back──▶ over
 *             ▲                                 │      ▲                                           │
 *             │                   asked, forwarded   replied, returned                             │
 *             │                                 ▼      │                                           │
 *             │                                elsewhere                                           │
 *             └───────────── undelivered, answer taken back, the citizen has come back ────────────┘
 *
 * The entries of one ticket are written under its lock, so they come in order. What is `here` is the backlog of its section; what waits for the
 * citizen or a central directorate is not.
 */
import {
  ticketAnswered,
  ticketAnswerWithdrawn,
  ticketAsked,
  ticketBooked,
  ticketClaimed,
  ticketClosed,
  ticketForwarded,
  ticketHandedOver,
  ticketLate,
  ticketLeftByAbsent,
  ticketMoved,
  ticketMoveUndone,
  ticketReleased,
  ticketReopened,
  ticketReplied,
  ticketReturned,
  ticketSent,
  ticketSentBack,
  ticketTakenOver,
  ticketUndelivered,
} from '../../cases/events.ts'
import { type Entry, type EventType, payloadOf } from '../../platform/index.ts'

/** Where a ticket stands. Instants are milliseconds since the epoch. */
export interface CountedTicket {
  readonly ticketId: string
  readonly sectionId: string
  readonly state: 'here' | 'elsewhere' | 'over'
  readonly holderId: string | null
  /** Since when its holder could work on it. */
  readonly heldSince: number | null
  /** When it came, or the citizen came back. */
  readonly startedAt: number
  /** It was not solved when it was due. */
  readonly isLate: boolean
  /** When it was solved; null while it is not. */
  readonly closedAt: number | null
}

/** Figures of a section and a week that entries add to; `…_s` are sums of seconds. Each is a column of `workload_week`. */
export const countedFigures = ['arrived', 'closed', 'closed_in_time', 'closed_after_s', 'backlog', 'backlog_since_s'] as const
export type CountedFigure = (typeof countedFigures)[number]

export interface WorkloadCount {
  readonly sectionId: string
  /** In the week of this instant. */
  readonly at: number
  readonly figure: CountedFigure
  readonly value: number
}

/** Somebody has done something about a ticket: what it took is reckoned from the steps beside it (`steps.ts`). */
export interface MemberStep {
  readonly personId: string
  readonly at: number
  readonly entryId: number
  readonly sectionId: string
  readonly since: number
}

export interface Counted {
  readonly ticket: CountedTicket | undefined
  readonly counts: readonly WorkloadCount[]
  readonly step: MemberStep | undefined
}

type Change = Omit<Counted, 'ticket'> & { ticket: CountedTicket }

const seconds = (ms: number): number => Math.floor(ms / 1_000)

/** Comes into the backlog of its section, or leaves it. */
const inBacklog = ({ sectionId, startedAt }: CountedTicket, at: number, sign: 1 | -1): WorkloadCount[] => [
  { sectionId, at, figure: 'backlog', value: sign },
  { sectionId, at, figure: 'backlog_since_s', value: sign * seconds(startedAt) },
]

/** The ticket stands elsewhere from now on; the backlogs follow. */
function become(before: CountedTicket, change: Partial<CountedTicket>, at: number): Change {
  const ticket = { ...before, ...change }
  const isSame = before.state === ticket.state && before.sectionId === ticket.sectionId && before.startedAt === ticket.startedAt
  const counts = isSame
    ? []
    : [
        ...(before.state === 'here' ? inBacklog(before, at, -1) : []),
        ...(ticket.state === 'here' ? inBacklog(ticket, at, 1) : []),
      ]
  return { ticket, counts, step: undefined }
}

/** The same, by a step of whoever had it. */
function stepTo(before: CountedTicket, change: Partial<CountedTicket>, entry: Entry): Change {
  const { ticket, counts } = become(before, change, entry.at.getTime())
  const { actor, id: entryId, at } = entry
  const isHolder = actor.kind === 'person' && actor.personId === before.holderId && before.heldSince !== null
  const step: MemberStep | undefined = isHolder
    ? { personId: actor.personId, at: at.getTime(), entryId, sectionId: before.sectionId, since: before.heldSince ?? 0 }
    : undefined
  return { ticket, counts, step }
}

/** How its end is counted: `1` when it ends, `-1` when it turns out not to have ended. */
const ofEnd = ({ sectionId, isLate, startedAt }: CountedTicket, closedAt: number, sign: 1 | -1): WorkloadCount[] => [
  { sectionId, at: closedAt, figure: 'closed', value: sign },
  ...(isLate ? [] : [{ sectionId, at: closedAt, figure: 'closed_in_time' as const, value: sign }]),
  { sectionId, at: closedAt, figure: 'closed_after_s', value: sign * seconds(closedAt - startedAt) },
]

function end(before: CountedTicket, entry: Entry): Change {
  if (before.state === 'over') return { ticket: before, counts: [], step: undefined }
  const at = entry.at.getTime()
  const { ticket, counts, step } = stepTo(before, { state: 'over', closedAt: at }, entry)
  return { ticket, counts: [...counts, ...ofEnd(before, at, 1)], step }
}

/** It had not ended: its answer did not arrive, or was taken back. */
function goOn(before: CountedTicket, at: number): Change {
  const { ticket, counts, step } = become(before, { state: 'here', heldSince: at, closedAt: null }, at)
  return { ticket, counts: [...counts, ...(before.closedAt === null ? [] : ofEnd(before, before.closedAt, -1))], step }
}

function arrive(ticket: CountedTicket, at: number): Change {
  const arrived: WorkloadCount = { sectionId: ticket.sectionId, at, figure: 'arrived', value: 1 }
  return { ticket, counts: [arrived, ...inBacklog(ticket, at, 1)], step: undefined }
}

type Follow = (before: CountedTicket, entry: Entry) => Change

const heldBy = (holderId: string | null, entry: Entry): Partial<CountedTicket> => ({
  holderId,
  heldSince: holderId === null ? null : entry.at.getTime(),
})
const byActor = ({ actor }: Entry): string | null => (actor.kind === 'person' ? actor.personId : null)

/** A type of entry that says of which ticket it tells. */
interface Followed {
  readonly type: Pick<EventType, 'type'>
  readonly ticketOf: (entry: Entry) => string | undefined
  readonly follow: Follow
}

const on = <P extends { ticketId: string }>(
  type: EventType<P>,
  follow: (before: CountedTicket, entry: Entry, payload: P) => Change,
): Followed => ({
  type,
  ticketOf: entry => payloadOf(type, entry)?.ticketId,
  follow(before, entry) {
    const payload = payloadOf(type, entry)
    return payload === undefined ? { ticket: before, counts: [], step: undefined } : follow(before, entry, payload)
  },
})

const changesOf: readonly Followed[] = [
  on(ticketClaimed, (before, entry) => become(before, heldBy(byActor(entry), entry), entry.at.getTime())),
  on(ticketTakenOver, (before, entry) => become(before, heldBy(byActor(entry), entry), entry.at.getTime())),
  on(ticketHandedOver, (before, entry, { to }) => become(before, heldBy(to, entry), entry.at.getTime())),
  on(ticketMoveUndone, (before, entry, { to }) => become(before, heldBy(to, entry), entry.at.getTime())),
  on(ticketReleased, (before, entry) => become(before, heldBy(null, entry), entry.at.getTime())),
  on(ticketLeftByAbsent, (before, entry) => become(before, heldBy(null, entry), entry.at.getTime())),
  on(ticketMoved, (before, entry, { unitId }) =>
    become(before, { ...heldBy(null, entry), sectionId: unitId }, entry.at.getTime()),
  ),
  on(ticketForwarded, (before, entry) => stepTo(before, { state: 'elsewhere' }, entry)),
  on(ticketAsked, (before, entry) => stepTo(before, { state: 'elsewhere' }, entry)),
  on(ticketReturned, (before, entry) => become(before, { state: 'here', heldSince: entry.at.getTime() }, entry.at.getTime())),
  // Whoever answers without a reply has ended the question in the same moment, and was at work all the time.
  on(ticketReplied, (before, entry, { how }) =>
    become(before, { state: 'here', ...(how === 'answered' ? {} : { heldSince: entry.at.getTime() }) }, entry.at.getTime()),
  ),
  on(ticketAnswered, end),
  on(ticketBooked, end),
  on(ticketSentBack, end),
  on(ticketClosed, end),
  on(ticketUndelivered, (before, entry) => goOn(before, entry.at.getTime())),
  on(ticketAnswerWithdrawn, (before, entry) => goOn(before, entry.at.getTime())),
  on(ticketReopened, (before, entry) => {
    const at = entry.at.getTime()
    const left = before.state === 'here' ? inBacklog(before, at, -1) : []
    const again = arrive({ ...before, state: 'here', heldSince: at, startedAt: at, isLate: false, closedAt: null }, at)
    return { ...again, counts: [...left, ...again.counts] }
  }),
  on(ticketLate, (before, _entry, { kind }) => ({
    ticket: kind === 'solution' && before.state !== 'over' ? { ...before, isLate: true } : before,
    counts: [],
    step: undefined,
  })),
]

const followedBy = new Map(changesOf.map(each => [each.type.type, each]))

/** The types of entries that change the workload. */
export const ofWorkload: readonly Pick<EventType, 'type'>[] = [ticketSent, ...changesOf.map(({ type }) => type)]

/** Of which ticket an entry tells; undefined where it tells of none, or cannot be read. */
export const ticketOfEntry = (entry: Entry): string | undefined =>
  entry.type === ticketSent.type ? payloadOf(ticketSent, entry)?.ticketId : followedBy.get(entry.type)?.ticketOf(entry)

/**
 * Counts one entry.
 * @param before where its ticket stood; undefined for one that is not known, which only `ticketSent` changes
 */
export function countEntry(before: CountedTicket | undefined, entry: Entry): Counted {
  const nothing: Counted = { ticket: before, counts: [], step: undefined }
  const sent = payloadOf(ticketSent, entry)
  if (sent) {
    const at = entry.at.getTime()
    const fresh = { ticketId: sent.ticketId, sectionId: sent.unitId, state: 'here', startedAt: at } as const
    return before ? nothing : arrive({ ...fresh, holderId: null, heldSince: null, isLate: false, closedAt: null }, at)
  }
  return before === undefined ? nothing : (followedBy.get(entry.type)?.follow(before, entry) ?? nothing)
}
