/** Incidents on both databases: tickets linked, a notice given and over, one answer for many, and what a colleague has in hand left alone. */
import { expect, test } from 'vitest'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { refusalCode } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { openInteraction, sendLinea } from '../cases/interactions.ts'
import { ticketView } from '../cases/tickets/views.ts'
import { claimTicket, saveAnswerDraft } from '../cases/tickets.ts'
import { noteViewer } from '../cases/viewers/service.ts'
import { keepProcedures } from '../classification/index.ts'
import { createContact, NewContact } from '../contacts/index.ts'
import { type House, virtualClock } from '../platform/index.ts'
import { answerNext, answerTickets, answerWaiting } from './answering.ts'
import { createKnownError, knownErrorsFor } from './known-errors.ts'
import { NewIncident, NewKnownError } from './model.ts'
import { acceptProposal, proposalList, proposeIncidents, setProposalAside } from './proposals.ts'
import { changeIncident, linkToIncident, openIncident, publishNotice, unlinkFromIncident, withdrawNotice } from './service.ts'
import {
  incidentCandidates,
  incidentList,
  incidentSteps,
  incidentTickets,
  incidentView,
  noticesForCaller,
  noticesForDesk,
  publicNotices,
} from './views.ts'

const { anna, itLazio, itLombardia, paola, milan } = staff
const colleague = { ...itLazio, personId: '00000000-0000-7000-8000-000000000999', name: 'Mara Silvi' }
const itMatter = 'pin'
const procedureId = 'domande-online'
const page = { limit: 30 }

