/**
 * What a call, and what a wrap-up, comes to. Pure: the same entries give the same contribution, in whatever order they became known.
 *
 *   joined ──▶ (moved) ──▶ answered      conversation ──▶ transferred: joins anew
 *                     ├──▶ gave up
 *                     ├──▶ sent away
 *                     └──▶ wants to be called back: waits no longer on the line
 */
import {
  callCallbackQueued,
  callDismissed,
  callDiverted,
  callLeftQueue,
  callMoved,
  callQueued,
  conversationEnded,
} from '../../distribution/index.ts'
import { callArrived, callConnected } from '../../telephony/index.ts'
import { type Contribution, type Ended, type HowEnded, halfHourOf, logUnits, put, targetMs, waitBounds } from './model.ts'

/** What is read of an entry about a call. */
export interface CallEntry {
  id: number
  /** Milliseconds since the epoch. */
  at: number
  type: string
  section: string | null
  /** The caller is led back to an operator whose page was lost. */
  resume: boolean
  reason: string | null
  number: string | null
  mode: string | null
}

/** The types of entries that a call's contribution is made of. */
export const typesOfCall: readonly string[] = [
  callArrived,
  callQueued,
  callCallbackQueued,
  callMoved,
  callConnected,
  conversationEnded,
  callLeftQueue,
  callDismissed,
  callDiverted,
].map(({ type }) => type)

/** Reasons of leaving the queue that are the caller's own. */
export const callersReasons: ReadonlySet<string | null> = new Set(['caller', 'line-lost'])
/** Reasons of leaving the queue by which nobody has lost patience. */
const noImpatience: ReadonlySet<string | null> = new Set(['lost', 'line-lost', 'dismissed', 'noted'])

/** What one call comes to, and its waits that have ended. */
export function countCall(entries: readonly CallEntry[]): { counted: Contribution; ended: Ended[] } {
  const counted: Contribution = {}
  const inOrder = entries.toSorted((a, b) => a.at - b.at || a.id - b.id)
  countNumber(inOrder, counted)
  countArrivals(inOrder, counted)
  countSteps(inOrder, counted)
  const ended = endedWaits(inOrder, counted)
  for (const wait of ended) countEnded(wait, counted)
  return { counted, ended }
}

/** The number that was called, with the section whose queue was joined first. */
function countNumber(entries: readonly CallEntry[], counted: Contribution): void {
  const arrived = entries.find(({ type }) => type === callArrived.type)
  if (!arrived || arrived.number === null) return
  const { mode } = arrived
  if (mode !== 'channelled' && mode !== 'direct') return
  const section = entries.find(({ type }) => type === callQueued.type)?.section ?? ''
  put(counted, ['number', halfHourOf(arrived.at), arrived.number, mode, section], 1)
}

const joins = ({ type, resume }: CallEntry): boolean => type === callQueued.type && !resume

/** Once for each half hour, with all sections that were joined in it. */
function countArrivals(entries: readonly CallEntry[], counted: Contribution): void {
  const sections = new Map<number, Set<string>>()
  for (const entry of entries) {
    if (!joins(entry) || entry.section === null) continue
    const half = halfHourOf(entry.at)
    sections.set(half, (sections.get(half) ?? new Set()).add(entry.section))
  }
  for (const [half, joined] of sections) put(counted, ['arrival', half, ...[...joined].sort()], 1)
}

