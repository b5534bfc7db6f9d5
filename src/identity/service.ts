/** Use cases of those who look after accounts: one transaction each. Roles in units are in `assignments.ts`. */
import { z } from 'zod'
import { unitOf, unitsOf } from '../organisation/index.ts'
import {
  type Actor,
  changedMeanwhile,
  changesOf,
  type Db,
  decodeCursor,
  type House,
  type Language,
  lastEntry,
  must,
  notFound,
  pageOf,
  Refused,
  spellings,
  useCase,
  type Work,
} from '../platform/index.ts'
import type { Role } from './capabilities.ts'
import { endingsOf, endsNow } from './conversations.ts'
import { passwordReset, personChanged, personCreated, personDisabled, personEnabled } from './events.ts'
import {
  Ending,
  type HeldAssignment,
  NewPerson,
  type OneTimePassword,
  type Person,
  type PersonChange,
  type PersonSummary,
} from './model.ts'
import { sortKey } from './names.ts'
import { notify } from './notices.ts'
import { hashPassword, oneTimePassword } from './password.ts'
import { mayAdminister, mayGivePassword, peopleScope } from './policy.ts'
import { requestViews } from './requests.ts'
import { assignmentViews, endSessions } from './sessions.ts'
import {
  type AssignmentRow,
  administratorsBeside,
  assignmentsNow,
  assignmentsSince,
  findPeople,
  holderOfUserName,
  insertPeople,
  listPeople,
  lockPerson,
  membersAt,
  membersUnder,
  type PersonRow,
  readPerson,
  replacePersonKeys,
  setPassword,
  updatePerson,
} from './store.ts'

/** A password that an administrator has given is good for a working day and the one after. */
export const oneTimePasswordMs = 48 * 3_600_000
const yearMs = 365 * 24 * 3_600_000

// --- reading --------------------------------------------------------------------------------------------------------

export interface PeopleQuery {
  q?: string | undefined
  unitId?: string | undefined
  role?: Role | undefined
  cursor?: string | undefined
  limit: number
}

/**
 * One page of people: by family name, or those that a text finds (the beginning of a user name, or of a name from any of its words).
 * @throws Refused 422 for a unit that does not exist
 */
export async function searchPeople(
  house: House,
  actor: Actor,
  query: PeopleQuery,
): Promise<{ items: PersonSummary[]; next: string | null }> {
  const scope = peopleScope(actor)
  if (!scope) return { items: [], next: null }
  const db = house.database.kysely
  const now = new Date(house.clock.now())
  const unit = query.unitId === undefined ? undefined : await needUnitOfAssignment(db, query.unitId)
  const filter = { unitPath: unit?.path, role: query.role }
  const cursor = decodeCursor(z.tuple([z.string(), z.uuid()]), query.cursor)
  const after = cursor && { key: cursor[0], id: cursor[1] }
  const prefix = prefixOf(query.q)
  if (prefix === '') return { items: [], next: null }
  const rows =
    prefix === undefined
      ? await listPeople(db, scope, filter, after, query.limit + 1, now)
      : await findPeople(db, prefix, scope, filter, after, query.limit + 1, now)
  const { items, next } = pageOf(rows, query.limit, row => [row.key, row.id])
  const held = await assignmentsNow(
    db,
    items.map(row => row.id),
    now,
  )
  const views = await assignmentViews(db, held)
  return {
    items: items.map(row => ({
      id: row.id,
      user: row.user_name,
      name: row.name,
      disabledAt: row.disabled_at?.toISOString() ?? null,
      assignments: views.filter((_view, i) => held[i]?.person_id === row.id),
    })),
    next,
  }
}

/**
 * A user name has signs that a folded name has not; what is typed with one of them is looked for as it is. Undefined when nothing was typed,
 * empty when nothing of it can be in a name.
 */
function prefixOf(q: string | undefined): string | undefined {
  const typed = (q ?? '').trim().toLowerCase()
  if (typed === '') return undefined
  return /^[a-z0-9._@-]+$/.test(typed) ? typed : (spellings(typed)[0] ?? []).join(' ')
}

