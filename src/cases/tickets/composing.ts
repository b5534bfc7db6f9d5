/** What an answer to a Linea ticket is made of beside its words: files, and the templates that it may begin with. */
import { contactsOf } from '../../contacts/index.ts'
import type { House, PersonActor } from '../../platform/index.ts'
import { answerFilesOf } from '../answering/files.ts'
import { factsOfAnswer } from '../answers.ts'
import { lockedTicket, type OneTicket, ticketToRead } from '../locked-ticket.ts'
import { mayActOnTicket } from '../policy.ts'
import type { FilledTemplate } from '../templates/model.ts'
import { filledTemplates } from '../templates/service.ts'

export const ticketFiles = answerFilesOf({
  async read(tx, actor, ticketId) {
    const found = await ticketToRead({ tx, actor }, ticketId)
    return mayActOnTicket('answer', found.actor, found.facts)
  },
  async lock(work, ticketId) {
    const { actor, facts } = await lockedTicket(work, ticketId)
    return mayActOnTicket('answer', actor, facts)
  },
})

/** The templates for an answer to a ticket, filled as far as it is known what goes into them. @throws Refused 404 */
export async function templatesForTicket(
  house: House,
  actor: PersonActor,
  { ticketId }: OneTicket,
): Promise<{ items: FilledTemplate[] }> {
  const db = house.database.kysely
  const { ticket } = await ticketToRead({ tx: db, actor }, ticketId)
  const contact = (await contactsOf(db, [ticket.contact_id])).get(ticket.contact_id)
  const facts = factsOfAnswer(ticket, contact, actor)
  return { items: await filledTemplates(house, { unitPath: ticket.unit_path, typologyId: ticket.typology_id, facts }) }
}
