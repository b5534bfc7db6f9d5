/**
 * What goes into the routing engine and what comes out of it.
 *
 * The engine is a function over time: facts go in as events, what must happen comes out as commands. All times are integers,
 * milliseconds since any fixed instant; all identifiers are strings given from outside; everything here is plain JSON, so that
 * an event or a command can be written to the journal and read again, on another machine, with the same result.
 *
 *   work:   waiting ──offer──▶ offered ──offer.accepted──▶ connected ──conversation.ended──▶ gone
 *              ▲                  │
 *              └─ declined, no answer, failed, withdrawn (the work keeps its place)
 *
 *   agent:  signed-out ─▶ available ─▶ offered ─▶ in-conversation ─▶ wrap-up ─▶ available
 *                            ▲ │
 *                            │ ▼
 *                           paused (with a reason)
 */

/** Milliseconds since a fixed instant; an integer. */
export type InstantMs = number

/** `call`: a caller on the line. `callback`: a caller who hung up and kept the place. `mail`, `ticket`: written work. */
export type WorkKind = 'call' | 'callback' | 'mail' | 'ticket'

/** What an agent's capacity is counted in. A callback becomes a call, so it needs the room of one. */
export type Medium = 'call' | 'mail' | 'ticket'

/** 1 (can help) to 5 (expert). */
export type Level = 1 | 2 | 3 | 4 | 5

/** How many works of each medium an agent takes at once. A call interrupts written work, never the contrary. */
export interface Capacities {
  call: 0 | 1
  mail: number
  ticket: number
}

/** What happens to a caller when a limit is reached. `move` keeps the order: the time already spent waiting counts. */
export type OverflowAction =
  | { do: 'move'; section: string }
  /** Proposes to call back; the caller stays in line until the answer. */
  | { do: 'callback' }
  /** Says a message and hangs up. */
  | { do: 'dismiss'; message: string }
  /** Hands the caller to another site, for instance a telephone number. */
  | { do: 'divert'; to: string }

/** The limits that have a rule: the queue is full, the wait is too long, nobody is signed in, the section is closed. */
export type Limit = 'full' | 'too-long' | 'nobody' | 'closed'

/** The settings of a section. `defaultSection` holds sensible ones to start from. */
export interface SectionSettings {
  /** Added to the priority of each work of the section. */
  priority: number
  /** Among the free agents: the one who has been idle longest, or the best level first (ties by longest idle). */
  choice: 'longest-idle' | 'best-level'
  /** How long an agent's telephone rings. */
  offerTimeoutMs: number
  /**
   * After a decline, an unanswered or a failed offer, the agent gets no offer for so long (else the same call bounces back at once). After
   * written work was let go by or given back, no written work: calls come all the same.
   */
  restMs: number
  /** So many unanswered offers in a row set the agent to pause. */
  unansweredLimit: number
  /** So many failed offers in a row set the agent to pause. */
  failedLimit: number
  /** Time for the agent to finish after a call; 0 for none. */
  wrapUpMs: number
  /** A caller hears the position at entry and when it improved: at most every `minIntervalMs`, noticed within `lookMs`. */
  announce: { minIntervalMs: number; lookMs: number }
  /** The handling time to reckon with until the section's own pace has been measured. */
  handlingMs: number
  /** Null: no limit. `maxWaitMs` counts from the entry into this section. */
  limits: { maxWaiting: number | null; maxWaitMs: number | null }
  /** Null: no rule, the caller waits on. */
  overflow: Readonly<Record<Limit, OverflowAction | null>>
  /** Agents of these sections help once a work has waited here for `afterMs`. The original order is kept. */
  helpers: readonly { section: string; afterMs: number }[]
}

