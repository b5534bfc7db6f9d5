/** Absences of members of the second level: entered by themselves or by who coordinates them, in whole days. Whoever is away is offered nothing. */
import { membersOf, rolesWhich } from '../../identity/index.ts'
import { unitOf } from '../../organisation/index.ts'
import {
  type Actor,
  actingPerson,
  addDays,
  type Db,
  dayAt,
  type House,
  type Language,
  must,
  notFound,
  permissionOf,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { absenceEnded, absenceEntered } from '../events.ts'
import type { Absence, NewAbsence } from './model.ts'
import { mayKeepAbsence } from './policy.ts'
import {
  absencesOf,
  absentAmong,
  deleteAbsence,
  forgetAbsences,
  hasAbsenceIn,
  insertAbsence,
  lockAbsences,
  maxAbsences,
  readAbsence,
} from './store.ts'

/** Roles whose absences are kept. */
const absentRoles = rolesWhich('absences.enter')

interface Member {
  id: string
  name: string
  paths: string[]
}

/** Those whose absences are kept, at and under a path, each with the units in which they work. */
async function membersUnder(db: Db, under: string): Promise<Map<string, Member>> {
  const found = new Map<string, Member>()
  for (const { id, name, unitPath } of await membersOf(db, { under, roles: absentRoles })) {
    const member = found.get(id) ?? { id, name, paths: [] }
    member.paths.push(unitPath)
    found.set(id, member)
  }
  return found
}

const today = ({ config, clock }: House): string => dayAt(config.TIME_ZONE, clock.now())

/** For so many days after their end absences are kept. */
const keptDays = 365

/** Absences that ended more than a year ago are forgotten. */
export const forgetOldAbsences = (house: House): Promise<void> =>
  forgetAbsences(house.database.kysely, addDays(today(house), -keptDays))

/** Who of some people is away today, and until which day (ISO 8601). */
export const absentToday = (db: Db, house: House, personIds: readonly string[]): Promise<Map<string, string>> =>
  absentAmong(db, personIds, today(house))

/**
 * The absences of the members of a unit that are not over, the next first; of the reader's own unit when none is named.
 * @throws Refused 404 for a unit out of the reader's territory
 */
export async function absencesView(
  house: House,
  actor: Actor,
  { unitId }: { unitId?: string | undefined },
  language: Language,
): Promise<{ items: Absence[]; members: { id: string; name: string }[] }> {
  const db = house.database.kysely
  const person = actingPerson(actor)
  const unit = await unitOf(db, unitId ?? person.unitId)
  if (!unit?.path.startsWith(person.unitPath)) throw notFound('unit')
  const members = await membersUnder(db, unit.path)
  const own = members.get(person.personId) ?? { id: person.personId, name: person.name, paths: [person.unitPath] }
  members.set(own.id, own)
  const now = today(house)
  const rows = await absencesOf(db, [...members.keys()], now)
  const mayKeep = (member: Member) => mayKeepAbsence(person, member)
  return {
    items: rows.flatMap(row => {
      const member = members.get(row.person_id)
      if (!member) return []
      const verdict = mayKeep(member)
      return {
        id: row.id,
        person: { id: row.person_id, name: row.name },
        ...{ from: row.from_day, until: row.until_day },
        kind: verdict.allowed ? row.kind : null,
        isNow: row.from_day <= now,
        enteredBy: row.entered_by_name,
        enteredAt: row.entered_at.toISOString(),
        change: permissionOf(verdict, language),
      }
    }),
    members: [...members.values()].filter(each => mayKeep(each).allowed).map(({ id, name }) => ({ id, name })),
  }
}

/** @throws Refused 404 for who is no member of the actor's unit, 403 for who may not enter it */
async function needMember(work: Work, personId: string): Promise<Member> {
  const actor = actingPerson(work.actor)
  const member = (await membersUnder(work.tx, actor.unitPath)).get(personId)
  if (!member) throw notFound('person')
  must(mayKeepAbsence(actor, member))
  return member
}

const subjectsOf = ({ id, paths }: Member) => ({ person: id, units: unitsIn(...paths) })

/** Enters an absence. @throws Refused 404, 403; 422 when it ends before it begins or is over; 409 when there is one on those days, or too many */
export const enterAbsence = useCase(async (work, { personId, from, until, kind }: NewAbsence): Promise<{ id: string }> => {
  const member = await needMember(work, personId)
  if (until < from) throw new Refused('distribution.absences.endsBeforeItBegins', { field: 'until' }, 422)
  if (until < today(work.house)) throw new Refused('distribution.absences.over', { field: 'until' }, 422)
  await lockAbsences(work.tx, personId)
  if (await hasAbsenceIn(work.tx, personId, { from, until }))
    throw new Refused('distribution.absences.already', { name: member.name }, 409)
  if ((await absencesOf(work.tx, [personId], today(work.house))).length >= maxAbsences)
    throw new Refused('distribution.absences.tooMany', { count: maxAbsences }, 409)
  const id = work.ids()
  await insertAbsence(work.tx, {
    ...{ id, person_id: personId, name: member.name, from_day: from, until_day: until, kind },
    ...{ entered_by_name: actingPerson(work.actor).name, entered_at: work.now },
  })
  await work.journal(absenceEntered, { absenceId: id, name: member.name, from, until }, subjectsOf(member))
  return { id }
})

/** Takes an absence away: it was entered by mistake, or its person is back. @throws Refused 404, 403 */
export const endAbsence = useCase(async (work, { absenceId }: { absenceId: string }): Promise<null> => {
  const row = await readAbsence(work.tx, absenceId)
  if (!row) throw notFound('absence')
  const member = await needMember(work, row.person_id)
  await deleteAbsence(work.tx, absenceId)
  await work.journal(absenceEnded, { absenceId, name: member.name }, subjectsOf(member))
  return null
})