/** A person with their assignments. @throws Refused 404 when not there, or not the actor's to see */
export async function personView(house: House, actor: Actor, id: string, language: Language = 'it'): Promise<Person> {
  const scope = peopleScope(actor)
  const now = new Date(house.clock.now())
  const person = scope && (await readPerson(house.database.kysely, id, scope, now))
  if (!person) throw notFound('person')
  return viewOf(house.database.kysely, person, now, actor, language)
}

/** @param actor the reader, who may or may not confirm what waits; it is said in `language` why not */
export async function viewOf(
  db: Db,
  person: PersonRow,
  now: Date,
  actor: Actor,
  language: Language = person.language,
): Promise<Person> {
  const rows = await assignmentsSince(db, person.id, new Date(now.getTime() - yearMs))
  return {
    id: person.id,
    user: person.user_name,
    name: person.name,
    language: person.language,
    password: person.password_hash === null ? 'none' : person.password_once_until ? 'one-time' : 'own',
    disabledAt: person.disabled_at?.toISOString() ?? null,
    assignments: await heldViews(db, rows),
    requests: await requestViews(db, actor, language, person.id),
    endsAfterCall: await endingsOf(db, person.id),
    version: person.version,
  }
}

async function heldViews(db: Db, rows: readonly AssignmentRow[]): Promise<HeldAssignment[]> {
  const views = await assignmentViews(db, rows)
  return views.map((view, i) => ({
    ...view,
    from: (rows[i]?.starts_at ?? new Date(0)).toISOString(),
    until: rows[i]?.ends_at?.toISOString() ?? null,
  }))
}

/** Who has one of the roles now in units themselves, not under them; a person comes once for each unit and role. */
export async function membersOfUnits(
  db: Db,
  { paths, roles, at = new Date() }: { paths: readonly string[]; roles: readonly Role[]; at?: Date },
): Promise<{ id: string; name: string; unitId: string; unitPath: string }[]> {
  if (paths.length === 0) return []
  const members = await membersAt(db, paths, roles, at)
  return members.map(({ personId, name, unitId, unitPath }) => ({ id: personId, name, unitId, unitPath }))
}

/** Who has one of the roles now in a unit at or under a path, by name, each once for each unit. */
export async function membersOf(
  db: Db,
  { under, roles, at = new Date() }: { under: string; roles: readonly Role[]; at?: Date },
): Promise<{ id: string; name: string; unitPath: string; unitName: string }[]> {
  const members = await membersUnder(db, under, roles, at)
  const ids = [...new Set(members.map(member => member.unitId))]
  const names = new Map((ids.length > 0 ? await unitsOf(db, { ids }) : []).map(unit => [unit.id, unit.name]))
  return members.map(({ personId, name, unitPath, unitId }) => ({
    id: personId,
    name,
    unitPath,
    unitName: names.get(unitId) ?? unitId,
  }))
}

// --- accounts -------------------------------------------------------------------------------------------------------

/** Makes an account, which cannot be used until it has a password and an assignment. @throws Refused 409 when the user name is taken */
export const createPerson = useCase(async (work: Work, given: NewPerson): Promise<Person> => {
  must(mayAdminister(work.actor))
  const { user, name, language } = NewPerson.parse(given)
  await claimUser(work.tx, user, undefined)
  const id = work.ids()
  await insertPeople(work.tx, [{ id, user, name, language, passwordHash: null, assignments: [] }], work.now)
  await work.journal(personCreated, {}, { person: id })
  return viewOf(work.tx, await needPerson(work, id), work.now, work.actor)
})

/** Changes user name, name or language. @throws Refused 412 when somebody changed them meanwhile · 409 when the user name is taken */
export const changePerson = useCase(
  async (work: Work, { id, version, change }: { id: string; version: number; change: PersonChange }): Promise<Person> => {
    must(mayAdminister(work.actor))
    const person = await needPerson(work, id)
    if (person.version !== version)
      throw changedMeanwhile(
        { version: person.version, user: person.user_name, name: person.name, language: person.language },
        await lastEntry(work.tx, [personChanged], { person: id }, work.now),
      )
    const after = {
      user_name: change.user ?? person.user_name,
      name: change.name ?? person.name,
      language: change.language ?? person.language,
    }
    const fields = (['user_name', 'name', 'language'] as const).filter(field => after[field] !== person[field])
    if (fields.length > 0) {
      if (fields.includes('user_name')) await claimUser(work.tx, after.user_name, id)
      await updatePerson(work.tx, id, { ...after, sort_key: sortKey(after.name) })
      await replacePersonKeys(work.tx, { id, user: after.user_name, name: after.name })
      const changes = changesOf({ user_name: person.user_name, name: person.name, language: person.language }, after)
      await work.journal(personChanged, { fields, changes }, { person: id })
    }
    return viewOf(work.tx, await needPerson(work, id), work.now, work.actor)
  },
)

