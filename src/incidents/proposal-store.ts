/** SQL of proposals. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import type { ProposalRow } from './tables.ts'

/** Keeps a proposal, or counts anew for one that nobody has decided about. Returns its identifier when it is new. Index: the key of unit, cause and hour. */
export async function putProposal(
  db: Db,
  row: Omit<ProposalRow, 'state' | 'reason' | 'decided_at' | 'decided_by_name' | 'incident_id'>,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    insert into incident_proposal as kept
           (id, unit_id, unit_path, cause_key, procedure_id, hour, tickets, expected, chance, made_at, state)
    values (${row.id}, ${row.unit_id}, ${row.unit_path}, ${row.cause_key}, ${row.procedure_id}, ${row.hour}, ${row.tickets},
            ${row.expected}, ${row.chance}, ${row.made_at}, 'open')
    on conflict (unit_id, cause_key, hour) do update set tickets = excluded.tickets, chance = excluded.chance
    where  kept.state = 'open' and kept.tickets < excluded.tickets
    returning id`.execute(db)
  return rows[0]?.id === row.id ? row.id : undefined
}

/** Proposals of the groups under a path about which nobody has decided, the newest first. Index: incident_proposal_open. */
export async function openProposals(
  db: Db,
  { under, since, limit }: { under: string; since: Date; limit: number },
): Promise<ProposalRow[]> {
  const { rows } = await sql<ProposalRow>`
    select   * from incident_proposal
    where    state = 'open' and unit_path ^@ ${under} and made_at >= ${since}
    order by made_at desc, id
    limit    ${limit}`.execute(db)
  return rows
}

/** Whether the cause is proposed to a group already, or was set aside, since an instant. Index: the key of unit, cause and hour. */
export async function isProposedSince(
  db: Db,
  { unitId, causeKey, since, but }: { unitId: string; causeKey: string; since: Date; but: Date },
): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from incident_proposal
                   where unit_id = ${unitId} and cause_key = ${causeKey} and hour >= ${since} and hour <> ${but}) as found`.execute(
    db,
  )
  return rows[0]?.found ?? false
}

/** Index: incident_proposal_pkey. */
export const lockProposal = (db: Db, id: string): Promise<ProposalRow | undefined> =>
  db.selectFrom('incident_proposal').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const decideProposal = (
  db: Db,
  id: string,
  decided: Pick<ProposalRow, 'state' | 'reason' | 'decided_at' | 'decided_by_name' | 'incident_id'>,
): Promise<unknown> => db.updateTable('incident_proposal').set(decided).where('id', '=', id).execute()
