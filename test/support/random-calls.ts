/**
 * Calls of a made-up day with everything that may happen to a call: overflow, transfers, operators who are lost, callbacks, callers who give
 * up, some of it more than once. From one seed, so that a journal that was counted wrongly can be made again.
 */
import { randomUUID } from 'node:crypto'
import {
  agentState,
  callCallbackQueued,
  callDismissed,
  callDiverted,
  callLeftQueue,
  callMoved,
  callQueued,
  conversationEnded,
} from '../../src/distribution/index.ts'
import {
  type CheckedEntry,
  checkEntry,
  type EventType,
  type SubjectName,
  type SubjectsOf,
  system,
} from '../../src/platform/index.ts'
import { callArrived, callConnected } from '../../src/telephony/events.ts'

/** A generator of whole numbers below a bound (mulberry32). */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const sections = ['ccm-pensioni', 'ccm-aziende', 'ccm-online', 'ccm-centralino'] as const
const by = system('random-calls')

/** Entries of so many calls that begin within a span, in order of time. */
export function randomCalls(seed: number, calls: number, from: number, spanMs: number): CheckedEntry[] {
  const roll = dice(seed)
  const entries: CheckedEntry[] = []
  const note = <P extends Record<string, unknown>, S extends SubjectName>(
    type: EventType<P, S>,
    payload: P,
    at: number,
    subjects: SubjectsOf<S>,
  ) => entries.push(checkEntry({ type, payload, subjects, actor: by, at }))
  const agents = Array.from({ length: 5 }, () => randomUUID())
  const any = <const T>(list: readonly [T, ...T[]]): T => list[roll(list.length)] ?? list[0]

  for (let n = 0; n < calls; n++) {
    const subjects = { channel: 'telephone' as const, call: randomUUID() }
    let at = from + roll(spanMs)
    let section = any(sections)
    const later = (below: number) => {
      at += roll(below)
    }
    const mode = any(['channelled', 'channelled', 'direct', 'unknown'] as const)
    note(
      callArrived,
      {
        ...{ from: null, to: `06${roll(5)}`, unitId: null, unitName: null, provinceCode: null, regionCode: null },
        ...{ leg: 'browser', mode },
      },
      at,
      subjects,
    )
    if (mode === 'direct') continue
    const queue = (resume: boolean) =>
      note(
        callQueued,
        {
          ...{ sectionId: section, priority: 0, waitingSince: new Date(at).toISOString() },
          ...(resume ? { preferred: { agents: [agents[0] ?? ''], boundMs: 1_000, resume } } : {}),
        },
        at,
        subjects,
      )
    later(60_000)
    queue(false)
    for (let rounds = 0; rounds < 4; rounds++) {
      if (roll(4) === 0) {
        later(120_000)
        const to = any(sections)
        note(callMoved, { sectionId: to, fromSectionId: section, reason: 'too-long' }, at, subjects)
        section = to
      }
      later(roll(3) === 0 ? 600_000 : 30_000)
      const fate = roll(10)
      if (fate === 0) {
        note(callLeftQueue, { reason: any(['caller', 'lost', 'line-lost', 'dismissed', 'noted', 'hung-up']) }, at, subjects)
        break
      }
      if (fate === 1) {
        if (roll(2) === 0) note(callDismissed, { reason: 'nobody', message: null }, at, subjects)
        else note(callDiverted, { to: '06', reason: 'full' }, at, subjects)
        break
      }
      if (fate === 2) {
        const instant = new Date(at).toISOString()
        note(
          callCallbackQueued,
          {
            ...{ sectionId: section, priority: 0, waitingSince: instant, number: '+3906', notBefore: instant, notAfter: instant },
            ...{ maxAttempts: 3, retryMs: 1_000 },
          },
          at,
          subjects,
        )
        later(3_600_000)
      }
      const agent = agents[roll(agents.length)] ?? ''
      const state = (state: 'in-conversation' | 'wrap-up' | 'available') =>
        note(agentState, { state, reason: null, since: new Date(at).toISOString(), until: null }, at, { person: agent })
      note(callConnected, { agent, offer: 'o', sectionId: section, waitedMs: 0 }, at, { ...subjects, person: agent })
      state('in-conversation')
      later(400_000)
      if (roll(12) === 0) break
      note(conversationEnded, { agent }, at, { ...subjects, person: agent })
      state('wrap-up')
      const end = at
      later(40_000)
      state('available')
      at = end
      const goesOn = roll(5)
      if (goesOn > 1) break
      if (goesOn === 0) section = any(sections)
      queue(goesOn === 1)
    }
  }
  return entries.toSorted((a, b) => new Date(a.at).getTime() - new Date(b.at).getTime())
}
