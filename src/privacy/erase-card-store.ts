/**
 * SQL that empties a card, and what is a person's by their number or address alone: calls and mails that nobody has noted for anybody, and searches
 * that colleagues have kept. What somebody else's card has, too, is left: it may be theirs.
 */
import { sql } from 'kysely'
import { lexeme } from '../cases/index.ts'
import { type Db, markEntries } from '../platform/index.ts'
import { eraseCalls, eraseRawMails, eraseVisits } from './erase-store.ts'

/** What stands in place of a name: the table wants one, and it is nobody's. */
const nobody = '—'

/** Empties the card. Its identifier stays, so that what has no name on it goes on to fit together. */
export async function eraseCard(db: Db, contactId: string, now: Date): Promise<void> {
  await markEntries(db, { contacts: [contactId] })
  await eraseCallsOfNumbers(db, contactId)
  await eraseMailsOfAddresses(db, contactId)
  await eraseSavedLists(db, contactId)
  await sql`delete from address_trouble where address in (select lower(address) from contact_email where contact_id = ${contactId})`.execute(
    db,
  )
  await eraseWords(db, contactId)
  for (const table of ['contact_key', 'contact_phone', 'contact_email', 'former_fiscal_code'] as const)
    await sql`delete from ${sql.table(table)} where contact_id = ${contactId}`.execute(db)
  await sql`update identification set evidence = '' where contact_id = ${contactId}`.execute(db)
  await eraseVisits(db, sql`contact_id = ${contactId}`)
  await sql`update mandate set evidence = '' where ${contactId}::uuid in (principal_id, intermediary_id)`.execute(db)
  await sql`update contact_link set reason = '' where ${contactId}::uuid in (contact_id, main_id)`.execute(db)
  await sql`
    update contact
    set    given_name = null, family_name = case when kind = 'person' then ${nobody} end,
           business_name = case when kind <> 'person' then ${nobody} end,
           fiscal_code = null, birth_date = null, municipality_code = null, address = null, postal_code = null, notes = '', do_not_call = null,
           preferred_channel = null, needs = '{}', updated_at = ${now}, version = version + 1
    where  id = ${contactId}`.execute(db)
}

/** Takes words of the name out of those by which names are found with a wrong letter, unless somebody else has them. Indexes: contact_key_pkey, name_near_pkey. */
async function eraseWords(db: Db, contactId: string): Promise<void> {
  await sql`
    delete from name_near
    using  (select distinct split_part(key, ' ', 1) collate "C" as word from contact_key where contact_id = ${contactId} and kind = 'name') own
           cross join lateral (select own.word as near
                               union
                               select overlay(own.word placing '' from place for 1) from generate_series(1, length(own.word)) place) rest
    where  name_near.near = rest.near and name_near.word = own.word
    and    not exists (
             select from contact_key
             where  kind = 'name' and key >= own.word and key < own.word || '!' and contact_id <> ${contactId})`.execute(db)
}

async function eraseCallsOfNumbers(db: Db, contactId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from ${callsOfNumbersOf([contactId])} theirs`.execute(db)
  const calls = rows.map(row => row.id)
  await markEntries(db, { calls })
  await eraseCalls(db, calls)
}

/**
 * Mails from the addresses of a card that became no conversation: put aside, or noted about one of ours. Indexes: contact_email_pkey, contact_key_pkey,
 * incoming_mail_of_sender, raw_mail_pkey.
 */
async function eraseMailsOfAddresses(db: Db, contactId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select raw_mail_id as id from incoming_mail join raw_mail on raw_mail.id = raw_mail_id
    where  from_address in ${addressesOnlyOf([contactId])} and raw_mail.state in ('aside', 'noted')`.execute(db)
  await eraseRawMails(
    db,
    rows.map(row => row.id),
  )
}

/**
 * Calls from the numbers of the cards of a person, or to be called back there, that are over and in nobody else's conversation. Indexes: contact_phone_pkey,
 * contact_by_phone, call_from_number, callback_of_number, interaction_call_id_key.
 */
export const callsOfNumbersOf = (contactIds: readonly string[]) => {
  const numbers = sql`(
    select number from contact_phone own where contact_id = any (${[...contactIds]}::uuid[])
    and    not exists (select from contact_phone other where other.number = own.number and other.contact_id <> all (${[...contactIds]}::uuid[])))`
  return sql`(
    select found.id
    from   (select id from call where from_number in ${numbers} and ended_at is not null
            union
            select call_id from callback where number in ${numbers} and closed_at is not null) found
    where  not exists (select from interaction where call_id = found.id and contact_id <> all (${[...contactIds]}::uuid[])))`
}

/** The addresses of the cards of a person that no other has. */
export const addressesOnlyOf = (contactIds: readonly string[]) => sql`(
  select lower(address) from contact_email own where contact_id = any (${[...contactIds]}::uuid[])
  and    not exists (
           select from contact_key other
           where  other.kind = 'email' and other.key = lower(own.address) and other.contact_id <> all (${[...contactIds]}::uuid[])))`

/** Lists that colleagues have kept under the person's name, code, number or address, or that look for them. Indexes: saved_case_list_of_words, saved_ticket_list_of_words. */
async function eraseSavedLists(db: Db, contactId: string): Promise<void> {
  const { rows } = await sql<{ stems: string[] }>`
    select tsvector_to_array(case_words(said)) as stems
    from   (select concat_ws(' ', given_name, family_name, business_name) as said from contact where id = ${contactId}
            union all select fiscal_code from contact where id = ${contactId}
            union all select fiscal_code from former_fiscal_code where contact_id = ${contactId}
            union all select unnest(array[number, replace(number, '+39', '')]) from contact_phone where contact_id = ${contactId}
            union all select address from contact_email where contact_id = ${contactId}) known
    where  said <> ''`.execute(db)
  const wanted = rows.flatMap(({ stems }) => (stems.length === 0 ? [] : [`(${stems.map(lexeme).join(' & ')})`])).join(' | ')
  if (wanted === '') return
  await sql`
    delete from saved_case_list where case_words(name || ' ' || coalesce(wanted ->> 'q', '')) @@ ${wanted}::tsquery`.execute(db)
  await sql`
    delete from saved_ticket_list where case_words(name || ' ' || coalesce(wanted ->> 'words', '')) @@ ${wanted}::tsquery`.execute(
    db,
  )
}
