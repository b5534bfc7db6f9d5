/**
 * What an operator asks of a call, on the page. The request is checked and written to the journal; the process that has the call's switch
 * hears of it there and does it, which may be another one than this.
 */
import { contactCentreSections, isOpen } from '../organisation/index.ts'
import { must, notFound, Refused, useCase } from '../platform/index.ts'
import { type CallAction, callAsked } from './events.ts'
import { isTheirs, mayAsk } from './policy.ts'
import { callById } from './store.ts'

/** @throws Refused 404 for somebody else's call, 403 when it cannot be done now, 422 for a section that is none or is closed */
export const askOfCall = useCase(
  async ({ tx, actor, now, journal }, { callId, action }: { callId: string; action: CallAction }): Promise<{ asked: true }> => {
    const call = await callById(tx, callId)
    if (actor.kind !== 'person' || !call || call.endedAt || !isTheirs(actor, call.state)) throw notFound('call')
    must(mayAsk(actor, call.state, action))
    if (action.do === 'transfer') {
      const section = (await contactCentreSections(tx)).find(each => each.id === action.sectionId)
      if (!section) throw new Refused('telephony.sectionUnknown', { field: 'sectionId' }, 422)
      if (!(await isOpen(tx, section.id, now)).open)
        throw new Refused('telephony.sectionIsClosed', { field: 'sectionId', section: section.name }, 422)
    }
    await journal(callAsked, { agent: actor.personId, action }, { channel: 'telephone', call: callId, person: actor.personId })
    return { asked: true }
  },
)
