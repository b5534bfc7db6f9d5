/** Use cases of the members of sections: taken in, changed; who is in reserve; and all of them as the director sees them. */
import { absentToday } from '../../distribution/index.ts'
import { can, membersOfUnits, rolesWhich } from '../../identity/index.ts'
import { type Unit, unitOf, unitsOf } from '../../organisation/index.ts'
import {
  type Actor,
  actingPerson,
  changedMeanwhile,
  changesOf,
  type Db,
  dayAt,
  type House,
  type Language,
  must,
  nameOfActor,
  notFound,
  permissionOf,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { sectionMemberSet, staffReserveChanged } from '../events.ts'
import type { MemberChange, MemberFacts, MemberVersion, NewMember, NewReserve, RegionMembers, SectionMember } from '../model.ts'
import { isOn, mayStaff, mayTake, mostShare } from '../policy.ts'
import type { SectionMemberRow } from '../tables.ts'
import {
  deleteReserve,
  insertReserve,
  lockMember,
  lockMemberships,
  maxReserve,
  memberFactsOf,
  membershipsOf,
  membershipsUnder,
  putMember,
  readMember,
  reserveOf,
  versionsOf,
} from './store.ts'

const memberRoles = rolesWhich('tickets.work')

/** The sections of a region and its IT groups, which the director staffs. */
export const staffedUnits = async (db: Db, under: string): Promise<Unit[]> => [
  ...(await unitsOf(db, { kind: 'cric-section', under })),
  ...(await unitsOf(db, { kind: 'gai', under })),
]

const today = ({ config, clock }: Pick<House, 'config' | 'clock'>): string => dayAt(config.TIME_ZONE, clock.now())

/** Who works in some sections: those with a role there, and those of whom it is said, each once in a section. */
export interface StaffOf {
  readonly unit: Unit
  readonly members: readonly { row: SectionMemberRow | undefined; personId: string | null; name: string; hasRole: boolean }[]
}

/** The staff of sections from a day on; who has a role and is said to come from nowhere counts whole, as long as nobody says otherwise. */
export async function staffOfUnits(db: Db, under: string, units: readonly Unit[], day: string): Promise<StaffOf[]> {
  const rows = await membershipsUnder(db, under, day)
  const holders = await membersOfUnits(db, { paths: units.map(unit => unit.path), roles: memberRoles })
  return units.map(unit => {
    const own = rows.filter(row => row.section_id === unit.id)
    const inRole = new Map(holders.filter(each => each.unitId === unit.id).map(each => [each.id, each.name]))
    const said = new Set(own.flatMap(row => row.person_id ?? []))
    return {
      unit,
      members: [
        ...own.map(row => ({
          ...{ row, personId: row.person_id, name: row.name },
          hasRole: row.person_id !== null && inRole.has(row.person_id),
        })),
        ...[...inRole]
          .filter(([id]) => !said.has(id))
          .map(([id, name]) => ({ row: undefined, personId: id, name, hasRole: true })),
      ].sort((a, b) => a.name.localeCompare(b.name, 'it')),
    }
  })
}

/** The members of every section of the reader's region, and who is in reserve. @throws Refused 403 */
export async function regionMembers(house: House, actor: Actor, language: Language): Promise<RegionMembers> {
  const person = actingPerson(actor)
  must(mayStaff(person, person.unitPath))
  const db = house.database.kysely
  const units = await staffedUnits(db, person.unitPath)
  const day = today(house)
  const staff = await staffOfUnits(db, person.unitPath, units, day)
  const ids = staff.flatMap(({ members }) => members.flatMap(({ personId }) => personId ?? []))
  const absent = await absentToday(db, house, ids)
  const shown = ({ row, personId, name, hasRole }: StaffOf['members'][number]): SectionMember => ({
    ...{ id: row?.id ?? null, personId, name, hasRole, version: row?.version ?? 0 },
    facts: row ? memberFactsOf(row) : null,
    isNow: row ? isOn(row, day) : true,
    absentUntil: (personId === null ? undefined : absent.get(personId)) ?? null,
  })
  return {
    sections: staff.map(({ unit, members }) => ({ id: unit.id, name: unit.name, members: members.map(shown) })),
    reserve: (await reserveOf(db, person.unitId)).map(row => ({
      ...{ id: row.id, name: row.name, provenance: row.provenance, subject: row.subject },
      ...{ addedBy: row.added_by_name, addedAt: row.added_at.toISOString() },
    })),
    change: permissionOf(mayStaff(person, person.unitPath), language),
  }
}

/**
 * Takes somebody into a section from a day on.
 * @throws Refused 404 for a section out of the region, 409 for who is a member then, 422 for days that are not in order, for more than the whole
 * time, and for who was taken from a province or an agency without a reason while others could be had
 */
export const takeMember = useCase(
  async (work, { sectionId, personId, reserveId, name, ...facts }: NewMember): Promise<{ memberId: string }> => {
    const unit = await needSection(work, sectionId)
    const region = actingPerson(work.actor).unitId
    const taken = reserveId === null ? undefined : await takeFromReserve(work, reserveId)
    const known = personId === null ? undefined : await needInRole(work.tx, unit, personId)
    const called = taken?.name ?? known ?? name
    if (called.length < minNameLength) throw new Refused('staffing.nameNeeded', { field: 'name' }, 422)
    const row: SectionMemberRow = {
      ...{ id: work.ids(), section_id: unit.id, section_path: unit.path, person_id: personId, name: called },
      ...facts,
      ...{ version: 1, changed_at: work.now, changed_by_name: nameOfActor(work.actor) },
    }
    await check(work, row, undefined, region)
    await keep(work, row, undefined)
    return { memberId: row.id }
  },
)

const minNameLength = 3

/** Changes a membership. @throws Refused 404, 412 when somebody was quicker, 422 as for `takeMember` */
export const changeMember = useCase(
  async (
    work,
    { memberId, version, change }: { memberId: string; version: number; change: MemberChange },
  ): Promise<{ memberId: string; version: number }> => {
    const before = await lockMember(work.tx, memberId)
    if (!before || !can(work.actor, 'region.staff', before.section_path)) throw notFound('person')
    if (before.version !== version)
      throw changedMeanwhile(
        { ...memberFactsOf(before), personId: before.person_id, version: before.version },
        { by: before.changed_by_name, at: before.changed_at },
      )
    const unit = await needSection(work, before.section_id)
    const { personId = before.person_id } = change
    const known = personId === null || personId === before.person_id ? undefined : await needInRole(work.tx, unit, personId)
    const after: SectionMemberRow = {
      ...before,
      ...withChange(before, change),
      ...{ person_id: before.person_id ?? personId, name: before.person_id === null ? (known ?? before.name) : before.name },
      ...{ version: version + 1, changed_at: work.now, changed_by_name: nameOfActor(work.actor) },
    }
    await check(work, after, before, actingPerson(work.actor).unitId)
    await keep(work, after, before)
    return { memberId, version: after.version }
  },
)

/** What is said of a membership after a change; what the change does not name stays. */
const withChange = (before: SectionMemberRow, change: MemberChange): MemberFacts => ({
  provenance: change.provenance ?? before.provenance,
  origin: change.origin ?? before.origin,
  since: change.since ?? before.since,
  until: change.until === undefined ? before.until : change.until,
  share: change.share ?? before.share,
  reason: change.reason ?? before.reason,
})

async function check(work: Work, row: SectionMemberRow, before: SectionMemberRow | undefined, region: string): Promise<void> {
  if (row.until !== null && row.until < row.since) throw new Refused('staffing.endsBeforeItBegins', { field: 'until' }, 422)
  // Whoever was taken when nobody else could be had needs no reason afterwards.
  if (before?.provenance !== row.provenance || before.reason !== row.reason) {
    const reserve = await reserveOf(work.tx, region)
    const verdict = mayTake(
      row,
      reserve.map(({ name }) => name),
    )
    if (!verdict.allowed) throw new Refused(verdict.code, { ...verdict.values, field: 'reason' }, 422)
  }
  if (row.person_id === null) return
  await lockMemberships(work.tx, row.person_id)
  const others = await membershipsOf(work.tx, row.person_id, row.id)
  if (others.some(each => each.section_id === row.section_id && mostShare(row, [each]) > row.share))
    throw new Refused('staffing.memberAlready', { name: row.name }, 409)
  const share = mostShare(row, others)
  if (share > wholeTime) throw new Refused('staffing.shareTooMuch', { name: row.name, share, field: 'share' }, 422)
}

const wholeTime = 100

async function keep(work: Work, row: SectionMemberRow, before: SectionMemberRow | undefined): Promise<void> {
  await putMember(work.tx, row)
  const values = (of: SectionMemberRow): Record<string, unknown> => ({ ...memberFactsOf(of) })
  const { id: memberId, section_id: sectionId, name, provenance, version } = row
  await work.journal(
    sectionMemberSet,
    { memberId, sectionId, name, provenance, version, changes: changesOf(before ? values(before) : {}, values(row)) },
    { units: unitsIn(row.section_path) },
  )
}

/** @throws Refused 404 for what is no section of the actor's region, 403 for who staffs none */
async function needSection(work: Work, sectionId: string): Promise<Unit> {
  const unit = await unitOf(work.tx, sectionId)
  const { unitPath } = actingPerson(work.actor)
  must(mayStaff(work.actor, unitPath))
  if (!unit?.path.startsWith(unitPath) || (unit.kind !== 'cric-section' && unit.kind !== 'gai')) throw notFound('unit')
  return unit
}

/** @throws Refused 422 for who has no role in the section */
async function needInRole(db: Db, unit: Unit, personId: string): Promise<string> {
  const found = (await membersOfUnits(db, { paths: [unit.path], roles: memberRoles })).find(({ id }) => id === personId)
  if (!found) throw new Refused('staffing.notInSection', { field: 'personId', section: unit.name }, 422)
  return found.name
}

/** How a membership has changed, the newest version first. @throws Refused 404 */
export async function memberHistory(house: House, actor: Actor, memberId: string): Promise<{ items: MemberVersion[] }> {
  const db = house.database.kysely
  const member = await readMember(db, memberId)
  if (!member || !can(actor, 'region.staff', member.section_path)) throw notFound('person')
  const rows = await versionsOf(db, memberId)
  return { items: rows.map(({ version, facts, by_name, at }) => ({ version, facts, by: by_name, at: at.toISOString() })) }
}

// --- the reserve ----------------------------------------------------------------------------------------------------

/** Says that somebody of a product team, or an expert, could be taken into a section. @throws Refused 403, 409 when there are too many */
export const addToReserve = useCase(async (work, input: NewReserve): Promise<{ reserveId: string }> => {
  const { unitId, unitPath } = actingPerson(work.actor)
  must(mayStaff(work.actor, unitPath))
  if ((await reserveOf(work.tx, unitId)).length >= maxReserve)
    throw new Refused('staffing.reserveFull', { count: maxReserve }, 409)
  const reserveId = work.ids()
  const { name } = input
  await insertReserve(work.tx, {
    ...{ id: reserveId, unit_id: unitId, ...input },
    ...{ added_at: work.now, added_by_name: nameOfActor(work.actor) },
  })
  await work.journal(staffReserveChanged, { reserveId, name, isThere: true }, { units: unitsIn(unitPath) })
  return { reserveId }
})

/** Somebody cannot be had any more. @throws Refused 403, 404 */
export const dropFromReserve = useCase(async (work, { reserveId }: { reserveId: string }): Promise<null> => {
  must(mayStaff(work.actor, actingPerson(work.actor).unitPath))
  await takeFromReserve(work, reserveId)
  return null
})

async function takeFromReserve(work: Work, reserveId: string): Promise<{ name: string }> {
  const { unitId, unitPath } = actingPerson(work.actor)
  const row = await deleteReserve(work.tx, reserveId, unitId)
  if (!row) throw notFound('person')
  await work.journal(staffReserveChanged, { reserveId, name: row.name, isThere: false }, { units: unitsIn(unitPath) })
  return row
}
