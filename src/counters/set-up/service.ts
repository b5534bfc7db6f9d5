/**
 * The set-up of the counters of an office: read, tried, saved as a whole, its versions. Nothing in which somebody is goes away unseen: a hall, a desk or a service
 * that would go is refused as long as there are visits in it, or somebody sits there.
 */
import { servicesOfUnit, setLetters } from '../../agenda/index.ts'
import { unitOf } from '../../organisation/index.ts'
import {
  type Actor,
  type Db,
  type DocumentVersion,
  type House,
  must,
  nameOfActor,
  notFound,
  Refused,
  unitsIn,
  useCase,
} from '../../platform/index.ts'
import { countersSetUp } from '../events.ts'
import { defaultRules } from '../model.ts'
import { boundsOfClasses, lettersOf, mayKeepCounters, maySeeCounters } from '../policy.ts'
import { desksOfHalls, hallsOfUnit, sittingsAt } from '../setup-store.ts'
import { lockHalls, openVisits } from '../store.ts'
import { counterProblemOf, notAtKiosk } from './check.ts'
import type { CounterSetUp, CounterSetUpEffect, CounterSetUpVersion, CounterSetUpView, InUse, NewCounterSetUp } from './model.ts'
import { counterSetUps, isForeign, readCounterSetUp, writeSetUp } from './store.ts'

interface Unit {
  id: string
  name: string
  path: string
}

/** An office whose counters the actor sets up. @throws Refused 404 for one that is not there for the actor, 403 for the rights */
async function officeToSetUp(db: Db, actor: Actor, unitId: string): Promise<Unit> {
  const unit = await unitOf(db, unitId)
  if (!unit || !maySeeCounters(actor, unit.path)) throw notFound('unit')
  must(mayKeepCounters(actor, unit.path))
  return { id: unit.id, name: unit.name, path: unit.path }
}

/** The counters of an office, as they are set up. @throws Refused 404, 403 */
export async function counterSetUpView(house: House, actor: Actor, unitId: string): Promise<CounterSetUpView> {
  const db = house.database.kysely
  const unit = await officeToSetUp(db, actor, unitId)
  return {
    unit: { id: unit.id, name: unit.name },
    version: await counterSetUps.newest(db, unit.id),
    setUp: await readCounterSetUp(db, unit.id),
    agendaServices: (await servicesOfUnit(db, unit.id)).map(({ id, name }) => ({ id, name })),
    usualRules: defaultRules,
  }
}

/** What would come of a set-up; nothing is written. @throws Refused 404, 403, 422 for a set-up that makes no sense */
export async function tryCounterSetUp(
  house: House,
  actor: Actor,
  { unitId, setUp }: { unitId: string; setUp: CounterSetUp },
): Promise<CounterSetUpEffect> {
  const db = house.database.kysely
  const unit = await officeToSetUp(db, actor, unitId)
  await checkSetUp(db, unit, setUp)
  const received = new Set(setUp.halls.flatMap(({ services }) => services.flatMap(({ agendaServices }) => agendaServices)))
  return {
    inUse: await inUseWithout(db, unit.id, await readCounterSetUp(db, unit.id), setUp),
    notAtKiosk: setUp.halls.flatMap(hall => notAtKiosk(hall).map(service => ({ hall: hall.name, service }))),
    notReceived: (await servicesOfUnit(db, unit.id)).flatMap(({ id, name }) => (received.has(id) ? [] : [name])),
    bounds: setUp.halls.map(({ id, rules }) => ({ hallId: id, minutes: boundsOfClasses(rules) })),
  }
}

/**
 * Puts a set-up in force: for those who come from now on.
 * @throws Refused 404, 403, 422 for a set-up that makes no sense, 412 when somebody else has saved one since `version`, 409 `counters.setUp.inUse` when somebody is
 * in what would go
 */
