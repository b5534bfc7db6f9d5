/**
 * A day of the contact centre under virtual time. Callers and agents are drawn from a seed; who gets whom is decided by the routing engine
 * itself, the same code that distributes the live calls.
 *
 *   calendar ──next thing──▶ a caller calls, gives up, an agent answers, ends, comes, goes
 *                                   │ fact
 *                                   ▼
 *                            engine.apply(fact, now)
 *                                   │ commands
 *                                   ▼
 *                 an agent is offered a call ──▶ note when it will be answered, and so on
 *
 * Between two things of the calendar the engine's own deadlines come first if they are due earlier.
 */
import { type Command, createEngine, type Engine, type RoutingEvent } from '../routing/index.ts'
import { EventCalendar } from './calendar.ts'
import { halfHourMs, type Result, type Scenario, type SimulatedAgent } from './model.ts'
import { drawMs, exponential, type Random, randomOf } from './random.ts'
import { type CallOutcome, Statistics } from './statistics.ts'

/** Things of the calendar: the kind in the lowest three bits, the number of the call, agent or source of calls above. */
const arrival = 0
const patienceEnds = 1
const answer = 2
const conversationEnds = 3
const agentComes = 4
const agentPauses = 5
const agentLeaves = 6
const callAgain = 7
const kinds = 8

interface Call {
  readonly id: string
  readonly section: number
  /** Which of the seed's streams the call draws from. */
  readonly stream: number
  readonly random: Random
  readonly at: number
  /** How often the same person has called before because nobody answered. */
  readonly tries: number
  /** How long the conversation will take, whoever answers and whenever: part of the person, like the patience. */
  readonly handlingMs: number
  state: 'line' | 'offered' | 'talking' | 'gone'
  /** Number of the note by which it will be answered; an earlier one no longer counts. */
  answerNote: number
  agent: string
  offer: string
  expectedMs: number | null
}

interface CallSource {
  readonly section: number
  readonly next: Iterator<number, unknown>
  /** First calls so far: the n-th caller of a source is the same person in every run of a seed. */
  arrived: number
}

interface AgentBook {
  readonly id: string
  readonly section: number
  state: 'away' | 'idle' | 'busy'
  since: number
}

export interface SimulateOptions {
  /** Called about a hundred times, with the share of the day that is done. */
  onProgress?: (share: number) => void
  /** Hears everything that the engine is told and that it answers: the day as a story. */
  onStep?: (step: RoutingEvent | Command, at: number) => void
}

/**
 * Runs a scenario. Pure: the same scenario gives the same result.
 * @throws Error when a scenario names a section that it does not have
 */
export function simulate(scenario: Scenario, options: SimulateOptions = {}): Result {
  return new Simulation(scenario, options).run()
}

class Simulation {
  private readonly scenario: Scenario
  private readonly options: SimulateOptions
  private readonly engine: Engine = createEngine()
  private readonly calendar = new EventCalendar()
  private readonly statistics: Statistics
  private readonly sectionIndex: ReadonlyMap<string, number>
  /** Where first calls come from: the arrivals of each section, then what was added to some. */
  private readonly sources: CallSource[]
  private readonly calls: Call[] = []
  private readonly agents: AgentBook[]
  private readonly agentIndex: ReadonlyMap<string, number>
  /** Numbers of those who will call again, and as whom. */
  private readonly again: { section: number; stream: number; tries: number }[] = []
  private events = 0
  private now: number

