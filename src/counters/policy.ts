/**
 * Whom a desk calls next, and who may do what at the counters. Pure.
 *
 * Each visit has an instant by which it is to be called: its arrival, or its appointment if that is later, and the minutes of its class. It is
 * given once, and whoever's comes first is called first. So nobody starves, whatever comes: who comes later by more than the difference of the minutes
 * never goes before (`overtakenWithinMs`), and the bound is a number that a page can show.
 *
 * An appointment takes its turn from some minutes before its time (the due window), and as it then is to be called soon, nobody who has time is
 * called just before it. When nobody else can be called, it may be called earlier.
 */
import { can, reachOf } from '../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../platform/index.ts'
import type { VisitStanding } from './effects.ts'
import type { CallReason, HallRules, PriorityReason, VisitClass } from './model.ts'

const minute = 60_000

export interface VisitArrival {
  visitClass: VisitClass
  priority: PriorityReason | null
  /** Milliseconds, as all instants here. */
  arrivedAt: number
  dueAt: number | null
}

/** Whether somebody came too late for the right of the appointment. */
const isLate = ({ arrivedAt, dueAt }: VisitArrival, rules: HallRules): boolean =>
  dueAt !== null && arrivedAt - dueAt > rules.lateMinutes * minute

/** The minutes within which somebody is to be called. */
function minutesOf(arrival: VisitArrival, rules: HallRules): number {
  const own =
    arrival.visitClass === 'fast'
      ? rules.fastMinutes
      : arrival.visitClass === 'appointment' && !isLate(arrival, rules)
        ? rules.appointmentMinutes
        : rules.ordinaryMinutes
  return arrival.priority === null ? own : Math.min(own, rules.priorityMinutes)
}

/** By when a visit is to be called, given at its arrival. */
export const callByOf = (arrival: VisitArrival, rules: HallRules): number =>
  Math.max(arrival.arrivedAt, arrival.dueAt ?? 0) + minutesOf(arrival, rules) * minute

/** By when somebody who was missed and is back is to be called. */
export const callByAfterReturn = (now: number, rules: HallRules): number => now + rules.returnedMinutes * minute

/**
 * Who comes later than this after somebody of a class is never called before, whatever their class or priority: the bound of the class, in
 * milliseconds. An appointment counts from its time.
 */
export function overtakenWithinMs(arrival: VisitArrival, rules: HallRules): number {
  const { appointmentMinutes, priorityMinutes, fastMinutes, ordinaryMinutes } = rules
  const least = Math.min(appointmentMinutes, priorityMinutes, fastMinutes, ordinaryMinutes)
  return (minutesOf(arrival, rules) - least) * minute
}

/** The bound of each class, in minutes, for somebody without priority who comes in time. */
export function boundsOfClasses(rules: HallRules): Record<VisitClass, number> {
  const bound = (visitClass: VisitClass) =>
    overtakenWithinMs({ visitClass, priority: null, arrivedAt: 0, dueAt: null }, rules) / minute
  return { appointment: bound('appointment'), fast: bound('fast'), ordinary: bound('ordinary') }
}

export interface WaitingVisit
  extends Pick<
    VisitStanding,
    | 'visitClass'
    | 'priority'
    | 'arrivedAt'
    | 'dueAt'
    | 'callBy'
    | 'notBefore'
    | 'serviceId'
    | 'onlyDeskId'
    | 'hasReturned'
    | 'wasTransferred'
  > {
  id: string
  code: string
}

export interface CallingDesk {
  id: string
  /** Empty: everything of the hall. */
  services: readonly string[]
}

export interface Choice<V extends WaitingVisit> {
  visit: V
  reason: CallReason
}

/** Orders visits by the instant by which they are to be called, then by arrival, then by code. */
export const byCallBy = (a: WaitingVisit, b: WaitingVisit): number =>
  a.callBy - b.callBy || a.arrivedAt - b.arrivedAt || a.code.localeCompare(b.code)

/** Whether a desk may call a visit at all, whatever the hour. */
const serves = (desk: CallingDesk, visit: WaitingVisit): boolean =>
  (visit.onlyDeskId === null || visit.onlyDeskId === desk.id) &&
  (desk.services.length === 0 || desk.services.includes(visit.serviceId))

/** Whom a desk calls next, and why; undefined when there is nobody to call. */
export function chooseNext<V extends WaitingVisit>(
  waiting: readonly V[],
  desk: CallingDesk,
  rules: HallRules,
  now: number,
): Choice<V> | undefined {
  const here = waiting.filter(visit => serves(desk, visit) && (visit.notBefore ?? now) <= now).toSorted(byCallBy)
  const untilDue = ({ dueAt }: V) => (dueAt ?? now) - now
  const ready = here.filter(visit => untilDue(visit) <= rules.dueWindowMinutes * minute)
  const [visit, other] = ready
  if (visit) return { visit, reason: reasonOf(visit, rules, other) }
  const early = here.find(each => untilDue(each) <= rules.earlyMinutes * minute)
  return early && { visit: early, reason: { ...reasonOf(early, rules, undefined), rule: 'early' } }
}

function reasonOf(visit: WaitingVisit, rules: HallRules, other: WaitingVisit | undefined): CallReason {
  return { rule: ruleOf(visit, rules), callBy: new Date(visit.callBy).toISOString(), before: other?.code ?? null }
}

function ruleOf(visit: WaitingVisit, rules: HallRules): CallReason['rule'] {
  if (visit.wasTransferred) return 'transferred'
  if (visit.hasReturned) return 'returned'
  if (visit.priority !== null) return 'priority'
  if (visit.visitClass !== 'appointment') return visit.visitClass
  return isLate(visit, rules) ? 'late' : 'appointment'
}

/** With which letter the appointments of each service of the agenda begin: that of the hall that receives them, the first of several. */
export const lettersOf = (
  halls: readonly { letter: string; services: readonly { agendaServices: readonly string[] }[] }[],
): Map<string, string> =>
  new Map(
    halls
      .toSorted((a, b) => b.letter.localeCompare(a.letter))
      .flatMap(({ letter, services }) =>
        services.flatMap(({ agendaServices }) => agendaServices.map(id => [id, letter] as const)),
      ),
  )

// --- rights ---------------------------------------------------------------------------------------------------------

/** Whether the counters of a unit are there for somebody. */
export const maySeeCounters = (actor: Actor, unitPath: string): boolean =>
  actor.kind === 'system' || can(actor, 'counters.see', unitPath)

/** Somebody receives at the counters of a unit. */
export function mayReceive(actor: Actor, unitPath: string): Verdict {
  if (actor.kind === 'system' || can(actor, 'counters.receive', unitPath)) return allowed
  return refused('counters.officeOnly')
}

/** Somebody sets up the counters of a unit. */
export function mayKeepCounters(actor: Actor, unitPath: string): Verdict {
  if (actor.kind === 'system' || can(actor, 'counters.keep', unitPath)) return allowed
  return refused(reachOf(actor, 'counters.keep') === undefined ? 'counters.keepersOnly' : 'counters.officeOnly')
}
