/**
 * From the calls of a day to who should be there when. Pure.
 *
 *   calls per half hour ──Erlang A──▶ agents needed per half hour ──shifts that cover them──▶ who works from when to when
 */
import { minServers, type ServiceTarget } from './erlang.ts'
import { halfHourMs } from './model.ts'

/** What comes in a half hour. */
export interface Load {
  calls: number
  /** Conversation and wrap-up. */
  handlingMs: number
  /** Mean patience; null when nobody ever gives up. */
  patienceMs: number | null
}

/**
 * The least agents on duty in a half hour, taken as a queue in its steady state.
 * @param shrinkage share of an agent's paid time that is not on the line: breaks, training, absence; with 0.3, 10 needed are 15 planned
 */
export function agentsNeeded({ calls, handlingMs, patienceMs }: Load, target: ServiceTarget, shrinkage = 0): number {
  const servers = minServers(
    {
      arrivalRate: calls / (halfHourMs / 1_000),
      serviceRate: 1_000 / handlingMs,
      abandonRate: patienceMs === null ? undefined : 1_000 / patienceMs,
    },
    target,
  )
  // 7 / 0.7 is a little more than 10 in binary numbers, and must not be 11.
  return servers === 0 ? 0 : Math.ceil(servers / (1 - shrinkage) - 1e-9)
}

/** A kind of shift: so many half hours, which may begin from one half hour of the day to another. */
export interface ShiftKind {
  halfHours: number
  firstStart: number
  lastStart: number
}

export interface Shift {
  start: number
  halfHours: number
  agents: number
}

export interface Cover {
  shifts: Shift[]
  /** Agents on duty in each half hour. */
  onDuty: number[]
  /** Agent half hours that are planned beyond the need, and those that no kind of shift can cover. */
  over: number
  under: number
}

/**
 * Shifts that cover a need with the least paid half hours; among those, with few people.
 *
 * Not a heuristic: a shift covers half hours in a row, so that the difference of each two neighbouring half hours' conditions makes the
 * problem one of flow in a network, whose cheapest flow is whole and is found exactly (Veinott and Wagner, "Optimal Capacity
 * Scheduling", Operations Research 10, 1962; Ahuja, Magnanti and Orlin, "Network Flows", 1993). The nodes are the instants between half hours:
 *
 *   a shift           start ──▶ end       costs its half hours
 *   somebody too many t + 1 ──▶ t         costs nothing
 *   what goes in at t                     need of the half hour after t − need of the one before
 */
export function coverWithShifts(need: readonly number[], kinds: readonly ShiftKind[]): Cover {
  const candidates = kinds
    .flatMap(({ halfHours, firstStart, lastStart }) =>
      Array.from({ length: Math.max(0, lastStart - firstStart + 1) }, (_, i) => ({ start: firstStart + i, halfHours })),
    )
    .filter(({ start, halfHours }) => start >= 0 && start + halfHours <= need.length && halfHours > 0)
    .sort((a, b) => a.start - b.start || a.halfHours - b.halfHours)
  const coverable = need.map((needed, half) =>
    candidates.some(({ start, halfHours }) => start <= half && half < start + halfHours) ? needed : 0,
  )
  const arcs = [
    ...candidates.map(({ start, halfHours }) => ({ from: start, to: start + halfHours, cost: halfHours + fewPeople })),
    ...need.map((_, half) => ({ from: half + 1, to: half, cost: 0 })),
  ]
  const flow = cheapestFlow(
    Array.from({ length: need.length + 1 }, (_, t) => (coverable[t] ?? 0) - (coverable[t - 1] ?? 0)),
    arcs,
  )
  const shifts = candidates.flatMap((shift, i) => ((flow[i] ?? 0) > 0 ? [{ ...shift, agents: flow[i] ?? 0 }] : []))
  const onDuty = need.map((_, half) =>
    shifts.reduce((sum, { start, halfHours, agents }) => sum + (start <= half && half < start + halfHours ? agents : 0), 0),
  )
  return {
    shifts,
    onDuty,
    over: need.reduce((sum, needed, half) => sum + Math.max(0, (onDuty[half] ?? 0) - needed), 0),
    under: need.reduce((sum, needed, half) => sum + Math.max(0, needed - (onDuty[half] ?? 0)), 0),
  }
}

/** Added to the cost of a shift: less than a half hour whatever the number of shifts, so that it only decides between equals. */
const fewPeople = 2 ** -20

interface Arc {
  from: number
  to: number
  cost: number
}

/**
 * The cheapest whole flow that takes what goes in at each node (below zero: out) along arcs without limit; costs must not be negative.
 * Successive shortest paths, from all nodes with something left at once; on the way back along an arc at most what flows on it.
 * @param supplies their sum is 0, and all of it can flow off
 */
function cheapestFlow(supplies: readonly number[], arcs: readonly Arc[]): number[] {
  const left = [...supplies]
  const flow = arcs.map(() => 0)
  for (;;) {
    if (!left.some(amount => amount > 0)) return flow
    const distance = left.map(amount => (amount > 0 ? 0 : Number.POSITIVE_INFINITY))
    /** The arc by which the node was reached: n + 1 forwards, −(n + 1) backwards, 0 for where it begins. */
    const by = left.map(() => 0)
    // Bellman and Ford: way back along an arc has a cost below zero.
    for (let changed = true; changed; ) {
      changed = false
      for (const [n, { from, to, cost }] of arcs.entries()) {
        const [there = 0, here = 0] = [distance[to], distance[from]]
        if (here + cost < there - negligible) {
          distance[to] = here + cost
          by[to] = n + 1
          changed = true
        }
        if ((flow[n] ?? 0) > 0 && there - cost < here - negligible) {
          distance[from] = there - cost
          by[from] = -(n + 1)
          changed = true
        }
      }
    }
    let end = -1
    for (const [node, amount] of left.entries())
      if (amount < 0 && (distance[node] ?? 0) < (distance[end] ?? Number.POSITIVE_INFINITY)) end = node
    const path: number[] = []
    let node = end
    for (let step = by[node] ?? 0; step !== 0; step = by[node] ?? 0) {
      path.push(step)
      const arc = arcs[Math.abs(step) - 1]
      if (!arc) break
      node = step > 0 ? arc.from : arc.to
    }
    const back = path.filter(step => step < 0).map(step => flow[-step - 1] ?? 0)
    const amount = Math.min(left[node] ?? 0, -(left[end] ?? 0), ...back)
    for (const step of path) flow[Math.abs(step) - 1] = (flow[Math.abs(step) - 1] ?? 0) + (step > 0 ? amount : -amount)
    left[node] = (left[node] ?? 0) - amount
    left[end] = (left[end] ?? 0) + amount
  }
}

/** Differences below it are those of adding `fewPeople` in another order. */
const negligible = 2 ** -30
