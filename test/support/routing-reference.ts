/**
 * The engine once more, slow and obvious, for the tests: lists that are searched from one end to the other, no heaps, no lines, no timers
 * that somebody has to set. It distributes calls and callbacks with priorities, levels, helpers, continuity, limits and overflow, while
 * sections open, close and change. Without written work and announcements, and with an expected wait that is never too long to wait for a
 * named agent.
 */
import {
  type AgentState,
  type CallbackSchedule,
  type Command,
  type DomainSettings,
  defaultDomain,
  type InstantMs,
  type Level,
  type Limit,
  type OverflowAction,
  priorityRange,
  type RoutingEvent,
  type SectionSettings,
  type WithdrawReason,
  type WorkQueued,
} from '../../src/routing/model.ts'

type Duty = 'signed-out' | 'available' | 'paused'

interface Agent {
  id: string
  seq: number
  skills: readonly { section: string; level: Level }[]
  duty: Duty
  pauseReason: string | null
  reachable: boolean
  phase: 'ready' | 'wrap-up' | 'rest'
  phaseEnds: InstantMs
  idleSince: InstantMs
  unanswered: number
  failed: number
  told: string
}

interface Call {
  id: string
  seq: number
  section: string
  priority: number
  since: InstantMs
  enteredAt: InstantMs
  broken: boolean
  state: 'waiting' | 'sleeping' | 'offered' | 'connected'
  /** Stands in line. */
  lined: boolean
  callback: CallbackSchedule | null
  dialled: number
  wakeAt: InstantMs
  proposed: boolean
  visited: readonly string[]
  with: Agent | null
  place: readonly number[]
  offer: string
  attempts: number
  offerEnds: InstantMs
  lookAt: InstantMs
  helped: number
  promised: { agents: readonly string[]; until: InstantMs; resume: boolean } | null
}

const never = Number.POSITIVE_INFINITY

/** Whether the list of numbers `a` comes before `b`. */
function before(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x = 0, y = 0] = [a[i], b[i]]
    if (x !== y) return x < y
  }
  return false
}

function firstOf<T>(things: readonly T[], rank: (thing: T) => readonly number[]): T | undefined {
  let best: T | undefined
  for (const thing of things) if (best === undefined || before(rank(thing), rank(best))) best = thing
  return best
}

export class Reference {
  private now = 0
  private seq = 1
  private domain: DomainSettings = defaultDomain
  private readonly sections = new Map<string, SectionSettings>()
  private readonly closed = new Set<string>()
  private readonly agents: Agent[] = []
  private calls: Call[] = []
  private commands: Command[] = []
  /** Those whose offer or conversation ends in this very moment: the call is for the others first, then the agent looks what there is. */
  private readonly leaving = new Set<Agent>()

  /** The engine's commands, without those that this one does not know, and without the reasons of offers. */
  apply(event: RoutingEvent, now: InstantMs): Command[] {
    this.commands = []
    this.now = Math.max(this.now, now)
    this.take(event)
    for (;;) {
      const due = firstOf([...this.dueCalls(), ...this.dueAgents()], ({ at, seq }) => [at, seq])
      if (due === undefined) return this.commands
      due.act()
    }
  }

  private dueCalls() {
    return this.calls
      .map(call => ({
        at: call.state === 'offered' ? call.offerEnds : call.state === 'connected' ? never : call.lookAt,
        seq: call.seq,
        act: () => {
          if (call.state === 'offered') this.missed(call, 'no-answer')
          else if (call.state === 'sleeping') this.start(call)
          else this.look(call)
        },
      }))
      .filter(({ at }) => at <= this.now)
  }

  private dueAgents() {
    return this.agents
      .map(agent => ({
        at: agent.phase === 'ready' ? never : agent.phaseEnds,
        seq: agent.seq,
        act: () => {
          this.endPhase(agent)
          this.settle(agent)
        },
      }))
      .filter(({ at }) => at <= this.now)
  }

