/**
 * The sample institute: a whole social-security institute to try the program with, the same each time it is loaded.
 *
 * 20 regions with their centres, 107 provinces with agencies in real towns, the contact centre, what citizens ask about, an account for
 * every role. Places, codes and area codes are facts; people, addresses and numbers are made up, and the numbers reach nobody.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { insertAgenda } from '../src/agenda/index.ts'
import { type DeadlineTargetRow, putTarget } from '../src/cases/index.ts'
import { insertTypologies, keepProcedures } from '../src/classification/index.ts'
import { insertCounters, insertPastVisits } from '../src/counters/index.ts'
import { setAgentSkills } from '../src/distribution/index.ts'
import { keepGuide } from '../src/guides/index.ts'
import { insertPeople, roles, rolesWhich } from '../src/identity/index.ts'
import { installFlow } from '../src/ivr/index.ts'
import { insertChanges, insertHours, insertNumbers, insertUnits, unitsOf } from '../src/organisation/index.ts'
import {
  comesFromThisMachine,
  type House,
  inTransaction,
  isSampleLoaded,
  Refused,
  route,
  sentence,
  system,
  TextLine,
  type Tx,
} from '../src/platform/index.ts'
import { buildPeople, buildSkills, planner, sampleAccounts, samplePassword } from './accounts.ts'
import { buildAgenda } from './agenda.ts'
import { buildCounterDays } from './counter-days.ts'
import { buildCounters } from './counters.ts'
import { sampleLoaded, sampleTraffic } from './events.ts'
import { guides } from './guides.ts'
import { citizensToBe, markLoaded, writeMissingDays } from './living/index.ts'
import { buildOrganisation, founded } from './organisation.ts'
import { procedures } from './procedures.ts'
import { insertStaff } from './staffing.ts'
import { ownTargets } from './targets.ts'
import { readTerritory } from './territory.ts'
import { typologies } from './typologies.ts'

export { type SampleAccount, sampleAccounts, samplePassword } from './accounts.ts'
export { isSampleWanted, sampleInTheOpen, sampleLives } from './presence.ts'
export { closeSampleAccounts, removeSample } from './remove.ts'
export { trafficAgents, trafficSheets } from './traffic.ts'

/**
 * Loads the sample institute, in one transaction. The organisation must be empty.
 * @param lives whether its six weeks are to be written; `goOnWithSample` does it
 */
export async function loadSample(house: House, { lives = false } = {}): Promise<void> {
  const { units, hours, numbers, changes } = buildOrganisation(readTerritory(), planner)
  const people = buildPeople(units)
  await inTransaction(house, system('sample'), async work => {
    const { tx } = work
    await insertUnits(tx, units)
    await insertHours(tx, hours)
    await insertNumbers(tx, numbers)
    await insertChanges(tx, changes)
    await insertTypologies(tx, typologies)
    await setTargets(tx, ownTargets)
    await keepProcedures(tx, procedures)
    for (const { id, content } of guides)
      await keepGuide(tx, {
        ...{ id, content, version: 1, retired: false, reason: 'Prima stesura', byName: 'Direzione generale' },
        at: new Date(house.clock.now()),
      })
    await installFlow(work, JSON.parse(readFileSync(join(import.meta.dirname, 'flow.json'), 'utf8')), {
      units: units.map(unit => unit.id),
    })
    await insertPeople(tx, people, founded)
    await insertStaff(tx, units, people)
    await insertAgenda(tx, buildAgenda(units, people, hours))
    const counters = buildCounters(units)
    await insertCounters(tx, counters)
    const moment = { now: house.clock.now(), timeZone: house.config.TIME_ZONE }
    if (lives) await insertPastVisits(tx, buildCounterDays(counters, people, moment))
    for (const { personId, skills } of buildSkills(people)) await setAgentSkills(work, personId, skills)
    await markLoaded(tx, lives ? house.clock.now() : undefined)
    await work.journal(
      sampleLoaded,
      { units: units.length, numbers: numbers.length, people: people.length, typologies: typologies.length },
      { units: ['inps'] },
    )
  })
}

async function setTargets(tx: Tx, targets: readonly DeadlineTargetRow[]): Promise<void> {
  for (const { typology_id, priority, kind, amount, measure, warn_minutes, raise_minutes } of targets)
    await putTarget(
      tx,
      { typologyId: typology_id, priority, kind },
      { amount, measure, warnMinutes: warn_minutes, raiseMinutes: raise_minutes },
    )
}

