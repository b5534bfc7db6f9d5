/** Who wrote the newest of some entries, for the sentence "changed by … at …". */
import { sql } from 'kysely'
import { nameOfActor } from '../actor.ts'
import type { Database } from '../database/database.ts'
import { actorOf } from './event.ts'

export interface LastEntry {
  by: string
  at: Date
}

/** What the entries are about: a subject, or an identifier in the payload by the name of its field. */
export type About =
  | { call: string }
  | { contact: string }
  | { person: string }
  | { payload: readonly [field: string, value: string] }

/** Further back than this nobody asks who it was, and the search ends. */
const lookBackMs = 60 * 24 * 3_600_000

/**
 * Returns who wrote the newest entry of some types about one thing, and when; undefined when there is none in the last 60 days.
 * Indexes: event_of_call, event_of_contact; event_by_type for the rest, which is only for entries of types that are written rarely.
 */
export async function lastEntry(
  db: Pick<Database['kysely'], 'selectFrom'>,
  types: readonly { readonly type: string }[],
  about: About,
  now: Date,
): Promise<LastEntry | undefined> {
  let newest: LastEntry | undefined
  for (const { type } of types) {
    const row = await db
      .selectFrom('event')
      .select(['actor', 'at'])
      .where('type', '=', type)
      .where('at', '>', new Date(now.getTime() - lookBackMs))
      .$if('call' in about, query => query.where('call_id', '=', 'call' in about ? about.call : null))
      .$if('contact' in about, query => query.where('contact_id', '=', 'contact' in about ? about.contact : null))
      .$if('person' in about, query => query.where('person_id', '=', 'person' in about ? about.person : null))
      .$if('payload' in about, query =>
        'payload' in about ? query.where(sql`payload ->> ${about.payload[0]}`, '=', about.payload[1]) : query,
      )
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (row && (newest === undefined || row.at > newest.at)) newest = { by: nameOfActor(actorOf(row.actor)), at: row.at }
  }
  return newest
}