  private take(event: RoutingEvent): void {
    switch (event.type) {
      case 'domain.configured':
        this.domain = event.settings
        this.lineUpAgain(() => true)
        break
      case 'section.configured': {
        const helpers = event.settings.helpers.toSorted((a, b) => a.afterMs - b.afterMs)
        this.sections.set(event.section, { ...event.settings, helpers })
        this.lineUpAgain(call => call.section === event.section)
        break
      }
      case 'agent.configured':
        this.agent(event.agent).skills = event.skills
        this.settle(this.agent(event.agent))
        break
      case 'agent.available':
        this.available(this.agent(event.agent))
        break
      case 'agent.paused': {
        const agent = this.agent(event.agent)
        agent.duty = 'paused'
        agent.pauseReason = event.reason
        this.endPhase(agent)
        this.leaveToOthers(agent, 'agent-paused')
        break
      }
      case 'agent.signed-out': {
        const agent = this.agent(event.agent)
        if (agent.duty === 'signed-out') break
        agent.duty = 'signed-out'
        agent.pauseReason = null
        agent.phase = 'ready'
        this.leaveToOthers(agent, 'agent-signed-out')
        break
      }
      case 'agent.unreachable':
        this.agent(event.agent).reachable = false
        this.leaveToOthers(this.agent(event.agent), 'agent-unreachable')
        break
      case 'agent.reachable':
        this.agent(event.agent).reachable = true
        this.settle(this.agent(event.agent))
        break
      case 'wrap-up.ended': {
        const agent = this.agents.find(({ id }) => id === event.agent)
        if (agent?.phase !== 'wrap-up') break
        this.endPhase(agent)
        this.settle(agent)
        break
      }
      case 'work.queued':
        this.queue(event)
        break
      case 'work.gone': {
        const call = this.calls.find(({ id }) => id === event.work)
        if (call === undefined) break
        const left = this.leave(call, true, 'work-gone')
        this.forget(call)
        if (left !== null) this.settle(left)
        break
      }
      case 'offer.accepted':
        this.accept(event.offer, event.agent)
        break
      case 'offer.declined':
      case 'offer.failed': {
        const call = this.offeredTo(event.agent)
        if (call?.offer === event.offer) this.missed(call, event.type === 'offer.declined' ? 'declined' : 'failed')
        break
      }
      case 'conversation.ended': {
        const call = this.calls.find(({ id, state }) => id === event.work && state === 'connected')
        if (call?.with?.id !== event.agent) break
        const agent = this.disconnect(call, true)
        this.forget(call)
        if (agent !== null) this.settle(agent)
        break
      }
      case 'callback.unanswered':
        this.unanswered(event.work, event.agent)
        break
      case 'section.opened':
        this.closed.delete(event.section)
        break
      case 'section.closed':
        this.closed.add(event.section)
        break
      // Written work is not known here.
      case 'work.taken':
      case 'tick':
        break
    }
  }

  // --- calls --------------------------------------------------------------------------------------------------------

  private queue(event: WorkQueued): void {
    const known = this.calls.find(({ id }) => id === event.work)
    const resume = event.preferred?.resume === true
    const left = known === undefined ? null : this.leave(known, !resume, 'requeued')
    if (!this.sections.has(event.section)) {
      this.commands.push({ type: 'dismiss', work: event.work, reason: 'unknown-section', message: null })
      if (known !== undefined) this.forget(known)
    } else {
      const call = known ?? this.newCall(event.work)
      call.section = event.section
      call.priority = event.priority
      call.since = Math.min(event.waitingSince, this.now)
      call.broken = resume
      call.callback = event.callback ?? null
      call.wakeAt = event.callback?.notBefore ?? 0
      call.dialled = 0
      call.proposed = false
      call.visited = []
      call.promised = null
      const asked = event.preferred
      if (asked !== undefined && asked.agents.length > 0) {
        this.commands.push({ type: 'continuity', work: call.id, outcome: 'asked', agents: asked.agents })
        call.promised = { agents: asked.agents, until: this.now + asked.boundMs, resume }
        if (!this.hopeful(call)) this.giveUp(call)
      }
      this.start(call)
    }
    if (left !== null) this.settle(left)
  }

  /** In line, or asleep until it may be dialled. */
  private start(call: Call): void {
    if (this.endIfOver(call)) return
    if (call.wakeAt > this.now) {
      call.state = 'sleeping'
      call.with = null
      call.lookAt = Math.min(call.wakeAt, call.callback?.notAfter ?? never)
    } else this.enter(call)
  }

