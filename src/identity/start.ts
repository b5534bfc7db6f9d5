/** What identity does by itself: sessions are tidied, and what waits for the end of a conversation is done. */
import { conversationEnded } from '../distribution/events.ts'
import { type House, isOneOf, type PersonActor } from '../platform/index.ts'
import { callEnded, callInterrupted } from '../telephony/events.ts'
import { unassign } from './assignments.ts'
import { type AskConversation, endWhatWaited, setConversations } from './conversations.ts'
import { disablePerson } from './service.ts'
import { tidySessions } from './sessions.ts'

/** Entries after which somebody may no longer be talking. */
const ends = [conversationEnded, callEnded, callInterrupted]

const endIt = (house: House, actor: PersonActor, personId: string, assignmentId: string | null): Promise<unknown> =>
  assignmentId === null
    ? disablePerson(house, actor, { id: personId, urgent: true })
    : unassign(house, actor, { personId, assignmentId, urgent: true })

/**
 * Begins. Call it before the jobs start: whichever node does the jobs tidies each minute.
 * @param talks whether a person talks to a caller now
 */
export async function startIdentity(house: House, talks: AskConversation): Promise<{ close(): void }> {
  setConversations(house, talks)
  const endAll = () => endWhatWaited(house, endIt)
  house.jobs.schedule('identity-sessions', '* * * * *', async () => {
    await tidySessions(house)
    await endAll()
  })
  const close = await house.tail.follow(entries => {
    if (entries.some(entry => isOneOf(entry, ends)))
      void endAll().catch((error: unknown) =>
        house.log.error({ err: error }, 'identity: what was to end after a conversation could not be looked up'),
      )
  })
  return { close }
}
