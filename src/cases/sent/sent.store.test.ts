/** What became of what an operator has sent; and what was no matter for the second level goes back, to somebody who is there, and is counted. */
import { expect, test } from 'vitest'
import { onPostgres } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { createContact, NewContact } from '../../contacts/index.ts'
import { dayAt, type House, type PersonActor } from '../../platform/index.ts'
import { answerTicket } from '../answers.ts'
import { caseHistory } from '../history.ts'
import { openInteraction, sendLinea } from '../interactions.ts'
import { ticketView } from '../tickets/views.ts'
import { claimTicket, saveAnswerDraft } from '../tickets.ts'
import { sendBackTicket, sentBackIn, sentPage } from './service.ts'

const { anna, luca, paola, marco, supervisor } = staff

async function sent(house: House, operator: PersonActor = anna): Promise<{ ticketId: string; caseId: string }> {
  const card = NewContact.parse({ kind: 'person', familyName: 'Ferri', municipalityCode: '058091', phones: ['06 5959 4321'] })
  const contact = await createContact(house, operator, card)
  const { id } = await openInteraction(house, operator, { channel: 'counter' })
  const asked = { contactId: contact.id, typologyId: 'vecchiaia', question: 'A che ora aprite?' }
  return sendLinea(house, operator, { id, ...asked, replyTo: { phone: '06 5959 4321' } })
}

onPostgres(open => {
  test('it goes back to its sender, who goes on with the case and has it among what is to be looked at again', async () => {
    const { house } = await open()
    const { ticketId, caseId } = await sent(house)
    const back = (actor: PersonActor) => sendBackTicket(house, actor, { ticketId, reason: 'Gli orari li dite voi.' })
    await expect(back(paola)).rejects.toMatchObject({ status: 403, code: 'cases.policy.claimFirst' })
    await claimTicket(house, paola, { ticketId })
    await expect(back(marco)).rejects.toMatchObject({ status: 403, code: 'cases.policy.heldBy' })
    await saveAnswerDraft(house, paola, { ticketId, version: 0, text: 'Apriamo' })
    await back(paola)
    await expect(back(paola)).rejects.toMatchObject({ status: 403, code: 'cases.policy.ticketClosed' })

    expect(await ticketView(house, paola, ticketId, 'it')).toMatchObject({
      ...{ state: 'closed', answer: null, sentBack: { reason: 'Gli orari li dite voi.', by: paola.name } },
    })
    const { kysely } = house.database
    const { status, reference_id } = await kysely
      .selectFrom('case')
      .select(['status', 'reference_id'])
      .where('id', '=', caseId)
      .executeTakeFirstOrThrow()
    expect({ status, reference_id }).toEqual({ status: 'open', reference_id: anna.personId })
    const followUp = await kysely.selectFrom('case_follow_up').selectAll().where('case_id', '=', caseId).executeTakeFirstOrThrow()
    expect(followUp).toMatchObject({ person_id: anna.personId, note: 'Gli orari li dite voi.' })
    const { items: history } = await caseHistory(house, anna, caseId, { limit: 50 }, 'it')
    expect(history.map(entry => entry.sentence)).toContain(`Ha rimandato il quesito a ${anna.name}: non era materia da Linea`)
    const month = dayAt(house.config.TIME_ZONE, house.clock.now()).slice(0, 7)
    expect(await sentBackIn(house, supervisor, { month })).toEqual({
      total: 1,
      typologies: [{ label: 'Pensione di vecchiaia', count: 1 }],
    })
    expect((await sentBackIn(house, supervisor, { month: '2020-02' })).total).toBe(0)
  })

  test('nobody would answer the citizen when the sender is gone: it stays', async () => {
    const { house } = await open()
    const { ticketId } = await sent(house)
    await claimTicket(house, paola, { ticketId })
    await house.database.kysely
      .updateTable('person')
      .set({ disabled_at: new Date(house.clock.now()) })
      .where('id', '=', anna.personId)
      .execute()
    const attempt = sendBackTicket(house, paola, { ticketId, reason: 'Gli orari li dite voi.' })
    await expect(attempt).rejects.toMatchObject({ status: 409, code: 'cases.senderGone' })
    expect((await ticketView(house, paola, ticketId, 'it')).state).toBe('claimed')
  })

  test('each sees what they have sent, page by page, by what became of it', async () => {
    const { house } = await open()
    const own = [await sent(house), await sent(house), await sent(house)]
    await sent(house, luca)
    const [waiting, answered, sentBack] = own.map(each => each.ticketId)
    for (const ticketId of [answered ?? '', sentBack ?? '']) await claimTicket(house, paola, { ticketId })
    await answerTicket(house, paola, { ticketId: answered ?? '', answer: 'Dalle nove.' })
    await sendBackTicket(house, paola, { ticketId: sentBack ?? '', reason: 'Gli orari li dite voi.' })
    const idsOf = async (view?: 'open' | 'answered' | 'sent-back') =>
      (await sentPage(house, anna, { view, limit: 10 })).items.map(item => item.ticket.id)
    expect(await idsOf()).toEqual([sentBack, answered, waiting])
    expect(await idsOf('open')).toEqual([waiting])
    expect(await idsOf('sent-back')).toEqual([sentBack])
    const first = await sentPage(house, anna, { limit: 2 })
    const second = await sentPage(house, anna, { limit: 2, cursor: first.next ?? undefined })
    expect([...first.items, ...second.items].map(item => item.ticket.id)).toEqual([sentBack, answered, waiting])
    expect(second.next).toBeNull()
    const [shown] = (await sentPage(house, anna, { view: 'answered', limit: 10 })).items
    expect(shown).toMatchObject({ answer: 'Dalle nove.', sentBack: null })
    await expect(sentPage(house, paola, { limit: 10 })).rejects.toMatchObject({ status: 403 })
  })
})