export const defaultSection: SectionSettings = {
  priority: 0,
  choice: 'longest-idle',
  offerTimeoutMs: 20_000,
  restMs: 5_000,
  unansweredLimit: 1,
  failedLimit: 3,
  wrapUpMs: 30_000,
  announce: { minIntervalMs: 20_000, lookMs: 5_000 },
  handlingMs: 300_000,
  limits: { maxWaiting: null, maxWaitMs: null },
  overflow: { full: null, 'too-long': null, nobody: null, closed: null },
  helpers: [],
}

/** What holds for all sections of a routing domain. `defaultDomain` holds until `domain.configured` says otherwise. */
export interface DomainSettings {
  /** So much waiting is worth one step of priority, so that nobody starves; null: priorities do not age. */
  agingMs: number | null
  /** For the agent that it names, a work counts as having waited so much longer than it has. */
  continuityHeadStartMs: number
  /** A promised agent is waited for exclusively unless the expected wait of the section is more than so many times the bound. */
  continuityWorseFactor: number
}

export const defaultDomain: DomainSettings = {
  agingMs: null,
  continuityHeadStartMs: 600_000,
  continuityWorseFactor: 3,
}

/** Lowest and highest effective priority; what is beyond counts as the nearest. Higher goes first. */
export const priorityRange = { lowest: 0, highest: 99 } as const

/** The bound of a promise when the event does not say another. */
export const defaultBoundMs = 90_000

/** Whom a work would like to speak to. */
export interface Preference {
  /** One agent, or the group of those who know the case. They need not serve the section. */
  agents: readonly string[]
  /** How long to wait for them at most, from the moment of queueing. */
  boundMs: number
  /**
   * The conversation broke because the agent's page died: the same agent is waited for even while out of reach, and after the
   * bound the work goes before everybody who waits.
   */
  resume?: boolean
}

/** When a callback may be dialled, and how often. */
export interface CallbackSchedule {
  notBefore: InstantMs
  /** After this instant it is not offered any more: the engine hands it back with `dismiss`. */
  notAfter: InstantMs
  maxAttempts: number
  /** Pause between two attempts. */
  retryMs: number
}

/** A work joins a section. For a work that is already known: it leaves what it was doing and queues anew. */
export interface WorkQueued {
  type: 'work.queued'
  work: string
  kind: WorkKind
  section: string
  /** 0 to 99, higher first. */
  priority: number
  /** The start of the wait; earlier than now when time was spent before a transfer or a restart. */
  waitingSince: InstantMs
  preferred?: Preference
  /** Only for the kind `callback`. */
  callback?: CallbackSchedule
  /** Of written work: the case that it is about. Carried for those who are told of it; the engine does not look at it. */
  caseId?: string
}

/** Facts. The engine never refuses a fact that is late or doubled: what does not fit any more changes nothing. */
export type RoutingEvent =
  | { type: 'domain.configured'; settings: DomainSettings }
  | { type: 'section.configured'; section: string; settings: SectionSettings }
  | { type: 'section.opened'; section: string }
  | { type: 'section.closed'; section: string }
  | { type: 'agent.configured'; agent: string; skills: readonly { section: string; level: Level }[]; capacities: Capacities }
  /** Signs in, or comes back from a pause, or ends the wrap-up early. During a conversation it holds for afterwards. */
  | { type: 'agent.available'; agent: string }
  /** During a conversation it holds for afterwards; an open offer is withdrawn. */
  | { type: 'agent.paused'; agent: string; reason: string }
  /** Written work in hand goes back into its line. */
  | { type: 'agent.signed-out'; agent: string }
  /** The page's heartbeat fell silent: no offers. The agent's state stays what it is. */
  | { type: 'agent.unreachable'; agent: string }
  | { type: 'agent.reachable'; agent: string }
  | WorkQueued
  /** The caller hung up, or the work was done elsewhere. */
  | { type: 'work.gone'; work: string }
  /**
   * An agent has taken written work in hand: as it was offered, or by choosing it, whoever it was offered to. It is a fact, so it holds beyond
   * the agent's capacity, and for who is not in service.
   */
  | { type: 'work.taken'; work: string; agent: string }
  | { type: 'offer.accepted'; offer: string; agent: string }
  | { type: 'offer.declined'; offer: string; agent: string }
  /** The agent could not be rung. */
  | { type: 'offer.failed'; offer: string; agent: string; reason: string }
  | { type: 'conversation.ended'; work: string; agent: string }
  /** The citizen could not be reached: again later, or given up, by the work's terms. */
  | { type: 'callback.unanswered'; work: string; agent: string }
  | { type: 'wrap-up.ended'; agent: string }
  /** Time has passed. Due by `nextDeadline()`; harmless at any time. */
  | { type: 'tick' }