  /** Hands a callback back that may not be dialled any more; answers whether it was so. */
  private endIfOver(call: Call): boolean {
    if (call.callback === null || this.now < call.callback.notAfter) return false
    this.dismiss(call, 'callback-window-over', null)
    return true
  }

  private unanswered(id: string, by: string): void {
    const call = this.calls.find(({ id: other, state }) => other === id && state === 'connected')
    if (call?.with?.id !== by || call.callback === null) return
    const agent = this.disconnect(call, false)
    if (++call.dialled >= call.callback.maxAttempts) this.dismiss(call, 'callback-given-up', null)
    else {
      call.wakeAt = this.now + Math.max(1, call.callback.retryMs)
      this.start(call)
    }
    if (agent !== null) this.settle(agent)
  }

  private dismiss(call: Call, reason: Extract<Command, { type: 'dismiss' }>['reason'], message: string | null): void {
    this.commands.push({ type: 'dismiss', work: call.id, reason, message })
    this.forget(call)
  }

  // --- limits -------------------------------------------------------------------------------------------------------

  /** Into its section, or wherever a limit leads. */
  private enter(call: Call): void {
    for (;;) {
      call.enteredAt = this.now
      call.helped = this.helpersDue(call)
      const limit = call.callback === null && !call.broken ? this.limitAtEntry(call.section) : null
      const outcome = limit === null ? 'stays' : this.obey(call, limit)
      if (outcome === 'gone') return
      if (outcome === 'stays') break
    }
    this.lineUp(call)
  }

  private limitAtEntry(section: string): Limit | null {
    if (this.closed.has(section)) return 'closed'
    const serving = this.agents.filter(({ skills }) => skills.some(skill => skill.section === section))
    if (serving.every(({ duty }) => duty === 'signed-out')) return 'nobody'
    const { maxWaiting } = this.settings(section).limits
    const waiting = this.calls.filter(call => call.lined && call.section === section).length
    const free = serving.some(agent => this.isFree(agent) && !this.leaving.has(agent))
    return maxWaiting !== null && waiting >= maxWaiting && !free ? 'full' : null
  }

  /** Returns whether a rule took the waiting call out of its line. */
  private enforce(call: Call): boolean {
    if (call.callback !== null || call.broken) return false
    const { limits, overflow } = this.settings(call.section)
    const tooLong = limits.maxWaitMs !== null && this.now >= call.enteredAt + limits.maxWaitMs
    const atEntry = this.limitAtEntry(call.section)
    const limit = atEntry !== null && atEntry !== 'full' ? atEntry : tooLong ? 'too-long' : null
    const action = limit === null ? null : overflow[limit]
    if (limit === null || action === null || (action.do === 'callback' && call.proposed)) return false
    if (action.do === 'move' && !this.takes(action.section, [...call.visited, call.section])) return false
    if (action.do !== 'callback') call.lined = false
    const outcome = this.obey(call, limit)
    if (outcome === 'moved') this.enter(call)
    return outcome !== 'stays'
  }

  private obey(call: Call, limit: Limit): 'stays' | 'moved' | 'gone' {
    const action = this.settings(call.section).overflow[limit]
    if (action?.do === 'dismiss') this.dismiss(call, limit, action.message)
    else if (action?.do === 'divert') {
      this.commands.push({ type: 'divert', work: call.id, to: action.to, reason: limit })
      this.forget(call)
    } else if (action?.do === 'move') return this.move(call, action, limit)
    else if (action?.do === 'callback' && !call.proposed) {
      this.commands.push({ type: 'propose-callback', work: call.id, section: call.section, reason: limit })
      call.proposed = true
    }
    return action?.do === 'dismiss' || action?.do === 'divert' ? 'gone' : 'stays'
  }

  private move(call: Call, { section: to }: OverflowAction & { do: 'move' }, reason: Limit): 'stays' | 'moved' {
    const from = call.section
    if (!this.takes(to, [...call.visited, from])) return 'stays'
    this.commands.push({ type: 'moved', work: call.id, from, to, reason })
    call.visited = [...call.visited, from]
    call.section = to
    return 'moved'
  }

  /** Whether a section takes a call that has passed these already. */
  private takes(section: string, passed: readonly string[]): boolean {
    if (!this.sections.has(section) || passed.includes(section)) return false
    const limit = this.limitAtEntry(section)
    if (limit === null) return true
    const action = this.settings(section).overflow[limit]
    if (action === null) return false
    return action.do !== 'move' || this.takes(action.section, [...passed, section])
  }

