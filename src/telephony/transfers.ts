/** Handing a call to another section: where it can go and who is there, who did it, and what whoever takes it should know. */
import type { Kysely } from 'kysely'
import { liveSections, skillsOf } from '../distribution/index.ts'
import { contactCentreSections, isOpen } from '../organisation/index.ts'
import { type House, notFound, type PersonActor, type Tables, type Tx } from '../platform/index.ts'
import type { TransferChoice } from './model.ts'
import { isTheirs } from './policy.ts'
import { callById } from './store.ts'
import type {} from './tables.ts'

type Db = Kysely<Tables> | Tx

export interface Transfer {
  byPerson: string
  byName: string
  fromSectionId: string | null
  note: string
}

/** Writes down who hands the call on, before it is done. */
export async function noteTransfer(
  tx: Tx,
  callId: string,
  at: Date,
  { byPerson, byName, fromSectionId, sectionId, note }: Transfer & { sectionId: string },
): Promise<void> {
  await tx
    .insertInto('call_transfer')
    .values({
      ...{ call_id: callId, at, by_person: byPerson, by_name: byName },
      ...{ from_section_id: fromSectionId, section_id: sectionId, note },
    })
    // Asked twice in the same instant, it is the same.
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/** The last transfer of a call by somebody. Index: call_transfer_pkey. */
export async function lastTransfer(db: Db, callId: string, byPerson: string): Promise<Transfer | undefined> {
  const row = await db
    .selectFrom('call_transfer')
    .select(['by_person', 'by_name', 'from_section_id', 'note'])
    .where('call_id', '=', callId)
    .where('by_person', '=', byPerson)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { byPerson: row.by_person, byName: row.by_name, fromSectionId: row.from_section_id, note: row.note }
}

/**
 * The sections to which an operator can hand a call, and whether it would find somebody there: the operator does not count as somebody.
 * @throws Refused 404 for a call that is not theirs
 */
export async function transferChoices(house: House, actor: PersonActor, callId: string): Promise<TransferChoice[]> {
  const db = house.database.kysely
  const call = await callById(db, callId)
  if (!call || call.endedAt || !isTheirs(actor, call.state)) throw notFound('call')
  const now = new Date(house.clock.now())
  const sections = (await contactCentreSections(db)).filter(({ id }) => id !== call.state.section)
  const own = new Set((await skillsOf(db, actor.personId)).map(({ sectionId }) => sectionId))
  const live = new Map(
    (
      await liveSections(
        db,
        sections.map(({ id }) => id),
      )
    ).map(each => [each.sectionId, each]),
  )
  return Promise.all(
    sections.map(async ({ id, name }) => {
      const { agents, waiting } = live.get(id) ?? { agents: undefined, waiting: 0 }
      const others = agents && { ...agents, 'in-conversation': agents['in-conversation'] - (own.has(id) ? 1 : 0) }
      return {
        id,
        name,
        isOpen: (await isOpen(db, id, now)).open,
        waiting,
        available: others?.available ?? 0,
        atWork: others ? others.available + others.offered + others['in-conversation'] + others['wrap-up'] : 0,
        paused: others?.paused ?? 0,
      }
    }),
  )
}