/**
 * Disables an account: the person is signed out everywhere.
 * @throws Refused 409 for the last administrator, and when the person is talking to a citizen and it was not said what is to become of that
 */
export const disablePerson = useCase(async (work: Work, given: string | ({ id: string } & Partial<Ending>)): Promise<Person> => {
  const { id, ...ending } = typeof given === 'string' ? { id: given } : given
  must(mayAdminister(work.actor))
  const person = await needPerson(work, id)
  if (!person.disabled_at && (await endsNow(work, { person, assignmentId: null }, Ending.parse(ending)))) {
    await keepAnAdministrator(work, { personId: id })
    await updatePerson(work.tx, id, { disabled_at: work.now })
    await work.journal(personDisabled, {}, { person: id })
    await notify(work, id, 'account-disabled')
    await endSessions(work, { personId: id }, 'person-disabled')
  }
  return viewOf(work.tx, await needPerson(work, id), work.now, work.actor)
})

export const enablePerson = useCase(async (work: Work, id: string): Promise<Person> => {
  must(mayAdminister(work.actor))
  const person = await needPerson(work, id)
  if (person.disabled_at) {
    await updatePerson(work.tx, id, { disabled_at: null })
    await work.journal(personEnabled, {}, { person: id })
    await notify(work, id, 'account-enabled')
  }
  return viewOf(work.tx, await needPerson(work, id), work.now, work.actor)
})

/**
 * Gives a person a new password, good once and for two days, to choose another with. The person is signed out everywhere.
 * It is answered this once and kept only as a hash; so this is not a creation that could be repeated with a key.
 * @throws Refused 403 for oneself: the only administrator would be left with a password that expires
 */
export async function givePassword(house: House, actor: Actor, id: string): Promise<OneTimePassword> {
  must(mayAdminister(actor))
  must(mayGivePassword(actor, id))
  const password = oneTimePassword()
  const hash = await hashPassword(password)
  const give = useCase(async (work: Work, until: Date): Promise<void> => {
    await needPerson(work, id)
    await setPassword(work.tx, id, hash, until)
    await work.journal(passwordReset, { until: until.toISOString() }, { person: id })
    await notify(work, id, 'password-given')
    await endSessions(work, { personId: id }, 'password-reset')
  })
  const until = new Date(house.clock.now() + oneTimePasswordMs)
  await give(house, actor, until)
  return { password, until: until.toISOString() }
}

// --- pieces ---------------------------------------------------------------------------------------------------------

/** The person, kept for the transaction. */
export async function needPerson({ tx }: Work, id: string): Promise<PersonRow> {
  const person = await lockPerson(tx, id)
  if (!person) throw notFound('person')
  return person
}

export async function needUnitOfAssignment(db: Db, id: string) {
  const unit = await unitOf(db, id)
  if (!unit) throw new Refused('identity.unitUnknown', {}, 422)
  return unit
}

/** Refuses a user name that another person has. Two who want the same one at once take turns. */
export async function claimUser(db: Db, user: string, except: string | undefined): Promise<void> {
  const holder = await holderOfUserName(db, user)
  if (holder !== undefined && holder !== except) throw new Refused('identity.userTaken', { user })
}

/** Without an administrator nobody could make one: the last stays. */
export async function keepAnAdministrator(work: Work, left: { personId: string } | { assignmentId: string }): Promise<void> {
  const rest = await administratorsBeside(work.tx, left, work.now)
  if (rest > 0) return
  const all = await administratorsBeside(work.tx, {}, work.now)
  if (all > 0) throw new Refused('identity.lastAdministrator')
}