  // --- in line ------------------------------------------------------------------------------------------------------

  private newCall(id: string): Call {
    const call: Call = {
      id,
      seq: this.seq++,
      section: '',
      priority: 0,
      since: 0,
      enteredAt: 0,
      broken: false,
      state: 'waiting',
      lined: false,
      callback: null,
      dialled: 0,
      wakeAt: 0,
      proposed: false,
      visited: [],
      with: null,
      place: [],
      offer: '',
      attempts: 0,
      offerEnds: never,
      lookAt: never,
      helped: 0,
      promised: null,
    }
    this.calls.push(call)
    return call
  }

  private forget(call: Call): void {
    this.calls = this.calls.filter(other => other !== call)
  }

  /** A call is with nobody: the best free agent, or its place in line. */
  private lineUp(call: Call): void {
    if (this.endIfOver(call)) return
    call.state = 'waiting'
    call.with = null
    call.place = this.placeOf(call)
    if (call.promised !== null && !this.hopeful(call)) this.giveUp(call)
    const agent = this.agentFor(call)
    if (agent !== undefined) {
      this.offer(call, agent)
      return
    }
    call.lined = true
    this.watch(call)
  }

  private placeOf(call: Call): readonly number[] {
    if (call.broken) return [0, 0, call.since, call.seq]
    const { lowest, highest } = priorityRange
    const priority = Math.min(highest, Math.max(lowest, call.priority + this.settings(call.section).priority))
    if (this.domain.agingMs !== null) return [1, 0, call.since - priority * this.domain.agingMs, call.seq]
    return [1, highest - priority, call.since, call.seq]
  }

  private lineUpAgain(concerns: (call: Call) => boolean): void {
    const waiting = this.calls.filter(call => call.lined && concerns(call))
    waiting.sort((a, b) => (before(a.place, b.place) ? -1 : 1))
    for (const call of waiting) call.lined = false
    for (const call of waiting) {
      call.helped = this.helpersDue(call)
      this.lineUp(call)
    }
  }

  private watch(call: Call): void {
    const { helpers, limits, overflow, announce } = this.settings(call.section)
    const helper = helpers[call.helped]
    const helperAt = helper === undefined ? never : call.enteredAt + helper.afterMs
    const isCall = call.callback === null
    const ruled = overflow.closed !== null || overflow.nobody !== null || overflow['too-long'] !== null
    // Without a rule, there is nothing to look for but the position.
    const nextLook = isCall && ruled ? this.now + announce.lookMs : never
    const longest = call.enteredAt + (limits.maxWaitMs ?? never)
    const tooLong = isCall && longest > this.now ? longest : never
    const first = Math.min(nextLook, tooLong, call.promised?.until ?? never, helperAt, call.callback?.notAfter ?? never)
    call.lookAt = Math.max(this.now + 1, first)
  }

  private look(call: Call): void {
    if (this.endIfOver(call)) return
    if (call.promised !== null && this.now >= call.promised.until) {
      call.lined = false
      this.giveUp(call)
      this.lineUp(call)
      return
    }
    if (this.enforce(call)) return
    const due = this.helpersDue(call)
    while (call.helped < due && call.state === 'waiting') {
      call.helped++
      const agent = call.promised === null ? this.agentFor(call) : undefined
      if (agent !== undefined) this.offer(call, agent)
    }
    if (call.state === 'waiting') this.watch(call)
  }

  private helpersDue(call: Call): number {
    return this.settings(call.section).helpers.filter(({ afterMs }) => call.enteredAt + afterMs <= this.now).length
  }

  private hopeful({ promised }: Call): boolean {
    if (promised === null || promised.until <= this.now) return false
    return this.agents.some(
      ({ id, duty, reachable }) =>
        promised.agents.includes(id) && duty !== 'signed-out' && (promised.resume || (duty === 'available' && reachable)),
    )
  }

  private giveUp(call: Call): void {
    if (call.promised === null) return
    this.commands.push({ type: 'continuity', work: call.id, outcome: 'given-up', agents: call.promised.agents })
    call.promised = null
  }

