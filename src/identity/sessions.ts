/**
 * Sessions: signing in and out, and under which assignment somebody works.
 *
 *   sign in ──▶ session under one assignment ──switch──▶ under another
 *                  │ sign out · 60 min unused · 12 h · assignment over · person disabled · password changed
 *                  ▼
 *                gone: the row is taken away, `session.ended` says why
 *
 * The browser has a random token of 256 bits, the database its SHA-256. Every request asks the database, through one index, whether session, person and
 * assignment all hold: nothing is kept in memory, so what ends, ends with the next request on every node. An open live stream asks again
 * every 15 s. What ended by the clock is tidied away, with its entry, by a job each minute; until then it is already refused.
 */

import { createHash, randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import { unitsOf } from '../organisation/index.ts'
import {
  type Actor,
  actingPerson,
  changesOf,
  type Db,
  type House,
  inTransaction,
  type Language,
  notFound,
  type PersonActor,
  Refused,
  system,
  unitsIn,
  useCase,
  type Work,
} from '../platform/index.ts'
import { settleAttempts, takeAttempts } from './attempts.ts'
import { capabilitiesOf } from './capabilities.ts'
import { tokenOf } from './cookie.ts'
import { passwordChanged, personChanged, sessionEnded, sessionStarted, sessionSwitched, signInFailed } from './events.ts'
import type { Assignment, PasswordChange, SessionView, SignIn } from './model.ts'
import { notify } from './notices.ts'
import { hashPassword, needsRehash, verifyPassword } from './password.ts'
import { mayUsePublishedPassword, passwordVerdict, publishedPassword } from './policy.ts'
import {
  type AssignmentRow,
  actingBy,
  actUnder,
  assignmentsNow,
  endReasonOf,
  forgetOldAttempts,
  forgetSessionEnds,
  insertSession,
  insertSessionEnds,
  lockPerson,
  overdueSessions,
  type PersonRow,
  personById,
  personByUser,
  rememberAssignment,
  sessionOfToken,
  setLanguage,
  setPassword,
  takeSessions,
  touchSession,
} from './store.ts'

/** A session that nobody uses ends. The page of a desk uses it as long as it is open; a live stream alone does not. */
export const idleMs = 60 * 60_000
/** A session ends after a working day, however much it is used. */
export const absoluteMs = 12 * 3_600_000
/** `seen_at` is written at most so often: idle time is exact to a minute, and requests do not write. */
export const touchIntervalMs = 60_000

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

const bounds = (now: number) => ({
  now: new Date(now),
  startedAfter: new Date(now - absoluteMs),
  seenAfter: new Date(now - idleMs),
})

/** Who sends a request, from its cookie; null when nobody is signed in, or no longer. */
export async function authenticate(house: House, headers: IncomingHttpHeaders): Promise<PersonActor | null> {
  const token = tokenOf(house.config, headers)
  if (token === undefined) return null
  const now = house.clock.now()
  const db = house.database.kysely
  const row = await actingBy(db, hashOf(token), bounds(now))
  if (!row) return null
  // A page left open alone must not keep its person signed in: reconnecting its stream is nobody's act.
  const byItself = headers.accept?.includes('text/event-stream') ?? false
  const seenBefore = now - touchIntervalMs
  if (!byItself && row.seen_at.getTime() < seenBefore) await touchSession(db, row.session_id, new Date(now), new Date(seenBefore))
  return {
    kind: 'person',
    personId: row.person_id,
    name: row.name,
    role: row.role,
    unitId: row.unit_id,
    unitPath: row.unit_path,
    assignmentId: row.assignment_id,
  }
}

/** What tells requests of one session from those of others, without asking whether it holds; undefined without a token. */
export const sessionKeyOf = (house: Pick<House, 'config'>, headers: IncomingHttpHeaders): string | undefined => {
  const token = tokenOf(house.config, headers)
  return token === undefined ? undefined : hashOf(token)
}

/** The session of a request, for what lives as long as it does; null when nobody is signed in. */
export async function sessionIdOf(house: House, headers: IncomingHttpHeaders): Promise<string | null> {
  const token = tokenOf(house.config, headers)
  if (token === undefined) return null
  const row = await actingBy(house.database.kysely, hashOf(token), bounds(house.clock.now()))
  return row?.session_id ?? null
}

// --- signing in -----------------------------------------------------------------------------------------------------

export interface SignedIn {
  /** For the cookie, and for nothing else. */
  token: string
  session: SessionView
}

const wrong = () => new Refused('identity.wrongUserOrPassword', {}, 401)

/**
 * Signs somebody in. Always a new token, whatever the browser brought: nobody can choose the session of another beforehand.
 * Whether the user exists can be told neither from the answer nor from the work that it takes.
 * @param from address of the browser, whether it is on this machine; `browser` its name where it is known; `replaces` the token that it brought
 * @throws Refused 401 wrong user or password · 403 another password has to be chosen (`identity.newPasswordNeeded`), or no assignment holds ·
 *         429 too many attempts
 */
export async function signIn(
  house: House,
  actor: Actor,
  input: SignIn,
  from: { address: string; browser: string | undefined; local: boolean; replaces: string | undefined },
): Promise<SignedIn> {
  const user = input.user.toLowerCase()
  const who = { user, address: from.address, browser: from.browser }
  const at = new Date(house.clock.now())
  await house.database.kysely.transaction().execute(tx => takeAttempts(tx, who, at))
  const found = await personByUser(house.database.kysely, user)
  const right = await verifyPassword(found?.password_hash ?? null, input.password)
  // A right password is no guess, whatever it is good for: those before it are forgotten too. A disabled account is nobody's to find out.
  if (right && found && !found.disabled_at) await house.database.kysely.transaction().execute(tx => settleAttempts(tx, who))
  const because = failure(found, right, at)
  if (because !== undefined || !found) {
    await fail(house, actor, because ?? 'unknown-user', found)
    throw because === 'one-time-password-expired' ? new Refused('identity.oneTimePasswordExpired', {}, 403) : wrong()
  }
  if (input.password === publishedPassword && !mayUsePublishedPassword(from.local, house.config.SAMPLE)) {
    await fail(house, actor, 'published-password', found)
    throw new Refused('identity.publishedPassword', {}, 403)
  }
  const newHash = await newHashFor(found, input)
  const assignments = await assignmentsNow(house.database.kysely, [found.id], at)
  const chosen = assignments.find(held => held.id === found.last_assignment_id) ?? assignments[0]
  if (!chosen) {
    await fail(house, actor, 'no-assignment', found)
    throw new Refused('identity.noAssignment', {}, 403)
  }
  return inTransaction(house, actorOf(found, chosen), async work => {
    // Meanwhile somebody may have disabled the account or changed the password.
    const person = await lockPerson(work.tx, found.id)
    if (!person || person.disabled_at || person.password_hash !== found.password_hash) throw wrong()
    if (from.replaces !== undefined) await endSessions(work, { token: from.replaces }, 'signed-in-again')
    if (newHash !== undefined) await setPassword(work.tx, person.id, newHash, null)
    if (person.password_once_until) {
      await notify(work, person.id, 'password-given-used')
      await endSessions(work, { personId: person.id }, 'password-changed')
      await work.journal(passwordChanged, {}, { person: person.id })
    }
    const token = await openSession(work, chosen)
    return { token, session: await viewOf(work, person, chosen.id, assignments) }
  })
}

type Failure =
  | 'unknown-user'
  | 'wrong-password'
  | 'disabled'
  | 'one-time-password-expired'
  | 'no-assignment'
  | 'published-password'

function failure(person: PersonRow | undefined, right: boolean, now: Date): Failure | undefined {
  if (!person) return 'unknown-user'
  if (!right) return 'wrong-password'
  if (person.disabled_at) return 'disabled'
  if (person.password_once_until && person.password_once_until <= now) return 'one-time-password-expired'
  return undefined
}

const fail = (house: House, actor: Actor, because: Failure, person: PersonRow | undefined): Promise<void> =>
  inTransaction(house, actor, work => work.journal(signInFailed, { because }, { channel: 'web', person: person?.id }))

/** What is to be kept instead of the password that was typed: one of the person's own, or the same with more work. */
async function newHashFor(person: PersonRow, input: SignIn): Promise<string | undefined> {
  if (!person.password_once_until) {
    if (input.newPassword !== undefined) throw new Refused('identity.passwordIsYours', {}, 422)
    return person.password_hash !== null && needsRehash(person.password_hash) ? hashPassword(input.password) : undefined
  }
  if (input.newPassword === undefined) throw new Refused('identity.newPasswordNeeded', {}, 403)
  mustBeGood(input.newPassword, { old: input.password, user: person.user_name, name: person.name })
  return hashPassword(input.newPassword)
}

function mustBeGood(password: string, { old, ...person }: { old: string; user: string; name: string }): void {
  if (password === old) throw new Refused('identity.password.same', {}, 422)
  const verdict = passwordVerdict(password, person)
  if (!verdict.allowed) throw new Refused(verdict.code, verdict.values, 422)
}

/** Opens a session under an assignment of the actor. Returns its token. */
async function openSession({ tx, ids, now, journal }: Work, held: AssignmentRow): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const sessionId = ids()
  await insertSession(tx, {
    id: sessionId,
    token_hash: hashOf(token),
    person_id: held.person_id,
    assignment_id: held.id,
    started_at: now,
    seen_at: now,
  })
  await rememberAssignment(tx, held.person_id, held.id)
  await journal(
    sessionStarted,
    { sessionId, ...assignmentPlaceOf(held) },
    { person: held.person_id, units: unitsIn(held.unit_path) },
  )
  return token
}

