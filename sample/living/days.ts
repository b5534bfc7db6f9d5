/**
 * The days of the living sample: each is run in the simulator, with callers who are citizens. Whoever is answered has a conversation, and what
 * becomes of it is told up to now (matters.ts). The same seed, instant and institute tell the same days, so that a loading which was cut off goes
 * on with the day at which it stopped.
 */
import type { NumberInForce } from '../../src/organisation/index.ts'
import { addDays, boundsOf, dayAt, system } from '../../src/platform/index.ts'
import { defaultSection } from '../../src/routing/index.ts'
import {
  agentsOfDay,
  type CallOfDay,
  JournalOfDay,
  plainBehaviour,
  type SimulatedSection,
  type SkillRow,
  simulate,
  usualCourse,
  usualSections,
  usualSize,
} from '../../src/simulation/index.ts'
import { pastCall } from '../../src/telephony/index.ts'
import type { CitizenCalling, Outbox, Script } from './case-writer.ts'
import { type Chance, chanceOf } from './chance.ts'
import { type Citizen, newCitizen } from './citizens.ts'
import { Matters } from './matters.ts'
import { askedSince } from './prevention.ts'
import type { Stage } from './stage.ts'
import { type Batch, Story } from './story.ts'
import { Speech } from './texts.ts'

/** So many days are told, the last of them today. */
export const livingDays = 43
/** The institute of the sample is small: a share of the calls of the usual one. */
const shareOfCalls = 0.15
const agentsOfSection = 2
const minute = 60_000
const hour = 60 * minute

export interface DaysFacts {
  seed: number
  now: number
  stage: Stage
  outbox: Outbox
  /** Who can help with what, in order of person. */
  skills: readonly SkillRow[]
  /** So many days are told, the last of them today; `livingDays` when left out. */
  days?: number
  /** The numbers that lead to the contact centre on a day. */
  channelled(day: string): readonly NumberInForce[]
}

/** Citizens whom the first tour meets: each has a matter that is open. */
export const knownCitizens = [
  { n: 1, givenName: 'Caterina', familyName: 'Lo Presti', female: true, typologyId: 'ricostituzione', script: 'claimed' },
  { n: 2, givenName: 'Giorgio', familyName: 'Bellini', female: false, typologyId: 'naspi', script: 'pool' },
  { n: 3, givenName: 'Amina', familyName: 'Diallo', female: true, typologyId: 'estratto-conto', script: 'visit' },
] as const satisfies readonly KnownCitizen[]

interface KnownCitizen {
  n: number
  givenName: string
  familyName: string
  female: boolean
  typologyId: string
  script: Script
}

/** Tells the days, one after the other. */
export function* daysOf(facts: DaysFacts): Generator<Batch> {
  const { now, stage, seed } = facts
  const story = new Story(now, stage.timeZone)
  const matters = new Matters(story, stage, new Speech(), chanceOf(seed, 1), facts.outbox)
  const callers = new Callers(facts, story, matters)
  const today = dayAt(stage.timeZone, now)
  const { days = livingDays } = facts
  for (let n = 0; n < days; n++) {
    const day = addDays(today, n - days + 1)
    const journal = simulatedDay(facts, story, callers, day, n)
    for (const call of journal.calls) tellCall(story, call)
    for (const call of journal.calls.toSorted((a, b) => a.queuedAt - b.queuedAt)) {
      const { agent, connectedAt, endedAt } = call
      if (agent !== null && connectedAt !== null && endedAt !== null && !callers.isShort(call, endedAt - connectedAt)) {
        matters.conversation({ ...call, agent, connectedAt, endedAt })
        callers.spoke(call.caller)
      }
    }
    for (const entry of journal.entries) story.keep(entry)
    if (day === today) matters.group()
    yield story.take(day)
  }
}

/** Runs a day. Today ends early enough for every call to have ended by now. */
function simulatedDay(facts: DaysFacts, story: Story, callers: Callers, day: string, n: number): JournalOfDay<CitizenCalling> {
  const { stage, now, seed, skills } = facts
  const [from, to] = boundsOf(stage.timeZone, day)
  const paths = new Map(Object.keys(usualSections).map(id => [id, stage.unit(id).path]))
  const size = stage.isHoliday(day) ? 0 : usualSize(day) * shareOfCalls
  for (let until = to, earlier = 0; ; earlier++) {
    if (to > now) until = now - (25 + earlier * 20) * minute
    const journal = new JournalOfDay<CitizenCalling>({
      ids: () => story.id('call'),
      by: system('sample'),
      paths,
      callerFor: (section, at) => callers.next(section, at, day),
      menuOf: section => menus[section] ?? { node: 'menu', key: '0', label: 'Operatore' },
    })
    const agents = size === 0 ? [] : agentsOfDay(skills, from, Object.keys(usualSections), agentsOfSection, until)
    if (until > from && agents.length > 0)
      simulate(
        { seed: seed + n, from, to: until, sections: sectionsOf(size, until - from), agents, behaviour },
        { onStep: (step, at) => journal.tell(step, at) },
      )
    if (journal.entries.every(entry => Number(entry.at) < now - minute)) return journal
  }
}