export const agentStates = ['signed-out', 'available', 'offered', 'in-conversation', 'wrap-up', 'paused'] as const
export type AgentState = (typeof agentStates)[number]

/** Why this agent, why now. */
export interface OfferReason {
  /** Which rule chose. */
  rule: SectionSettings['choice'] | 'continuity' | 'resume'
  /** What made the decision possible: a work that was ready met a free agent, or an agent became free for a waiting work. */
  trigger: 'work' | 'agent'
  waitedMs: number
  /** How long the agent had been idle. */
  idleMs: number
  /** The agent's level in the section through which the work came; null when named without serving it. */
  level: Level | null
  /** The section whose agents were asked: another than the work's own when it helps. */
  through: string
  /** Works that waited in this section and agents who were free for it at this moment, these two included. */
  waiting: number
  free: number
}

export type WithdrawReason =
  | 'no-answer'
  | 'work-gone'
  | 'requeued'
  | 'agent-paused'
  | 'agent-signed-out'
  | 'agent-unreachable'
  | 'declined'
  | 'failed'
  /** Somebody else took the written work by hand. */
  | 'taken'
  /** Written work that was only offered makes room for a call. */
  | 'call-first'

export type Command =
  /** Ring the agent until `until`. There is no other offer of this work and no other offer to this agent. */
  | { type: 'offer'; offer: string; work: string; agent: string; until: InstantMs; reason: OfferReason }
  /** The offer is over without a conversation; stop ringing. */
  | { type: 'withdraw'; offer: string; work: string; agent: string; reason: WithdrawReason }
  /** The answer was in time: join the two. */
  | { type: 'connect'; offer: string; work: string; agent: string }
  /** The answer came too late: tell the agent; nothing else changes. */
  | { type: 'reject'; offer: string; agent: string; reason: 'late' }
  /** Tell the caller. `position` is 1 for who is next; `ahead` is one less. The expected wait is null when nobody is there. */
  | { type: 'announce'; work: string; section: string; position: number; ahead: number; expectedWaitMs: number | null }
  /** The agent's state changed. `reason` says why when paused; by the engine: `no-answer` or `failed`. */
  | {
      type: 'agent.state'
      agent: string
      state: AgentState
      reason: string | null
      since: InstantMs
      until: InstantMs | null
      work: string | null
    }
  /** Continuity, to be measured: asked when queued; honoured when a named agent answered; given up at the bound or when hopeless. */
  | { type: 'continuity'; work: string; outcome: 'asked' | 'honoured' | 'given-up'; agents: readonly string[] }
  /** The work now waits in another section. */
  | { type: 'moved'; work: string; from: string; to: string; reason: Limit }
  | { type: 'propose-callback'; work: string; section: string; reason: Limit }
  | {
      type: 'dismiss'
      work: string
      reason: Limit | 'unknown-section' | 'callback-window-over' | 'callback-given-up'
      message: string | null
    }
  | { type: 'divert'; work: string; to: string; reason: Limit }
  /** A call interrupts written work, which stays with the agent; afterwards it goes on. */
  | { type: 'suspend'; work: string; agent: string }
  | { type: 'resume'; work: string; agent: string }
  /** Written work went back into the line because its agent left. */
  | { type: 'released'; work: string; agent: string; section: string }