/** Loads it when there is no unit yet. Returns whether it did. */
export async function loadSampleIfEmpty(house: House, options: { lives?: boolean } = {}): Promise<boolean> {
  const anyUnit = await house.database.kysely.selectFrom('unit').select('id').limit(1).executeTakeFirst()
  if (anyUnit) return false
  await loadSample(house, options)
  return true
}

export { writeMissingDays as goOnWithSample }

const Account = z.object({
  user: z.string().meta({ example: 'anna.bianchi' }),
  name: z.string(),
  role: z.enum(roles),
  unitName: z.string(),
})

const Citizen = z.object({
  name: z.string(),
  number: z.string().describe('E.164'),
  title: z.string().describe('of the open matter'),
  waitsFor: z.enum(['answer', 'visit']),
})

/** Virtual citizens and operators at work on the sample. */
export const SampleTraffic = z.strictObject({
  state: z.enum(['begins', 'ends']),
  callsPerMinute: z.number().int().min(1).max(240).describe('of the busiest part'),
  agents: z.number().int().min(0).max(30),
  scenario: TextLine.pipe(z.string().min(1).max(120)).nullable().describe('the name of the scenario, where one is followed'),
})

export type SampleTraffic = z.infer<typeof SampleTraffic>

async function accountsWithUnits(house: House) {
  const units = await unitsOf(house.database.kysely, { ids: sampleAccounts.map(account => account.unitId) })
  const names = new Map(units.map(unit => [unit.id, unit.name]))
  return sampleAccounts.map(account => ({ ...account, unitName: names.get(account.unitId) ?? account.unitId }))
}

/** Whether the institute is made up, for the bar on every page; and the accounts to try, for the page of signing in on this machine. */
export const routes = [
  route({
    method: 'GET',
    url: '/api/sample',
    operation: 'readSample',
    summary: 'Whether this is the sample institute',
    tag: 'session',
    access: 'public',
    answer: z.object({ loaded: z.boolean() }),
    handle: async ({ house }) => ({ loaded: await isSampleLoaded(house.database.kysely) }),
  }),
  route({
    method: 'GET',
    url: '/api/sample/citizens',
    operation: 'listSampleCitizens',
    summary: 'Citizens of the sample institute whom one can be on the telephone of the page, each with a matter that is open',
    tag: 'session',
    access: 'public',
    answer: z.object({ citizens: z.array(Citizen) }),
    handle: async ({ house }) => ({
      citizens: (await isSampleLoaded(house.database.kysely)) ? await citizensToBe(house.database.kysely) : [],
    }),
  }),
  route({
    method: 'POST',
    url: '/api/sample/traffic',
    operation: 'announceSampleTraffic',
    summary: 'Virtual citizens and operators begin or end their work on the sample institute',
    description:
      'For the command that makes traffic: the journal says when what people saw was not real. Refused where the sample is not loaded.',
    tag: 'session',
    access: rolesWhich('figures.watch'),
    body: SampleTraffic,
    status: 204,
    async handle({ house, actor, body }) {
      if (!(await isSampleLoaded(house.database.kysely))) throw new Refused('sample.notThere')
      await inTransaction(house, actor, work => work.journal(sampleTraffic, body, { units: ['inps'] }))
    },
  }),
  route({
    method: 'GET',
    url: '/api/session/sample-accounts',
    operation: 'listSampleAccounts',
    summary: 'The accounts of the sample institute, where it is loaded and the browser is on the same machine',
    tag: 'session',
    access: 'public',
    answer: z.object({ password: z.string(), accounts: z.array(Account) }),
    async handle({ house, request }) {
      if (!comesFromThisMachine(request.raw) || !(await isSampleLoaded(house.database.kysely)))
        return { password: '', accounts: [] }
      const accounts = await accountsWithUnits(house)
      return {
        password: samplePassword,
        accounts: accounts.map(({ user, name, role, unitName }) => ({ user, name, role, unitName })),
      }
    },
  }),
] as const

/** The accounts as a short table, for whoever has started the program; nothing where the sample is not loaded. */
export async function sampleWelcome(house: House, url: string): Promise<string[]> {
  if (!(await isSampleLoaded(house.database.kysely))) return []
  const rows = (await accountsWithUnits(house)).map(({ user, role, unitName, tryKey }) => [
    user,
    sentence('it', `identity.role.${role}`),
    unitName,
    sentence('it', `sample.try.${tryKey}`),
  ])
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return [
    '',
    sentence('it', 'sample.accounts', { password: samplePassword }),
    ...rows.map(row => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`),
    sentence('it', 'sample.telephone', { url: `${url}/telephone` }),
  ]
}
