/**
 * What an operator asks of a call, on the page. The request is checked and written to the journal; the process that has the call's switch
 * hears of it there and does it, which may be another one than this.
 */
import { contactCentreSections, isOpen } from '../../organisation/index.ts'
import { must, notFound, Refused, useCase } from '../../platform/index.ts'
import { type CallAction, callAsked } from '../events.ts'
import { isTheirs, mayAsk } from '../policy.ts'
import { callById, wasConnectedTo } from '../store.ts'
import { noteTransfer } from './transfer-store.ts'

/**
 * Asks it. Hanging up a call that has just ended is what was wanted, and nothing to do.
 * @param note for whoever takes a call that is handed on
 * @throws Refused 404 for somebody else's call, 403 when it cannot be done now, 422 for a section that is none or is closed
 */
export const askOfCall = useCase(
  async (
    { tx, actor, now, journal },
    { callId, action, note = '' }: { callId: string; action: CallAction; note?: string },
  ): Promise<{ asked: true }> => {
    const call = await callById(tx, callId)
    if (actor.kind !== 'person' || !call) throw notFound('call')
    if (action.do === 'hang-up' && call.endedAt && (await wasConnectedTo(tx, callId, actor.personId))) return { asked: true }
    if (call.endedAt || !isTheirs(actor, call.state)) throw notFound('call')
    must(mayAsk(actor, call.state, action))
    if (action.do === 'transfer') {
      const section = (await contactCentreSections(tx)).find(each => each.id === action.sectionId)
      if (!section) throw new Refused('telephony.sectionUnknown', { field: 'sectionId' }, 422)
      if (!(await isOpen(tx, section.id, now)).open)
        throw new Refused('telephony.sectionIsClosed', { field: 'sectionId', section: section.name }, 422)
      const { personId: byPerson, name: byName } = actor
      await noteTransfer(tx, callId, now, { byPerson, byName, fromSectionId: call.state.section, sectionId: section.id, note })
    }
    await journal(callAsked, { agent: actor.personId, action }, { channel: 'telephone', call: callId, person: actor.personId })
    return { asked: true }
  },
)
