/**
 * Cases follow the agenda through the journal: a concluded appointment closes its case, unless the next one was booked with it; one that was
 * moved to another office lets that office see it. A no-show or a cancellation leaves the case open and writes nothing: the matter is still there. And they follow the leader:
 * a ticket whose member has signed out is in the pool again, and how often somebody who knows a case was asked for is counted.
 *
 * The place up to which the journal was read is moved in the transaction that changes the cases, so each entry is dealt with once, however
 * often the program dies in between. Many nodes may follow: who reads keeps the place locked, and who comes second finds nothing left.
 */

import { appointmentCheckedIn, appointmentConcluded, appointmentMoved } from '../agenda/index.ts'
import { workReleased } from '../distribution/index.ts'
import { unitOf } from '../organisation/index.ts'
import {
  Bug,
  beginning,
  type Db,
  type Entry,
  type House,
  inSavepoint,
  inTransaction,
  isOneOf,
  isPassing,
  type Position,
  payloadOf,
  type ReaderPlace,
  readEntry,
  readJournal,
  readPosition,
  type SetAside,
  setAside,
  system,
  type Work,
  wholePositionText,
} from '../platform/index.ts'
import { followAbsence, heardForAbsent } from './absent/start.ts'
import { countedForContinuity, followArrival, followContinuity } from './continuity/follow.ts'
import { changesOfCalendars, followCalendars } from './deadlines/recompute.ts'
import { beginFollower, lockFollower, moveFollower, readFollowers } from './follower-store.ts'
import { releaseMail } from './mails/mails.ts'
import { putBackReleased } from './section-queue.ts'
import { closeCase } from './service.ts'
import { addCaseUnit, lockTicket } from './store.ts'

const follower = 'appointments'
/** An entry of a newer release is left to a node of that release for so long. If there is none by then, it is set aside. */
const leftToNewerMs = 10 * 60_000
/** An entry that was left is looked for again after this time. */
const againMs = 30_000
/** What it does not follow is read in this time, so that its place tells how far behind it is. */
const readOnMs = 10_000
const batchSize = 500
const followed = [
  ...[appointmentCheckedIn, appointmentConcluded, appointmentMoved, workReleased],
  ...[...countedForContinuity, ...changesOfCalendars, ...heardForAbsent],
]

/** Starts to follow (the role `worker`), from where it was left. */
export async function startCases(house: House): Promise<{ close(): Promise<void> }> {
  if (!house.config.ROLES.includes('worker')) return { close: async () => {} }
  let closed = false
  let running = Promise.resolve()
  let cancelAgain = () => {}
  let cancelSoon: (() => void) | undefined
  const run = () => {
    cancelSoon?.()
    cancelSoon = undefined
    running = running
      .then(async () => {
        if (closed || (await followAppointments(house)) === 'read') return
        cancelAgain()
        cancelAgain = house.clock.after(againMs, run)
      })
      .catch((error: unknown) =>
        house.log.warn({ err: error }, 'cases could not follow the appointments; it will be tried again'),
      )
  }
  // Follows first and reads afterwards, so that nothing falls in between.
  const stop = await house.tail.follow(entries => {
    if (entries.some(entry => isOneOf(entry, followed))) run()
    else cancelSoon ??= house.clock.after(readOnMs, run)
  })
  run()
  return {
    async close() {
      closed = true
      stop()
      cancelAgain()
      cancelSoon?.()
      await running
    },
  }
}

/** Returns how far the followers of cases have read. */
export async function followerPlaces(db: Db): Promise<ReaderPlace[]> {
  const rows = await readFollowers(db)
  return rows.map(({ name, position }) => ({ reader: `cases-${name}`, position: placeOf(name, position) }))
}

/** Lets the follower begin at a position, where it has not begun yet: what was written before has been dealt with by who wrote it. */
export async function followFrom(db: Db, position: Position): Promise<void> {
  await beginFollower(db, follower, wholePositionText(position))
}

