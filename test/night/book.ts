/**
 * A book of who waits and who is with whom, kept by somebody who knows no engine: from the facts and the commands alone. What must hold at
 * every step is asked of it at every step.
 */
import { type Command, priorityRange, type RoutingEvent, type SectionSettings, type WorkKind } from '../../src/routing/index.ts'

export interface BookedWork {
  readonly id: string
  kind: WorkKind
  section: string
  priority: number
  since: number
  broken: boolean
  /** Waits for somebody by name. */
  named: boolean
  callback: { notBefore: number; notAfter: number } | null
  state: 'waiting' | 'offered' | 'connected'
  agent: string | null
  offer: string
  /** The step at which it came into the line where it stands, if it stands in one. */
  waitsFrom: number
}

export interface BookedAgent {
  readonly id: string
  duty: 'signed-out' | 'available' | 'paused'
  reachable: boolean
  offered: string | null
  call: string | null
  written: Set<string>
  told: string
}

export const isCall = (kind: WorkKind): boolean => kind === 'call' || kind === 'callback'

export class Book {
  readonly works = new Map<string, BookedWork>()
  readonly agents = new Map<string, BookedAgent>()
  private readonly sections = new Map<string, SectionSettings>()
  private readonly offers = new Set<string>()
  private readonly fail: (what: string) => void
  private now = 0
  private step = 0

  constructor(fail: (what: string) => void) {
    this.fail = fail
  }

  /** Notes a step. */
  note(input: RoutingEvent, at: number, commands: readonly Command[]): void {
    this.now = Math.max(this.now, at)
    this.step++
    const leaves = this.hear(input)
    for (const command of commands) {
      this.follow(command)
      if (command.type === 'connect' && input.type === 'offer.accepted' && command.offer !== input.offer)
        this.fail(`the answer to ${input.offer} counts for ${command.offer}`)
    }
    if (leaves !== null) this.works.delete(leaves)
    for (const command of commands)
      if (command.type === 'offer' && command.reason.trigger === 'agent' && !/configured$/.test(input.type)) this.mayCome(command)
  }

  // --- facts --------------------------------------------------------------------------------------------------------

  /** Returns the work that is gone, when what it was doing has been undone by the commands. */
  private hear(input: RoutingEvent): string | null {
    switch (input.type) {
      case 'section.configured':
        this.sections.set(input.section, input.settings)
        return null
      case 'work.queued':
        this.queue(input)
        return null
      case 'work.gone':
        this.letGo(input.work)
        return input.work
      case 'conversation.ended': {
        if (!this.isWith(input)) return null
        this.letGo(input.work)
        return input.work
      }
      case 'callback.unanswered': {
        const work = this.works.get(input.work)
        if (!work?.callback || !this.isWith(input)) return null
        this.letGo(input.work)
        this.wait(work)
        return null
      }
      case 'work.taken':
        this.take(input.work, input.agent)
        return null
      case 'agent.available':
        this.agent(input.agent).duty = 'available'
        return null
      case 'agent.paused':
        this.agent(input.agent).duty = 'paused'
        return null
      case 'agent.signed-out':
        this.agent(input.agent).duty = 'signed-out'
        return null
      case 'agent.reachable':
      case 'agent.unreachable':
        this.agent(input.agent).reachable = input.type === 'agent.reachable'
        return null
      default:
        return null
    }
  }

  private isWith({ work, agent }: { work: string; agent: string }): boolean {
    const known = this.works.get(work)
    return known?.state === 'connected' && known.agent === agent
  }

  private queue(input: Extract<RoutingEvent, { type: 'work.queued' }>): void {
    const { work: id, kind, section, priority, waitingSince, preferred, callback } = input
    this.letGo(id)
    const known = this.works.get(id)
    const broken = preferred?.resume === true && isCall(kind)
    const place = { kind, section, priority, since: Math.min(waitingSince, this.now), broken, named: preferred !== undefined }
    const terms = { callback: callback ?? null }
    if (known !== undefined) {
      Object.assign(known, place, terms)
      // What is still offered is withdrawn first, by a command.
      if (known.state !== 'offered') this.wait(known)
      return
    }
    const life = { state: 'waiting', agent: null, offer: '', waitsFrom: this.step } as const
    this.works.set(id, { id, ...place, ...terms, ...life })
  }

  private wait(work: BookedWork): void {
    work.state = 'waiting'
    work.agent = null
    work.waitsFrom = this.step
  }

  /** Ends what a work is in, except an offer, whose end is a command. */
  private letGo(id: string): void {
    const work = this.works.get(id)
    if (work?.state !== 'connected' || work.agent === null) return
    const agent = this.agent(work.agent)
    if (agent.call === id) agent.call = null
    agent.written.delete(id)
    this.wait(work)
  }

  private take(id: string, name: string): void {
    const work = this.works.get(id)
    if (work === undefined || isCall(work.kind) || (work.state === 'connected' && work.agent === name)) return
    // To whom it is offered takes it by a command; from whom it is taken, the offer is withdrawn by one.
    if (work.state === 'offered') {
      if (work.agent !== name) this.takers.set(id, name)
      return
    }
    this.letGo(id)
    this.join(work, this.agent(name))
  }

