/** SQL of identity. Lists are read by keyset, each along the index named beside it. */
import './tables.ts'
import { type RawBuilder, sql } from 'kysely'
import { type Db, endOfPrefix, type Language } from '../platform/index.ts'
import { type Role, rolesWhich } from './capabilities.ts'
import type { AssignmentRecord, PersonRecord } from './model.ts'
import { personKeysOf, sortKey } from './names.ts'
import type { PeopleScope } from './policy.ts'
import type { AssignmentTable, SessionTable } from './tables.ts'

export interface PersonRow {
  id: string
  user_name: string
  name: string
  language: Language
  password_hash: string | null
  password_once_until: Date | null
  last_assignment_id: string | null
  disabled_at: Date | null
  version: number
}

const personColumns = [
  'id',
  'user_name',
  'name',
  'language',
  'password_hash',
  'password_once_until',
  'last_assignment_id',
  'disabled_at',
  'version',
] as const

// --- people ---------------------------------------------------------------------------------------------------------

/** Condition that the account `id` may be looked at. Index: assignment_of_person. */
function visible(scope: NonNullable<PeopleScope>, id: RawBuilder<unknown>, now: Date): RawBuilder<boolean> {
  if (scope.all) return sql`true`
  return sql`exists (
    select 1 from assignment seen
    where  seen.person_id = ${id} and seen.role = any(${[...scope.roles]}::text[]) and starts_with(seen.unit_path, ${scope.under})
    and    seen.starts_at <= ${now} and (seen.ends_at is null or seen.ends_at > ${now}))`
}

export async function readPerson(
  db: Db,
  id: string,
  scope: NonNullable<PeopleScope>,
  now: Date,
  lock = false,
): Promise<PersonRow | undefined> {
  let query = db
    .selectFrom('person')
    .select(personColumns)
    .where('id', '=', id)
    .where(visible(scope, sql`person.id`, now))
  if (lock) query = query.forUpdate()
  return query.executeTakeFirst()
}

/** Index: person_user_name_key. */
export const personByUser = (db: Db, user: string): Promise<PersonRow | undefined> =>
  db.selectFrom('person').select(personColumns).where('user_name', '=', user).executeTakeFirst()

export const personById = (db: Db, id: string): Promise<PersonRow | undefined> =>
  db.selectFrom('person').select(personColumns).where('id', '=', id).executeTakeFirst()

/** The person, kept for the transaction: what changes an account takes turns. */
export const lockPerson = (db: Db, id: string): Promise<PersonRow | undefined> =>
  db.selectFrom('person').select(personColumns).where('id', '=', id).forUpdate().executeTakeFirst()

/** The identifier of who has a user name. Whoever claims the same name waits for the end of the transaction. Index: person_user_name_key. */
export async function holderOfUserName(db: Db, user: string): Promise<string | undefined> {
  await sql`select pg_advisory_xact_lock(hashtext('identity.user'), hashtext(${user}))`.execute(db)
  return (await db.selectFrom('person').select('id').where('user_name', '=', user).executeTakeFirst())?.id
}

