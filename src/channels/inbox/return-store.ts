/** SQL of what comes back about mails of ours: which mail it is about, and what is known against an address. */
import type { Selectable } from 'kysely'
import type { Db } from '../../platform/index.ts'
import type { AddressTroubleReason } from './policy.ts'

interface AddressTroubleTable {
  address: string
  reason: AddressTroubleReason
  status: string | null
  detail: string
  since: Date
  until: Date
}
declare module '../../platform/index.ts' {
  interface Tables {
    address_trouble: AddressTroubleTable
  }
}

/** A mail of ours, as far as what comes in has to know it. */
export interface SentMail {
  id: string
  message_id: string
  purpose: string
  subject_id: string | null
  case_id: string | null
  contact_id: string | null
  unit_ids: string[]
  to_address: string
  cc_addresses: string[]
  state: string
  attempts: number
}

/** Mails of ours by Message-ID, newest first. Index: mail_message_id_key. */
export async function sentMails(db: Db, messageIds: readonly string[]): Promise<SentMail[]> {
  if (messageIds.length === 0) return []
  return db
    .selectFrom('mail')
    .select([
      'id',
      'message_id',
      'purpose',
      'subject_id',
      'case_id',
      'contact_id',
      'unit_ids',
      'to_address',
      'cc_addresses',
      'state',
      'attempts',
    ])
    .where('message_id', 'in', [...messageIds])
    .orderBy('queued_at', 'desc')
    .execute()
}

/** A mail that had left came back. Returns false when it had not left, or somebody has written down its return already. */
export async function writeBounce(db: Db, mailId: string, problem: string, reason: 'address' | 'refused'): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('mail')
    .set({ state: 'failed', last_problem: problem, last_reason: reason })
    .where('id', '=', mailId)
    .where('state', '=', 'sent')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const markAddress = (db: Db, row: AddressTroubleTable): Promise<unknown> => {
  const { address: _address, ...change } = row
  return db
    .insertInto('address_trouble')
    .values(row)
    .onConflict(conflict => conflict.column('address').doUpdateSet(change))
    .execute()
}

/** What is known against an address now. Index: address_trouble_pkey. */
export const troubleOfAddress = (db: Db, address: string, now: Date): Promise<Selectable<AddressTroubleTable> | undefined> =>
  db
    .selectFrom('address_trouble')
    .selectAll()
    .where('address', '=', address.toLowerCase())
    .where('until', '>', now)
    .executeTakeFirst()