// --- what a session can do ------------------------------------------------------------------------------------------

/** The session of the actor: who, under which assignment, and which others there are. */
export async function sessionView(house: House, actor: PersonActor): Promise<SessionView> {
  const db = house.database.kysely
  const person = await personById(db, actor.personId)
  if (!person) throw notFound('session')
  const assignments = await assignmentsNow(db, [person.id], new Date(house.clock.now()))
  return viewOf({ house, tx: db }, person, actor.assignmentId, assignments)
}

/** Ends the session of a token. One that is over already stays so. */
export const signOut = useCase((work: Work, token: string) => endSessions(work, { token }, 'signed-out'))

/**
 * Goes on under another of the actor's own assignments.
 * @throws Refused 404 when it is not theirs, or does not hold now
 */
export const switchAssignment = useCase(
  async (work: Work, { token, assignmentId }: { token: string; assignmentId: string }): Promise<SessionView> => {
    const { house, tx, now, journal } = work
    const actor = actingPerson(work.actor)
    const person = await lockPerson(tx, actor.personId)
    const assignments = await assignmentsNow(tx, [actor.personId], now)
    const chosen = assignments.find(held => held.id === assignmentId)
    if (!person || !chosen) throw notFound('assignment')
    const session = await sessionOfToken(tx, hashOf(token))
    if (!session) throw new Refused('platform.signIn', {}, 401)
    if (session.assignment_id !== chosen.id) {
      await actUnder(tx, session.id, chosen.id)
      await rememberAssignment(tx, person.id, chosen.id)
      const units = [...new Set([...unitsIn(actor.unitPath), ...unitsIn(chosen.unit_path)])]
      await journal(sessionSwitched, { sessionId: session.id, ...assignmentPlaceOf(chosen) }, { person: person.id, units })
    }
    return viewOf({ house, tx }, person, chosen.id, assignments)
  },
)