/** Joinings, time in the queue and conversations, each in the half hour and the section in which it began. */
function countSteps(entries: readonly CallEntry[], counted: Contribution): void {
  const steps = entries.filter(({ type }) => type !== callArrived.type)
  let wished = false
  for (const [i, step] of steps.entries()) {
    const { section } = step
    const next = steps[i + 1]
    if (section === null) continue
    const half = halfHourOf(step.at)
    const ms = next === undefined ? 0 : next.at - step.at
    if (joins(step)) put(counted, ['section', half, section, 'joined'], 1)
    if (step.type === callQueued.type || step.type === callMoved.type) {
      put(counted, ['section', half, section, 'waited_ms'], ms)
      if (next?.type === callLeftQueue.type && !noImpatience.has(next.reason))
        put(counted, ['section', half, section, 'gave_up'], 1)
    }
    if (step.type === callConnected.type && next?.type === conversationEnded.type) {
      const log = Math.log(Math.max(1, ms))
      put(counted, ['section', half, section, 'conversations'], 1)
      put(counted, ['section', half, section, 'talk_ms'], ms)
      put(counted, ['section', half, section, 'talk_logs'], Math.round(log * logUnits))
      put(counted, ['section', half, section, 'talk_log_squares'], Math.round(log * log * logUnits))
    }
    if (step.type === callCallbackQueued.type && !wished) {
      wished = true
      put(counted, ['section', half, section, 'callbacks_wished'], 1)
    }
  }
}

/**
 * The waits that have ended, each in the section in whose queue it was in the end. A transfer begins a new wait; waiting for the operator whose
 * page was lost does not, and is not counted. A caller who wants to be called back was neither answered nor gave up.
 */
function endedWaits(entries: readonly CallEntry[], counted: Contribution): Ended[] {
  const ended: Ended[] = []
  let joined: CallEntry | undefined
  let section: string | null = null
  for (const entry of entries) {
    if (entry.type === callQueued.type || entry.type === callCallbackQueued.type) {
      joined = entry
      section = entry.section
    } else if (entry.type === callMoved.type) section = entry.section
    else if (entry.type === callConnected.type || entry.type === callLeftQueue.type) {
      if (joined === undefined || section === null) continue
      const answered = entry.type === callConnected.type
      if (joined.type === callCallbackQueued.type) {
        if (answered) put(counted, ['section', halfHourOf(entry.at), section, 'callbacks_reached'], 1)
        continue
      }
      if (joined.resume) continue
      const how = answered ? 'answered' : callersReasons.has(entry.reason) ? 'abandoned' : 'not-answered'
      ended.push({ at: entry.at, sectionId: section, how, waitedMs: Math.max(0, Math.round(entry.at - joined.at)) })
    }
  }
  return ended
}

const figureOf = { answered: 'answered', abandoned: 'abandoned', 'not-answered': 'not_answered' } as const satisfies Record<
  HowEnded,
  string
>

function countEnded({ at, sectionId, how, waitedMs }: Ended, counted: Contribution): void {
  const half = halfHourOf(at)
  const within = waitedMs <= targetMs
  put(counted, ['section', half, sectionId, figureOf[how]], 1)
  if (within && how === 'answered') put(counted, ['section', half, sectionId, 'answered_in_target'], 1)
  if (within && how === 'abandoned') put(counted, ['section', half, sectionId, 'abandoned_early'], 1)
  if (how === 'answered') put(counted, ['section', half, sectionId, 'answer_wait_ms'], waitedMs)
  if (how === 'abandoned') put(counted, ['section', half, sectionId, 'abandon_wait_ms'], waitedMs)
  const longest = waitBounds[waitBounds.length - 1] ?? 0
  put(counted, ['wait', half, sectionId, how, waitBounds.find(bound => waitedMs <= bound * 1_000) ?? longest], 1)
}

/** A wrap-up, from the agent's state to the next; it belongs to the section of the last call that the agent was connected to. */
export interface WrapUp {
  id: number
  at: number
  until: number | null
  section: string | null
}

export function countWrapUp({ at, until, section }: WrapUp): Contribution {
  const counted: Contribution = {}
  if (section === null || until === null) return counted
  put(counted, ['section', halfHourOf(at), section, 'wrap_ups'], 1)
  put(counted, ['section', halfHourOf(at), section, 'wrap_up_ms'], Math.round(until - at))
  return counted
}
