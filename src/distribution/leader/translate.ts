/**
 * Between the words of the journal and the words of the engine. Pure.
 */

import type { z } from 'zod'
import {
  assignmentAsked,
  assignmentChanged,
  assignmentDeclined,
  assignmentEnded,
  assignmentMade,
  instituteFounded,
  personDisabled,
  personEnabled,
  sessionEnded,
  sessionSwitched,
} from '../../identity/events.ts'
import { unitHoursChanged } from '../../organisation/events.ts'
import {
  type CheckedEntry,
  checkEntry,
  type Entry,
  type EventType,
  isOneOf,
  payloadOf,
  type SubjectName,
  type Subjects,
  type SubjectsOf,
  system,
  unitsIn,
} from '../../platform/index.ts'
import type { CallbackSchedule, Command, RoutingEvent } from '../../routing/index.ts'
import { callEnded } from '../../telephony/events.ts'
import * as words from '../events.ts'
import type { Board } from './board.ts'
import { heardOfWritten, hearWritten, isWritten, tellWritten } from './written.ts'

/** An entry of the journal that the engine hears of. `settings`: look at the settings anew. */
export type FactForEngine = RoutingEvent | 'settings'

/** Types that the engine hears of. */
const heard = [
  ...[words.callQueued, words.callLeftQueue, words.offerAnswered, words.offerDeclined, words.offerFailed],
  ...[words.callCallbackQueued, words.callCallbackUnanswered],
  ...[words.conversationEnded, words.agentAvailable, words.agentPaused, words.agentWrapUpEnded],
  ...[words.agentSignedOut, words.agentReachable, words.agentUnreachable],
  ...heardOfWritten,
  // Of other rooms: who signs out takes no more calls; a call that is over waits no longer, whatever else was said about it.
  ...[sessionEnded, sessionSwitched, callEnded],
]

/** The types of the facts; what settings come from is not among them. */
export const heardTypes: readonly string[] = heard.map(each => each.type)

/** Units and their hours: the sections may have changed. People's roles: who belongs to a section may have. */
const aboutPlaces = [
  ...[instituteFounded, unitHoursChanged, words.sectionRoutingSet, words.sectionSharingSet, words.sectionMailSet],
  ...[assignmentMade, assignmentAsked, assignmentDeclined, assignmentChanged, assignmentEnded],
  ...[words.agentSkillsSet, words.agentMediaSet, personDisabled, personEnabled],
]
const typesHeard: ReadonlySet<string> = new Set([...heard, ...aboutPlaces].map(each => each.type))

export function isHeard(type: string): boolean {
  return typesHeard.has(type)
}

/**
 * What an entry means to the engine; null when it is none of its business.
 * Of an entry that can be read: see `readEntry`.
 */
export function hear(entry: Entry): FactForEngine | null {
  if (!isHeard(entry.type)) return null
  const { call, person } = entry.subjects
  return (
    (call === undefined ? null : ofCall(entry, call)) ??
    hearWritten(entry) ??
    (person === undefined ? null : ofAgent(entry, person)) ??
    ofSettings(entry)
  )
}

function ofCall(entry: Entry, call: string): RoutingEvent | null {
  const queued = payloadOf(words.callQueued, entry)
  if (queued) {
    const { sectionId, priority, waitingSince, preferred } = queued
    return {
      type: 'work.queued',
      work: call,
      kind: 'call',
      section: sectionId,
      priority,
      waitingSince: Date.parse(waitingSince),
      ...(preferred === undefined
        ? {}
        : {
            preferred: {
              agents: preferred.agents,
              boundMs: preferred.boundMs,
              ...(preferred.resume === undefined ? {} : { resume: preferred.resume }),
            },
          }),
    }
  }
  const callback = ofCallback(entry, call)
  if (callback !== null) return callback
  if (isOneOf(entry, [words.callLeftQueue, callEnded])) return { type: 'work.gone', work: call }
  const ended = payloadOf(words.conversationEnded, entry)
  return ended ? { type: 'conversation.ended', work: call, agent: ended.agent } : ofOffer(entry)
}

function ofCallback(entry: Entry, call: string): RoutingEvent | null {
  const queued = payloadOf(words.callCallbackQueued, entry)
  if (queued) {
    const { sectionId, priority, waitingSince, preferred } = queued
    return {
      type: 'work.queued',
      work: call,
      kind: 'callback',
      section: sectionId,
      priority,
      waitingSince: Date.parse(waitingSince),
      callback: termsOf(queued),
      ...(preferred === undefined ? {} : { preferred }),
    }
  }
  const unanswered = payloadOf(words.callCallbackUnanswered, entry)
  return unanswered ? { type: 'callback.unanswered', work: call, agent: unanswered.agent } : null
}

/** The terms of a callback, as the engine takes them. */
export const termsOf = ({
  notBefore,
  notAfter,
  maxAttempts,
  retryMs,
}: z.infer<typeof words.callCallbackQueued.payload>): CallbackSchedule => ({
  notBefore: Date.parse(notBefore),
  notAfter: Date.parse(notAfter),
  maxAttempts,
  retryMs,
})

function ofOffer(entry: Entry): RoutingEvent | null {
  const answered = payloadOf(words.offerAnswered, entry)
  if (answered) return { type: 'offer.accepted', offer: answered.offer, agent: answered.agent }
  const declined = payloadOf(words.offerDeclined, entry)
  if (declined) return { type: 'offer.declined', offer: declined.offer, agent: declined.agent }
  const failed = payloadOf(words.offerFailed, entry)
  return failed ? { type: 'offer.failed', offer: failed.offer, agent: failed.agent, reason: failed.reason } : null
}