const behaviour = { ...plainBehaviour, answerDelay: { kind: 'exponential', meanMs: 3_000 } } as const

function sectionsOf(size: number, untilMs: number): SimulatedSection[] {
  const halves = Math.max(0, Math.floor(untilMs / (30 * minute)))
  return Object.entries(usualSections).map(([id, { callsADay, handling, patienceMs }]) => ({
    id,
    settings: { ...defaultSection, wrapUpMs: 30_000 },
    handling,
    patience: { kind: 'exponential', meanMs: patienceMs },
    arrivals: { perHalfHour: usualCourse(callsADay * size).map((calls, half) => (half < halves ? calls : 0)) },
    withinMs: 20_000,
  }))
}

/** The choices of the answerer that lead to sections, as `flow.json` has them. */
const menus: Readonly<Record<string, { node: string; key: string; label: string }>> = {
  'ccm-pensioni': { node: 'menu', key: '1', label: 'Pensioni' },
  'ccm-sostegno': { node: 'menu', key: '2', label: 'Sostegno al reddito' },
  'ccm-aziende': { node: 'menu', key: '3', label: 'Aziende e contributi' },
  'ccm-autonomi': { node: 'menu', key: '4', label: 'Lavoratori domestici e autonomi' },
  'ccm-online': { node: 'menu', key: '5', label: 'Servizi online e PIN' },
  'ccm-centralino': { node: 'menu', key: '0', label: 'Operatore' },
}

/** The rows of a call that is over. */
function tellCall(story: Story, call: CallOfDay<CitizenCalling>): void {
  const { caller, agent, offer, connectedAt, endedAt } = call
  if (!caller.office || endedAt === null) return
  const { call: row, turns } = pastCall({
    id: call.id,
    from: caller.from,
    to: caller.office.number,
    office: { id: caller.office.unitId, name: caller.office.unitName },
    provinceCode: caller.provinceCode,
    regionCode: caller.office.regionCode,
    sectionId: call.section,
    startedAt: new Date(call.arrivedAt),
    endedAt: new Date(endedAt),
    turn:
      agent === null || offer === null || connectedAt === null
        ? null
        : {
            offer,
            agentId: agent,
            offeredAt: new Date(call.offeredAt),
            answeredAt: new Date(connectedAt),
            waitedMs: connectedAt - call.queuedAt,
          },
  })
  story.add('call', row)
  for (const turn of turns) story.add('call_turn', turn)
}

/** Who calls: mostly somebody new, sometimes who has called before, sometimes about what is still open. */
class Callers {
  private readonly facts: DaysFacts
  private readonly story: Story
  private readonly matters: Matters
  private readonly chance: Chance
  private readonly citizens: Citizen[] = []
  private readonly waiting: { citizen: Citizen; typologyId: string; script: Script; office: NumberInForce }[] = []

  constructor(facts: DaysFacts, story: Story, matters: Matters) {
    this.facts = facts
    this.story = story
    this.matters = matters
    this.chance = chanceOf(facts.seed, 2)
    const eur = facts.channelled(dayAt(facts.stage.timeZone, facts.now)).find(({ unitId }) => unitId === 'ag-roma-eur')
    for (const { givenName, familyName, female, typologyId, script } of knownCitizens) {
      const citizen = eur && this.born(eur, [62, 66], { givenName, familyName, female })
      if (eur && citizen) this.waiting.push({ citizen, typologyId, script, office: eur })
    }
  }

  /** Somebody joins the queue of a section. */
  next(section: string, at: number, day: string): CitizenCalling {
    const { chance, facts } = this
    const known = at > facts.now - knownCallMs ? this.waitingFor(section, at) : undefined
    if (known) {
      const { citizen, typologyId, script, office } = known
      const calling = this.calling(citizen, office, this.typology(section, typologyId), at, null, script)
      // Whether they were answered is only known at the end of the day.
      citizen.busyUntil = at + 24 * hour
      return calling
    }
    const numbers = facts.channelled(day)
    const again = chance.happens(0.09) ? this.openIn(section, at) : undefined
    const back = again === undefined && chance.happens(0.08) ? this.endedIn(section, at) : undefined
    const before = again?.citizen ?? back?.citizen ?? (chance.happens(0.2) ? this.someoneKnown(at) : undefined)
    const office =
      (before && numbers.find(({ unitId }) => facts.stage.unit(unitId).municipalityCode === before.home.code)) ??
      chance.weighted(numbers, ({ unitId }) => (unitId === 'ag-roma-eur' ? 50 : unitId.startsWith('ag-roma') ? 10 : 1))
    const citizen = before ?? this.born(office, agesOf[section] ?? [25, 70]) ?? this.someoneKnown(at)
    if (!citizen) throw new Error('Nobody lives where the sample has an office.')
    const typologies = facts.stage.typologiesOf(section)
    const typology = again?.typology ?? back?.typology ?? askedSince(chance.one(typologies), typologies, at, facts.now)
    return this.calling(citizen, office, typology, at, again ?? null, null)
  }

