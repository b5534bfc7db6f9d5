/**
 * Who is talking in a call, as the journal tells it. Contacts knows nothing of telephony, but what somebody says of a caller is worth no more than
 * their being the one who talks to the caller.
 */

import { z } from 'zod'
import type { Db } from '../platform/index.ts'
import { callCallbackDialled, callConnected, callEnded, callTransferred } from '../telephony/events.ts'
import { entriesOfCall } from './conversation-store.ts'

export interface Conversation {
  /** The operator who was connected last and has not handed the caller on; null when there is none. */
  operatorId: string | null
  /** The number that we dialled because the caller wished to be called back; null when the caller called. */
  dialled: string | null
  endedAt: Date | null
}

const Payload = z.object({ agent: z.string().optional().catch(undefined), number: z.string().optional().catch(undefined) })

/** The conversation of a call; undefined when there is no such call. */
export async function conversationOf(db: Db, callId: string): Promise<Conversation | undefined> {
  const rows = await entriesOfCall(db, callId)
  if (rows.length === 0) return undefined
  const conversation: Conversation = { operatorId: null, dialled: null, endedAt: null }
  for (const { type, payload, at } of rows) {
    const { agent = null, number = null } = Payload.catch({}).parse(payload)
    if (type === callConnected.type) conversation.operatorId = agent
    else if (type === callTransferred.type) conversation.operatorId = null
    else if (type === callCallbackDialled.type) conversation.dialled = number
    else if (type === callEnded.type) conversation.endedAt = at
  }
  return conversation
}