  private leave(call: Call, wrapUp: boolean, reason: 'requeued' | 'work-gone'): Agent | null {
    if (call.state === 'offered') return this.withdraw(call, reason)
    call.lined = false
    return call.state === 'connected' ? this.disconnect(call, wrapUp) : null
  }

  private disconnect(call: Call, wrapUp: boolean): Agent | null {
    const agent = call.with
    call.with = null
    call.state = 'waiting'
    if (agent === null) return null
    this.leaving.add(agent)
    const { wrapUpMs } = this.settings(call.section)
    if (wrapUp && wrapUpMs > 0 && agent.duty !== 'signed-out') {
      agent.phase = 'wrap-up'
      agent.phaseEnds = this.now + wrapUpMs
    } else agent.idleSince = this.now
    return agent
  }

  // --- offers -------------------------------------------------------------------------------------------------------

  private offer(call: Call, agent: Agent): void {
    call.state = 'offered'
    call.lined = false
    call.with = agent
    call.offer = `${call.id}#${call.seq}.${++call.attempts}`
    call.offerEnds = this.now + Math.max(1, this.settings(call.section).offerTimeoutMs)
    const reason = { rule: 'longest-idle', trigger: 'work', waitedMs: 0, idleMs: 0, level: null } as const
    const place = { through: call.section, waiting: 0, free: 0 }
    this.commands.push({
      type: 'offer',
      offer: call.offer,
      work: call.id,
      agent: agent.id,
      until: call.offerEnds,
      reason: { ...reason, ...place },
    })
    this.tell(agent)
  }

  private withdraw(call: Call, reason: WithdrawReason): Agent | null {
    const agent = call.with
    if (agent === null) return null
    this.commands.push({ type: 'withdraw', offer: call.offer, work: call.id, agent: agent.id, reason })
    call.state = 'waiting'
    call.with = null
    call.lookAt = never
    this.leaving.add(agent)
    return agent
  }

  private accept(offer: string, id: string): void {
    const call = this.offeredTo(id)
    const agent = call?.with ?? null
    if (call?.offer !== offer || agent === null) {
      this.commands.push({ type: 'reject', offer, agent: id, reason: 'late' })
      return
    }
    call.state = 'connected'
    agent.unanswered = 0
    agent.failed = 0
    this.commands.push({ type: 'connect', offer, work: call.id, agent: id })
    if (call.promised !== null) {
      const { agents } = call.promised
      const outcome = agents.includes(id) ? 'honoured' : 'given-up'
      this.commands.push({ type: 'continuity', work: call.id, outcome, agents })
      call.promised = null
    }
    this.settle(agent)
  }

  private missed(call: Call, how: 'declined' | 'failed' | 'no-answer'): void {
    const { restMs, unansweredLimit, failedLimit } = this.settings(call.section)
    const agent = this.withdraw(call, how)
    if (agent === null) return
    if (call.promised?.agents.includes(agent.id)) this.giveUp(call)
    if (how === 'no-answer') agent.unanswered++
    if (how === 'failed') agent.failed++
    agent.idleSince = this.now
    if ((how === 'no-answer' && agent.unanswered >= unansweredLimit) || (how === 'failed' && agent.failed >= failedLimit)) {
      agent.duty = 'paused'
      agent.pauseReason = how
      this.releasePromises(call)
    } else if (restMs > 0) {
      agent.phase = 'rest'
      agent.phaseEnds = this.now + restMs
    }
    this.lineUp(call)
    this.settle(agent)
  }

  private offeredTo(agent: string): Call | undefined {
    return this.calls.find(call => call.state === 'offered' && call.with?.id === agent)
  }

  // --- agents -------------------------------------------------------------------------------------------------------

  private agent(id: string): Agent {
    const known = this.agents.find(agent => agent.id === id)
    if (known !== undefined) return known
    const agent: Agent = {
      id,
      seq: this.seq++,
      skills: [],
      duty: 'signed-out',
      pauseReason: null,
      reachable: true,
      phase: 'ready',
      phaseEnds: never,
      idleSince: this.now,
      unanswered: 0,
      failed: 0,
      told: 'signed-out null null',
    }
    this.agents.push(agent)
    return agent
  }

  private available(agent: Agent): void {
    if (agent.duty !== 'available') {
      agent.duty = 'available'
      agent.pauseReason = null
      agent.unanswered = 0
      agent.failed = 0
      agent.idleSince = this.now
    }
    this.endPhase(agent)
    this.settle(agent)
  }