/** Changes the language of the actor's pages. */
export const chooseLanguage = useCase(async (work: Work, language: Language): Promise<SessionView> => {
  const actor = actingPerson(work.actor)
  const before = await personById(work.tx, actor.personId)
  await setLanguage(work.tx, actor.personId, language)
  const changes = changesOf({ language: before?.language }, { language })
  await work.journal(personChanged, { fields: ['language'], changes }, { person: actor.personId })
  const person = await personById(work.tx, actor.personId)
  if (!person) throw notFound('session')
  return viewOf(work, person, actor.assignmentId, await assignmentsNow(work.tx, [person.id], work.now))
})

/**
 * Changes the actor's own password. Every session of the person ends, and one begins with a new token: older tokens are worth nothing.
 * @throws Refused 403 when the current password is wrong · 422 when the new one is not good enough · 429 too many attempts
 */
export async function changePassword(
  house: House,
  actor: PersonActor,
  input: PasswordChange,
  from: { address: string; browser: string | undefined },
): Promise<SignedIn> {
  const found = await personById(house.database.kysely, actor.personId)
  if (!found) throw notFound('session')
  const who = { user: found.user_name, address: from.address, browser: from.browser }
  const at = new Date(house.clock.now())
  await house.database.kysely.transaction().execute(tx => takeAttempts(tx, who, at))
  if (!(await verifyPassword(found.password_hash, input.current))) {
    await fail(house, actor, 'wrong-password', found)
    throw new Refused('identity.currentPasswordWrong', {}, 403)
  }
  await house.database.kysely.transaction().execute(tx => settleAttempts(tx, who))
  mustBeGood(input.next, { old: input.current, user: found.user_name, name: found.name })
  const newHash = await hashPassword(input.next)
  return inTransaction(house, actor, async work => {
    const person = await lockPerson(work.tx, found.id)
    if (!person || person.password_hash !== found.password_hash) throw new Refused('platform.changedMeanwhile', {}, 409)
    const assignments = await assignmentsNow(work.tx, [person.id], work.now)
    const held = assignments.find(each => each.id === actor.assignmentId)
    if (!held) throw new Refused('platform.signIn', {}, 401)
    await setPassword(work.tx, person.id, newHash, null)
    await endSessions(work, { personId: person.id }, 'password-changed')
    await work.journal(passwordChanged, {}, { person: person.id })
    const token = await openSession(work, held)
    return { token, session: await viewOf(work, person, held.id, assignments) }
  })
}

