/**
 * Whether every mail has become something: what lay on the servers, what came in as bytes, and what became of it, with the sums of each day.
 * Figures alone; nothing of what was written.
 */
import { z } from 'zod'
import { decodeCursor, type House, Instant, PageQuery, pageOf } from '../../platform/index.ts'
import { daySums, type MailSums, serverSums, sumsSince } from './sums-store.ts'

const dayMs = 24 * 3_600_000
/** A comparison is due each day; a mailbox that has gone without for so long is late. */
const lateMs = 1.5 * dayMs

const count = z.number().int()
const Sums = z.object({
  fetched: count.describe('came in as bytes'),
  waiting: count.describe('not read yet'),
  interactions: count,
  noted: count.describe('bounces, auto-replies and receipts, kept with what they are about'),
  toExamine: count,
  aside: count.describe('put aside by a person'),
  missing: count.describe('of which no interaction is there although one should be; never anything but 0'),
  undone: count.describe('neither marked, moved nor deleted on the server yet'),
})

export const ReconciledDay = Sums.extend({ day: z.iso.date(), mailboxId: z.uuid(), mailbox: z.string() }).meta({
  id: 'ReconciledDay',
})
export type ReconciledDay = z.infer<typeof ReconciledDay>

export const ReconciliationQuery = PageQuery.extend({
  days: z.coerce.number().int().min(1).max(31).default(7).describe('so many days back'),
})

export const Reconciliation = z
  .object({
    since: Instant,
    total: Sums,
    servers: z.object({
      mailboxes: count.describe('that are on'),
      notHere: count.describe('mails on the servers that are not here yet'),
      compared: count.describe('mails on the servers that were compared one by one at the last comparison'),
      missed: count.describe('of these, had not come in, and were fetched then'),
      late: count.describe('mailboxes that have not been compared for a day and a half'),
    }),
    isEven: z.boolean().describe('whether everything is accounted for'),
    items: z.array(ReconciledDay),
    next: z.string().nullable(),
  })
  .meta({ id: 'Reconciliation' })
export type Reconciliation = z.infer<typeof Reconciliation>

const none: MailSums = {
  ...{ fetched: 0, waiting: 0, interactions: 0, noted: 0, examine: 0, aside: 0, joined: 0, undone: 0 },
}

const sumsOf = ({ fetched, waiting, interactions, noted, examine, aside, joined, undone }: MailSums) => ({
  ...{ fetched, waiting, interactions, noted, toExamine: examine, aside, undone },
  missing: fetched - waiting - joined - noted - examine - aside,
})

const Cursor = z.tuple([z.string(), z.string()])

/** What became of the mails of the last days. */
export async function reconciliation(
  house: House,
  { days, cursor, limit }: z.infer<typeof ReconciliationQuery>,
): Promise<Reconciliation> {
  const db = house.database.kysely
  const now = house.clock.now()
  const from = new Date(now - days * dayMs)
  const rows = await daySums(db, {
    from,
    timeZone: house.config.TIME_ZONE,
    after: decodeCursor(Cursor, cursor),
    limit: limit + 1,
  })
  const { items, next } = pageOf(rows, limit, row => [row.day, row.address])
  const total = sumsOf((await sumsSince(db, from)) ?? none)
  const servers = await serverSums(db, new Date(now - lateMs))
  return {
    since: from.toISOString(),
    total,
    servers: {
      mailboxes: servers?.mailboxes ?? 0,
      notHere: servers?.waiting ?? 0,
      compared: servers?.compared ?? 0,
      missed: servers?.missed ?? 0,
      late: servers?.late ?? 0,
    },
    isEven: total.missing === 0 && (servers?.late ?? 0) === 0,
    items: items.map(row => ({ day: row.day, mailboxId: row.mailbox_id, mailbox: row.address, ...sumsOf(row) })),
    next,
  }
}