/** @throws Bug */
function placeOf(name: string, text: string): Position {
  const position = readPosition(text)
  if (position === undefined) throw new Bug(`The place of ${name} in the journal cannot be read: ${text}.`)
  return position
}

/** Reads the journal to its end, a part in each transaction. Returns `left` when it stopped before an entry that a newer release wrote. */
export async function followAppointments(house: House): Promise<'read' | 'left'> {
  for (;;) {
    const outcome = await inTransaction(house, system('cases'), readOn)
    if (outcome !== 'more') return outcome
  }
}

/** Reads a part of the journal. Returns whether there is more. */
async function readOn(work: Work): Promise<'more' | 'read' | 'left'> {
  await beginFollower(work.tx, follower, wholePositionText(beginning))
  const position = placeOf(follower, await lockFollower(work.tx, follower))
  const look = await readJournal({ kysely: work.tx }, position, undefined, batchSize)
  if (look.entries.some(entry => isLeft(entry, work.now))) return 'left'
  for (const entry of look.entries) if (isOneOf(entry, followed)) await takeOrSetAside(work, entry)
  if (look.entries.length > 0) await moveFollower(work.tx, follower, wholePositionText(look.position))
  return look.more ? 'more' : 'read'
}

/** Whether an entry is left to a node of a newer release, which may be about to take this one's place. */
function isLeft(entry: Entry, now: Date): boolean {
  if (!isOneOf(entry, followed) || now.getTime() - entry.at.getTime() > leftToNewerMs) return false
  const reading = readEntry(entry)
  return reading.is === 'unreadable' && reading.why === 'newer'
}

/**
 * Takes one entry, or undoes what it began and sets it aside: no entry may keep the others from being taken.
 * @throws what has nothing to do with the entry, such as a database that goes away
 */
async function takeOrSetAside(work: Work, entry: Entry): Promise<void> {
  const reading = readEntry(entry)
  if (reading.is === 'unreadable') return leave(work, { entry, ...reading })
  try {
    await inSavepoint(work.tx, () => followOne(work, entry))
  } catch (error) {
    if (isPassing(error)) throw error
    await leave(work, { entry, why: 'failed', reason: String(error) })
  }
}

async function leave(work: Work, aside: SetAside): Promise<void> {
  const { entry, why, reason } = aside
  work.house.log.error({ reader: 'cases', entry: entry.id, type: entry.type, why, reason }, 'an entry was set aside')
  await setAside(work.tx, 'cases', [aside], work.now)
}

/** The leader has put a ticket or a mail back. */
async function followRelease(work: Work, entry: Entry): Promise<void> {
  const released = payloadOf(workReleased, entry)
  if (!released) return
  const ticket = await lockTicket(work.tx, released.work, { all: true })
  if (ticket) await putBackReleased(work, ticket)
  else await releaseMail(work, released.work, released.agent)
}

async function followOne(work: Work, entry: Entry): Promise<void> {
  await followRelease(work, entry)
  await followCalendars(work, entry)
  await followContinuity(work, entry)
  await followArrival(work, entry)
  await followAbsence(work, entry)
  const { case: caseId, contact: contactId, units = [] } = entry.subjects
  if (caseId === undefined || contactId === undefined) return
  const concluded = payloadOf(appointmentConcluded, entry)
  if (concluded?.followUp === null) await closeCase(work, { caseId, contactId, outcome: 'appointment', units })
  if (concluded?.followUp) await letOfficeSee(work, caseId, concluded.followUp.unitId)
  const moved = payloadOf(appointmentMoved, entry)
  if (moved && moved.unitId !== moved.previousUnitId) await letOfficeSee(work, caseId, moved.unitId)
}

async function letOfficeSee(work: Work, caseId: string, unitId: string): Promise<void> {
  const office = await unitOf(work.tx, unitId)
  if (office) await addCaseUnit(work.tx, caseId, office.path)
}