function ofAgent(entry: Entry, agent: string): RoutingEvent | null {
  switch (entry.type) {
    case words.agentAvailable.type:
      return { type: 'agent.available', agent }
    case words.agentPaused.type:
      return { type: 'agent.paused', agent, reason: payloadOf(words.agentPaused, entry)?.reason ?? 'other' }
    case words.agentWrapUpEnded.type:
      return { type: 'wrap-up.ended', agent }
    case words.agentSignedOut.type:
    case sessionEnded.type:
    case sessionSwitched.type:
      return { type: 'agent.signed-out', agent }
    case words.agentReachable.type:
      return { type: 'agent.reachable', agent }
    case words.agentUnreachable.type:
      return { type: 'agent.unreachable', agent }
    default:
      return null
  }
}

const ofSettings = (entry: Entry): 'settings' | null => (isOneOf(entry, aboutPlaces) ? 'settings' : null)

/** Where sections and agents belong in the organisation, for deciding who may hear of them. */
export interface SectionPaths {
  /** From the root to the section: `inps/ccm/ccm-pensioni/`. */
  pathOf(sectionId: string): string | undefined
  sectionsOf(agent: string): readonly string[]
}

const distribution = system('distribution')

/**
 * The entry that tells of a command; null for what nobody has to hear of. Call it before the command is put on the board: it tells in which
 * section the call waits.
 */
export function entryOfCommand(command: Command, at: number, board: Board, places: SectionPaths): CheckedEntry | null {
  const entry = <P extends Record<string, unknown>, S extends SubjectName>(
    type: EventType<P, S>,
    payload: P,
    subjects: SubjectsOf<S>,
  ): CheckedEntry => checkEntry({ type, payload, subjects, actor: distribution, at })
  const unitsOf = (sectionId: string) => unitsIn(places.pathOf(sectionId) ?? sectionId)
  const sectionOf = (call: string) => board.calls.get(call)?.section_id ?? ''
  const aboutCall = (call: string, person?: string): SubjectsOf<'call'> => ({
    channel: 'telephone',
    call,
    ...(person === undefined ? {} : { person }),
    units: unitsOf(sectionOf(call)),
  })
  const row = 'work' in command && command.work !== null ? board.calls.get(command.work) : undefined
  if (row !== undefined && isWritten(row) && command.type !== 'agent.state')
    return tellWritten(command, at, row, id => places.pathOf(id))
  switch (command.type) {
    case 'offer': {
      const { offer, agent, work, until, reason } = command
      const sectionId = sectionOf(work)
      return entry(
        words.offerMade,
        { offer, agent, sectionId, until: instant(until), reason: { ...reason } },
        aboutCall(work, agent),
      )
    }
    case 'connect': {
      const { offer, agent, work } = command
      return entry(words.offerAccepted, { offer, agent }, aboutCall(work, agent))
    }
    case 'reject': {
      const { offer, agent, reason } = command
      const [call = ''] = offer.split('#')
      return entry(words.offerRejected, { offer, agent, reason }, { channel: 'telephone', call, person: agent })
    }
    case 'withdraw': {
      const { offer, agent, work, reason } = command
      return entry(words.offerWithdrawn, { offer, agent, reason }, aboutCall(work, agent))
    }
    case 'announce': {
      const { work, section, position, ahead, expectedWaitMs } = command
      return entry(
        words.callPosition,
        { sectionId: section, position, ahead, expectedWaitMs },
        { channel: 'telephone', call: work, units: unitsOf(section) },
      )
    }
    case 'agent.state': {
      const { agent, state, reason, since, until, work } = command
      const units = [...new Set(places.sectionsOf(agent).flatMap(unitsOf))]
      const payload = { state, reason, since: instant(since), until: until === null ? null : instant(until) }
      return entry(words.agentState, payload, {
        channel: 'telephone',
        ...(work === null ? {} : isWritten(row) ? aboutCase(row?.case_id) : { call: work }),
        person: agent,
        units,
      })
    }
    case 'continuity': {
      const { work, outcome, agents } = command
      return entry(words.callContinuity, { outcome, agents: [...agents] }, aboutCall(work))
    }
    case 'moved': {
      const { work, from, to, reason } = command
      return entry(
        words.callMoved,
        { sectionId: to, fromSectionId: from, reason },
        { channel: 'telephone', call: work, units: [...new Set([...unitsOf(from), ...unitsOf(to)])] },
      )
    }
    case 'propose-callback': {
      const { work, section, reason } = command
      return entry(words.callCallbackProposed, { sectionId: section, reason }, aboutCall(work))
    }
    case 'dismiss': {
      const { work, reason, message } = command
      return entry(words.callDismissed, { reason, message }, aboutCall(work))
    }
    case 'divert': {
      const { work, to, reason } = command
      return entry(words.callDiverted, { to, reason }, aboutCall(work))
    }
    // Only written work is interrupted, goes on, and goes back.
    case 'suspend':
    case 'resume':
    case 'released':
      return null
  }
}

const aboutCase = (caseId: string | null | undefined): Subjects => (caseId ? { case: caseId } : {})

const instant = (ms: number): string => new Date(ms).toISOString()
