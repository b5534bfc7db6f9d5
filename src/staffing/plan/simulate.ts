/**
 * The tickets of a section under virtual time. Questions and handling times are drawn from a seed; who gets which is decided by the routing engine
 * itself, the same code that distributes the live work, the oldest question first.
 *
 *   backlog and arrivals ──▶ engine ──offer──▶ a member who is there takes it ──its handling time, over nights and lunch──▶ solved
 *                              ▲                          │
 *                              └──── the member is away ──┘
 *
 * A member works the first part of each day that the share says. Whoever is away for whole days gives back what is in hand, with what is left to do.
 */
import { type Command, createEngine, defaultSection, type RoutingEvent } from '../../routing/index.ts'
import { type Duration, drawMs, EventCalendar, exponential, randomOf } from '../../simulation/index.ts'
import { firstPart, type Target, type WorkingDay, WorkingTime, type WorkSpan } from './working-time.ts'

export interface PlannedMember {
  readonly id: string
  /** The days on which the member is there, each with the percent of it; days that are left out are absences. */
  readonly days: readonly { readonly day: number; readonly share: number }[]
}

/** A section and what it has before it. Plain JSON, so that it can be sent to a thread. Instants are milliseconds since the epoch. */
export interface StaffingScenario {
  readonly seed: number
  /** From before the oldest question that is open to after the last deadline that counts. */
  readonly days: readonly WorkingDay[]
  readonly from: number
  readonly to: number
  readonly target: Target
  /** When what is open now came. */
  readonly backlog: readonly number[]
  /** Questions on a working day, as weeks that were measured had them: each week ahead is like one of them. */
  readonly arrivalsADay: readonly number[]
  readonly handling: Duration
  /** Members; `day` counts the days of the scenario. */
  readonly members: readonly PlannedMember[]
}

/** The figures of a run. */
export interface StaffingResult {
  /** Share of the tickets due within the weeks that were solved in time; 1 when none was due. */
  readonly inTime: number
  /** Open at the end. */
  readonly backlog: number
  /** How old that is on average, in hours. */
  readonly ageHours: number
  /** Share of the time of those present in which they had something in hand. */
  readonly occupancy: number
}

/** Things of the calendar: the kind in the lowest two bits, the number of the ticket or member above. */
const arrival = 0
const solved = 1
const comes = 2
const leaves = 3
const kinds = 4

interface Ticket {
  readonly at: number
  readonly due: number
  leftMs: number
  /** Number of the note by which it will be solved; an earlier one no longer counts. */
  note: number
  /** Since when it is in hand; null while it is not. */
  since: number | null
  solvedAt: number | null
}

interface Member {
  readonly id: string
  readonly time: WorkingTime
  /** The instants after which the member is away for days. */
  readonly awayFrom: ReadonlySet<number>
  /** The ticket in hand. */
  ticket: number | null
}

const section = 'section'

/** Runs a scenario. Pure: the same scenario gives the same result. */
export const simulateStaffing = (scenario: StaffingScenario): StaffingResult => new Run(scenario).result()

class Run {
  private readonly scenario: StaffingScenario
  private readonly engine = createEngine()
  private readonly calendar = new EventCalendar()
  private readonly tickets: Ticket[] = []
  private readonly members: Member[]
  private readonly indexOf: ReadonlyMap<string, number>
  private now: number
  private workedMs = 0
  private presentMs = 0

  constructor(scenario: StaffingScenario) {
    this.scenario = scenario
    this.now = scenario.from
    const section = new WorkingTime(scenario.days)
    for (const at of scenario.backlog) this.add(at, section)
    for (const at of arrivals(scenario)) this.add(at, section)
    this.members = scenario.members.map(member => this.memberOf(member))
    this.indexOf = new Map(this.members.map(({ id }, n) => [id, n]))
  }

  private add(at: number, section: WorkingTime): void {
    const { seed, handling, target } = this.scenario
    const n = this.tickets.length
    // By the ticket's own chance: who works must not change it.
    const leftMs = drawMs(handling, randomOf(seed, n))
    this.tickets.push({ at, due: section.due(at, target), leftMs, note: 0, since: null, solvedAt: null })
  }

  private memberOf({ id, days }: PlannedMember): Member {
    const shares = new Map(days.map(({ day, share }) => [day, share]))
    const awayFrom = new Set<number>()
    const present = this.scenario.days.map(({ from, open }, day): WorkingDay => {
      const share = shares.get(day)
      if (share !== undefined) return { from, open: firstPart(open, share) }
      if (open.length > 0) awayFrom.add(from)
      return { from, open: [] }
    })
    return { id, time: new WorkingTime(present.map(day => ({ ...day, open: this.ahead(day.open) }))), awayFrom, ticket: null }
  }

  private ahead(open: readonly WorkSpan[]): WorkSpan[] {
    const { from, to } = this.scenario
    return open.flatMap(span => {
      const [begin, end] = [Math.max(span.from, from), Math.min(span.until, to)]
      return begin < end ? [{ from: begin, until: end }] : []
    })
  }

