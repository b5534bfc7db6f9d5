/** Handing a call to another section: where it can go and who is there, who did it, and what whoever takes it should know. */
import { liveSections, skillsOf } from '../../distribution/index.ts'
import { contactCentreSections, isOpen } from '../../organisation/index.ts'
import { type House, notFound, type PersonActor } from '../../platform/index.ts'
import type { TransferChoice } from '../model.ts'
import { isTheirs } from '../policy.ts'
import { callById } from '../store.ts'

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