export const saveCounterSetUp = useCase(
  async (
    work,
    { unitId, version, setUp, reason }: { unitId: string; version: number } & NewCounterSetUp,
  ): Promise<{ version: number }> => {
    const { tx } = work
    const unit = await officeToSetUp(tx, work.actor, unitId)
    await checkSetUp(tx, unit, setUp)
    await lockHalls(
      tx,
      (await hallsOfUnit(tx, unit.id)).map(({ id }) => id),
    )
    const before = await readCounterSetUp(tx, unit.id)
    const saved = { document: setUp, reason, byName: nameOfActor(work.actor), at: work.now }
    const next = await counterSetUps.add(tx, unit.id, version, before, saved)
    const [used] = await inUseWithout(tx, unit.id, before, setUp)
    if (used) throw new Refused(`counters.setUp.inUse.${used.what}`, valuesOf(used), 409)
    await writeSetUp(tx, unit, setUp)
    await setLetters(tx, unit.id, lettersOf(setUp.halls))
    await work.journal(countersSetUp, { unitId: unit.id, version: next, reason }, { units: unitsIn(unit.path) })
    return { version: next }
  },
)

/** One page of the set-ups that an office has had, the newest first. @throws Refused 404, 403 */
export async function counterSetUpHistory(
  house: House,
  actor: Actor,
  { unitId, ...query }: { unitId: string; cursor?: string | undefined; limit: number },
): Promise<{ items: CounterSetUpVersion[]; next: string | null }> {
  const db = house.database.kysely
  const unit = await officeToSetUp(db, actor, unitId)
  const { items, next } = await counterSetUps.page(db, unit.id, query)
  return { items: items.map(versionView), next }
}

const versionView = ({ version, document, reason, byName, at }: DocumentVersion<CounterSetUp>): CounterSetUpVersion => ({
  ...{ version, setUp: document, reason, by: byName, at: at.toISOString() },
})

/** @throws Refused 422 for the first thing that is wrong */
async function checkSetUp(db: Db, unit: Unit, setUp: CounterSetUp): Promise<void> {
  const problem = counterProblemOf(setUp)
  if (problem) {
    const { code, field, name, hall } = problem
    throw new Refused(`counters.setUp.${code}`, { field, name, hall }, 422)
  }
  if (await isForeign(db, unit.id, setUp))
    throw new Refused('counters.setUp.twice', { field: 'setUp.halls', name: '', hall: '' }, 422)
}

/** What a set-up takes away although somebody is in it. */
async function inUseWithout(db: Db, unitId: string, before: CounterSetUp, after: CounterSetUp): Promise<InUse[]> {
  const halls = (await hallsOfUnit(db, unitId)).map(({ id }) => id)
  const open = await openVisits(db, halls)
  const sittings = await sittingsAt(
    db,
    (await desksOfHalls(db, halls)).map(({ id }) => id),
  )
  const kept = new Set(
    after.halls.flatMap(hall => [hall.id, ...hall.services.map(({ id }) => id), ...hall.desks.map(({ id }) => id)]),
  )
  const found: InUse[] = []
  const look = (use: Omit<InUse, 'codes' | 'sitting'>, codes: string[], sitting: string | null = null) => {
    if (codes.length > 0 || sitting !== null) found.push({ ...use, codes, sitting })
  }
  const codesOf = (isIn: (visit: (typeof open)[number]) => boolean) => open.filter(isIn).map(({ code }) => code)
  for (const hall of before.halls) {
    const named = { hall: hall.name }
    if (!kept.has(hall.id))
      look(
        { what: 'hall', name: named.hall },
        codesOf(visit => visit.hall_id === hall.id),
      )
    for (const { id, label } of hall.desks.filter(desk => !kept.has(desk.id)))
      look(
        { what: 'desk', name: label },
        codesOf(visit => visit.desk_id === id || visit.only_desk_id === id),
        sittings.find(({ desk_id }) => desk_id === id)?.person_name ?? null,
      )
    for (const { id, words } of hall.services.filter(service => !kept.has(service.id)))
      look(
        { what: 'service', name: words.it },
        codesOf(visit => visit.service_id === id),
      )
  }
  return found
}

const valuesOf = ({ name, codes, sitting }: InUse) => ({
  name,
  who: [...codes, ...(sitting === null ? [] : [sitting])].join(', '),
})