  /** Known citizens who were answered do not call about the same again. */
  spoke({ script, citizen }: CitizenCalling): void {
    if (script === null) return
    const index = this.waiting.findIndex(each => each.citizen === citizen)
    if (index >= 0) this.waiting.splice(index, 1)
  }

  /** Nothing is written down of a word at the switchboard. */
  isShort({ section, caller }: CallOfDay<CitizenCalling>, ms: number): boolean {
    return caller.script === null && (ms < 12_000 || (section === 'ccm-centralino' && ms < 45_000))
  }

  private calling(
    citizen: Citizen,
    office: NumberInForce,
    typology: CitizenCalling['typology'],
    at: number,
    again: CitizenCalling['again'],
    script: Script | null,
  ): CitizenCalling {
    citizen.busyUntil = at + 3 * hour
    const provinceCode = this.facts.stage.unit(office.unitId).provinceCode
    return { from: citizen.phone, office, provinceCode, citizen, typology, again, script }
  }

  private waitingFor(section: string, at: number) {
    const ids = new Set(this.facts.stage.typologiesOf(section).map(({ id }) => id))
    return this.waiting.find(
      ({ typologyId, citizen, script }) =>
        ids.has(typologyId) && citizen.busyUntil < at && (script !== 'claimed' || this.isClaimedByNow(at)),
    )
  }

  /** Whether there was time enough for a member to take what a call brings. */
  private isClaimedByNow(at: number): boolean {
    const { stage, now } = this.facts
    return stage.afterWork(at + talkMs, claimMs) < now
  }

  private typology(section: string, id: string) {
    const all = this.facts.stage.typologiesOf(section)
    return all.find(each => each.id === id) ?? this.chance.one(all)
  }

  private openIn(section: string, at: number) {
    const all = this.matters.open.filter(
      ({ typology, openedAt, closedAt, citizen }) =>
        typology.ccmSectionId === section &&
        openedAt < at - 20 * hour &&
        (closedAt === null || closedAt > at + 3 * hour) &&
        citizen.busyUntil < at &&
        !this.isKnown(citizen),
    )
    return all.length === 0 ? undefined : this.chance.one(all)
  }

  /** A matter that was closed in these days, and is not settled for its citizen. */
  private endedIn(section: string, at: number) {
    const all = this.matters.ended.filter(
      ({ typology, closedAt, citizen, isRepeated }) =>
        typology.ccmSectionId === section &&
        closedAt < at - 3 * hour &&
        closedAt > at - 6 * 24 * hour &&
        !isRepeated &&
        citizen.busyUntil < at &&
        !this.isKnown(citizen),
    )
    return all.length === 0 ? undefined : this.chance.one(all)
  }

  private someoneKnown(at: number): Citizen | undefined {
    for (let attempt = 0; attempt < 8 && this.citizens.length > knownCitizens.length; attempt++) {
      const citizen = this.chance.one(this.citizens)
      if (citizen.busyUntil < at && !this.isKnown(citizen)) return citizen
    }
    return undefined
  }

  private isKnown(citizen: Citizen): boolean {
    return this.citizens.indexOf(citizen) < knownCitizens.length
  }

  private readonly codes = new Set<string>()

  /** A citizen of the place of an office. No two have one fiscal code. */
  private born(
    { unitId, number }: NumberInForce,
    ages: readonly [number, number],
    name?: { givenName: string; familyName: string; female: boolean },
  ): Citizen | undefined {
    const { facts, chance, citizens } = this
    const home = facts.stage.homes.get(facts.stage.unit(unitId).municipalityCode ?? '')
    if (!home) return undefined
    const id = this.story.id('contact')
    const year = Number(dayAt(facts.stage.timeZone, facts.now).slice(0, 4))
    const areaCode = number.slice('+39'.length, -'00000000'.length)
    for (;;) {
      const citizen = newCitizen(chance, { id, n: citizens.length, home, areaCode, ages, year, name })
      if (this.codes.has(citizen.fiscalCode)) continue
      this.codes.add(citizen.fiscalCode)
      citizens.push(citizen)
      return citizen
    }
  }
}

/** More than a conversation takes, and than the member of the second level waits before taking what it brings. */
const talkMs = 30 * minute
const claimMs = 45 * minute

/** Known citizens call in the last days. */
const knownCallMs = 5 * 24 * hour

const agesOf: Readonly<Record<string, readonly [number, number]>> = {
  'ccm-pensioni': [55, 84],
  'ccm-sostegno': [22, 58],
  'ccm-aziende': [28, 66],
  'ccm-autonomi': [28, 72],
  'ccm-online': [24, 76],
  'ccm-centralino': [30, 80],
}
