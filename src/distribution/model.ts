/**
 * What distribution speaks of outside: the agent's desk, skills, the settings of a section's queue.
 */

import { z } from 'zod'
import { Instant, Uuid } from '../platform/index.ts'
import type { AgentState, WorkKind } from '../routing/index.ts'
import { StateOfAgent } from './events.ts'
import { pauseReasons } from './pause-reasons.ts'

/** There is one routing domain for the whole institute. */
export const domain = 'national'

/** A page reports so often … */
export const heartbeatIntervalMs = 5_000
/** … and counts as gone when it has been silent for longer than this. */
export const silentAfterMs = 12_000

export const SectionId = z.string().regex(/^[a-z0-9-]{1,60}$/)
export const Skill = z.object({
  sectionId: SectionId,
  level: z.number().int().min(1).max(5).describe('1 can help, 5 expert'),
})
export type Skill = z.infer<typeof Skill>

/** Why an agent pauses. The program adds `no-answer` and `failed`. */
export const PauseReasonText = z.enum(pauseReasons)

const seconds = (min: number, max: number) =>
  z
    .number()
    .int()
    .min(min * 1000)
    .max(max * 1000)
const Overflow = z
  .discriminatedUnion('do', [
    z.object({ do: z.literal('move'), section: SectionId }),
    z.object({ do: z.literal('callback') }),
    z.object({ do: z.literal('dismiss'), message: z.string().min(1).max(500) }),
    z.object({ do: z.literal('divert'), to: z.string().regex(/^\+\d{6,15}$/) }),
  ])
  .nullable()

/** How long who knows a matter is waited for, when its citizen comes again, before anybody else is offered it; 0: nobody is. */
export const Continuity = z.object({
  callMs: seconds(0, 600).describe('a call, in milliseconds'),
  writtenMs: seconds(0, 86_400).describe('a mail, in milliseconds'),
})
export type Continuity = z.infer<typeof Continuity>

/** Half a minute of music is what a caller gives for a voice that knows the matter; a mail can wait for an hour. */
export const defaultContinuity: Continuity = { callMs: 30_000, writtenMs: 3_600_000 }

/** What a section's queue does; what is not said keeps its default. Times in milliseconds. */
export const SectionRouting = z
  .object({
    priority: z.number().int().min(-99).max(99),
    choice: z.enum(['longest-idle', 'best-level']),
    offerTimeoutMs: seconds(1, 300),
    restMs: seconds(0, 600),
    unansweredLimit: z.number().int().min(1).max(100),
    failedLimit: z.number().int().min(1).max(100),
    wrapUpMs: seconds(0, 3_600),
    announce: z.object({ minIntervalMs: seconds(1, 3_600), lookMs: seconds(1, 600) }),
    handlingMs: seconds(1, 36_000),
    limits: z.object({
      maxWaiting: z.number().int().min(0).nullable(),
      maxWaitMs: seconds(1, 86_400).nullable(),
    }),
    overflow: z.object({ full: Overflow, 'too-long': Overflow, nobody: Overflow, closed: Overflow }),
    helpers: z.array(z.object({ section: SectionId, afterMs: seconds(0, 86_400) })).max(20),
    continuity: Continuity,
  })
  .partial()
export type SectionRouting = z.infer<typeof SectionRouting>

// --- written work -----------------------------------------------------------------------------------------------

/** `pool`: the members take what they choose. `distributed`: it is offered to them, one by one. */
export const SharingMode = z.enum(['pool', 'distributed'])
export type SharingMode = z.infer<typeof SharingMode>

/** How a section shares out its written work. */
export const Sharing = z.object({
  mode: SharingMode,
  capacity: z.number().int().min(1).max(50).describe('how many a member has in hand at most, before nothing more is offered'),
  offerMinutes: z.number().int().min(1).max(240).describe('how long an offer stands before it goes to somebody else'),
})
export type Sharing = z.infer<typeof Sharing>

export const defaultSharing: Sharing = { mode: 'pool', capacity: 3, offerMinutes: 10 }

/** A work that comes back waits for whoever had it, at most so long. */
export const comesBackBoundMs = 3_600_000

// --- the desk -------------------------------------------------------------------------------------------------------

export const Heartbeat = z.object({
  pageId: Uuid.describe('drawn by the page when it opens'),
  telephoneReady: z
    .boolean()
    .describe("whether the page's telephone can ring now; true for a page without one, which shows written work"),
})
export type Heartbeat = z.infer<typeof Heartbeat>

export const Desk = z.object({
  state: StateOfAgent,
  reason: z.string().nullable().describe('why paused: the reason chosen, or no-answer, or failed'),
  sentence: z.string().nullable().describe('in words, why the program has set somebody to pause; null when they chose it'),
  since: Instant.nullable().describe('null for who has never signed in'),
  until: Instant.nullable().describe('the end of an offer or of a wrap-up'),
  callId: Uuid.nullable(),
  offer: z.string().nullable(),
  offered: z.enum(['call', 'written']).nullable().describe('what is offered now: a call rings, written work is shown on a card'),
  reachable: z.boolean().describe('whether calls can be offered: a page reports, and its telephone is ready'),
  pageActive: z.boolean().nullable().describe('whether `pageId` is the page that rings; null when none was named'),
  sections: z.array(z.object({ id: z.string(), name: z.string(), level: z.number().int() })),
  queues: z.array(
    z.object({
      sectionId: z.string(),
      name: z.string(),
      waiting: z.number().int(),
      longestSince: Instant.nullable(),
    }),
  ),
})
export type Desk = z.infer<typeof Desk>

export const DeskExplanation = z.object({
  callId: Uuid,
  sentences: z.array(z.string()).describe('why this agent, why now, why not I; to be read from the top'),
})
export type DeskExplanation = z.infer<typeof DeskExplanation>

// --- what other rooms ask -------------------------------------------------------------------------------------------

/** Where an agent can be rung. */
export interface Presence {
  personId: string
  /** The page that rings. */
  pageId: string
  telephoneReady: boolean
  heardAt: Date
  /** A page reports and its telephone is ready. */
  reachable: boolean
}

/** An agent's state of now. */
export interface AgentStatus {
  personId: string
  state: AgentState
  reason: string | null
  since: Date
  until: Date | null
  callId: string | null
  offer: string | null
}

/** A call that waits or is being offered. */
export interface QueuedCall {
  callId: string
  sectionId: string
  kind: WorkKind
  state: 'waiting' | 'offered' | 'connected' | 'suspended'
  priority: number
  waitingSince: Date
  enteredAt: Date
  position: number | null
  ahead: number | null
  expectedWaitMs: number | null
}

/** Written work that waits, is offered, or is in somebody's hands. */
export interface WrittenWork {
  work: string
  sectionId: string
  state: 'waiting' | 'offered' | 'connected' | 'suspended'
  /** To whom it is offered, or who has it. */
  personId: string | null
  offer: string | null
  until: Date | null
}

/** A section's queue and agents as they are now. */
export interface SectionLive {
  sectionId: string
  waiting: number
  longestSince: Date | null
  /** Callers who hung up and kept their place: those who are not being called yet. */
  callbacks: number
  /** Agents who serve the section, by state. One who serves two counts in both. */
  agents: Record<AgentState, number>
}
