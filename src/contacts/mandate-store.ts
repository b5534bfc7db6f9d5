/** SQL of mandates, and of who speaks for whom in a conversation. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import type { ContactKind, IntermediaryKind, MandateKind } from './model.ts'
import type { ContactScope } from './policy.ts'
import { visible } from './store.ts'

interface NameColumns {
  id: string
  kind: ContactKind
  given_name: string | null
  family_name: string | null
  business_name: string | null
}

export interface MandateRow {
  id: string
  kind: MandateKind
  valid_from: string
  valid_until: string | null
  evidence: string
  noted_at: Date
  noted_by_name: string
  ended_at: Date | null
  ended_by_name: string | null
  intermediary: NameColumns & { intermediary_kind: IntermediaryKind | null }
  principal: NameColumns
}

const mandateColumns = sql`
  mandate.id, mandate.kind, to_char(mandate.valid_from, 'YYYY-MM-DD') as valid_from, to_char(mandate.valid_until, 'YYYY-MM-DD') as valid_until,
  mandate.evidence, mandate.noted_at, mandate.noted_by_name, mandate.ended_at, mandate.ended_by_name,
  json_build_object('id', acts.id, 'kind', acts.kind, 'given_name', acts.given_name, 'family_name', acts.family_name,
                    'business_name', acts.business_name, 'intermediary_kind', acts.intermediary_kind) as intermediary,
  json_build_object('id', whom.id, 'kind', whom.kind, 'given_name', whom.given_name, 'family_name', whom.family_name,
                    'business_name', whom.business_name) as principal`
const withBoth = sql`
  join contact acts on acts.id = mandate.intermediary_id
  join contact whom on whom.id = mandate.principal_id`

/**
 * Mandates of a contact, newest first: those by which others act for it, or those by which it acts for others whom the reader may see.
 * Indexes: mandate_of_principal, mandate_of_intermediary.
 */
export async function listMandates(
  db: Db,
  { contactId, side, scope }: { contactId: string; side: 'given' | 'held'; scope: NonNullable<ContactScope> },
  after: { at: Date; id: string } | undefined,
  limit: number,
): Promise<MandateRow[]> {
  const { rows } = await sql<MandateRow>`
    select ${mandateColumns}
    from   mandate ${withBoth}
    where  ${side === 'given' ? sql`principal_id` : sql`intermediary_id`} = ${contactId}
    ${side === 'given' ? sql`` : sql`and ${visible(scope, sql`mandate.principal_id`)}`}
    ${after ? sql`and (mandate.noted_at, mandate.id) < (${after.at}, ${after.id}::uuid)` : sql``}
    order  by mandate.noted_at desc, mandate.id desc
    limit  ${limit}`.execute(db)
  return rows
}

/** A mandate by which somebody acts for the contact. */
export async function readMandate(tx: Db, principalId: string, id: string, lock = false): Promise<MandateRow | undefined> {
  const { rows } = await sql<MandateRow>`
    select ${mandateColumns}
    from   mandate ${withBoth}
    where  mandate.id = ${id} and principal_id = ${principalId}
    ${lock ? sql`for update of mandate` : sql``}`.execute(tx)
  return rows[0]
}

export async function insertMandate(
  tx: Db,
  row: {
    id: string
    intermediary_id: string
    principal_id: string
    kind: MandateKind
    valid_from: string
    valid_until: string | null
    evidence: string
    noted_at: Date
    noted_by: string | null
    noted_by_name: string
  },
): Promise<void> {
  await tx
    .insertInto('mandate')
    .values({ ...row, ended_at: null, ended_by_name: null })
    .execute()
}

export async function endMandateRow(tx: Db, id: string, by: string, at: Date): Promise<void> {
  await tx.updateTable('mandate').set({ ended_at: at, ended_by_name: by }).where('id', '=', id).execute()
}

// --- who speaks -----------------------------------------------------------------------------------------------------

export async function insertSpeaker(
  tx: Db,
  row: {
    id: string
    principal_id: string
    mandate_id: string | null
    call_id: string | null
    at: Date
    by_person: string | null
    by_name: string
  },
): Promise<void> {
  await tx.insertInto('speaker').values(row).execute()
}

/** The mandate of who speaks for the contact in a call, or in a visit that began after `since`. Index: speaker_of_principal. */
export async function speakerOf(
  db: Db,
  principalId: string,
  { callId, since }: { callId: string | null; since: Date },
): Promise<MandateRow | undefined> {
  const last = await db
    .selectFrom('speaker')
    .select('mandate_id')
    .where('principal_id', '=', principalId)
    .$if(callId !== null, query => query.where('call_id', '=', callId))
    .$if(callId === null, query => query.where('call_id', 'is', null).where('at', '>=', since))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.mandate_id ? readMandate(db, principalId, last.mandate_id) : undefined
}

/** The mandate of who spoke for the contact to a person since an instant, by what was noted last. Index: speaker_of_principal. */
export async function speakerNotedBy(
  db: Db,
  principalId: string,
  personId: string,
  since: Date,
): Promise<MandateRow | undefined> {
  const last = await db
    .selectFrom('speaker')
    .select('mandate_id')
    .where('principal_id', '=', principalId)
    .where('by_person', '=', personId)
    .where('at', '>=', since)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.mandate_id ? readMandate(db, principalId, last.mandate_id) : undefined
}