  constructor(scenario: Scenario, options: SimulateOptions) {
    this.scenario = scenario
    this.options = options
    this.now = scenario.from
    this.statistics = new Statistics(scenario.from, scenario.to, scenario.sections)
    this.sectionIndex = new Map(scenario.sections.map(({ id }, i) => [id, i]))
    this.agentIndex = new Map(scenario.agents.map(({ id }, i) => [id, i]))
    this.agents = scenario.agents.map(agent => ({
      id: agent.id,
      section: this.indexOf(agent.skills[0]?.section ?? ''),
      state: 'away',
      since: scenario.from,
    }))
    const own = scenario.sections.map(({ arrivals }, section): CallSource => {
      const next =
        'at' in arrivals
          ? arrivals.at.toSorted((a, b) => a - b)[Symbol.iterator]()
          : poisson(arrivals.perHalfHour, scenario, randomOf(scenario.seed, -3 - section))
      return { section, next, arrived: 0 }
    })
    const added = scenario.sections.flatMap(({ added = [] }, section) => added.map(perHalfHour => ({ section, perHalfHour })))
    this.sources = [
      ...own,
      ...added.map(({ section, perHalfHour }, i): CallSource => {
        const random = randomOf(scenario.seed, -3 - own.length - i)
        return { section, next: poisson(perHalfHour, scenario, random), arrived: 0 }
      }),
    ]
  }

  private indexOf(section: string): number {
    const index = this.sectionIndex.get(section)
    if (index === undefined) throw new Error(`The scenario has no section "${section}".`)
    return index
  }

  run(): Result {
    const { from, to, sections, agents } = this.scenario
    for (const { id, settings } of sections) this.tell({ type: 'section.configured', section: id, settings })
    for (const agent of agents) this.admit(agent)
    for (let source = 0; source < this.sources.length; source++) this.noteArrival(source)
    const step = Math.max(1, (to - from) / 100)
    let told = from + step
    for (;;) {
      const deadline = this.engine.nextDeadline() ?? Number.POSITIVE_INFINITY
      const next = this.calendar.next
      if (next === Number.POSITIVE_INFINITY && (deadline === Number.POSITIVE_INFINITY || !this.somebodyWaits())) break
      if (next <= deadline) {
        const { at, what, seq } = this.calendar.take()
        this.now = at
        this.happen(what % kinds, Math.floor(what / kinds), seq)
      } else {
        this.now = deadline
        this.tell({ type: 'tick' })
      }
      if (this.options.onProgress && this.now >= told) {
        told = this.now + step
        this.options.onProgress(Math.min(1, (this.now - from) / (to - from)))
      }
    }
    for (const call of this.calls) if (call.state === 'line' || call.state === 'offered') this.leaves(call, 'abandoned')
    for (const agent of this.agents) this.agentIs(agent, 'away')
    return this.statistics.result(this.scenario.seed, this.events, this.now)
  }

  /** Somebody in line can still be helped only while an agent is there. */
  private somebodyWaits(): boolean {
    return (
      this.agents.some(agent => agent.state !== 'away') &&
      this.calls.some(call => call.state === 'line' || call.state === 'offered')
    )
  }

  private admit(agent: SimulatedAgent): void {
    const number = this.agentIndex.get(agent.id) ?? 0
    this.tell({ type: 'agent.configured', agent: agent.id, skills: agent.skills, capacities: { call: 1, mail: 0, ticket: 0 } })
    for (const shift of agent.shifts) {
      this.calendar.note(shift.from, number * kinds + agentComes)
      for (const pause of shift.breaks) {
        this.calendar.note(pause.from, number * kinds + agentPauses)
        this.calendar.note(pause.to, number * kinds + agentComes)
      }
      this.calendar.note(shift.to, number * kinds + agentLeaves)
    }
  }

  private noteArrival(source: number): void {
    const at = this.sources[source]?.next.next().value
    if (typeof at === 'number' && at < this.scenario.to) this.calendar.note(at, source * kinds + arrival)
  }

