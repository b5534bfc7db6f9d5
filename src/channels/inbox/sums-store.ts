/** SQL of the sums by which somebody sees whether every mail that came in has become something. */
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'

export interface MailSums {
  fetched: number
  waiting: number
  interactions: number
  noted: number
  examine: number
  aside: number
  /** Interactions that are there for them. */
  joined: number
  /** Neither marked, moved nor deleted on the server yet. */
  undone: number
}

export interface DaySums extends MailSums {
  day: string
  mailbox_id: string
  address: string
}

const sums = sql`
  count(*)::int as fetched,
  count(*) filter (where raw.state = 'fetched')::int as waiting,
  count(*) filter (where raw.state = 'interaction')::int as interactions,
  count(*) filter (where raw.state = 'noted')::int as noted,
  count(*) filter (where raw.state = 'examine')::int as examine,
  count(*) filter (where raw.state = 'aside')::int as aside,
  count(interaction.id) filter (where raw.state = 'interaction')::int as joined,
  count(*) filter (where exists (select from raw_mail_place place
                                 where  place.raw_mail_id = raw.id and place.done_at is null))::int as undone`

const withFates = sql`
  raw_mail raw
  join mailbox on mailbox.id = raw.mailbox_id
  left join incoming_mail mail on mail.raw_mail_id = raw.id
  left join interaction on interaction.id = mail.interaction_id`

/** What became of the mails since an instant, by day and mailbox, newest day first. Indexes: raw_mail_of_day, raw_mail_place_of_mail. */
export async function daySums(
  db: Db,
  { from, timeZone, after, limit }: { from: Date; timeZone: string; after: readonly [string, string] | undefined; limit: number },
): Promise<DaySums[]> {
  const [day, address] = after ?? [null, null]
  const { rows } = await sql<DaySums>`
    select   *
    from     (select   to_char(raw.fetched_at at time zone ${timeZone}::text, 'YYYY-MM-DD') as day,
                       mailbox.id as mailbox_id, mailbox.address, ${sums}
              from     ${withFates}
              where    raw.fetched_at >= ${from}
              group by 1, 2, 3) days
    where    ${day}::text is null or day < ${day}::text or (day = ${day}::text and address > ${address}::text)
    order by day desc, address
    limit    ${limit}`.execute(db)
  return rows
}

/** The same, of all days and mailboxes together. */
export async function sumsSince(db: Db, from: Date): Promise<MailSums | undefined> {
  const { rows } = await sql<MailSums>`select ${sums} from ${withFates} where raw.fetched_at >= ${from}`.execute(db)
  return rows[0]
}

export interface ServerSums {
  waiting: number
  compared: number
  missed: number
  mailboxes: number
  /** Mailboxes that are on and have not been compared since an instant. */
  late: number
}

/** What the servers of the mailboxes that are on had, by the last look and the last comparison. There are hundreds at most. */
export async function serverSums(db: Db, since: Date): Promise<ServerSums | undefined> {
  const { rows } = await sql<ServerSums>`
    select coalesce(sum(state.waiting), 0)::int as waiting, coalesce(sum(state.compared_count), 0)::int as compared,
           coalesce(sum(state.missed_count), 0)::int as missed, count(*)::int as mailboxes,
           count(*) filter (where state.compared_at is null or state.compared_at < ${since})::int as late
    from   mailbox join mailbox_state state on state.mailbox_id = mailbox.id
    where  mailbox.enabled`.execute(db)
  return rows[0]
}
