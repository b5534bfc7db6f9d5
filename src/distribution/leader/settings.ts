/**
 * Settings as events: what the tables say now, compared with what the engine was told, gives what it is to be told. So it does no harm to
 * look twice, and a change that nobody announced is found at the next look.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/index.ts'
import {
  type Capacities,
  defaultSection,
  type Engine,
  type Level,
  type RoutingEvent,
  type SectionSettings,
} from '../../routing/index.ts'
import type { SectionRouting } from '../model.ts'
import { readSectionRouting } from '../store.ts'
import type { SettingsRows } from './ledger.ts'
import type { SectionPaths } from './translate.ts'

type Skills = readonly { section: string; level: Level }[]

/** What the engine was told. */
export interface EngineConfiguration extends SectionPaths {
  readonly sections: Map<string, { settings: SectionSettings; open: boolean }>
  readonly agents: Map<string, { skills: Skills; capacities: Capacities }>
  /** Where sections stand in the organisation: not the engine's business, but whoever is told of a call has to be found by it. */
  readonly paths: Map<string, string>
}

const oneCall: Capacities = { call: 1, mail: 0, ticket: 0 }
/** Members of a section are equals. */
const memberLevel: Level = 3
/** A member who declines a ticket, or gives one back, is offered none for so long. */
const writtenRestMs = 300_000
/** Whoever lets mails go by still takes calls: nobody is set to pause by them. */
const mailsLetGoBy = 1_000

/** What an engine knows already; `learnPaths` adds what it does not know. */
export function toldOf(engine: Engine): EngineConfiguration {
  const { sections, agents } = engine.snapshot()
  const told: EngineConfiguration = {
    sections: new Map(sections.filter(s => s.configured).map(({ id, settings, open }) => [id, { settings, open }])),
    agents: new Map(agents.map(({ id, skills, capacities }) => [id, { skills, capacities }])),
    paths: new Map(),
    pathOf: sectionId => told.paths.get(sectionId),
    sectionsOf: agent => told.agents.get(agent)?.skills.map(skill => skill.section) ?? [],
  }
  return told
}

export async function learnPaths(rows: SettingsRows, told: EngineConfiguration, now: Date): Promise<void> {
  for (const { id, path } of [...(await rows.sections()), ...(await rows.written(now))]) told.paths.set(id, path)
}

/** What the engine has to be told now, in an order that depends on nothing but identifiers; and when a section opens or closes next. */
export async function lookAtSettings(
  rows: SettingsRows,
  told: EngineConfiguration,
  now: Date,
): Promise<{ events: RoutingEvent[]; nextChange: number | null }> {
  const events: RoutingEvent[] = []
  let nextChange: number | null = null
  const routing = await rows.sectionRouting()
  const sections = (await rows.sections()).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (const { id, path } of sections) {
    told.paths.set(id, path)
    const opening = await rows.isOpen(id, now)
    const change = opening.nextChange?.getTime() ?? null
    if (change !== null && (nextChange === null || change < nextChange)) nextChange = change
    const settings = settingsOf(routing.get(id))
    const known = told.sections.get(id)
    if (!isDeepStrictEqual(known?.settings, settings)) events.push({ type: 'section.configured', section: id, settings })
    if ((known?.open ?? true) !== opening.open)
      events.push({ type: opening.open ? 'section.opened' : 'section.closed', section: id })
    told.sections.set(id, { settings, open: opening.open })
  }
  const written = (await rows.written(now)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (const { id, path, sharing, medium } of written) {
    told.paths.set(id, path)
    // Written work can wait: its sections have no closing time.
    const settings = settingsOf({
      ...routing.get(id),
      offerTimeoutMs: sharing.offerMinutes * 60_000,
      restMs: writtenRestMs,
      ...(medium === 'mail' ? { unansweredLimit: mailsLetGoBy } : {}),
    })
    if (!isDeepStrictEqual(told.sections.get(id)?.settings, settings))
      events.push({ type: 'section.configured', section: id, settings })
    told.sections.set(id, { settings, open: true })
  }
  events.push(...agentsToTell(told, await rows.skills(), written, await rows.withoutTelephone()))
  return { events, nextChange }
}

function agentsToTell(
  told: EngineConfiguration,
  skills: Awaited<ReturnType<SettingsRows['skills']>>,
  written: Awaited<ReturnType<SettingsRows['written']>>,
  withoutTelephone: ReadonlySet<string>,
): RoutingEvent[] {
  const events: RoutingEvent[] = []
  const memberOf = (agent: string) => written.filter(section => section.members.includes(agent))
  const members = written.flatMap(section => section.members)
  for (const agent of [...new Set([...skills.keys(), ...members, ...told.agents.keys()])].sort()) {
    const sections = memberOf(agent)
    const calls = withoutTelephone.has(agent) ? [] : (skills.get(agent) ?? [])
    const wanted = {
      skills: [
        ...calls.map(({ section, level }) => ({ section, level: levelOf(level) })),
        ...sections.map(({ id }) => ({ section: id, level: memberLevel })),
      ],
      capacities: sections.length === 0 ? oneCall : capacitiesOf(sections, calls.length > 0),
    }
    if (isDeepStrictEqual(told.agents.get(agent), wanted)) continue
    told.agents.set(agent, wanted)
    events.push({ type: 'agent.configured', agent, ...wanted })
  }
  return events
}

/** A member of several sections has as much room for each medium as the largest of them allows. */
function capacitiesOf(sections: Awaited<ReturnType<SettingsRows['written']>>, calls: boolean): Capacities {
  const room = (medium: 'mail' | 'ticket') =>
    Math.max(0, ...sections.filter(section => section.medium === medium).map(({ sharing }) => sharing.capacity))
  return { call: calls ? 1 : 0, mail: room('mail'), ticket: room('ticket') }
}

/** The settings of all sections that differ from the defaults, whole; a section that is not in it has `defaultSection`. */
export async function sectionSettings(db: Kysely<Tables>): Promise<Map<string, SectionSettings>> {
  const own = await readSectionRouting(db)
  return new Map([...own].map(([section, routing]) => [section, settingsOf(routing)]))
}

function settingsOf(own: SectionRouting | undefined): SectionSettings {
  // Whom a work asks for, and for how long, comes with the work.
  const { continuity: _, ...routing } = own ?? {}
  const said = Object.fromEntries(Object.entries(routing).filter(([, value]) => value !== undefined))
  const settings: SectionSettings = { ...defaultSection, ...said }
  // As the engine keeps them, so that a comparison finds a difference only where there is one.
  return { ...settings, helpers: settings.helpers.toSorted((a, b) => a.afterMs - b.afterMs) }
}

function levelOf(level: number): Level {
  return level <= 1 ? 1 : level === 2 ? 2 : level === 3 ? 3 : level === 4 ? 4 : 5
}