  private happen(kind: number, number: number, seq: number): void {
    switch (kind) {
      case arrival: {
        const source = this.sources[number]
        if (source) this.arrive(source.section, firstStream(number, source.arrived++), 0)
        this.noteArrival(number)
        break
      }
      case callAgain: {
        const caller = this.again[number]
        if (caller) this.arrive(caller.section, caller.stream, caller.tries)
        break
      }
      case patienceEnds: {
        const call = this.calls[number]
        if (call && (call.state === 'line' || call.state === 'offered')) this.giveUp(call)
        break
      }
      case answer: {
        const call = this.calls[number]
        if (call && call.state === 'offered' && call.answerNote === seq)
          this.tell({ type: 'offer.accepted', offer: call.offer, agent: call.agent })
        break
      }
      case conversationEnds:
        this.endConversation(this.calls[number])
        break
      case agentComes:
        this.tell({ type: 'agent.available', agent: this.agents[number]?.id ?? '' })
        break
      case agentPauses:
        this.tell({ type: 'agent.paused', agent: this.agents[number]?.id ?? '', reason: 'break' })
        break
      case agentLeaves:
        this.tell({ type: 'agent.signed-out', agent: this.agents[number]?.id ?? '' })
        break
    }
  }

  private arrive(section: number, stream: number, tries: number): void {
    const settings = this.scenario.sections[section]
    if (!settings) return
    const number = this.calls.length
    const random = randomOf(this.scenario.seed, stream)
    const patienceMs = settings.patience && drawMs(settings.patience, random)
    const call: Call = {
      id: String(number),
      section,
      stream,
      random,
      at: this.now,
      tries,
      handlingMs: drawMs(settings.handling, random),
      state: 'line',
      answerNote: 0,
      agent: '',
      offer: '',
      expectedMs: null,
    }
    this.calls.push(call)
    this.statistics.line(this.now, 1)
    if (patienceMs !== null) this.calendar.note(this.now + patienceMs, number * kinds + patienceEnds)
    this.tell({ type: 'work.queued', work: call.id, kind: 'call', section: settings.id, priority: 0, waitingSince: this.now })
  }

  private giveUp(call: Call): void {
    this.leaves(call, 'abandoned')
    this.tell({ type: 'work.gone', work: call.id })
    const { retrial } = this.scenario.behaviour
    if (call.tries < retrial.most && call.random() < retrial.share) {
      this.statistics.retrials++
      this.noteAgain(call, drawMs(retrial.after, call.random), call.tries + 1)
    }
  }

  private endConversation(call: Call | undefined): void {
    if (call?.state !== 'talking') return
    call.state = 'gone'
    this.tell({ type: 'conversation.ended', work: call.id, agent: call.agent })
    const { repeat } = this.scenario.behaviour
    if (repeat.share > 0 && call.random() < repeat.share) {
      this.statistics.repeats++
      this.noteAgain(call, drawMs(repeat.after, call.random), 0)
    }
  }

  private noteAgain(call: Call, afterMs: number, tries: number): void {
    const at = this.now + afterMs
    if (at >= this.scenario.to) return
    this.again.push({ section: call.section, stream: Math.imul(call.stream ^ 0x5bd1e995, 0x01000193) + 1, tries })
    this.calendar.note(at, (this.again.length - 1) * kinds + callAgain)
  }

  /** The call is not in line any more. */
  private leaves(call: Call, how: CallOutcome): void {
    call.state = how === 'answered' ? 'talking' : 'gone'
    this.statistics.line(this.now, -1)
    this.statistics.ended(call.section, call.at, this.now - call.at, how, call.expectedMs)
  }

  private tell(event: RoutingEvent): void {
    this.events++
    this.options.onStep?.(event, this.now)
    for (const command of this.engine.apply(event, this.now)) {
      this.options.onStep?.(command, this.now)
      this.obey(command)
    }
  }