  private endPhase(agent: Agent): void {
    if (agent.phase === 'wrap-up') agent.idleSince = this.now
    agent.phase = 'ready'
  }

  private leaveToOthers(agent: Agent, reason: WithdrawReason): void {
    const call = this.offeredTo(agent.id)
    if (call !== undefined) this.withdraw(call, reason)
    this.settle(agent)
    if (call !== undefined) this.lineUp(call)
    this.releasePromises()
  }

  /** Calls that wait for nobody who could come wait for anybody; `except` is not in line at the moment. */
  private releasePromises(except?: Call): void {
    const waiting = this.calls.filter(call => call.lined && call.promised !== null && call !== except)
    waiting.sort((a, b) => (before(a.place, b.place) ? -1 : 1))
    for (const call of waiting) {
      if (call.promised === null || this.hopeful(call)) continue
      call.lined = false
      this.giveUp(call)
      this.lineUp(call)
    }
  }

  private callOf(agent: Agent): Call | undefined {
    return this.calls.find(call => (call.state === 'offered' || call.state === 'connected') && call.with === agent)
  }

  private isFree(agent: Agent): boolean {
    return agent.duty === 'available' && agent.reachable && agent.phase === 'ready' && this.callOf(agent) === undefined
  }

  private settle(agent: Agent): void {
    this.leaving.delete(agent)
    const call = this.isFree(agent) ? this.callFor(agent) : undefined
    if (call === undefined) this.tell(agent)
    else if (this.endIfOver(call)) this.settle(agent)
    else this.offer(call, agent)
  }

  private tell(agent: Agent): void {
    const call = this.callOf(agent)
    const state: AgentState =
      call?.state === 'connected'
        ? 'in-conversation'
        : call?.state === 'offered'
          ? 'offered'
          : agent.phase === 'wrap-up'
            ? 'wrap-up'
            : agent.duty
    const reason = state === 'paused' ? agent.pauseReason : null
    const work = call?.id ?? null
    const told = `${state} ${reason} ${work}`
    if (told === agent.told) return
    agent.told = told
    const until = state === 'wrap-up' ? agent.phaseEnds : state === 'offered' ? (call?.offerEnds ?? null) : null
    this.commands.push({ type: 'agent.state', agent: agent.id, state, reason, since: this.now, until, work })
  }

  // --- who with whom ------------------------------------------------------------------------------------------------

  private settings(section: string): SectionSettings {
    const settings = this.sections.get(section)
    if (settings === undefined) throw new Error(`The section ${section} was never configured.`)
    return settings
  }

  /** Sections whose agents may take the call now, its own first. */
  private through(call: Call): string[] {
    const { helpers } = this.settings(call.section)
    return [call.section, ...helpers.slice(0, call.helped).map(({ section }) => section)]
  }

  private agentFor(call: Call): Agent | undefined {
    const free = this.agents.filter(agent => this.isFree(agent))
    const { promised } = call
    if (promised !== null) {
      const named = free.filter(({ id }) => promised.agents.includes(id))
      return firstOf(named, agent => this.rank(agent, call.section))
    }
    for (const section of this.through(call)) {
      const serving = free.filter(agent => !this.leaving.has(agent) && agent.skills.some(skill => skill.section === section))
      const best = firstOf(serving, agent => this.rank(agent, section))
      if (best !== undefined) return best
    }
    return undefined
  }

  private rank(agent: Agent, section: string): readonly number[] {
    const level = agent.skills.find(skill => skill.section === section)?.level ?? 0
    const best = this.sections.get(section)?.choice === 'best-level'
    return [best ? 5 - level : 0, agent.idleSince, agent.seq]
  }

  private callFor(agent: Agent): Call | undefined {
    const own = this.calls.filter(
      call =>
        call.lined &&
        (call.promised === null
          ? this.through(call).some(section => agent.skills.some(skill => skill.section === section))
          : call.promised.agents.includes(agent.id)),
    )
    return firstOf(own, ({ place, promised }) => {
      const [group = 0, priority = 0, since = 0, seq = 0] = place
      return [group, priority, since - (promised === null ? 0 : this.domain.continuityHeadStartMs), seq]
    })
  }
}