/** An IT ticket at Lazio's group. */
async function itTicket(house: House, replyTo: { email: string } | { phone: string } = { email: 'g.ferri@example.org' }) {
  const card = NewContact.parse({ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091' })
  const { id: contactId } = await createContact(house, anna, card)
  const { id } = await openInteraction(house, anna, { channel: 'counter' })
  const asked = {
    question: 'Non riesco a inviare la domanda.',
    procedureId,
    browser: 'Firefox 140',
    errorText: 'Sessione scaduta',
  }
  return (await sendLinea(house, anna, { id, contactId, typologyId: itMatter, ...asked, replyTo })).ticketId
}

const incident = (more: Partial<NewIncident> = {}) =>
  NewIncident.parse({ title: 'Le domande online non partono', procedureId, regionCode: '12', ...more })

/** Identifiers until the process dies: each use of one is a step of the answer. */
function cutOffAfter(house: House, steps: number): House['ids'] {
  let left = steps
  return () => {
    if (left-- === 0) throw new Error('connection was lost')
    return house.ids()
  }
}

const begin = async (open: () => Promise<{ house: House }>) => {
  const { house } = await open()
  await keepProcedures(house.database.kysely, [{ id: procedureId, name: 'Domande online' }])
  return house
}

onOneSession(open => {
  test('an incident is opened with its tickets, which are parted and linked again; the history says who did what', async () => {
    const house = await begin(open)
    const tickets = [await itTicket(house), await itTicket(house), await itTicket(house)]
    const [first = '', second = '', third = ''] = tickets
    const { incidentId } = await openIncident(house, itLazio, incident({ ticketIds: [first, second] }))
    const ids = async () =>
      (await incidentTickets(house, itLazio, incidentId, page, 'it')).items.map(({ ticket }) => ticket.id).toSorted()
    expect(await ids()).toEqual([first, second].toSorted())
    expect((await incidentCandidates(house, itLazio, incidentId)).items.map(({ id }) => id)).toEqual([third])
    await linkToIncident(house, itLazio, { incidentId, ticketIds: [second, third] })
    await unlinkFromIncident(house, itLazio, { incidentId, ticketIds: [first] })
    expect(await ids()).toEqual([second, third].toSorted())
    expect((await incidentList(house, { ...page, view: 'current' })).items).toMatchObject([
      { title: 'Le domande online non partono', state: 'open', procedure: 'Domande online', region: 'Lazio', tickets: 2 },
    ])
    expect((await incidentSteps(house, incidentId, page, 'it')).items.map(({ what }) => what)).toEqual([
      'Quesiti scollegati: 1',
      'Quesiti collegati: 1',
      'Quesiti collegati: 2',
      'Incidente aperto',
    ])
    expect((await incidentSteps(house, incidentId, page, 'it')).items[0]?.by).toBe(itLazio.name)
  })

  test('another group sees it and cannot change it; its tickets are nobody else’s', async () => {
    const house = await begin(open)
    const ticketId = await itTicket(house)
    const { incidentId } = await openIncident(house, itLazio, incident())
    const change = { incidentId, version: 1, change: { title: 'Altro titolo' } }
    expect(await refusalCode(changeIncident(house, itLombardia, change))).toBe('incidents.otherGroup')
    expect(await refusalCode(changeIncident(house, paola, change))).toBe('platform.notFound')
    expect(await refusalCode(openIncident(house, anna, incident()))).toBe('incidents.onlyKeepers')
    expect(await refusalCode(linkToIncident(house, itLombardia, { incidentId, ticketIds: [ticketId] }))).toBe('platform.notFound')
    expect(await refusalCode(changeIncident(house, itLazio, { ...change, version: 7 }))).toBe('platform.changedMeanwhile')
    expect(await refusalCode(changeIncident(house, itLazio, { ...change, change: { state: 'workaround-known' } }))).toBe(
      'incidents.noWorkaround',
    )
    await linkToIncident(house, itLazio, { incidentId, ticketIds: [ticketId] })
    expect((await incidentTickets(house, milan, incidentId, page, 'it')).items).toEqual([])
    expect(await incidentView(house, milan, incidentId, 'it')).toMatchObject({ tickets: 1, change: { allowed: false } })
  })

  test('a notice is for its region and section, on its channels, and ends by itself or with the incident', async () => {
    const clock = virtualClock(Date.parse('2026-11-24T09:00:00Z'))
    const { house } = await open({ clock })
    await keepProcedures(house.database.kysely, [{ id: procedureId, name: 'Domande online' }])
    const db = house.database.kysely
    const { incidentId } = await openIncident(house, itLazio, incident())
    const texts = { it: 'Le domande online sono ferme.', en: 'Online applications do not work.' }
    const channels = ['callers', 'desks', 'public'] as const
    const endsAt = new Date(clock.now() + 3_600_000).toISOString()
    await publishNotice(house, itLazio, { incidentId, texts, channels: [...channels], endsAt })
    const heard = async (region: string | null) =>
      (await noticesForCaller(db, region, new Date(clock.now()))).map(each => each.texts.it)
    expect(await heard('12')).toEqual([texts.it])
    expect(await heard('03')).toEqual([])
    // Who answers the whole country is told of every region; a centre, of its own.
    expect(await noticesForDesk(house, anna, 'desks')).toHaveLength(1)
    expect(await noticesForDesk(house, paola, 'desks')).toHaveLength(1)
    expect(await noticesForDesk(house, milan, 'desks')).toHaveLength(0)
    expect(await noticesForDesk(house, anna, 'answers')).toHaveLength(0)
    expect(await publicNotices(house)).toMatchObject([{ texts, region: 'Lazio' }])
    await clock.advance(3_600_000)
    expect(await heard('12')).toEqual([])
    expect(await publicNotices(house)).toEqual([])
    // Given anew it takes the place of the one before, and is over when the incident is solved.
    const later = new Date(clock.now() + 3_600_000).toISOString()
    for (const it of ['Il guasto continua ancora.', 'Il guasto continua fino a sera.'])
      await publishNotice(house, itLazio, { incidentId, texts: { it }, channels: ['callers'], endsAt: later })
    expect(await heard('12')).toEqual(['Il guasto continua fino a sera.'])
    await changeIncident(house, itLazio, { incidentId, version: 1, change: { state: 'solved' } })
    expect(await heard('12')).toEqual([])
    expect(await refusalCode(publishNotice(house, itLazio, { incidentId, texts, channels: ['callers'], endsAt: later }))).toBe(
      'incidents.overAlready',
    )
    await withdrawNotice(house, itLazio, { incidentId })
  })

  test('one answer for all: sent, to be called, or left with its reason', async () => {
    const house = await begin(open)
    const mail = await itTicket(house)
    const phone = await itTicket(house, { phone: '06 5959 4321' })
    const taken = await itTicket(house)
    const looked = await itTicket(house)
    const written = await itTicket(house)
    const ticketIds = [mail, phone, taken, looked, written]
    const { incidentId } = await openIncident(house, itLazio, incident({ ticketIds }))
    await claimTicket(house, colleague, { ticketId: taken })
    await noteViewer(house, colleague, { kind: 'ticket', subjectId: looked, pageId: house.ids(), writing: false })
    await claimTicket(house, itLazio, { ticketId: written })
    await saveAnswerDraft(house, itLazio, { ticketId: written, text: 'Gentile signora,', version: 0 })
    const plan = (await incidentTickets(house, itLazio, incidentId, page, 'it')).items
    const planOf = (id: string) => plan.find(({ ticket }) => ticket.id === id)
    expect(planOf(mail)).toMatchObject({ way: 'send', may: { allowed: true }, address: 'g.ferri@example.org' })
    expect(planOf(mail)?.letter.greeting).toContain('Giulia Ferri')
    expect(planOf(phone)).toMatchObject({ way: 'call', may: { allowed: true } })
    expect(planOf(taken)?.may.sentence).toContain('Mara Silvi')
    expect(planOf(looked)?.may.sentence).toContain('Mara Silvi')
    expect(planOf(written)?.may.allowed).toBe(false)
    const text = 'Il servizio funziona di nuovo: può inviare la domanda.'
    expect(await answerTickets(house, itLazio, { incidentId, ticketIds, text, close: true })).toMatchObject({ tickets: 5 })
    await answerWaiting(house)
    const state = async (id: string) => {
      const view = await ticketView(house, itLazio, id, 'it')
      return [view.state, view.claimedBy?.name ?? null, view.answer, view.draft?.text ?? null]
    }
    expect((await state(mail)).slice(0, 3)).toEqual(['answered', 'Dino Costa', text])
    expect(await state(phone)).toEqual(['claimed', 'Dino Costa', null, text])
    expect((await state(taken)).slice(0, 3)).toEqual(['claimed', 'Mara Silvi', null])
    expect((await state(looked)).slice(0, 3)).toEqual(['pool', null, null])
    expect(await state(written)).toEqual(['claimed', 'Dino Costa', null, 'Gentile signora,'])
    const after = (await incidentTickets(house, itLazio, incidentId, page, 'it')).items
    const answering = Object.fromEntries(after.map(({ ticket, answering, leftBecause }) => [ticket.id, [answering, leftBecause]]))
    expect(answering[mail]).toEqual(['sent', null])
    expect(answering[phone]).toEqual(['to-call', null])
    expect(answering[taken]?.[0]).toBe('left')
    expect(answering[looked]?.[1]).toContain('Mara Silvi')
    expect(await incidentView(house, itLazio, incidentId, 'it')).toMatchObject({ state: 'closed', closedAt: expect.any(String) })
    // Asked for again, what was sent is not sent again.
    expect(await answerTickets(house, itLazio, { incidentId, ticketIds: [mail], text, close: false })).toMatchObject({
      tickets: 0,
    })
  })

  test('the third ticket of an hour is proposed, once; what is set aside is quiet, and what is an incident is not proposed', async () => {
    const clock = virtualClock(Date.parse('2026-11-24T09:10:00Z'))
    const { house } = await open({ clock })
    await keepProcedures(house.database.kysely, [{ id: procedureId, name: 'Domande online' }])
    await itTicket(house)
    await itTicket(house)
    expect(await proposeIncidents(house)).toBe(0)
    await itTicket(house)
    expect([await proposeIncidents(house), await proposeIncidents(house)]).toEqual([1, 0])
    const [proposal] = (await proposalList(house, itLazio)).items
    expect(proposal).toMatchObject({ procedure: 'Domande online', tickets: 3, hour: '2026-11-24T09:00:00.000Z' })
    expect(proposal?.lines).toHaveLength(3)
    expect((await proposalList(house, itLombardia)).items).toEqual([])
    const proposalId = proposal?.id ?? ''
    expect(await refusalCode(setProposalAside(house, itLombardia, { proposalId, reason: 'Non è nostro' }))).toBe(
      'platform.notFound',
    )
    await setProposalAside(house, itLazio, { proposalId, reason: 'Erano prove' })
    expect(await refusalCode(acceptProposal(house, itLazio, { proposalId, title: 'Un incidente' }))).toBe(
      'incidents.decidedAlready',
    )
    // The next hour is quiet; the next day is not, and becomes an incident.
    await clock.advance(3_600_000)
    for (let n = 0; n < 3; n++) await itTicket(house)
    expect(await proposeIncidents(house)).toBe(0)
    await clock.advance(24 * 3_600_000)
    for (let n = 0; n < 5; n++) await itTicket(house)
    expect(await proposeIncidents(house)).toBe(1)
    const [again] = (await proposalList(house, itLazio)).items
    const { incidentId } = await acceptProposal(house, itLazio, { proposalId: again?.id ?? '', title: 'Domande ferme' })
    expect(await incidentView(house, itLazio, incidentId, 'it')).toMatchObject({ tickets: 5, region: 'Lazio', procedureId })
    await clock.advance(13 * 3_600_000)
    for (let n = 0; n < 5; n++) await itTicket(house)
    expect(await proposeIncidents(house)).toBe(0)
  })

  test('a known error is kept from an incident and found by its question', async () => {
    const house = await begin(open)
    const { incidentId } = await openIncident(house, itLazio, incident())
    const known = {
      title: 'Sessione scaduta',
      typologyId: itMatter,
      symptom: 'Dopo il login',
      workaround: 'Altra finestra',
      incidentId,
    }
    await createKnownError(house, itLazio, NewKnownError.parse(known))
    expect((await knownErrorsFor(house, anna, itMatter, 'it')).items).toMatchObject([
      { title: 'Sessione scaduta', workaround: 'Altra finestra', incidentId, change: { allowed: false } },
    ])
    expect(await refusalCode(createKnownError(house, anna, NewKnownError.parse(known)))).toBe('incidents.onlyKeepers')
  })
})

onPostgres(open => {
  test('a worker that is killed in the middle of a ticket leaves whole ones; the next goes on, and each is answered once', async () => {
    const { house, another } = await open()
    await keepProcedures(house.database.kysely, [{ id: procedureId, name: 'Domande online' }])
    const ticketIds: string[] = []
    for (let n = 0; n < 5; n++) ticketIds.push(await itTicket(house))
    const { incidentId } = await openIncident(house, itLazio, incident({ ticketIds }))
    await answerTickets(house, itLazio, { incidentId, ticketIds, text: 'Il servizio funziona di nuovo.', close: true })
    await answerNext(house)
    await answerNext(house)
    // The third is cut off where its answer is written and its transaction is not.
    const cut = { ...house, ids: cutOffAfter(house, 1) }
    await expect(answerNext(cut)).rejects.toThrow('connection was lost')
    const next = await another()
    const before = await incidentTickets(next, itLazio, incidentId, page, 'it')
    expect(before.items.filter(({ answering }) => answering === 'sent')).toHaveLength(2)
    await answerWaiting(next)
    const { items } = await incidentTickets(next, itLazio, incidentId, page, 'it')
    expect(items.map(({ answering }) => answering)).toEqual(ticketIds.map(() => 'sent'))
    const mails = await next.database.kysely.selectFrom('mail').select('subject_id').execute()
    expect(mails.map(mail => mail.subject_id).toSorted()).toEqual(ticketIds.toSorted())
  })

  test('two workers at once answer each ticket once', async () => {
    const { house } = await open()
    await keepProcedures(house.database.kysely, [{ id: procedureId, name: 'Domande online' }])
    const ticketIds: string[] = []
    for (let n = 0; n < 8; n++) ticketIds.push(await itTicket(house))
    const { incidentId } = await openIncident(house, itLazio, incident({ ticketIds }))
    await answerTickets(house, itLazio, { incidentId, ticketIds, text: 'Il servizio funziona di nuovo.', close: false })
    const worker = async () => {
      while (await answerNext(house));
    }
    await Promise.all([worker(), worker(), worker()])
    const { items } = await incidentTickets(house, itLazio, incidentId, page, 'it')
    expect(items.map(({ answering }) => answering)).toEqual(ticketIds.map(() => 'sent'))
    const mails = await house.database.kysely.selectFrom('mail').select('subject_id').execute()
    expect(mails.map(mail => mail.subject_id).toSorted()).toEqual(ticketIds.toSorted())
  })
})
