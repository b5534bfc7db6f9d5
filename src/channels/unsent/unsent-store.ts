/** SQL of mails that did not leave. */
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'
import type { MailRow } from '../store.ts'

/**
 * Mails of a unit that are delayed or were given up, newest first. What another mail about the same thing has taken the place of needs nobody any more.
 * Indexes: mail_unsent, mail_of_case.
 */
export async function unsentPage(
  db: Db,
  { unitId, after, limit }: { unitId: string; after: readonly [string, string] | undefined; limit: number },
): Promise<MailRow[]> {
  const [at, id] = after ?? [null, null]
  const { rows } = await sql<MailRow>`
    select   mail.*
    from     mail
    where    unit_ids @> array[${unitId}]::text[]
             and last_problem is not null and state in ('queued', 'sending', 'failed')
             and (${at}::timestamptz is null or (queued_at, id) < (${at}::timestamptz, ${id}::uuid))
             and not exists (select from mail later
                             where  later.case_id = mail.case_id and later.subject_id = mail.subject_id
                                    and (later.queued_at, later.id) > (mail.queued_at, mail.id))
    order by queued_at desc, id desc
    limit    ${limit}`.execute(db)
  return rows
}
