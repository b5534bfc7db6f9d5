/** A conversation, as rooms that stand on cases know it: who has it in hand, and what an entry about it is about. */
import { type Actor, type Db, notFound, unitsIn } from '../platform/index.ts'
import type { ConversationChannel } from './model.ts'
import { scopeOf } from './service.ts'
import { readInteraction } from './store.ts'

export interface InteractionFacts {
  id: string
  operatorId: string | null
  operatorName: string | null
  isOpen: boolean
  /** Where entries about it are heard and found. */
  subjects: {
    channel: ConversationChannel
    call: string | undefined
    case: string | undefined
    contact: string | undefined
    person: string | undefined
    units: string[]
  }
}

/** @throws Refused 404 for a conversation that the actor does not see */
export async function interactionFacts(db: Db, actor: Actor, interactionId: string): Promise<InteractionFacts> {
  const row = await readInteraction(db, interactionId, scopeOf(actor))
  if (!row) throw notFound('interaction')
  return {
    ...{ id: row.id, operatorId: row.operator_id, operatorName: row.operator_name, isOpen: row.state === 'open' },
    subjects: {
      channel: row.channel,
      call: row.call_id ?? undefined,
      case: row.case_id ?? undefined,
      contact: row.contact_id ?? undefined,
      person: row.operator_id ?? undefined,
      units: unitsIn(row.operator_path),
    },
  }
}
