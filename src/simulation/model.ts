/**
 * A day to be simulated, and what comes out. All times are integers in milliseconds; instants count from any fixed moment, the same for
 * the whole scenario. Everything is plain JSON, so that a scenario can be sent to a worker, kept, and run again.
 */
import type { SectionSettings } from '../routing/index.ts'
import type { Duration } from './random.ts'

export const halfHourMs = 1_800_000

export interface SimulatedSection {
  id: string
  settings: SectionSettings
  /** Conversation, without the wrap-up that the settings say. */
  handling: Duration
  /** How long a caller waits before giving up; null for callers who never do. */
  patience: Duration | null
  /** Calls a day: `perHalfHour[i]` expected in the i-th half hour (Poisson), or the instants of a real day. */
  arrivals: { perHalfHour: readonly number[] } | { at: readonly number[] }
  /** More calls, from elsewhere: a Poisson stream for each list. Those of `arrivals` stay the same persons. */
  added?: readonly (readonly number[])[]
  /** A call answered within this time counts for the service level. */
  withinMs: number
}

export interface SimulatedAgent {
  id: string
  skills: readonly { section: string; level: 1 | 2 | 3 | 4 | 5 }[]
  shifts: readonly { from: number; to: number; breaks: readonly { from: number; to: number }[] }[]
}

export interface Behaviour {
  /** From the first ring to the answer. */
  answerDelay: Duration
  /** Share of offers that an agent does not answer, and when the agent is available again. */
  unanswered: { share: number; backAfter: Duration }
  /** Share of those who gave up that call again, after which time, at most how often. */
  retrial: { share: number; after: Duration; most: number }
  /** Share of those who were answered that call again about the same thing. */
  repeat: { share: number; after: Duration }
  /** Share of callers who take the offer to be called back. */
  callbackTaken: number
}

export interface Scenario {
  seed: number
  from: number
  /** Arrivals end here; who is in line then is still served while somebody is there. */
  to: number
  sections: readonly SimulatedSection[]
  agents: readonly SimulatedAgent[]
  behaviour: Behaviour
}

/** Agents who answer at once and always, callers who call once: the world of the formulas. */
export const plainBehaviour: Behaviour = {
  answerDelay: { kind: 'fixed', ms: 0 },
  unanswered: { share: 0, backAfter: { kind: 'fixed', ms: 0 } },
  retrial: { share: 0, after: { kind: 'fixed', ms: 0 }, most: 0 },
  repeat: { share: 0, after: { kind: 'fixed', ms: 0 } },
  callbackTaken: 0,
}

/** Counts of the calls that arrived in some span of time. */
export interface Counts {
  arrived: number
  answered: number
  /** Answered within the section's `withinMs`. */
  answeredWithin: number
  abandoned: number
  /** Gave up within the section's `withinMs`. */
  abandonedWithin: number
  /** Ended with a message, because closed, full, or nobody there. */
  dismissed: number
  diverted: number
  waitMsOfAnswered: number
  waitMsOfAll: number
  longestWaitMs: number
}

export interface Figures extends Counts {
  /**
   * Answered within the time ÷ (answered + given up after the time): who gives up within it was not kept waiting too long, and counts
   * neither for nor against. 1 when there was nobody.
   */
  serviceLevel: number
  averageSpeedOfAnswerMs: number
  /** Abandoned ÷ arrived. */
  abandonment: number
  /** Share of the time on duty (ringing, conversation, wrap-up and waiting for calls) that was not waiting for calls. */
  occupancy: number
}

/** The figures of a day, of one section or of all. */
export interface SimulatedDayFigures extends Figures {
  halfHours: Figures[]
  /** Answered calls by wait: `calls` waited less than `belowMs` and not less than the one before; null for the rest. */
  waits: { belowMs: number | null; calls: number }[]
  /** The engine's expected wait, told at entry, against the wait that followed (answered calls only); positive: told too long. */
  estimate: { calls: number; meanErrorMs: number; meanAbsoluteErrorMs: number }
}

export interface SectionResult extends SimulatedDayFigures {
  id: string
}

export interface Result {
  seed: number
  sections: SectionResult[]
  total: SimulatedDayFigures
  /** Calls that were calls again: after giving up, or about the same thing. */
  retrials: number
  repeats: number
  unansweredOffers: number
  continuity: { asked: number; honoured: number; givenUp: number }
  /** Little's law, L = λ W, measured from both sides: the time average of calls in line, and arrivals × their mean time in line. */
  little: { meanInLine: number; arrivalsTimesWait: number }
  /** Facts told to the engine, ticks included. */
  events: number
  simulatedMs: number
}
