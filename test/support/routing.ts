/**
 * A contact centre for the tests of distribution: what telephony and the desk would write to the journal, written as they would write it,
 * and a listener who waits for what the leader answers.
 */
import { setImmediate } from 'node:timers/promises'
import {
  type Centre,
  callLeftQueue,
  callQueued,
  conversationEnded,
  offerAnswered,
  offerMade,
  setAgentSkills,
  setSectionRouting,
} from '../../src/distribution/index.ts'
import { ownCentre } from '../../src/distribution/leader/start.ts'
import type { SectionRouting } from '../../src/distribution/model.ts'
import { becomeAvailable, heartbeat } from '../../src/distribution/service.ts'
import {
  beginning,
  type Entry,
  type EventType,
  type House,
  inTransaction,
  type PersonActor,
  payloadOf,
  type SubjectName,
  type SubjectsOf,
  system,
  type VirtualClock,
} from '../../src/platform/index.ts'
import { keepReporting } from './heartbeat.ts'

export const pensions = 'ccm-pensioni'
export const online = 'ccm-online'

/** Two sections that are always open; and the sections that share written work out, as they are. */
export const openCentre: Centre = {
  sections: async () => [pensions, online].map(id => ({ id, name: id, path: `inps/ccm/${id}/` })),
  isOpen: async () => ({ open: true, nextChange: null }),
  written: ownCentre.written,
}

export const agentNumber = (n: number): PersonActor => ({
  kind: 'person',
  personId: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  name: `Agent ${n}`,
  role: 'operator',
  unitId: pensions,
  unitPath: `inps/ccm/${pensions}/`,
  assignmentId: `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`,
})

export const pageOf = (agent: PersonActor): string => agent.personId.replace('8000', '8888')

const telephony = system('telephony')

/** Writes one entry as telephony writes it. */
export function write<P extends Record<string, unknown>, S extends SubjectName>(
  house: House,
  type: EventType<P, S>,
  payload: P,
  subjects: SubjectsOf<S>,
): Promise<void> {
  return inTransaction(house, telephony, work => work.journal(type, payload, { channel: 'telephone', ...subjects }))
}

export async function queue(
  house: House,
  call: string,
  more: { sectionId?: string; priority?: number; waitingSince?: Date } = {},
): Promise<string> {
  const { sectionId = pensions, priority = 0, waitingSince = new Date(house.clock.now()) } = more
  await write(house, callQueued, { sectionId, priority, waitingSince: waitingSince.toISOString() }, { call })
  return call
}

export const leave = (house: House, call: string) => write(house, callLeftQueue, { reason: 'hung-up' }, { call })

/** Answers the offer that an entry made. */
export async function answer(house: House, made: Entry): Promise<void> {
  const { offer, agent } = payloadOf(offerMade, made) ?? {}
  const { call } = made.subjects
  if (offer === undefined || agent === undefined || call === undefined) throw new Error(`${made.type} is no offer`)
  await write(house, offerAnswered, { offer, agent }, { call, person: agent })
}

export const hangUp = (house: House, call: string, agent: PersonActor) =>
  write(house, conversationEnded, { agent: agent.personId }, { call, person: agent.personId })

/** Gives skills to agents, and routing to the section. */
export function staffed(house: House, agents: readonly PersonActor[], routing: SectionRouting = {}): Promise<void> {
  return inTransaction(house, system('sample'), async work => {
    await setSectionRouting(work, pensions, routing)
    for (const { personId } of agents) await setAgentSkills(work, personId, [{ sectionId: pensions, level: 3 }])
  })
}

/** The agents open their pages and take calls, one after the other. */
export async function onDuty(house: House, ...agents: readonly PersonActor[]): Promise<void> {
  for (const agent of agents) {
    await heartbeat(house, agent, { pageId: pageOf(agent), telephoneReady: true })
    await becomeAvailable(house, agent, { pageId: pageOf(agent) })
  }
}

/** The agents' pages go on reporting, as they do in real time: an agent whose page falls silent is offered nothing. Returns how to end it. */
export const pagesReport = (house: House, ...agents: readonly PersonActor[]): (() => void) =>
  keepReporting(() =>
    Promise.allSettled(agents.map(agent => heartbeat(house, agent, { pageId: pageOf(agent), telephoneReady: true }))),
  )

/** Hears everything that the journal says, and waits for what it will say. */
export async function listener(house: House) {
  const entries: Entry[] = []
  const waiting = new Set<() => void>()
  const stop = await house.tail.follow(fresh => {
    entries.push(...fresh)
    for (const look of waiting) look()
  }, beginning)
  return {
    entries,
    stop,
    of: (...types: string[]) => entries.filter(entry => types.includes(entry.type)),
    /** The entries that fit, as soon as there are `count` of them. */
    until(fits: (entry: Entry) => boolean, count = 1, ms = 60_000): Promise<Entry[]> {
      const { promise, resolve, reject } = Promise.withResolvers<Entry[]>()
      const look = () => {
        const found = entries.filter(fits)
        if (found.length < count) return
        finish()
        resolve(found)
      }
      const timer = setTimeout(() => {
        finish()
        reject(new Error(`${entries.filter(fits).length} of ${count} came; the journal: ${entries.map(e => e.type).join(' ')}`))
      }, ms)
      const finish = () => {
        clearTimeout(timer)
        waiting.delete(look)
      }
      waiting.add(look)
      look()
      return promise
    },
  }
}

/** The last entry of a type about a call. */
export const about =
  (call: string, type: string) =>
  (entry: Entry): boolean =>
    entry.type === type && entry.subjects.call === call

/** Lets virtual time pass, with the pages of these agents reporting, until something has happened. */
export async function passing<T>(
  clock: VirtualClock,
  house: House,
  agents: readonly PersonActor[],
  happened: Promise<T>,
): Promise<T> {
  let done = false
  const end = () => {
    done = true
  }
  happened.then(end, end)
  for (let second = 0; !done; second++) {
    if (second % 4 === 0)
      for (const agent of agents) await heartbeat(house, agent, { pageId: pageOf(agent), telephoneReady: true })
    clock.advance(1_000)
    // One breath for the leader: its reads and writes go over the wire in real time. The embedded database answers without leaving the
    // turn, so that others must be given theirs.
    await house.database.query('select 1', [])
    await setImmediate()
  }
  return happened
}