/** Changes a person and raises the version. */
export const updatePerson = (db: Db, id: string, change: Partial<ChangedColumns>): Promise<unknown> =>
  db
    .updateTable('person')
    .set(eb => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()

type ChangedColumns = Pick<PersonRow, 'user_name' | 'name' | 'language' | 'disabled_at'> & { sort_key: string }

/** @param onceUntil until when it is good for choosing another; null: the person's own */
export const setPassword = (db: Db, id: string, hash: string, onceUntil: Date | null): Promise<unknown> =>
  db.updateTable('person').set({ password_hash: hash, password_once_until: onceUntil }).where('id', '=', id).execute()

export const setLanguage = (db: Db, id: string, language: Language): Promise<unknown> =>
  db.updateTable('person').set({ language }).where('id', '=', id).execute()

export const rememberAssignment = (db: Db, id: string, assignmentId: string): Promise<unknown> =>
  db.updateTable('person').set({ last_assignment_id: assignmentId }).where('id', '=', id).execute()

export interface PeopleFilter {
  unitPath: string | undefined
  role: Role | undefined
}

function holdsNow({ unitPath, role }: PeopleFilter, id: RawBuilder<unknown>, now: Date): RawBuilder<boolean> {
  if (unitPath === undefined && role === undefined) return sql`true`
  return sql`exists (
    select 1 from assignment held
    where  held.person_id = ${id} and held.starts_at <= ${now} and (held.ends_at is null or held.ends_at > ${now})
    ${unitPath === undefined ? sql`` : sql`and starts_with(held.unit_path, ${unitPath})`}
    ${role === undefined ? sql`` : sql`and held.role = ${role}`})`
}

export type FoundPerson = Pick<PersonRow, 'id' | 'user_name' | 'name' | 'disabled_at'> & { key: string }

/** People in the order of their family names. Index: person_in_order (sort_key, id). */
export async function listPeople(
  db: Db,
  scope: NonNullable<PeopleScope>,
  filter: PeopleFilter,
  after: { key: string; id: string } | undefined,
  limit: number,
  now: Date,
): Promise<FoundPerson[]> {
  const { rows } = await sql<FoundPerson>`
    select person.id, user_name, name, disabled_at, sort_key as key
    from   person
    where  ${after ? sql`(sort_key, person.id) > (${after.key}, ${after.id}::uuid)` : sql`true`}
    and    ${visible(scope, sql`person.id`, now)} and ${holdsNow(filter, sql`person.id`, now)}
    order  by sort_key, person.id
    limit  ${limit}`.execute(db)
  return rows
}

/** People whose user name or name, from any of its words, begins with `prefix`. Index: person_key_pkey (key, person_id). */
export async function findPeople(
  db: Db,
  prefix: string,
  scope: NonNullable<PeopleScope>,
  filter: PeopleFilter,
  after: { key: string; id: string } | undefined,
  limit: number,
  now: Date,
): Promise<FoundPerson[]> {
  const { rows } = await sql<FoundPerson>`
    select person.id, user_name, name, disabled_at, found.key
    from   person_key found join person on person.id = found.person_id
    where  found.key >= ${prefix} and found.key < ${endOfPrefix(prefix)}
    ${after ? sql`and (found.key, found.person_id) > (${after.key}, ${after.id}::uuid)` : sql``}
    and    not exists (
             select 1 from person_key earlier
             where  earlier.person_id = found.person_id and earlier.key >= ${prefix} and earlier.key < found.key)
    and    ${visible(scope, sql`person.id`, now)} and ${holdsNow(filter, sql`person.id`, now)}
    order  by found.key, found.person_id
    limit  ${limit}`.execute(db)
  return rows
}

const chunk = 500

/**
 * Puts many people in at once, with their assignments: the sample institute, a first import. Nothing is written to the journal.
 * Fails when one of the identifiers or user names is taken.
 */
export async function insertPeople(db: Db, people: readonly PersonRecord[], now: Date): Promise<void> {
  for (let start = 0; start < people.length; start += chunk) {
    const some = people.slice(start, start + chunk)
    await db
      .insertInto('person')
      .values(
        some.map(person => ({
          id: person.id,
          user_name: person.user.toLowerCase(),
          name: person.name,
          sort_key: sortKey(person.name),
          language: person.language,
          password_hash: person.passwordHash,
          password_once_until: null,
          last_assignment_id: null,
          disabled_at: null,
          created_at: now,
        })),
      )
      .execute()
    await insertKeys(db, some)
    const assignments = some.flatMap(person => person.assignments.map(held => assignmentRow(person.id, held)))
    if (assignments.length > 0) await db.insertInto('assignment').values(assignments).execute()
  }
}

async function insertKeys(db: Db, people: readonly { id: string; user: string; name: string }[]): Promise<void> {
  const keys = people.flatMap(({ id, user, name }) => personKeysOf(user.toLowerCase(), name).map(key => ({ key, person_id: id })))
  await db.insertInto('person_key').values(keys).execute()
}

export async function replacePersonKeys(db: Db, person: { id: string; user: string; name: string }): Promise<void> {
  await db.deleteFrom('person_key').where('person_id', '=', person.id).execute()
  await insertKeys(db, [person])
}

// --- assignments ----------------------------------------------------------------------------------------------------

export type AssignmentRow = AssignmentTable

/** The row of an assignment, or of one that is asked for. */
export const assignmentRow = (personId: string, held: AssignmentRecord): AssignmentRow => ({
  id: held.id,
  person_id: personId,
  role: held.role,
  unit_id: held.unitId,
  unit_path: held.unitPath,
  starts_at: held.from,
  ends_at: held.until,
})

/** An assignment of a person, kept for the transaction. */
export const lockAssignment = (db: Db, personId: string, assignmentId: string): Promise<AssignmentRow | undefined> =>
  db
    .selectFrom('assignment')
    .selectAll()
    .where('id', '=', assignmentId)
    .where('person_id', '=', personId)
    .forUpdate()
    .executeTakeFirst()

/** @param end null: without an end */
export const setAssignmentEnd = (db: Db, assignmentId: string, end: Date | null): Promise<unknown> =>
  db.updateTable('assignment').set({ ends_at: end }).where('id', '=', assignmentId).execute()

export const insertAssignment = (db: Db, personId: string, held: AssignmentRecord): Promise<unknown> =>
  db.insertInto('assignment').values(assignmentRow(personId, held)).execute()

/** Assignments that hold at an instant, oldest first. Index: assignment_of_person. */
export const assignmentsNow = (db: Db, personIds: readonly string[], now: Date): Promise<AssignmentRow[]> =>
  personIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('assignment')
        .selectAll()
        .where('person_id', 'in', personIds)
        .where('starts_at', '<=', now)
        .where(eb => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', now)]))
        .orderBy('starts_at')
        .orderBy('id')
        .execute()

/** The names of some people. Index: person_pkey. */
export async function namesOfPeople(db: Db, personIds: readonly string[]): Promise<Map<string, string>> {
  if (personIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('person')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(personIds)])
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Those of some people who work here no longer: shut out, or without a role that holds at `now`. Indexes: person_pkey, assignment_of_person. */
export async function peopleGone(db: Db, personIds: readonly string[], now: Date): Promise<Set<string>> {
  const ids = [...new Set(personIds)]
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select wanted.id
    from   unnest(${ids}::uuid[]) as wanted (id)
    where  not exists (
             select 1 from person join assignment on assignment.person_id = person.id
             where  person.id = wanted.id and person.disabled_at is null
             and    assignment.starts_at <= ${now} and (assignment.ends_at is null or assignment.ends_at > ${now})
           )`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/** Assignments of a person that had not ended by `since`, oldest first. Index: assignment_of_person. */
export const assignmentsSince = (db: Db, personId: string, since: Date): Promise<AssignmentRow[]> =>
  db
    .selectFrom('assignment')
    .selectAll()
    .where('person_id', '=', personId)
    .where(eb => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', since)]))
    .orderBy('starts_at')
    .orderBy('id')
    .execute()

export interface Member {
  personId: string
  name: string
  role: Role
  unitId: string
  unitPath: string
}

/**
 * Who has one of the roles now in a unit at or under `path`, by name; a person with two such assignments comes twice.
 * Index: assignment_by_territory (unit_path, role, person_id).
 */
export async function membersUnder(db: Db, path: string, roles: readonly Role[], now: Date): Promise<Member[]> {
  const { rows } = await sql<Member>`
    select person.id as "personId", person.name, role, unit_id as "unitId", unit_path as "unitPath"
    from   assignment join person on person.id = assignment.person_id
    where  unit_path >= ${path} and unit_path < ${endOfPrefix(path)} and role = any(${[...roles]}::text[])
    and    starts_at <= ${now} and (ends_at is null or ends_at > ${now}) and disabled_at is null
    order  by person.sort_key, person.id`.execute(db)
  return rows
}

/** Who has one of the roles now in the units of these paths themselves, by name. Index: assignment_by_territory. */
export async function membersAt(db: Db, paths: readonly string[], roles: readonly Role[], now: Date): Promise<Member[]> {
  const { rows } = await sql<Member>`
    select person.id as "personId", person.name, role, unit_id as "unitId", unit_path as "unitPath"
    from   assignment join person on person.id = assignment.person_id
    where  unit_path = any(${[...paths]}::text[]) and role = any(${[...roles]}::text[])
    and    starts_at <= ${now} and (ends_at is null or ends_at > ${now}) and disabled_at is null
    order  by person.sort_key, person.id`.execute(db)
  return rows
}

/**
 * How many administrators there will be from now on without end, leaving one assignment or one person out of account. Others who ask at the
 * same time wait until this transaction has ended, so that two cannot take away each other's right.
 */
export async function administratorsBeside(
  db: Db,
  left: { personId?: string; assignmentId?: string },
  now: Date,
): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext('identity.administrators'))`.execute(db)
  const { count } = await db
    .selectFrom('assignment')
    .innerJoin('person', 'person.id', 'assignment.person_id')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where('role', 'in', rolesWhich('accounts.keep'))
    .where('starts_at', '<=', now)
    .where('ends_at', 'is', null)
    .where('disabled_at', 'is', null)
    .where('password_hash', 'is not', null)
    // One that somebody else has given, and that may expire before it is used, opens nothing for sure.
    .where('password_once_until', 'is', null)
    .$if(left.personId !== undefined, query => query.where('person.id', '<>', left.personId ?? ''))
    .$if(left.assignmentId !== undefined, query => query.where('assignment.id', '<>', left.assignmentId ?? ''))
    .executeTakeFirstOrThrow()
  return Number(count)
}

// --- sessions -------------------------------------------------------------------------------------------------------

export interface ActingRow {
  session_id: string
  seen_at: Date
  person_id: string
  name: string
  assignment_id: string
  role: Role
  unit_id: string
  unit_path: string
}

/**
 * Who a token belongs to, and as what they act: only while the session, the person and the assignment all hold.
 * Index: session_token_hash_key, then primary keys.
 */
export async function actingBy(
  db: Db,
  tokenHash: string,
  { now, startedAfter, seenAfter }: { now: Date; startedAfter: Date; seenAfter: Date },
): Promise<ActingRow | undefined> {
  const { rows } = await sql<ActingRow>`
    /* identity.acting-by */
    select session.id as session_id, seen_at, person.id as person_id, person.name, assignment.id as assignment_id, role, unit_id, unit_path
    from   session join person on person.id = session.person_id join assignment on assignment.id = session.assignment_id
    where  token_hash = ${tokenHash} and started_at > ${startedAfter} and seen_at > ${seenAfter} and disabled_at is null
    and    starts_at <= ${now} and (ends_at is null or ends_at > ${now})`.execute(db)
  return rows[0]
}

/** Notes that a session is in use, unless somebody has just done so. */
export const touchSession = (db: Db, sessionId: string, now: Date, seenBefore: Date): Promise<unknown> =>
  db.updateTable('session').set({ seen_at: now }).where('id', '=', sessionId).where('seen_at', '<', seenBefore).execute()

export const insertSession = (db: Db, row: SessionTable): Promise<unknown> => db.insertInto('session').values(row).execute()

/** Index: session_token_hash_key. */
export const sessionOfToken = (db: Db, tokenHash: string): Promise<SessionTable | undefined> =>
  db.selectFrom('session').selectAll().where('token_hash', '=', tokenHash).forUpdate().executeTakeFirst()

export const actUnder = (db: Db, sessionId: string, assignmentId: string): Promise<unknown> =>
  db.updateTable('session').set({ assignment_id: assignmentId }).where('id', '=', sessionId).execute()

/** Takes sessions away and answers which they were. Indexes: session_token_hash_key, session_of_person, session_of_assignment, primary key. */
export async function takeSessions(
  db: Db,
  whose: { tokenHash: string } | { personId: string } | { assignmentId: string } | { sessionId: string },
): Promise<(Pick<SessionTable, 'id' | 'person_id' | 'token_hash'> & { unit_path: string })[]> {
  const condition =
    'tokenHash' in whose
      ? sql`token_hash = ${whose.tokenHash}`
      : 'personId' in whose
        ? sql`session.person_id = ${whose.personId}`
        : 'assignmentId' in whose
          ? sql`session.assignment_id = ${whose.assignmentId}`
          : sql`session.id = ${whose.sessionId}`
  const { rows } = await sql<Pick<SessionTable, 'id' | 'person_id' | 'token_hash'> & { unit_path: string }>`
    delete from session using assignment
    where  assignment.id = session.assignment_id and ${condition}
    returning session.id, session.person_id, session.token_hash, assignment.unit_path`.execute(db)
  return rows
}

/** Sessions that are over by the clock: too old, not used, or under an assignment that has ended. */
export async function overdueSessions(
  db: Db,
  { now, startedAfter, seenAfter }: { now: Date; startedAfter: Date; seenAfter: Date },
  limit: number,
): Promise<(Pick<SessionTable, 'id' | 'person_id'> & { unit_path: string; by_assignment: boolean })[]> {
  const { rows } = await sql<Pick<SessionTable, 'id' | 'person_id'> & { unit_path: string; by_assignment: boolean }>`
    select session.id, session.person_id, unit_path, (ends_at is not null and ends_at <= ${now}) as by_assignment
    from   session join assignment on assignment.id = session.assignment_id
    where  started_at <= ${startedAfter} or seen_at <= ${seenAfter} or ends_at <= ${now}
    limit  ${limit}
    for update of session skip locked`.execute(db)
  return rows
}

/** Keeps for a while why sessions were ended by somebody else. */
export const insertSessionEnds = (db: Db, ends: readonly { token_hash: string; reason: string; at: Date }[]): Promise<unknown> =>
  db
    .insertInto('session_end')
    .values([...ends])
    .execute()

/** Why the session of a token was ended. Index: session_end_pkey. */
export async function endReasonOf(db: Db, tokenHash: string): Promise<string | null> {
  const row = await db.selectFrom('session_end').select('reason').where('token_hash', '=', tokenHash).executeTakeFirst()
  return row?.reason ?? null
}

export const forgetSessionEnds = (db: Db, before: Date): Promise<unknown> =>
  db.deleteFrom('session_end').where('at', '<', before).execute()

// --- attempts -------------------------------------------------------------------------------------------------------

/**
 * Takes one of the attempts of a key, in one statement, so that no two nodes can take the same one. Returns null when it was taken,
 * otherwise the instant until which none is left.
 */
export async function takeAttempt(
  db: Db,
  key: string,
  { atOnce, everyMs }: { atOnce: number; everyMs: number },
  now: Date,
): Promise<Date | null> {
  const most = new Date(now.getTime() + atOnce * everyMs)
  const first = new Date(now.getTime() + everyMs)
  const { rows } = await sql<{ free_at: Date }>`
    insert into sign_in_limit (key, free_at) values (${key}, ${first})
    on conflict (key) do update set free_at = greatest(sign_in_limit.free_at, ${now}) + ${everyMs} * interval '1 millisecond'
    where greatest(sign_in_limit.free_at, ${now}) + ${everyMs} * interval '1 millisecond' <= ${most}
    returning free_at`.execute(db)
  if (rows.length > 0) return null
  const { free_at } = await db.selectFrom('sign_in_limit').select('free_at').where('key', '=', key).executeTakeFirstOrThrow()
  return new Date(free_at.getTime() + everyMs - atOnce * everyMs)
}

/** Gives an attempt back. */
export const giveBackAttempt = (db: Db, key: string, everyMs: number): Promise<unknown> =>
  sql`update sign_in_limit set free_at = free_at - ${everyMs} * interval '1 millisecond' where key = ${key}`.execute(db)

export const forgetAttempts = (db: Db, keys: readonly string[]): Promise<unknown> =>
  db.deleteFrom('sign_in_limit').where('key', 'in', keys).execute()

/** Index: sign_in_limit_by_age. */
export const forgetOldAttempts = (db: Db, now: Date): Promise<unknown> =>
  db.deleteFrom('sign_in_limit').where('free_at', '<', now).execute()
