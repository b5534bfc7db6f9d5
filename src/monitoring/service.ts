/** The figures of now and of today. Read only. */
import { agentStatuses, liveSections } from '../distribution/index.ts'
import { can } from '../identity/index.ts'
import {
  type ContactCentreSection,
  contactCentreSections,
  isOpen,
  municipalities,
  provincesOfNumbers,
  unitOf,
} from '../organisation/index.ts'
import { type Actor, boundsOf, type Db, dayAt, type House, must } from '../platform/index.ts'
import type { AgentState } from '../routing/index.ts'
import {
  type AgentCounts,
  type ArrivalsByProvince,
  type DayFigures,
  type LiveFigures,
  lateMs,
  thresholdSeconds,
  windowMinutes,
} from './model.ts'
import { mayCountPlaces, mayWatch, serviceLevel, watches } from './policy.ts'
import { sectionsOfCalls } from './store.ts'
import { answeredWaitsIn, arrivalsIn, behindMs, callsToNumbersIn, type EndedAlike, endedLately } from './sums/index.ts'

const slotMs = 30 * 60_000

/** The sections that the actor answers for. @throws Refused 403 for those who answer for none */
async function sectionsFor(db: Db, actor: Actor): Promise<ContactCentreSection[]> {
  must(mayWatch(actor))
  return (await contactCentreSections(db)).filter(section => watches(actor, section.path))
}

/** The figures of now, of each section and of all together. @throws Refused 403 */
export async function liveFigures(house: House, actor: Actor): Promise<LiveFigures> {
  const db = house.database.kysely
  const sections = await sectionsFor(db, actor)
  const ids = sections.map(section => section.id)
  const now = new Date(house.clock.now())
  const [open, live, agents, waits, behind] = await Promise.all([
    Promise.all(ids.map(async id => (await isOpen(db, id, now)).open)),
    liveSections(db, ids),
    agentStatuses(db, ids),
    endedLately(db, new Date(now.getTime() - windowMinutes * 60_000), now, thresholdSeconds * 1_000),
    behindMs(house),
  ])
  const talking = await sectionsOfCalls(
    db,
    agents.flatMap(agent => (agent.state === 'in-conversation' && agent.callId !== null ? [agent.callId] : [])),
  )
  const lookingBack = (some: readonly EndedAlike[]) => ({
    serviceLevel30: serviceLevel(some),
    abandoned30: some.reduce((sum, { how, calls }) => (how === 'abandoned' ? sum + calls : sum), 0),
  })
  const longest = (some: readonly (Date | null)[]) =>
    some
      .flatMap(since => since ?? [])
      .sort((a, b) => a.getTime() - b.getTime())[0]
      ?.toISOString() ?? null
  return {
    at: now.toISOString(),
    ...lateness(behind),
    sections: sections.map(({ id, name }, place) => {
      const own = live.find(each => each.sectionId === id)
      return {
        id,
        name,
        isOpen: open[place] ?? false,
        waiting: own?.waiting ?? 0,
        longestSince: longest([own?.longestSince ?? null]),
        callbacks: own?.callbacks ?? 0,
        agents: countsOf(state => own?.agents[state] ?? 0),
        inConversation: talking.filter(call => call.sectionId === id).length,
        ...lookingBack(waits.filter(wait => wait.sectionId === id)),
      }
    }),
    total: {
      waiting: live.reduce((sum, each) => sum + each.waiting, 0),
      longestSince: longest(live.map(each => each.longestSince)),
      callbacks: live.reduce((sum, each) => sum + each.callbacks, 0),
      agents: countsOf(state => agents.filter(agent => agent.state === state).length),
      inConversation: talking.filter(call => ids.includes(call.sectionId)).length,
      ...lookingBack(waits.filter(wait => ids.includes(wait.sectionId))),
    },
  }
}

/** Sums that are behind by more than a moment are said to be. */
const lateness = (behind: number): Pick<LiveFigures, 'behindSeconds'> => ({
  behindSeconds: behind < lateMs ? 0 : Math.round(behind / 1_000),
})

/** How agents' states are called on the page; who is signed out is not at work and not counted. */
function countsOf(agents: (state: Exclude<AgentState, 'signed-out'>) => number): AgentCounts {
  return {
    available: agents('available'),
    offered: agents('offered'),
    talking: agents('in-conversation'),
    wrapUp: agents('wrap-up'),
    paused: agents('paused'),
  }
}

/** Arrivals of today, half hour by half hour of office time: 46 or 50 of them on the days on which the clock changes. @throws Refused 403 */
export async function dayFigures(house: House, actor: Actor): Promise<DayFigures> {
  const db = house.database.kysely
  const sections = await sectionsFor(db, actor)
  const timeZone = house.config.TIME_ZONE
  const day = dayAt(timeZone, house.clock.now())
  const [start, end] = boundsOf(timeZone, day)
  const ids = sections.map(section => section.id)
  const [from, to] = [new Date(start), new Date(end)]
  const [counted, waited, behind] = await Promise.all([
    arrivalsIn(db, ids, from, to),
    answeredWaitsIn(db, ids, from, to),
    behindMs(house),
  ])
  const bySlot = new Map(counted.map(each => [each.start.getTime(), each.calls]))
  const slots = Array.from({ length: Math.ceil((end - start) / slotMs) }, (_, slot) => ({
    start: new Date(start + slot * slotMs).toISOString(),
    arrivals: bySlot.get(start + slot * slotMs) ?? 0,
  }))
  const total = slots.reduce((sum, slot) => sum + slot.arrivals, 0)
  const waits = ids.map(sectionId => {
    const means = new Map(
      waited.filter(each => each.sectionId === sectionId).map(each => [each.start.toISOString(), each.meanMs / 1_000]),
    )
    return { sectionId, seconds: slots.map(slot => means.get(slot.start) ?? null) }
  })
  return { day, timeZone, ...lateness(behind), slots, total, waits }
}

/** Calls of today that entered the contact centre, by the province of the office that was called. @throws Refused 403 */
export async function arrivalsByProvince(house: House, actor: Actor): Promise<ArrivalsByProvince> {
  const db = house.database.kysely
  must(mayCountPlaces(actor))
  const region = actor.kind === 'person' && can(actor, 'region.direct') ? await unitOf(db, actor.unitId) : undefined
  const timeZone = house.config.TIME_ZONE
  const day = dayAt(timeZone, house.clock.now())
  const [start, end] = boundsOf(timeZone, day)
  const [calls, behind] = await Promise.all([callsToNumbersIn(db, new Date(start), new Date(end)), behindMs(house)])
  const callsTo = new Map(calls.map(each => [each.number, each.calls]))
  const arrivals = new Map<string, number>()
  for (const { number, provinceCode, unitPath } of await provincesOfNumbers(db, [...callsTo.keys()]))
    if (!region || unitPath.startsWith(region.path))
      arrivals.set(provinceCode, (arrivals.get(provinceCode) ?? 0) + (callsTo.get(number) ?? 0))
  const provinces = [...new Map(municipalities().map(each => [each.provinceCode, each])).values()]
    .filter(each => (region ? each.regionCode === region.regionCode : arrivals.has(each.provinceCode)))
    .map(({ provinceCode, provinceName, regionName }) => ({
      ...{ code: provinceCode, name: provinceName, regionName },
      arrivals: arrivals.get(provinceCode) ?? 0,
    }))
    .sort((a, b) => b.arrivals - a.arrivals || (a.code < b.code ? -1 : 1))
  return { day, ...lateness(behind), region: region ? (provinces[0]?.regionName ?? region.name) : null, provinces }
}