  private obey(command: Command): void {
    switch (command.type) {
      case 'offer':
        this.offered(this.call(command.work), command.agent, command.offer)
        break
      case 'withdraw':
        this.withdrawn(this.call(command.work), command.agent, command.reason)
        break
      case 'connect':
        this.connected(this.call(command.work))
        break
      case 'announce': {
        const call = this.call(command.work)
        if (call && call.expectedMs === null) call.expectedMs = command.expectedWaitMs
        break
      }
      case 'dismiss':
      case 'divert': {
        const call = this.call(command.work)
        if (call?.state === 'line' || call?.state === 'offered')
          this.leaves(call, command.type === 'dismiss' ? 'dismissed' : 'diverted')
        break
      }
      case 'propose-callback':
        this.proposeCallback(this.call(command.work), command.section)
        break
      case 'continuity':
        this.statistics.continuity[command.outcome === 'given-up' ? 'givenUp' : command.outcome]++
        break
      case 'agent.state': {
        const agent = this.agents[this.agentIndex.get(command.agent) ?? -1]
        if (!agent) break
        const { state } = command
        this.agentIs(agent, state === 'available' ? 'idle' : state === 'signed-out' || state === 'paused' ? 'away' : 'busy')
        break
      }
    }
  }

  private call(work: string): Call | undefined {
    return this.calls[Number(work)]
  }

  private offered(call: Call | undefined, agent: string, offer: string): void {
    if (!call) return
    call.state = 'offered'
    call.agent = agent
    call.offer = offer
    const { unanswered, answerDelay } = this.scenario.behaviour
    call.answerNote = 0
    // By the caller's own chance: what happens to others must not change it.
    if (unanswered.share > 0 && call.random() < unanswered.share) return
    call.answerNote = this.calendar.note(this.now + drawMs(answerDelay, call.random), Number(call.id) * kinds + answer)
  }

  private withdrawn(call: Call | undefined, agent: string, reason: string): void {
    if (call?.state === 'offered') call.state = 'line'
    if (!call || reason !== 'no-answer') return
    this.statistics.unansweredOffers++
    const back = this.now + drawMs(this.scenario.behaviour.unanswered.backAfter, call.random)
    const number = this.agentIndex.get(agent)
    const shifts = this.scenario.agents[number ?? -1]?.shifts ?? []
    // Who has gone home in between does not come back.
    if (number !== undefined && shifts.some(shift => shift.from <= back && back < shift.to))
      this.calendar.note(back, number * kinds + agentComes)
  }

  private connected(call: Call | undefined): void {
    if (!call) return
    this.leaves(call, 'answered')
    this.calendar.note(this.now + call.handlingMs, Number(call.id) * kinds + conversationEnds)
  }

  private proposeCallback(call: Call | undefined, section: string): void {
    const { callbackTaken } = this.scenario.behaviour
    if (call?.state !== 'line' || callbackTaken === 0 || call.random() >= callbackTaken) return
    const terms = { notBefore: this.now, notAfter: this.scenario.to, maxAttempts: 1, retryMs: halfHourMs }
    this.tell({
      type: 'work.queued',
      work: call.id,
      kind: 'callback',
      section,
      priority: 0,
      waitingSince: call.at,
      callback: terms,
    })
  }

  private agentIs(agent: AgentBook, state: AgentBook['state']): void {
    if (agent.state === state) return
    if (agent.state !== 'away') this.statistics.duty(agent.section, agent.since, this.now, agent.state === 'busy')
    agent.state = state
    agent.since = this.now
  }
}

/** The stream of the n-th first call of a source; calls again derive theirs from it. */
const firstStream = (source: number, n: number): number => Math.imul(source + 1, 0x01000193) + Math.imul(n, 0x2c1b3c6d)

/** Instants of a Poisson stream whose rate is constant in each half hour: unit exponentials, laid along the integral of the rate. */
function* poisson(perHalfHour: readonly number[], { from, to }: { from: number; to: number }, random: Random) {
  let half = 0
  let position = from
  for (;;) {
    let left = exponential(1, random)
    for (;;) {
      const rate = (perHalfHour[half] ?? 0) / halfHourMs
      const end = Math.min(to, from + (half + 1) * halfHourMs)
      if (rate > 0 && position + left / rate < end) {
        position += left / rate
        break
      }
      left -= rate * (end - position)
      position = end
      half++
      if (position >= to) return
    }
    yield Math.floor(position)
  }
}