  result(): StaffingResult {
    this.begin()
    const { to } = this.scenario
    for (;;) {
      const next = this.calendar.next
      const deadline = this.engine.nextDeadline() ?? Number.POSITIVE_INFINITY
      if (Math.min(next, deadline) >= to) break
      if (next <= deadline) {
        const { at, what, seq } = this.calendar.take()
        this.now = at
        this.happen(what % kinds, Math.floor(what / kinds), seq)
      } else {
        this.now = deadline
        this.tell({ type: 'tick' })
      }
    }
    this.now = to
    for (const member of this.members) this.putAside(member)
    return this.figures()
  }

  private begin(): void {
    const { days, to } = this.scenario
    this.tell({
      type: 'section.configured',
      section,
      settings: { ...defaultSection, wrapUpMs: 0, restMs: 0, offerTimeoutMs: days.length * dayMs },
    })
    for (const [n, { id, time, awayFrom }] of this.members.entries()) {
      const skills = [{ section, level: 3 as const }]
      this.tell({ type: 'agent.configured', agent: id, skills, capacities: { call: 0, mail: 0, ticket: 1 } })
      for (const { from, until } of time.spans) {
        this.presentMs += until - from
        this.calendar.note(from, n * kinds + comes)
        this.calendar.note(until, n * kinds + leaves)
      }
      for (const at of awayFrom) if (at >= this.now && at < to) this.calendar.note(at, n * kinds + leaves)
    }
    for (const [n, { at }] of this.tickets.entries()) this.calendar.note(Math.max(at, this.now), n * kinds + arrival)
  }

  private happen(kind: number, n: number, seq: number): void {
    const member = kind === comes || kind === leaves ? this.members[n] : undefined
    const ticket = this.tickets[n]
    if (kind === arrival && ticket)
      this.tell({ type: 'work.queued', work: String(n), kind: 'ticket', section, priority: 0, waitingSince: ticket.at })
    else if (kind === solved && ticket?.note === seq) this.solve(ticket, n)
    else if (kind === comes && member) this.tell({ type: 'agent.available', agent: member.id })
    else if (kind === leaves && member) {
      if (member.awayFrom.has(this.now)) {
        this.putAside(member)
        this.tell({ type: 'agent.signed-out', agent: member.id })
      } else this.tell({ type: 'agent.paused', agent: member.id, reason: 'off' })
    }
  }

  private solve(ticket: Ticket, n: number): void {
    const member = this.members.find(each => each.ticket === n)
    if (member) this.putAside(member)
    ticket.solvedAt = this.now
    this.tell({ type: 'work.gone', work: String(n) })
  }

  /** What is in a member's hands is not worked on any more, for now or for good. */
  private putAside(member: Member): void {
    const ticket = member.ticket === null ? undefined : this.tickets[member.ticket]
    member.ticket = null
    if (!ticket || ticket.since === null) return
    const workedMs = member.time.at(this.now) - member.time.at(ticket.since)
    this.workedMs += workedMs
    ticket.leftMs = Math.max(1, ticket.leftMs - workedMs)
    ticket.since = null
    ticket.note = 0
  }

  private tell(event: RoutingEvent): void {
    const commands: readonly Command[] = this.engine.apply(event, this.now)
    for (const command of commands) {
      // Members take what is offered at once: nobody lets a question wait whom nothing keeps from it.
      if (command.type === 'offer') this.tell({ type: 'offer.accepted', offer: command.offer, agent: command.agent })
      else if (command.type === 'connect') this.take(Number(command.work), command.agent)
    }
  }

  private take(n: number, agent: string): void {
    const ticket = this.tickets[n]
    const member = this.members[this.indexOf.get(agent) ?? -1]
    if (!ticket || !member) return
    member.ticket = n
    ticket.since = this.now
    const end = member.time.instantOf(member.time.at(this.now) + ticket.leftMs)
    if (end < this.scenario.to) ticket.note = this.calendar.note(end, n * kinds + solved)
  }

  private figures(): StaffingResult {
    const { from, to } = this.scenario
    const due = this.tickets.filter(ticket => ticket.due >= from && ticket.due < to)
    const inTime = due.filter(ticket => ticket.solvedAt !== null && ticket.solvedAt <= ticket.due).length
    const open = this.tickets.filter(ticket => ticket.solvedAt === null)
    const age = open.reduce((sum, { at }) => sum + to - at, 0)
    return {
      inTime: due.length === 0 ? 1 : inTime / due.length,
      backlog: open.length,
      ageHours: open.length === 0 ? 0 : age / open.length / hourMs,
      occupancy: this.presentMs === 0 ? 0 : this.workedMs / this.presentMs,
    }
  }
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const weekDays = 7

/** When questions come: in each week ahead a Poisson stream along the working time, as dense as in one of the weeks that were measured. */
function* arrivals({ seed, days, from, to, arrivalsADay }: StaffingScenario): Iterable<number> {
  const ahead = days.filter(day => day.from >= from && day.from < to)
  for (let first = 0; first < ahead.length; first += weekDays) {
    const week = ahead.slice(first, first + weekDays)
    const random = randomOf(seed, -1 - first)
    const level = arrivalsADay[Math.floor(random() * arrivalsADay.length)] ?? 0
    for (const { open } of week) {
      const time = new WorkingTime([{ from, open }])
      if (time.total === 0 || level <= 0) continue
      for (let at = exponential(time.total / level, random); at < time.total; at += exponential(time.total / level, random))
        yield Math.floor(time.instantOf(at))
    }
  }
}
