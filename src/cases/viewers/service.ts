/**
 * Who else has a case, a mail or a ticket open, and who is writing an answer to it. It warns, so that two do not answer the same question, and locks nothing.
 *
 *   page opened ──▶ row of this page ──▶ NOTIFY ──▶ every process tells the pages of those who have the same open
 *        │             ▲        │
 *        │   renewed by the process that has its stream, all of its pages at once
 *        ▼                      ▼
 *   left: taken away      stream ends, or the process dies: the row expires, and whoever sweeps next takes it away
 *
 * Only those who have a thing open are told of it, and each was asked for the right to see it when it said so. It stands in no journal: that somebody has
 * looked is the access log's. Why it is kept in rows: decision 0039.
 */
import { type Db, type House, notFound, type PersonActor } from '../../platform/index.ts'
import { ticketToRead } from '../locked-ticket.ts'
import { standingOf } from '../mails/mails.ts'
import { mayAnswerMail, mayReadMail } from '../mails/policy.ts'
import { readMailInteraction } from '../mails/store.ts'
import { mayDraft } from '../policy.ts'
import { scopeOf } from '../service.ts'
import { readCase } from '../store.ts'
import type { ViewedKind, Viewers } from './model.ts'
import { deleteViewer, dropOldPages, notifyViewers, putViewer, viewersOf } from './store.ts'

/** On which the processes tell each other. */
export const viewersChannel = 'viewers'
/** A page counts for so long after it was last heard of. */
export const countsForMs = 45_000
const shownAtMost = 20
/** A message between processes has at most 8,000 bytes. */
const toldAtMost = 150
/** As many as a person can have streams. */
const pagesOfPerson = 16

interface Viewed {
  kind: ViewedKind
  subjectId: string
}

/**
 * A page shows something: notes it, and returns who else has it open. Who may only read is never shown as writing.
 * @throws Refused 404 for what is not the actor's to see
 */
export async function noteViewer(
  house: House,
  actor: PersonActor,
  { kind, subjectId, pageId, writing }: Viewed & { pageId: string; writing: boolean },
): Promise<Viewers> {
  const db = house.database.kysely
  const mayWrite = await mayWriteTo[kind](db, actor, subjectId)
  const now = new Date(house.clock.now())
  const { personId, name } = actor
  const isWriting = writing && mayWrite
  const until = new Date(now.getTime() + countsForMs)
  const before = await putViewer(db, { personId, pageId, name, kind, subjectId, isWriting, now, until })
  if (before === undefined) await dropOldPages(db, personId, pagesOfPerson)
  if (before?.subjectId !== subjectId || before.isWriting !== isWriting)
    await tellViewers(
      db,
      before === undefined || before.subjectId === subjectId ? [subjectId] : [before.subjectId, subjectId],
      now,
      personId,
    )
  const found = await viewersOf(db, { subjectId, readerId: personId, now, limit: shownAtMost })
  return {
    items: found.map(each => ({
      ...{ id: each.id, name: each.name },
      since: each.since.toISOString(),
      writingSince: each.writing_since?.toISOString() ?? null,
    })),
    more: (found[0]?.total ?? 0) - found.length,
  }
}

/** A page is left: it shows nothing any more. */
export async function leavePage(house: House, { personId }: Pick<PersonActor, 'personId'>, pageId: string): Promise<void> {
  const db = house.database.kysely
  const subjectId = await deleteViewer(db, { personId, pageId })
  if (subjectId !== undefined) await tellViewers(db, [subjectId], new Date(house.clock.now()), personId)
}

/**
 * Tells those who have some things open that somebody came, left, or began to write.
 * @param who it was: who knows it already
 */
export const tellViewers = (db: Db, subjectIds: readonly string[], now: Date, who: string | null = null): Promise<unknown> =>
  notifyViewers(db, subjectIds, { channel: viewersChannel, except: who, now, most: toldAtMost })

/** Whether the actor may write an answer to something. Each throws 404 for what is not the actor's to see. */
const mayWriteTo: Readonly<Record<ViewedKind, (db: Db, actor: PersonActor, id: string) => Promise<boolean>>> = {
  async case(db, actor, id) {
    if (!(await readCase(db, id, scopeOf(actor)))) throw notFound('case')
    // Answers are written on the pages of tickets and mails.
    return false
  },
  async ticket(db, actor, id) {
    const found = await ticketToRead({ tx: db, actor }, id)
    return mayDraft(found.actor, found.facts).allowed
  },
  async mail(db, actor, id) {
    const row = await readMailInteraction(db, id)
    if (!row || !mayReadMail(actor, { unitPath: row.operator_path })) throw notFound('mail')
    return mayAnswerMail(actor, standingOf(row)).allowed
  },
}
