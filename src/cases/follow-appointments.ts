/**
 * Cases follow the agenda through the journal: a concluded appointment closes its case; one that was moved to another office lets that
 * office see it. A no-show or a cancellation leaves the case open and writes nothing: the matter is still there. And they follow the leader:
 * a ticket whose member has signed out is in the pool again.
 *
 * The place up to which the journal was read is moved in the transaction that changes the cases, so each entry is dealt with once, however
 * often the program dies in between. Many nodes may follow: who reads keeps the place locked, and who comes second finds nothing left.
 */
import { appointmentConcluded, appointmentMoved } from '../agenda/index.ts'
import { workReleased } from '../distribution/index.ts'
import { unitOf } from '../organisation/index.ts'
import {
  Bug,
  beginning,
  type Entry,
  type House,
  inTransaction,
  type Look,
  type Position,
  payloadOf,
  positionText,
  readJournal,
  readPosition,
  system,
  type Work,
} from '../platform/index.ts'
import { followRelease } from './line.ts'
import { closeCase } from './service.ts'
import { addCaseUnit } from './store.ts'

const follower = 'appointments'
const entriesAtATime = 500
const followed = [appointmentConcluded.type, appointmentMoved.type, workReleased.type]

/** Starts to follow (the role `worker`), from where it was left. */
export async function startCases(house: House): Promise<{ close(): Promise<void> }> {
  if (!house.config.ROLES.includes('worker')) return { close: async () => {} }
  let closed = false
  let running = Promise.resolve()
  const run = () => {
    running = running
      .then(() => (closed ? undefined : followAppointments(house)))
      .catch((error: unknown) =>
        house.log.warn({ err: error }, 'cases could not follow the appointments; it will be tried again'),
      )
  }
  // Follows first and reads afterwards, so that nothing falls in between.
  const stop = await house.tail.follow(entries => {
    if (entries.some(entry => followed.includes(entry.type))) run()
  })
  run()
  return {
    async close() {
      closed = true
      stop()
      await running
    },
  }
}

/** Reads the journal to its end, a part in each transaction. */
export async function followAppointments(house: House): Promise<void> {
  while ((await inTransaction(house, system('cases'), readOn)).more);
}

async function readOn(work: Work): Promise<Look> {
  await work.tx
    .insertInto('case_follower')
    .values({ name: follower, position: exactly(beginning) })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  const row = await work.tx
    .selectFrom('case_follower')
    .select('position')
    .where('name', '=', follower)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const position = readPosition(row.position)
  if (position === undefined) throw new Bug(`The place of ${follower} in the journal cannot be read: ${row.position}.`)
  const look = await readJournal({ kysely: work.tx }, position, undefined, entriesAtATime)
  for (const entry of look.entries) await followOne(work, entry)
  if (look.entries.length > 0)
    await work.tx
      .updateTable('case_follower')
      .set({ position: exactly(look.position) })
      .where('name', '=', follower)
      .execute()
  return look
}

const exactly = (position: Position): string => positionText(position, Number.POSITIVE_INFINITY)

async function followOne(work: Work, entry: Entry): Promise<void> {
  await followRelease(work, entry)
  const { case: caseId, contact: contactId, units = [] } = entry.subjects
  if (caseId === undefined || contactId === undefined) return
  if (payloadOf(appointmentConcluded, entry)) await closeCase(work, { caseId, contactId, outcome: 'appointment', units })
  const moved = payloadOf(appointmentMoved, entry)
  if (moved && moved.unitId !== moved.previousUnitId) {
    const office = await unitOf(work.tx, moved.unitId)
    if (office) await addCaseUnit(work.tx, caseId, office.path)
  }
}