  /** Who takes a work whose offer to another has still to be withdrawn. */
  private readonly takers = new Map<string, string>()

  private join(work: BookedWork, agent: BookedAgent): void {
    work.state = 'connected'
    work.agent = agent.id
    if (!isCall(work.kind)) agent.written.add(work.id)
    else if (agent.call !== null) this.fail(`${agent.id} has two calls`)
    else agent.call = work.id
  }

  // --- commands -----------------------------------------------------------------------------------------------------

  private follow(command: Command): void {
    switch (command.type) {
      case 'offer':
        this.offer(command)
        break
      case 'connect':
      case 'withdraw':
        this.endOffer(command)
        break
      case 'continuity':
        if (command.outcome === 'given-up') {
          const work = this.works.get(command.work)
          if (work !== undefined) work.named = false
        }
        return
      case 'moved': {
        const work = this.works.get(command.work)
        if (work?.state !== 'waiting' || work.section !== command.from) this.fail(`${command.work} is moved from elsewhere`)
        if (work === undefined) return
        work.section = command.to
        work.waitsFrom = this.step
        return
      }
      case 'dismiss':
      case 'divert': {
        const work = this.works.get(command.work)
        if (work !== undefined && work.state !== 'waiting') this.fail(`${command.work} is led away while it is ${work.state}`)
        this.works.delete(command.work)
        return
      }
      case 'released':
        this.letGo(command.work)
        break
      case 'suspend':
      case 'resume':
        if (!this.agent(command.agent).written.has(command.work)) this.fail(`${command.type} of ${command.work}, not in hand`)
        return
      case 'agent.state': {
        const agent = this.agent(command.agent)
        agent.told = command.state
        // Set to pause by the engine itself.
        if (command.state === 'paused') agent.duty = 'paused'
        if (command.work !== (agent.call ?? agent.offered)) this.fail(`${agent.id} is said to have ${command.work}`)
        return
      }
      default:
        return
    }
  }

  private endOffer({ type, work: id, agent: name, offer }: Extract<Command, { type: 'connect' | 'withdraw' }>): void {
    const work = this.works.get(id)
    const agent = this.agent(name)
    if (work?.state !== 'offered' || work.agent !== name || work.offer !== offer || agent.offered !== id) {
      this.fail(`${type} of ${offer}, which is not open`)
      return
    }
    agent.offered = null
    const taker = type === 'connect' ? name : this.takers.get(id)
    if (type === 'withdraw') this.wait(work)
    if (taker === undefined) return
    this.takers.delete(id)
    this.join(work, this.agent(taker))
  }

  private offer({ offer, work: id, agent: name, until }: Extract<Command, { type: 'offer' }>): void {
    const work = this.works.get(id)
    const agent = this.agent(name)
    if (this.offers.has(offer)) this.fail(`the offer ${offer} is made twice`)
    this.offers.add(offer)
    if (work === undefined) {
      this.fail(`${id} is offered and not there`)
      return
    }
    if (work.state !== 'waiting') this.fail(`${id} is offered while it is ${work.state}`)
    if (agent.offered !== null) this.fail(`${name} has two offers`)
    if (agent.call !== null) this.fail(`${name} is offered ${id} in conversation`)
    if (agent.duty !== 'available' || !agent.reachable)
      this.fail(`${id} is offered to ${name}, who is ${agent.reachable ? agent.duty : 'out of reach'}`)
    if (until <= this.now) this.fail(`the offer ${offer} ends before it begins`)
    const { callback } = work
    if (callback && (this.now < callback.notBefore || this.now >= callback.notAfter))
      this.fail(`the callback ${id} is offered outside its hours`)
    work.state = 'offered'
    work.agent = name
    work.offer = offer
    agent.offered = id
  }

  /** First come, first served, within priority: of those who waited before this step and wait on, none comes before who was taken. */
  private mayCome({ work: id, reason }: Extract<Command, { type: 'offer' }>): void {
    const taken = this.works.get(id)
    if (taken === undefined || reason.rule === 'continuity' || reason.rule === 'resume') return
    if (reason.through !== taken.section || taken.named || taken.kind !== 'call' || taken.waitsFrom >= this.step) return
    const place = this.place(taken)
    for (const work of this.works.values()) {
      if (work.state !== 'waiting' || work.waitsFrom >= this.step || work.section !== taken.section) continue
      if (work.kind === 'call' && !work.named && goesBefore(this.place(work), place))
        this.fail(`${taken.id} is offered before ${work.id}, which came first`)
    }
  }

  private place(work: BookedWork): readonly [number, number, number] {
    const own = work.priority + (this.sections.get(work.section)?.priority ?? 0)
    const priority = Math.min(priorityRange.highest, Math.max(priorityRange.lowest, own))
    return work.broken ? [0, 0, work.since] : [1, -priority, work.since]
  }

  private agent(id: string): BookedAgent {
    const known = this.agents.get(id)
    if (known !== undefined) return known
    const agent: BookedAgent = {
      ...{ id, duty: 'signed-out', reachable: true, offered: null, call: null, written: new Set(), told: 'signed-out' },
    }
    this.agents.set(id, agent)
    return agent
  }
}

function goesBefore(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) < (b[i] ?? 0)
  return false
}
