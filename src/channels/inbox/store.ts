/** SQL of what was read in a mail that came in: its head, its text, what is attached to it. */
import { type Selectable, sql } from 'kysely'
import type { Db } from '../../platform/index.ts'

interface IncomingMailTable {
  raw_mail_id: string
  mailbox_id: string
  interaction_id: string | null
  from_address: string
  from_name: string
  to_addresses: string[]
  cc_addresses: string[]
  reply_to: string | null
  subject: string
  message_id: string | null
  refs: string[]
  sent_at: Date | null
  received_at: Date
  text: string
  quoted: string
  html: string | null
  matched_by: 'token' | 'thread' | null
  proposed_code: string | null
}

interface IncomingAttachmentTable {
  id: string
  raw_mail_id: string
  n: number
  name: string
  declared_type: string
  type: string
  size_bytes: number
  blob_id: string
  content_id: string | null
  scan: 'unchecked' | 'clean' | 'infected'
  scan_detail: string | null
}
declare module '../../platform/index.ts' {
  interface Tables {
    incoming_mail: IncomingMailTable
    incoming_attachment: IncomingAttachmentTable
  }
}

export type IncomingMailRow = Selectable<IncomingMailTable>
export type IncomingAttachmentRow = Selectable<IncomingAttachmentTable>

export const insertIncomingMail = (db: Db, row: IncomingMailTable): Promise<unknown> =>
  db.insertInto('incoming_mail').values(row).execute()

export const joinToInteraction = (db: Db, rawMailId: string, interactionId: string): Promise<unknown> =>
  db.updateTable('incoming_mail').set({ interaction_id: interactionId }).where('raw_mail_id', '=', rawMailId).execute()

export const insertAttachment = (db: Db, row: IncomingAttachmentTable): Promise<unknown> =>
  db.insertInto('incoming_attachment').values(row).execute()

/** How many mails of a sender came since an instant, counted up to a bound. Index: incoming_mail_of_sender. */
export async function mailsOfSender(db: Db, address: string, since: Date, upTo: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n
    from   (select 1 from incoming_mail where from_address = ${address} and received_at > ${since} limit ${upTo}) counted`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

/** Index: incoming_mail_pkey. */
export const readIncomingMail = (db: Db, rawMailId: string): Promise<IncomingMailRow | undefined> =>
  db.selectFrom('incoming_mail').selectAll().where('raw_mail_id', '=', rawMailId).executeTakeFirst()

/** Index: incoming_attachment_raw_mail_id_n_key. */
export const attachmentsOf = (db: Db, rawMailId: string): Promise<IncomingAttachmentRow[]> =>
  db.selectFrom('incoming_attachment').selectAll().where('raw_mail_id', '=', rawMailId).orderBy('n').execute()
