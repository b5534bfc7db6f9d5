/** SQL of how those who spoke in conversations made known who they are. */
import { sql } from 'kysely'
import type { IdentificationMethod } from '../contacts/index.ts'
import type { Db } from '../platform/index.ts'

export interface NotedRow {
  interaction_id: string
  case_id: string | null
  call_id: string | null
  opened_at: Date
  method: IdentificationMethod
  at: Date
}

/** A conversation is noted in while it goes on, and a little after it. */
const noted = sql`
  noted.contact_id = interaction.contact_id
  and noted.at >= interaction.opened_at and noted.at < interaction.opened_at + interval '12 hours'`
/** So many notes of one conversation are looked at. */
const maxNoted = 20
/** So many conversations of one case are looked at, the newest. */
const maxConversations = 50

/**
 * What was noted in conversations of how their contact made known who it is: in the call; at the counter, by whoever spoke there; by registered mail whose
 * envelope is vouched for, from an address that the card has as such. Indexes: interaction_pkey or interaction_of_case, identification_of_contact,
 * incoming_mail_interaction_id_key.
 */
export async function notedIn(db: Db, by: 'interaction' | 'case', ids: readonly string[]): Promise<NotedRow[]> {
  if (ids.length === 0) return []
  const conversations =
    by === 'interaction'
      ? sql`select * from interaction where id = any(${ids}::uuid[])`
      : sql`
        select of_case.*
        from   unnest(${ids}::uuid[]) wanted (case_id) cross join lateral (
                 select * from interaction where interaction.case_id = wanted.case_id order by opened_at desc limit ${maxConversations}) of_case`
  const { rows } = await sql<NotedRow>`
    select interaction.id as interaction_id, interaction.case_id, interaction.call_id, interaction.opened_at, told.method, told.at
    from   (${conversations}) interaction cross join lateral (
             (select method, at from identification noted
              where  ${noted}
              and    case when interaction.call_id is not null then noted.call_id = interaction.call_id
                          else noted.call_id is null and noted.by_person = interaction.operator_id end
              and    interaction.channel not in ('email', 'pec')
              order  by at
              limit  ${maxNoted})
             union all
             (select 'pec', interaction.opened_at
              from   incoming_mail mail join registered_arrival arrival on arrival.raw_mail_id = mail.raw_mail_id
              where  interaction.channel = 'pec' and mail.interaction_id = interaction.id
              and    arrival.kind = 'message' and arrival.verdict = 'valid'
              and    exists (select 1 from contact_email
                             where  contact_email.contact_id = interaction.contact_id and contact_email.kind = 'pec'
                             and    contact_email.address = lower(mail.from_address)))
           ) told`.execute(db)
  return rows
}
