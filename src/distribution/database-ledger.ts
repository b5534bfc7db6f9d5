/** The ledger in the database, through a line of the leader's own. */
import { type Kysely, sql } from 'kysely'
import { checkEntry, type Database, readJournal, system, type Tables, type Tx, writeEntries } from '../platform/index.ts'
import type { Centre } from './centre.ts'
import { openLine } from './connection.ts'
import { agentUnreachable } from './events.ts'
import type { Ledger, Rows } from './ledger.ts'
import { silentAfterMs } from './model.ts'
import { subjectsOf, takeSilent } from './presence.ts'
import {
  advance,
  beginEpoch,
  holdEpoch,
  insertEntries,
  insertSteps,
  lastSnapshot,
  readBoard,
  readDomain,
  readSectionRouting,
  readSkills,
  readWithoutTelephone,
  saveBoard,
  saveSnapshot,
  stepsAfter,
} from './store.ts'

export async function openLedger(database: Database, domain: string, centre: Centre): Promise<Ledger> {
  const { kysely, close } = await openLine(database)
  return {
    beginEpoch: (leader, now) => beginEpoch(kysely, domain, leader, now),
    holdEpoch: epoch => kysely.transaction().execute(tx => holdEpoch(tx, domain, epoch)),
    read: work =>
      kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(tx => work(rowsOf(tx, domain))),
    journal: (after, limit) => readJournal({ kysely }, after, limit),
    save: ({ epoch, from, to, position, steps, entries, board, snapshot, now }) =>
      kysely.transaction().execute(async tx => {
        await advance(tx, { domain, epoch, from, to, position })
        await insertSteps(tx, domain, epoch, steps)
        await insertEntries(tx, entries)
        await saveBoard(tx, board)
        if (snapshot !== null) await saveSnapshot(tx, domain, to, now, snapshot)
      }),
    sweep: (epoch, now) => sweep(kysely, domain, epoch, now),
    sections: () => centre.sections(kysely),
    isOpen: (sectionId, at) => centre.isOpen(kysely, sectionId, at),
    sectionRouting: () => readSectionRouting(kysely),
    skills: () => readSkills(kysely),
    written: () => centre.written(kysely),
    withoutTelephone: () => readWithoutTelephone(kysely),
    close,
  }
}

export function rowsOf(db: Kysely<Tables> | Tx, domain: string): Rows {
  return {
    domain: () => readDomain(db, domain),
    lastSnapshot: () => lastSnapshot(db, domain),
    stepsAfter: (seq, limit) => stepsAfter(db, domain, seq, limit),
    board: () => readBoard(db),
  }
}

/** Looks first, because there is seldom anything to write. */
async function sweep(db: Kysely<Tables>, domain: string, epoch: number, now: Date): Promise<boolean> {
  const before = new Date(now.getTime() - silentAfterMs)
  const silent = await sql`select 1 from agent_presence where reachable and heard_at < ${before} limit 1`.execute(db)
  if (silent.rows.length === 0) return false
  await db.transaction().execute(async tx => {
    await holdEpoch(tx, domain, epoch)
    await writeEntries(
      tx,
      (await takeSilent(tx, now)).map(gone => unreachable(gone, now)),
    )
  })
  return true
}

/** The entry that tells of a page that has fallen silent. */
export const unreachable = ({ personId, unitPath }: { personId: string; unitPath: string }, now: Date) =>
  checkEntry({
    type: agentUnreachable,
    payload: {},
    subjects: subjectsOf(personId, unitPath),
    actor: system('distribution'),
    at: now.getTime(),
  })
