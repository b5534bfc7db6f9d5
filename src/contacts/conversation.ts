/**
 * Who is talking in a call, as the journal tells it. Contacts knows nothing of telephony, but what somebody says of a caller is worth no more than
 * their being the one who talks to the caller.
 */
import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../platform/index.ts'

export interface Conversation {
  /** The operator who was connected last and has not handed the caller on; null when there is none. */
  operatorId: string | null
  /** The number that we dialled because the caller wished to be called back; null when the caller called. */
  dialled: string | null
  endedAt: Date | null
}

const Payload = z.object({ agent: z.string().optional().catch(undefined), number: z.string().optional().catch(undefined) })

/** The conversation of a call; undefined when there is no such call. Index: event_of_call. */
export async function conversationOf(db: Db, callId: string): Promise<Conversation | undefined> {
  const { rows } = await sql<{ type: string; payload: unknown; at: Date }>`
    select type, payload, at from event
    where  call_id = ${callId}
    and    type in ('call.arrived', 'call.connected', 'call.transferred', 'call.callback-dialled', 'call.ended')
    order  by id`.execute(db)
  if (rows.length === 0) return undefined
  const conversation: Conversation = { operatorId: null, dialled: null, endedAt: null }
  for (const { type, payload, at } of rows) {
    const { agent = null, number = null } = Payload.catch({}).parse(payload)
    if (type === 'call.connected') conversation.operatorId = agent
    else if (type === 'call.transferred') conversation.operatorId = null
    else if (type === 'call.callback-dialled') conversation.dialled = number
    else if (type === 'call.ended') conversation.endedAt = at
  }
  return conversation
}
