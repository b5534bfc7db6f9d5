/** The ledger in the database, through a connection of the leader's own. */
import {
  type Clock,
  checkEntry,
  type Database,
  type Db,
  readJournal,
  setAside,
  system,
  writeEntries,
} from '../../platform/index.ts'
import { subjectsOf } from '../agents/presence.ts'
import { isAnySilent, takeSilent } from '../agents/store.ts'
import { agentUnreachable } from '../events.ts'
import { readSectionRouting } from '../store.ts'
import type { Centre } from './centre.ts'
import { openLeaderConnection } from './connection.ts'
import type { Ledger, Rows } from './ledger.ts'
import {
  beginEpoch,
  holdEpoch,
  readBoard,
  readDomain,
  readJournalOf,
  readReachable,
  readSkills,
  readWithoutTelephone,
  savePosition,
  saveSnapshot,
  saveStep,
  snapshotBefore,
  stepsAfter,
} from './store.ts'

export async function openLedger(database: Database, domain: string, centre: Centre, clock: Clock): Promise<Ledger> {
  const { kysely, close } = await openLeaderConnection(database)
  return {
    beginEpoch: (leader, now) => beginEpoch(kysely, domain, leader, now),
    holdEpoch: epoch => kysely.transaction().execute(tx => holdEpoch(tx, domain, epoch)),
    read: work =>
      kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(tx => work(rowsOf(tx, domain))),
    async journal(after, limit) {
      const look = await readJournal({ kysely }, after, clock, limit)
      // Right now, because the clock has just been told; in a test, the time that the test makes.
      return { ...look, now: clock.now() }
    },
    save({ snapshot, now, ...step }) {
      if (snapshot === null) return saveStep(kysely, domain, step)
      return kysely.transaction().execute(async tx => {
        await saveStep(tx, domain, step)
        // Without a step no place was written; and the last that could be read may go with the steps that a snapshot makes needless.
        if (step.to === step.from) await savePosition(tx, domain, { epoch: step.epoch, seq: step.to, position: step.position })
        await saveSnapshot(tx, domain, step.to, now, snapshot)
      })
    },
    readOn: look => savePosition(kysely, domain, look),
    setAside: (entries, now) => setAside(kysely, 'router', entries, now),
    sweep: (epoch, now) => sweep(kysely, domain, epoch, now),
    sections: () => centre.sections(kysely),
    isOpen: (sectionId, at) => centre.isOpen(kysely, sectionId, at),
    sectionRouting: () => readSectionRouting(kysely),
    skills: () => readSkills(kysely),
    written: at => centre.written(kysely, at),
    withoutTelephone: () => readWithoutTelephone(kysely),
    close,
  }
}

export function rowsOf(db: Db, domain: string): Rows {
  return {
    domain: () => readDomain(db, domain),
    snapshot: before => snapshotBefore(db, domain, before),
    stepsAfter: (seq, limit) => stepsAfter(db, domain, seq, limit),
    board: () => readBoard(db),
    reachable: () => readReachable(db),
    journalOf: calls => readJournalOf(db, calls),
  }
}

/** Looks first, because there is seldom anything to write. */
async function sweep(db: Db, domain: string, epoch: number, now: Date): Promise<boolean> {
  if (!(await isAnySilent(db, now))) return false
  await db.transaction().execute(async tx => {
    await holdEpoch(tx, domain, epoch)
    await writeEntries(
      tx,
      (await takeSilent(tx, now)).map(gone => unreachableEntry(gone, now)),
    )
  })
  return true
}

/** The entry that tells of a page that has fallen silent. */
export const unreachableEntry = ({ personId, unitPath }: { personId: string; unitPath: string }, now: Date) =>
  checkEntry({
    type: agentUnreachable,
    payload: {},
    subjects: subjectsOf(personId, unitPath),
    actor: system('distribution'),
    at: now.getTime(),
  })