async function viewOf(
  { house, tx }: { house: House; tx: Db },
  person: PersonRow,
  assignmentId: string,
  assignments: AssignmentRow[],
): Promise<SessionView> {
  const views = (await assignmentViews(tx, assignments)).map(view => ({ ...view, may: capabilitiesOf(view.role) }))
  const acting = views.find(each => each.assignmentId === assignmentId)
  if (!acting) throw new Refused('platform.signIn', {}, 401)
  return {
    person: { id: person.id, name: person.name, user: person.user_name },
    acting,
    assignments: views,
    language: person.language,
    timeZone: house.config.TIME_ZONE,
  }
}

/** Assignments with the names of their units. */
export async function assignmentViews(db: Db, rows: readonly AssignmentRow[]): Promise<Assignment[]> {
  const ids = [...new Set(rows.map(row => row.unit_id))]
  const names = new Map((ids.length > 0 ? await unitsOf(db, { ids }) : []).map(unit => [unit.id, unit.name]))
  return rows.map(row => ({
    ...assignmentPlaceOf(row),
    unitName: names.get(row.unit_id) ?? row.unit_id,
    unitPath: row.unit_path,
  }))
}

export const assignmentPlaceOf = (row: AssignmentRow) => ({ assignmentId: row.id, role: row.role, unitId: row.unit_id })

const actorOf = (person: PersonRow, held: AssignmentRow): PersonActor => ({
  kind: 'person',
  personId: person.id,
  name: person.name,
  role: held.role,
  unitId: held.unit_id,
  unitPath: held.unit_path,
  assignmentId: held.id,
})

// --- ending ---------------------------------------------------------------------------------------------------------

/** Ends sessions and writes why: of a token, of a person, or under an assignment. */
export async function endSessions(work: Work, whose: Whose, reason: EndReason): Promise<void> {
  const ended = await takeSessions(work.tx, 'token' in whose ? { tokenHash: hashOf(whose.token) } : whose)
  if (!ownActs.includes(reason) && ended.length > 0)
    await insertSessionEnds(
      work.tx,
      ended.map(session => ({ token_hash: session.token_hash, reason, at: work.now })),
    )
  for (const session of ended)
    await work.journal(
      sessionEnded,
      { sessionId: session.id, reason },
      { person: session.person_id, units: unitsIn(session.unit_path) },
    )
}

/** Ends of a session that its person has asked for: no reason is shown. */
const ownActs: readonly EndReason[] = ['signed-out', 'signed-in-again']

/** Why the session of a browser's token ended; null when that is not known, or was the person's own act. Index: session_end_pkey. */
export async function endOfSession(house: House, token: string | undefined): Promise<string | null> {
  if (token === undefined) return null
  return endReasonOf(house.database.kysely, hashOf(token))
}

const endsAreKeptMs = 24 * 3_600_000

type Whose = { token: string } | { personId: string } | { assignmentId: string } | { sessionId: string }
type EndReason = z.infer<typeof sessionEnded.payload>['reason']

const tidyBatchSize = 200

/** Ends the sessions that are over by the clock. Returns how many. Many nodes may do it at once. */
export async function tidySessions(house: House): Promise<number> {
  for (let ended = 0; ; ) {
    const some = await inTransaction(house, system('identity'), async work => {
      const overdue = await overdueSessions(work.tx, bounds(work.now.getTime()), tidyBatchSize)
      for (const { id, by_assignment } of overdue)
        await endSessions(work, { sessionId: id }, by_assignment ? 'assignment-ended' : 'expired')
      if (overdue.length < tidyBatchSize) {
        await forgetOldAttempts(work.tx, work.now)
        const before = new Date(work.now.getTime() - endsAreKeptMs)
        await forgetSessionEnds(work.tx, before)
      }
      return overdue.length
    })
    ended += some
    if (some < tidyBatchSize) return ended
  }
}
