/** The way of a question through the two levels, on both databases: who does what, what the rows are then, what the journal tells. */

import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { nextTimes } from '../../test/support/agenda.ts'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { mailBy } from '../../test/support/mail-server.ts'
import { refusal } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { takeHold } from '../agenda/index.ts'
import { sendDue } from '../channels/outbox.ts'
import { createContact, type NewContact } from '../contacts/index.ts'
import {
  type Actor,
  archiveMonths,
  type House,
  inTransaction,
  keepMonths,
  type PersonActor,
  Refused,
  sealJournal,
  system,
  virtualClock,
} from '../platform/index.ts'
import { callArrived, callConnected, callEnded, callTransferred } from '../telephony/events.ts'
import { answerPurpose, answerTicket, closeTicket, readdressAnswer, settleAnswer, withdrawAnswer } from './answers.ts'
import { askCitizen } from './citizen-questions/service.ts'
import { askColleague } from './colleague-questions/service.ts'
import { derivationFor, derivationOf } from './destination.ts'
import { caseHistory, contactHistory } from './history.ts'
import { interactionView, ownInteractions } from './interactions/views.ts'
import { answerInteraction, bookFromInteraction, changeInteraction, openInteraction, sendLinea } from './interactions.ts'
import { factsOf } from './locked-ticket.ts'
import { type SendLinea, TicketAction } from './model.ts'
import { mayActOnTicket } from './policy.ts'
import { regionLoad } from './region.ts'
import { rulesInForce } from './rules/store.ts'
import { search } from './search.ts'
import { sendBackTicket } from './sent/service.ts'
import { readTicket, unitsOfCase } from './store.ts'
import { ticketCounts, ticketList } from './tickets/lists.ts'
import { ticketDeadlines } from './tickets/lying.ts'
import { ticketView } from './tickets/views.ts'
import {
  assignTicket,
  bookFromTicket,
  claimTicket,
  forwardTicket,
  handOverTicket,
  noteTicket,
  prioritiseTicket,
  releaseTicket,
  returnTicket,
  saveAnswerDraft,
  takeOverTicket,
} from './tickets.ts'
import { casesOfContact, caseView, openCasesOf } from './views.ts'

const { anna, luca, paola, marco, milan, coordinator, directorate, otherDirectorate, agency } = staff

const ferri: NewContact = {
  kind: 'person',
  givenName: 'Giulia',
  familyName: 'Ferri',
  businessName: null,
  fiscalCode: null,
  birthDate: null,
  municipalityCode: '058091',
  language: 'it',
  phones: ['06 5959 4321'],
  emails: ['giulia.ferri@example.org'],
  notes: '',
}
const question = 'Domanda del 4 settembre, in lavorazione da 80 giorni. Mancano i contributi in Germania?'
const byMail: Omit<SendLinea, 'contactId'> = {
  question,
  typologyId: 'vecchiaia',
  replyTo: { email: 'giulia.ferri@example.org' },
}

const connectedTo = (operator: PersonActor, offer: string) => ({
  ...{ agent: operator.personId, offer },
  ...{ sectionId: 'ccm-pensioni', waitedMs: 3_000 },
})

/** A call that came for the agency of Roma EUR and was put through to an operator. */
async function call(house: House, operator: PersonActor): Promise<string> {
  const callId = house.ids()
  await inTransaction(house, system('telephony'), async work => {
    const subjects = { channel: 'telephone' as const, call: callId }
    const from = '+390659594321'
    const to = '+390600000001'
    await work.journal(
      callArrived,
      {
        ...{ from, to, unitId: 'ag-roma-eur', unitName: 'Agenzia di Roma EUR', provinceCode: 'RM', regionCode: '12' },
        ...{ leg: 'browser', mode: 'channelled' },
      },
      subjects,
    )
    await work.journal(callConnected, connectedTo(operator, '1'), subjects)
  })
  return callId
}

const connect = (house: House, callId: string, operator: PersonActor) =>
  inTransaction(house, system('telephony'), work => work.journal(callConnected, connectedTo(operator, '2'), { call: callId }))

const passedOn = { code: 'cases.callPassedOn', status: 403 }

const contact = async (house: House, given: Partial<NewContact> = {}) =>
  (await createContact(house, anna, { ...ferri, ...given })).id

/** A time at the agency of Roma EUR that somebody keeps for the citizen. */
async function hold(house: House, actor: Actor): Promise<string> {
  const serviceId = 'ricostruzione-fascicolo'
  const [start = ''] = await nextTimes(house, actor, { unitId: 'ag-roma-eur', serviceId })
  return (await takeHold(house, actor, { unitId: 'ag-roma-eur', serviceId, start })).id
}

/** A ticket in the pool of Lazio's Pensions section. */
async function linea(house: House, input: Partial<SendLinea> = {}) {
  const contactId = await contact(house)
  const { id } = await openInteraction(house, anna, { callId: await call(house, anna) })
  return { contactId, ...(await sendLinea(house, anna, { id, ...byMail, contactId, ...input })) }
}

const types = async (house: House, caseId: string, actor: Actor = staff.headquarters) => {
  const page = await caseHistory(house, actor, caseId, { limit: 100 }, 'it')
  return page.items.map(item => item.type)
}
const state = async (house: House, ticketId: string) => (await ticketView(house, staff.headquarters, ticketId, 'it')).state

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Sends what is due in the outbox to a server that takes it, asks to come again (450), or refuses every recipient (550). */
async function post(house: House, refusal: false | 450 | 550 = false): Promise<string[]> {
  const raws: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, callback) =>
      callback(refusal ? Object.assign(new Error('no such mailbox'), { responseCode: refusal }) : undefined),
    onData(stream, _session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        raws.push(Buffer.concat(chunks).toString('utf8'))
        callback()
      })
    },
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const carriers = mailBy(`smtp://127.0.0.1:${port}`)
  // The seconds in which it can be taken back have gone by.
  const { kysely } = house.database
  const waiting = kysely.updateTable('mail').set(eb => ({ next_at: eb.ref('queued_at') }))
  await waiting.where('state', '=', 'queued').where('attempts', '=', 0).execute()
  await sendDue(house, carriers, { [answerPurpose]: settleAnswer })
  carriers.close()
  await new Promise<void>(resolve => server.close(() => resolve()))
  return raws
}

describe('the first level', () => {
  onOneSession(open => {
    test('a call has one interaction, whoever asks how often; another operator’s call is refused', async () => {
      const { house } = await open()
      const callId = await call(house, anna)
      const first = await openInteraction(house, anna, { callId })
      expect(await openInteraction(house, anna, { callId })).toEqual(first)
      expect(await interactionView(house, anna, first.id)).toMatchObject({
        channel: 'telephone',
        from: '+390659594321',
        office: { id: 'ag-roma-eur' },
        regionCode: '12',
        state: 'open',
        operator: { name: 'Anna Bianchi' },
        version: 1,
      })
      expect(await refusal(openInteraction(house, luca, { callId }))).toMatchObject({ code: 'cases.callNotYours', status: 403 })
      expect(await refusal(openInteraction(house, luca, { callId: house.ids() }))).toMatchObject({ status: 404 })
    })

    test('a call that broke off and went on at another desk takes its interaction with it', async () => {
      const { house } = await open()
      const callId = await call(house, anna)
      const { id } = await openInteraction(house, anna, { callId })
      await inTransaction(house, system('telephony'), work =>
        work.journal(callConnected, connectedTo(luca, '2'), { call: callId }),
      )
      expect(await openInteraction(house, luca, { callId })).toEqual({ id })
      expect((await interactionView(house, luca, id)).operator?.name).toBe('Luca Donati')
      expect(await refusal(changeInteraction(house, anna, { id, version: 2, change: { notes: 'x' } }))).toMatchObject({
        code: 'cases.policy.anotherOperator',
        status: 403,
      })
    })

    test('who had a call before it went on does not take its record from the colleague who is talking', async () => {
      const { house } = await open()
      const callId = await call(house, anna)
      const { id } = await openInteraction(house, anna, { callId })
      await connect(house, callId, luca)
      // Connected, but not yet at the sheet: it is no longer the first operator's all the same.
      expect(await refusal(changeInteraction(house, anna, { id, version: 1, change: { notes: 'x' } }))).toMatchObject(passedOn)
      expect(await openInteraction(house, luca, { callId })).toEqual({ id })
      // Asking for it again shows it, and takes nothing.
      expect(await openInteraction(house, anna, { callId })).toEqual({ id })
      expect(await interactionView(house, anna, id)).toMatchObject({
        ...{ operator: { name: 'Luca Donati' }, version: 2 },
        passedOn: { section: null, by: { name: 'Luca Donati' } },
      })
      expect((await interactionView(house, luca, id)).passedOn).toBeNull()
      await changeInteraction(house, luca, { id, version: 2, change: { notes: 'di Luca' } })
      // Handed back, it is the first operator's again.
      await connect(house, callId, anna)
      expect(await openInteraction(house, anna, { callId })).toEqual({ id })
      expect(await interactionView(house, anna, id)).toMatchObject({ operator: { name: 'Anna Bianchi' }, passedOn: null })
      expect(await refusal(changeInteraction(house, luca, { id, version: 4, change: { notes: 'x' } }))).toMatchObject({
        status: 403,
      })
      // An operator to whom the call was never put through, and one who finds nothing written down, are refused as before.
      const unwritten = await call(house, anna)
      await connect(house, unwritten, luca)
      expect(await refusal(openInteraction(house, anna, { callId: unwritten }))).toMatchObject(passedOn)
    })

    test('who has handed a call to another section reads where it is and who has it, also outside the own section', async () => {
      const { house } = await open()
      const callId = await call(house, anna)
      const { id } = await openInteraction(house, anna, { callId })
      const handedOn = { agent: anna.personId, fromSectionId: 'ccm-pensioni', sectionId: 'ccm-online' }
      await inTransaction(house, system('telephony'), work => work.journal(callTransferred, handedOn, { call: callId }))
      const section = { id: 'ccm-online', name: 'Servizi online e PIN' }
      expect((await interactionView(house, anna, id)).passedOn).toEqual({ section, by: null })
      const other = { ...luca, unitId: 'ccm-online', unitPath: 'inps/ccm/ccm-online/' }
      await connect(house, callId, other)
      await openInteraction(house, other, { callId })
      await changeInteraction(house, other, { id, version: 2, change: { notes: 'di Luca' } })
      expect(await interactionView(house, anna, id)).toMatchObject({
        notes: 'di Luca',
        passedOn: { section, by: { name: 'Luca Donati' } },
      })
      expect(await refusal(interactionView(house, { ...marco }, id))).toMatchObject({ status: 404 })
      // Nobody has answered and the caller has gone: the first operator writes it down.
      const lost = await call(house, anna)
      const own = await openInteraction(house, anna, { callId: lost })
      await inTransaction(house, system('telephony'), async work => {
        await work.journal(callTransferred, handedOn, { call: lost })
        await work.journal(callEnded, { reason: 'caller' }, { call: lost })
      })
      expect((await interactionView(house, anna, own.id)).passedOn).toBeNull()
      await changeInteraction(house, anna, { id: own.id, version: 1, change: { notes: 'ha riagganciato' } })
    })

    test('where a ticket would go is told about a contact and a call to those alone to whom they are open', async () => {
      const { house } = await open()
      const contactId = await contact(house)
      const callId = await call(house, anna)
      const asked = { typologyId: 'vecchiaia', contactId }
      expect((await derivationFor(house, anna, { ...asked, callId })).section.name).toBe('CRIC Lazio – Pensioni')
      expect(await refusal(derivationFor(house, luca, { typologyId: 'vecchiaia', callId }))).toMatchObject({ status: 404 })
      const stranger = house.ids()
      expect(await refusal(derivationFor(house, anna, { ...asked, contactId: stranger }))).toMatchObject({ status: 404 })
      expect(await refusal(derivationFor(house, anna, { ...asked, callId: stranger }))).toMatchObject({ status: 404 })
      for (const actor of [milan, agency, directorate, staff.director])
        expect(await refusal(derivationFor(house, actor, asked))).toMatchObject({ status: 403 })
      for (const actor of [milan, agency, directorate, staff.administrator])
        expect(await refusal(casesOfContact(house, actor, contactId))).toMatchObject({ status: 404 })
    })

    test('an operator finds the own conversations of today, newest first, and nobody else’s', async () => {
      const { house } = await open()
      const first = await openInteraction(house, anna, { channel: 'telephone', question })
      const second = await openInteraction(house, anna, { channel: 'telephone' })
      await openInteraction(house, luca, { channel: 'telephone' })
      const own = await ownInteractions(house, anna)
      expect(own.map(each => each.id)).toEqual([second.id, first.id])
      expect(own.at(1)).toMatchObject({ question, state: 'open', operator: { name: 'Anna Bianchi' } })
    })

    test('what is written down needs the version that was read', async () => {
      const { house } = await open()
      const { id } = await openInteraction(house, anna, { channel: 'telephone' })
      const contactId = await contact(house)
      await changeInteraction(house, anna, { id, version: 1, change: { contactId, typologyId: 'vecchiaia', question } })
      expect(await interactionView(house, anna, id)).toMatchObject({
        contact: { name: 'Giulia Ferri' },
        typology: 'Pensione di vecchiaia',
        question,
        version: 2,
      })
      expect(await refusal(changeInteraction(house, anna, { id, version: 1, change: { notes: 'x' } }))).toMatchObject({
        code: 'platform.changedMeanwhile',
        status: 412,
      })
      expect((await interactionView(house, anna, id)).notes).toBe('')
    })

    test('answered and closed at the first contact: a case with a code that is closed at once', async () => {
      const { house } = await open()
      const contactId = await contact(house)
      const { id } = await openInteraction(house, anna, { callId: await call(house, anna), contactId, typologyId: 'vecchiaia' })
      await answerInteraction(house, anna, { id, answer: 'La domanda è stata accolta ieri.' })
      const view = await interactionView(house, anna, id)
      expect(view).toMatchObject({ state: 'answered', code: expect.stringMatching(/^\d{10}$/) })
      const matter = await caseView(house, anna, view.caseId ?? '')
      expect(matter).toMatchObject({ status: 'closed', outcome: 'first-contact', title: 'Pensione di vecchiaia', tickets: [] })
      expect(await types(house, matter.id)).toEqual([
        'call.arrived',
        'call.connected',
        'interaction.opened',
        'case.opened',
        'interaction.answered',
        'case.closed',
      ])
      expect(await refusal(answerInteraction(house, anna, { id, answer: 'again' }))).toMatchObject({
        code: 'cases.policy.interactionClosed',
      })
    })

    test('to end it needs a contact and a typology, and says which is missing', async () => {
      const { house } = await open()
      const { id } = await openInteraction(house, anna, { channel: 'counter' })
      expect(await refusal(answerInteraction(house, anna, { id, answer: 'x' }))).toMatchObject({
        code: 'cases.contactNeeded',
        status: 422,
      })
      await changeInteraction(house, anna, { id, version: 1, change: { contactId: await contact(house) } })
      expect(await refusal(answerInteraction(house, anna, { id, answer: 'x' }))).toMatchObject({
        code: 'cases.typologyNeeded',
        status: 422,
      })
      expect(await refusal(changeInteraction(house, anna, { id, version: 2, change: { typologyId: 'none' } }))).toMatchObject({
        code: 'cases.typologyUnknown',
      })
    })

    test('another conversation about an open case belongs to it and leaves it open; another contact’s case is refused', async () => {
      const { house } = await open()
      const { caseId, contactId } = await linea(house)
      const { id } = await openInteraction(house, luca, { channel: 'telephone', contactId, typologyId: 'vecchiaia' })
      await changeInteraction(house, luca, { id, version: 1, change: { caseId } })
      await answerInteraction(house, luca, { id, answer: 'È al CRIC, la risposta arriva entro martedì.' })
      expect(await caseView(house, luca, caseId)).toMatchObject({ status: 'open', interactions: [{}, { id, state: 'answered' }] })
      const other = await openInteraction(house, luca, {
        channel: 'telephone',
        contactId: await contact(house, { familyName: 'Altri' }),
      })
      expect(await refusal(changeInteraction(house, luca, { id: other.id, version: 1, change: { caseId } }))).toMatchObject({
        code: 'cases.caseOfAnother',
      })
      expect(await openCasesOf(house.database.kysely, [contactId], new Date(house.clock.now()))).toMatchObject([
        { id: caseId, reference: { name: 'Anna Bianchi' } },
      ])
    })

    test('only the contact centre records conversations', async () => {
      const { house } = await open()
      expect(await refusal(openInteraction(house, paola, { channel: 'telephone' }))).toMatchObject({
        code: 'cases.policy.onlyTheContactCentre',
        status: 403,
      })
    })
  })
})

describe('a Linea ticket is sent', () => {
  onOneSession(open => {
    test('to the section of the citizen’s region, with the reason and the day on which it is due', async () => {
      const { house } = await open()
      const { ticketId, caseId, contactId } = await linea(house)
      expect(await ticketView(house, paola, ticketId, 'it')).toMatchObject({
        state: 'pool',
        unit: { id: 'cric-lazio-pensioni' },
        centre: { id: 'cric-lazio' },
        title: 'Pensione di vecchiaia',
        question,
        contact: { id: contactId, name: 'Giulia Ferri' },
        sentBy: 'Anna Bianchi',
        derivation: expect.stringContaining('Roma'),
        secondContact: false,
        replyTo: { kind: 'email', address: 'giulia.ferri@example.org' },
        competentDirectorate: { id: 'dc-pensioni' },
        actions: { claim: { allowed: true }, answer: { allowed: false, sentence: expect.stringContaining('prendi in carico') } },
      })
      expect(await caseView(house, paola, caseId)).toMatchObject({ status: 'open' })
      expect(await refusal(ticketView(house, milan, ticketId, 'it'))).toMatchObject({ status: 404 })
      expect((await ticketList(house, paola, { view: 'pool', limit: 10 })).items.map(item => item.id)).toEqual([ticketId])
      expect((await ticketList(house, milan, { view: 'pool', limit: 10 })).items).toEqual([])
    })

    test('to the region of the office called when the residence is not known; to nobody when neither is', async () => {
      const { house } = await open()
      const contactId = await contact(house, { municipalityCode: null })
      const { id } = await openInteraction(house, anna, { callId: await call(house, anna) })
      const sent = await sendLinea(house, anna, { id, ...byMail, contactId })
      expect((await ticketView(house, anna, sent.ticketId, 'en')).derivation).toContain('was called')
      const other = await openInteraction(house, anna, { channel: 'telephone' })
      expect(await refusal(sendLinea(house, anna, { id: other.id, ...byMail, contactId }))).toMatchObject({
        code: 'cases.regionUnknown',
        status: 422,
      })
    })

    test('somewhere else only with a reason, and only to sections of regional centres', async () => {
      const { house } = await open()
      const contactId = await contact(house)
      const { id } = await openInteraction(house, anna, { channel: 'telephone' })
      const send = (cricUnitId: string, correctionReason?: string) =>
        sendLinea(house, anna, { id, ...byMail, contactId, cricUnitId, ...(correctionReason ? { correctionReason } : {}) })
      expect(await refusal(send('cric-lombardia-pensioni'))).toMatchObject({ code: 'cases.correctionReasonNeeded' })
      expect(await refusal(send('ag-roma-eur', 'lì la conoscono'))).toMatchObject({
        code: 'cases.policy.lineaToCentresOnly',
        status: 403,
      })
      expect(await refusal(send('dc-pensioni', 'è difficile'))).toMatchObject({ code: 'cases.policy.lineaToCentresOnly' })
      expect(await refusal(send('nowhere', 'perché no'))).toMatchObject({ code: 'cases.unitUnknown' })
      const { ticketId } = await send('cric-lombardia-pensioni', 'si è trasferita a Milano')
      const ticket = await ticketView(house, milan, ticketId, 'it')
      expect(ticket.correctionReason).toBe('si è trasferita a Milano')
      expect(ticket.derivation).toContain('si è trasferita a Milano')
      expect(await refusal(ticketView(house, paola, ticketId, 'it'))).toMatchObject({ status: 404 })
    })

    test('to the IT group when it is an IT matter', async () => {
      const { house } = await open()
      const { ticketId } = await linea(house, { typologyId: 'pin' })
      expect(await ticketView(house, staff.itLazio, ticketId, 'it')).toMatchObject({ kind: 'it', unit: { id: 'gai-lazio' } })
      expect(await refusal(ticketView(house, paola, ticketId, 'it'))).toMatchObject({ status: 404 })
      await claimTicket(house, staff.itLazio, { ticketId })
      expect(await refusal(forwardTicket(house, staff.itLazio, { ticketId, reason: 'aiuto' }))).toMatchObject({
        code: 'cases.policy.itStaysWithGroup',
      })
    })

    test('what it would be can be asked before', async () => {
      const { house } = await open()
      const contactId = await contact(house)
      const derived = await derivationOf(
        house.database.kysely,
        { typologyId: 'vecchiaia', contactId, regionCode: null, officeName: null },
        new Date('2026-11-24T09:00:00Z'),
      )
      expect(derived).toMatchObject({
        cric: { id: 'cric-lazio' },
        section: { id: 'cric-lazio-pensioni' },
        reason: 'residence',
        itMatter: false,
        dueAt: '2026-12-01T16:00:00.000Z',
      })
      expect(derived.choices.map(choice => choice.id)).toContain('cric-lombardia-pensioni')
    })

    test('a second time it is marked as such, and a case gets one ticket', async () => {
      const { house } = await open()
      const { caseId, contactId } = await linea(house)
      const { id } = await openInteraction(house, luca, { channel: 'telephone', contactId })
      const again = await sendLinea(house, luca, { id, ...byMail, contactId })
      expect((await ticketView(house, luca, again.ticketId, 'it')).secondContact).toBe(true)
      const third = await openInteraction(house, luca, { channel: 'telephone', contactId, typologyId: 'vecchiaia' })
      await changeInteraction(house, luca, { id: third.id, version: 1, change: { caseId } })
      expect(await refusal(sendLinea(house, luca, { id: third.id, ...byMail, contactId }))).toMatchObject({
        code: 'cases.caseHasTicket',
        status: 409,
      })
    })

    test('sent twice with one key, it is one ticket', async () => {
      const { house } = await open()
      const contactId = await contact(house)
      const { id } = await openInteraction(house, anna, { channel: 'telephone' })
      const key = { key: 'press-twice-1', fingerprint: 'same' }
      const first = await sendLinea(house, anna, { id, ...byMail, contactId }, key)
      expect(await sendLinea(house, anna, { id, ...byMail, contactId }, key)).toEqual(first)
    })
  })
})

describe('the second level', () => {
  onOneSession(open => {
    test('claims, answers by e-mail, and the ticket closes when the mail has left; the history has every step in order', async () => {
      const { house } = await open()
      const { ticketId, caseId, contactId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      await noteTicket(house, marco, { ticketId, text: 'Per la Germania serve il modello E 205.' })
      await saveAnswerDraft(house, paola, { ticketId, version: 0, text: 'I contributi' })
      expect((await ticketView(house, paola, ticketId, 'it')).draft?.text).toBe('I contributi')
      expect((await ticketView(house, marco, ticketId, 'it')).draft).toBeNull()
      await answerTicket(house, paola, {
        ticketId,
        answer: 'I contributi tedeschi sono arrivati: la pensione decorre da ottobre.',
      })
      expect(await state(house, ticketId)).toBe('answered')
      const [raw = ''] = await post(house)
      const mail = await simpleParser(raw)
      const matter = await caseView(house, paola, caseId)
      expect(mail.subject).toContain(`${matter.code.slice(0, 3)} ${matter.code.slice(3, 6)} ${matter.code.slice(6)}`)
      expect(mail.text).toContain('Gentile Giulia Ferri,')
      expect(mail.text).toContain('la pensione decorre da ottobre')
      expect(mail.from?.text).toContain('CRIC Lazio')
      expect(await state(house, ticketId)).toBe('closed')
      expect(matter).toMatchObject({
        status: 'closed',
        outcome: 'answered',
        messages: [{ channel: 'email', byName: 'Paola Neri' }],
      })
      const told = await caseHistory(house, paola, caseId, { limit: 100 }, 'it')
      expect(told.items.map(item => item.type)).toEqual([
        'call.arrived',
        'call.connected',
        'interaction.opened',
        'case.opened',
        'ticket.sent',
        'ticket.claimed',
        'case.noted',
        'mail.queued',
        'ticket.answered',
        'mail.sent',
        'ticket.closed',
        'case.closed',
      ])
      for (const item of told.items) {
        expect(item.sentence).not.toMatch(/\{\{|cases\.|undefined|null|cric-|ag-|[0-9a-f]{8}-/)
        expect(item.who).not.toBe('')
      }
      expect(told.items.find(item => item.type === 'ticket.claimed')).toMatchObject({ who: 'Paola Neri' })
      expect(told.items.find(item => item.type === 'case.noted')?.text).toBe('Per la Germania serve il modello E 205.')
      const english = await caseHistory(house, paola, caseId, { limit: 100 }, 'en')
      expect(english.items.map(item => item.sentence)).not.toEqual(told.items.map(item => item.sentence))
      const ofContact = await contactHistory(house, anna, contactId, { limit: 100 }, 'it')
      expect(ofContact.items.map(item => item.type)).toContain('contact.created')
      expect(ofContact.items[0]?.type).toBe('case.closed')
    })

    test('a history of which a part is archived says so where that part stood', async () => {
      const { house } = await open()
      const { database } = house
      await keepMonths(database, Date.UTC(2026, 10, 28))
      const { caseId, contactId } = await linea(house)
      const february = Date.UTC(2027, 1, 2)
      await keepMonths(database, february)
      await sealJournal(database, february)
      expect(await archiveMonths(database, february, 2, [])).toEqual({ months: ['2026-11'] })
      const ofCase = await caseHistory(house, staff.headquarters, caseId, { limit: 100 }, 'it')
      expect(ofCase.items.map(item => item.type)).toEqual(['journal.month-closed'])
      expect(ofCase.items[0]?.sentence).toMatch(/è in archivio/)
      const ofContact = await contactHistory(house, staff.headquarters, contactId, { limit: 100 }, 'en')
      expect(ofContact.items.at(-1)?.sentence).toMatch(/is archived/)
    })

    test('the history comes page by page without gap or repetition', async () => {
      const { house } = await open()
      const { ticketId, caseId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      for (let i = 0; i < 9; i++) await noteTicket(house, paola, { ticketId, text: `nota ${i}` })
      const whole = (await caseHistory(house, paola, caseId, { limit: 100 }, 'it')).items.map(item => item.id)
      const pieces: string[] = []
      let cursor: string | undefined
      do {
        const page = await caseHistory(house, paola, caseId, { limit: 4, cursor }, 'it')
        pieces.push(...page.items.map(item => item.id))
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      expect(pieces).toEqual(whole)
    })

    test('an answer that could not be delivered comes back to who wrote it, who tries another way', async () => {
      const { house } = await open()
      const { ticketId, caseId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      await answerTicket(house, paola, { ticketId, answer: 'Ecco la risposta.' })
      await post(house, 550)
      expect(await ticketView(house, paola, ticketId, 'it')).toMatchObject({
        state: 'claimed',
        answer: 'Ecco la risposta.',
        answerProblem: expect.stringContaining('no such mailbox'),
        claimedBy: { name: 'Paola Neri' },
      })
      await answerTicket(house, paola, { ticketId, answer: 'Ecco la risposta.', replyTo: { phone: '347 1234567' } })
      expect(await state(house, ticketId)).toBe('closed')
      expect(await types(house, caseId)).toEqual(
        expect.arrayContaining(['mail.failed', 'ticket.undelivered', 'ticket.answered', 'ticket.closed', 'case.closed']),
      )
    })

    test('is not closed while the answer waits; when it fails for good, whoever had the ticket has it again', async () => {
      const clock = virtualClock(Date.now())
      const { house } = await open({ clock })
      const { ticketId, caseId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      await answerTicket(house, paola, { ticketId, answer: 'Ecco la risposta.' })
      const notYet = { code: 'cases.policy.answerNotLeft', status: 403 }
      expect(await refusal(closeTicket(house, paola, { ticketId }))).toMatchObject(notYet)
      await post(house, 450)
      expect(await refusal(closeTicket(house, paola, { ticketId }))).toMatchObject(notYet)
      const { close } = (await ticketView(house, paola, ticketId, 'it')).actions
      expect(close).toEqual({ allowed: false, sentence: expect.stringContaining('non è ancora partita') })
      expect(await caseView(house, paola, caseId)).toMatchObject({ status: 'open' })
      clock.advance(60_000)
      await post(house, 550)
      expect(await ticketView(house, paola, ticketId, 'it')).toMatchObject({
        state: 'claimed',
        claimedBy: { name: 'Paola Neri' },
      })
    })

    test('closed although the answer then failed for good: ticket and case are open again, and its holder is told', async () => {
      const { house } = await open()
      const { ticketId, caseId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      await answerTicket(house, paola, { ticketId, answer: 'Ecco la risposta.' })
      await post(house)
      expect(await caseView(house, paola, caseId)).toMatchObject({ status: 'closed', outcome: 'answered' })
      const { id: mailId } = await house.database.kysely.selectFrom('mail').select('id').executeTakeFirstOrThrow()
      const failed = { mailId, subjectId: ticketId, outcome: 'failed' as const, problem: 'mailbox full' }
      await inTransaction(house, system('mail'), work => settleAnswer(work, failed))
      expect(await ticketView(house, paola, ticketId, 'it')).toMatchObject({
        state: 'claimed',
        closedAt: null,
        claimedBy: { name: 'Paola Neri' },
      })
      expect(await caseView(house, paola, caseId)).toMatchObject({ status: 'open', outcome: null, closedAt: null })
      const told = await house.database.kysely
        .selectFrom('event')
        .select(['type', 'person_id'])
        .where('case_id', '=', caseId)
        .where('type', 'in', ['ticket.undelivered', 'case.reopened'])
        .orderBy('id')
        .execute()
      expect(told).toEqual([
        { type: 'ticket.undelivered', person_id: paola.personId },
        { type: 'case.reopened', person_id: null },
      ])
      // Answered another way since, the old mail changes nothing any more.
      await answerTicket(house, paola, { ticketId, answer: 'Detto a voce.', replyTo: { phone: '347 1234567' } })
      await inTransaction(house, system('mail'), work => settleAnswer(work, failed))
      expect(await state(house, ticketId)).toBe('closed')
    })

    test('an answer that waits says why and until when, goes to another address, or is taken back', async () => {
      const clock = virtualClock(Date.now())
      const { house } = await open({ clock, environment: { SMTP_URL: 'smtp://127.0.0.1:1' } })
      const { ticketId, caseId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      await answerTicket(house, paola, { ticketId, answer: 'Ecco la risposta.' })
      // For ten seconds nothing has gone anywhere, whatever happens to the program meanwhile.
      const [queued] = await house.database.kysely.selectFrom('mail').select(['queued_at', 'next_at', 'state']).execute()
      expect([queued?.state, (queued?.next_at.getTime() ?? 0) - (queued?.queued_at.getTime() ?? 0)]).toEqual(['queued', 10_000])
      await post(house, 450)
      const seen = async (language: 'it' | 'en') => (await ticketView(house, paola, ticketId, language)).answerMail
      const waits = { state: 'waiting', address: 'giulia.ferri@example.org', attempts: 1, change: { allowed: true } }
      const nextAt = new Date(clock.now() + 60_000).toISOString()
      expect(await seen('it')).toMatchObject({ ...waits, nextAt, why: expect.stringContaining('riprovare') })
      expect(await seen('en')).toMatchObject({ ...waits, why: expect.stringContaining('again later') })

      const right = 'giulia.ferri@example.com'
      expect(await refusal(readdressAnswer(house, marco, { ticketId, email: right }))).toMatchObject({ status: 403 })
      expect(await refusal(readdressAnswer(house, milan, { ticketId, email: right }))).toMatchObject({ status: 404 })
      await readdressAnswer(house, paola, { ticketId, email: right })
      expect(await seen('it')).toMatchObject({ state: 'waiting', address: right, why: null })
      expect((await ticketView(house, paola, ticketId, 'it')).replyTo).toEqual({ kind: 'email', address: right })
      expect(await types(house, caseId)).toContain('mail.readdressed')

      await withdrawAnswer(house, paola, { ticketId })
      expect(await ticketView(house, paola, ticketId, 'it')).toMatchObject({
        state: 'claimed',
        answerMail: null,
        answerProblem: null,
        draft: { text: 'Ecco la risposta.' },
      })
      expect((await caseView(house, paola, caseId)).messages).toMatchObject([{ text: 'Ecco la risposta.', mail: 'withdrawn' }])
      clock.advance(3_600_000)
      expect(await post(house)).toEqual([])
      expect(await state(house, ticketId)).toBe('claimed')

      await answerTicket(house, paola, { ticketId, answer: 'Ecco la risposta.' })
      const [raw = ''] = await post(house)
      expect((await simpleParser(raw)).to).toMatchObject({ value: [{ address: right }] })
      expect(await refusal(withdrawAnswer(house, paola, { ticketId }))).toMatchObject({ code: 'cases.policy.ticketClosed' })
      const told = await caseHistory(house, paola, caseId, { limit: 100 }, 'it')
      for (const item of told.items) expect(item.sentence).not.toMatch(/\{\{|cases\.|mail\.|undefined/)
    })

    test('answered by telephone it is closed at once', async () => {
      const { house } = await open()
      const { ticketId, caseId } = await linea(house, { replyTo: { phone: '06 5959 4321' } })
      expect((await ticketView(house, paola, ticketId, 'it')).replyTo).toEqual({ kind: 'phone', address: '+390659594321' })
      await claimTicket(house, paola, { ticketId })
      await answerTicket(house, paola, { ticketId, answer: 'Gliel’ho detto al telefono.' })
      expect(await state(house, ticketId)).toBe('closed')
      expect(await caseView(house, paola, caseId)).toMatchObject({ status: 'closed', outcome: 'answered' })
    })

    test('asks the central directorate, which answers back; other directorates never see it', async () => {
      const { house } = await open()
      const { ticketId, caseId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      expect(await refusal(ticketView(house, directorate, ticketId, 'it'))).toMatchObject({ status: 404 })
      await forwardTicket(house, paola, { ticketId, reason: 'Il regolamento UE non dice nulla su questo caso.' })
      expect((await ticketList(house, directorate, { view: 'pool', limit: 10 })).items.map(item => item.id)).toEqual([ticketId])
      expect((await ticketCounts(house, directorate)).counts.pool).toBe(1)
      expect(await refusal(answerTicket(house, paola, { ticketId, answer: 'x' }))).toMatchObject({
        code: 'cases.policy.withDirectorate',
      })
      expect(await refusal(ticketView(house, otherDirectorate, ticketId, 'it'))).toMatchObject({ status: 404 })
      expect(await refusal(answerTicket(house, directorate, { ticketId, answer: 'x' }))).toMatchObject({
        code: 'cases.policy.directorateAnswersCentre',
      })
      await returnTicket(house, directorate, { ticketId, answer: 'Si applica l’articolo 51.', generalInterest: true })
      expect(await ticketView(house, paola, ticketId, 'it')).toMatchObject({
        state: 'returned',
        directorateAnswer: 'Si applica l’articolo 51.',
        returns: [{ generalInterest: true }],
        claimedBy: { name: 'Paola Neri' },
        actions: { answer: { allowed: true } },
      })
      expect((await ticketView(house, directorate, ticketId, 'it')).actions.return.allowed).toBe(false)
      expect(await types(house, caseId)).toEqual(expect.arrayContaining(['ticket.forwarded', 'ticket.returned']))
    })

    test('asked twice, the directorate’s first answer stays beside the second, in the ticket and in the history', async () => {
      const { house } = await open()
      const { ticketId, caseId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      const answers = ['Si applica l’articolo 51.', 'Anche l’articolo 52, dal 2024.']
      for (const answer of answers) {
        await forwardTicket(house, paola, { ticketId, reason: `Dopo: ${answer}` })
        await returnTicket(house, directorate, { ticketId, answer, generalInterest: false })
      }
      const one = { directorate: { id: directorate.unitId }, byName: directorate.name, at: expect.any(String) }
      const view = await ticketView(house, paola, ticketId, 'it')
      expect(view.returns).toMatchObject(answers.map(text => ({ ...one, text })))
      // Asked a third time, what was answered before is still there.
      await forwardTicket(house, paola, { ticketId, reason: 'E per chi è nato prima?' })
      expect((await ticketView(house, paola, ticketId, 'it')).returns).toHaveLength(2)
      const told = async (actor: Actor) =>
        (await caseHistory(house, actor, caseId, { limit: 100 }, 'it')).items.filter(item => item.type === 'ticket.returned')
      expect((await told(paola)).map(item => item.text)).toEqual(answers)
      expect((await told(directorate)).map(item => item.text)).toEqual(answers)
      expect(await refusal(told(otherDirectorate))).toMatchObject({ status: 404 })
      await expect(house.database.kysely.deleteFrom('ticket_return').execute()).rejects.toThrow('only ever added')
      await expect(house.database.kysely.updateTable('ticket_return').set({ text: '' }).execute()).rejects.toThrow()
    })

    test('to an agency only as an appointment, and only to rebuild the paper dossier', async () => {
      const { house } = await open()
      const { ticketId, caseId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      const assign = (unitId: string) => refusal(assignTicket(house, paola, { ticketId, unitId, reason: 'se ne occupano loro' }))
      expect(await assign('ag-roma-eur')).toMatchObject({ code: 'cases.policy.notToAgencies', status: 403 })
      expect(await assign('cric-lombardia-pensioni')).toMatchObject({ code: 'cases.policy.notToAnotherRegion', status: 403 })
      expect(await assign('dc-pensioni')).toMatchObject({ code: 'cases.policy.forwardInstead' })
      expect(await assign('dp-roma')).toMatchObject({ code: 'cases.policy.outsideTheCentre' })
      expect(await refusal(closeTicket(house, paola, { ticketId }))).toMatchObject({
        code: 'cases.policy.closeWithoutAnswer',
        status: 403,
      })
      const holdId = await hold(house, paola)
      const book = (reason: 'paper-dossier' | 'other') =>
        bookFromTicket(house, paola, { ticketId, holdId, reason, explanation: 'Ricostruire il fascicolo del 1989.' })
      expect(await refusal(book('other'))).toMatchObject({ code: 'cases.policy.appointmentOnlyForDossier', status: 403 })
      expect(await refusal(ticketView(house, agency, ticketId, 'it'))).toMatchObject({ status: 404 })
      await book('paper-dossier')
      expect(await state(house, ticketId)).toBe('closed')
      expect(await caseView(house, agency, caseId)).toMatchObject({ status: 'open' })
      expect((await ticketView(house, agency, ticketId, 'it')).actions.note.allowed).toBe(false)
    })

    test('counts in the load of its region, which its director sees and no other; the citizen is told who answers until when', async () => {
      const { house } = await open()
      const { ticketId, interactionId } = await linea(house)
      const section = async (actor: Actor) =>
        (await regionLoad(house, actor)).sections.find(each => each.id === 'cric-lazio-pensioni')
      expect(await section(staff.director)).toMatchObject({ pool: 1, claimed: 0, late: 0 })
      await claimTicket(house, paola, { ticketId })
      expect(await section(staff.director)).toMatchObject({ pool: 0, claimed: 1 })
      // How the lists lie in time: due in five working days, opened just now.
      const now = { late: 0, today: 0, tomorrow: 0, later: 1 }
      expect(await ticketDeadlines(house, paola, { view: 'mine' })).toMatchObject({ due: now, age: { day: 1, older: 0 } })
      expect((await ticketDeadlines(house, paola, { view: 'all' })).due).toEqual(now)
      expect((await ticketDeadlines(house, paola, { view: 'pool' })).due.later).toBe(0)
      expect((await ticketDeadlines(house, marco, { view: 'mine' })).due.later).toBe(0)
      expect(await refusal(ticketDeadlines(house, staff.milan, { view: 'all', sectionId: 'cric-lazio-pensioni' }))).toMatchObject(
        { status: 404 },
      )
      expect((await section(staff.director))?.members).toBeGreaterThan(1)
      expect(await section(staff.otherDirector)).toBeUndefined()
      expect(await section(staff.headquarters)).toMatchObject({ claimed: 1 })
      const { linea: told } = await interactionView(house, anna, interactionId)
      expect(told).toMatchObject({ centre: 'CRIC Lazio', mailLeaves: false })
      expect(told?.dueAt).toBe((await ticketView(house, paola, ticketId, 'it')).dueAt)
    })

    test('moves between the sections of its centre, with the reason as a note', async () => {
      const { house } = await open()
      const { ticketId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      await assignTicket(house, paola, {
        ticketId,
        unitId: 'cric-lazio-contributori',
        reason: 'Sono contributi da lavoro autonomo.',
      })
      const moved = await ticketView(house, staff.contributions, ticketId, 'it')
      expect(moved).toMatchObject({ state: 'pool', claimedBy: null, unit: { id: 'cric-lazio-contributori' } })
      expect(moved.notes.map(note => note.text)).toEqual(['Sono contributi da lavoro autonomo.'])
      expect((await ticketView(house, paola, ticketId, 'it')).actions.claim).toMatchObject({ allowed: false })
      await claimTicket(house, staff.contributions, { ticketId })
    })

    test('is released, handed over to a colleague, taken over by the coordinator', async () => {
      const { house } = await open()
      const { ticketId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      expect(await refusal(takeOverTicket(house, marco, { ticketId }))).toMatchObject({
        code: 'cases.policy.onlyCoordinatorTakesOver',
      })
      expect(await refusal(releaseTicket(house, marco, { ticketId }))).toMatchObject({ code: 'cases.policy.heldBy' })
      await handOverTicket(house, paola, { ticketId, personId: marco.personId, note: 'Tu conosci la Germania.' })
      expect((await ticketList(house, marco, { view: 'mine', limit: 10 })).items.map(item => item.id)).toEqual([ticketId])
      expect(await refusal(handOverTicket(house, marco, { ticketId, personId: milan.personId, note: '' }))).toMatchObject({
        code: 'cases.colleagueUnknown',
      })
      await takeOverTicket(house, coordinator, { ticketId })
      expect((await ticketView(house, marco, ticketId, 'it')).claimedBy?.name).toBe('Carlo Greco')
      await releaseTicket(house, coordinator, { ticketId })
      expect(await state(house, ticketId)).toBe('pool')
      expect((await ticketCounts(house, paola)).counts).toMatchObject({ pool: 1, mine: 0, forwarded: 0, all: 1 })
    })

    test('goes to somebody else while an answer is being written only when that is known, with the text, and tells both', async () => {
      const { house } = await open()
      const { ticketId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      const text = 'Gentile signora, i contributi in Germania'
      await saveAnswerDraft(house, paola, { ticketId, version: 0, text })
      const asked = { code: 'cases.beingWritten', status: 409 }
      expect(await refusal(takeOverTicket(house, coordinator, { ticketId }))).toMatchObject(asked)
      const to = { ticketId, personId: marco.personId, note: '' }
      expect(await refusal(handOverTicket(house, coordinator, to))).toMatchObject(asked)
      const moved = { ticketId, unitId: 'cric-lazio-contributori', reason: 'Sono contributi da lavoro autonomo.' }
      expect(await refusal(assignTicket(house, coordinator, moved))).toMatchObject(asked)
      expect((await ticketView(house, paola, ticketId, 'it')).takenFromReader).toBeNull()

      await takeOverTicket(house, coordinator, { ticketId, despiteDraft: true })
      expect(await ticketView(house, coordinator, ticketId, 'it')).toMatchObject({ draft: { text, from: 'Paola Neri' } })
      // What the member wrote is there to be read, and goes nowhere.
      expect(await ticketView(house, paola, ticketId, 'it')).toMatchObject({
        draft: { text },
        takenFromReader: { by: 'Carlo Greco', withDraft: true },
      })
      expect(await refusal(saveAnswerDraft(house, paola, { ticketId, version: 1, text: 'altro' }))).toMatchObject({ status: 403 })

      // Whoever hands it over has it in hand and is not asked; the text goes along, after what the colleague had.
      await handOverTicket(house, coordinator, to)
      expect((await ticketView(house, marco, ticketId, 'it')).draft).toMatchObject({ text, from: 'Carlo Greco' })
      expect((await ticketView(house, paola, ticketId, 'it')).takenFromReader).toBeNull()

      // Back among those to be taken, or in another section, it is nobody's: the text waits for whoever takes it next.
      await releaseTicket(house, marco, { ticketId })
      await claimTicket(house, paola, { ticketId })
      const own = (await ticketView(house, paola, ticketId, 'it')).draft
      expect(own).toMatchObject({ text, from: 'Marco Sala' })
      await assignTicket(house, paola, moved)
      await claimTicket(house, staff.contributions, { ticketId })
      expect((await ticketView(house, staff.contributions, ticketId, 'it')).draft).toMatchObject({
        text: own?.text,
        from: 'Paola Neri',
      })
      // It is taken up once: what was meant for another stays with whoever has it.
      await releaseTicket(house, staff.contributions, { ticketId })
      await claimTicket(house, staff.contributions, { ticketId })
      expect((await ticketView(house, staff.contributions, ticketId, 'it')).draft?.text).toBe(own?.text)
    })

    test('who may only look keeps no draft', async () => {
      const { house } = await open()
      const { ticketId } = await linea(house)
      for (const actor of [anna, staff.supervisor, staff.contributions, staff.headquarters]) {
        expect(await refusal(saveAnswerDraft(house, actor, { ticketId, version: 0, text: 'x' }))).toMatchObject({ status: 403 })
      }
      for (const actor of [milan, agency, directorate])
        expect(await refusal(saveAnswerDraft(house, actor, { ticketId, version: 0, text: 'x' }))).toMatchObject({ status: 404 })
      await claimTicket(house, marco, { ticketId })
      expect(await refusal(saveAnswerDraft(house, paola, { ticketId, version: 0, text: 'x' }))).toMatchObject({ status: 403 })
      await saveAnswerDraft(house, marco, { ticketId, version: 0, text: 'mio' })
      await forwardTicket(house, marco, { ticketId, reason: 'Caso complesso, serve la direzione.' })
      await saveAnswerDraft(house, directorate, { ticketId, version: 0, text: 'della direzione' })
      expect(await refusal(saveAnswerDraft(house, otherDirectorate, { ticketId, version: 0, text: 'x' }))).toMatchObject({
        status: 404,
      })
    })

    test('is found by its code by who may see it, and is not there for others', async () => {
      const { house } = await open()
      const { caseId } = await linea(house)
      const { code } = await caseView(house, paola, caseId)
      // The case first, then whose it is.
      expect(await search(house, paola, `${code.slice(0, 3)} ${code.slice(3)}`, 'it')).toMatchObject([
        { kind: 'case', id: caseId },
        { kind: 'contact', title: 'Giulia Ferri' },
      ])
      expect(await search(house, milan, code, 'it')).toEqual([])
      expect((await search(house, paola, 'ferri', 'it')).map(found => found.kind)).toEqual(['contact'])
      expect(await search(house, milan, 'ferri', 'it')).toEqual([])
      expect(await search(house, staff.administrator, code, 'it')).toEqual([])
      expect(await search(house, staff.administrator, 'ferri', 'it')).toEqual([])
    })

    test('what the SQL shows is what the policy lets look at, for everybody', async () => {
      const { house } = await open()
      const { ticketId, caseId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      await forwardTicket(house, paola, { ticketId, reason: 'difficile' })
      await returnTicket(house, directorate, { ticketId, answer: 'facile', generalInterest: false })
      const row = await readTicket(house.database.kysely, ticketId, { all: true })
      if (!row) throw new Error('no ticket')
      const facts = factsOf(row, await unitsOfCase(house.database.kysely, caseId), await rulesInForce(house.database.kysely))
      for (const actor of Object.values(staff)) {
        const maySee = mayActOnTicket('look', actor, facts).allowed
        const attempts = [
          () => ticketView(house, actor, ticketId, 'it'),
          () => caseView(house, actor, caseId),
          () => caseHistory(house, actor, caseId, { limit: 10 }, 'it'),
        ]
        for (const attempt of attempts) {
          const seen = await attempt().then(
            () => true,
            (error: unknown) => (error instanceof Refused && error.status === 404 ? false : Promise.reject(error)),
          )
          expect(seen, `${actor.role} in ${actor.unitPath}`).toBe(maySee)
        }
      }
    })

    test('every action that the policy refuses changes nothing and writes nothing', async () => {
      const { house } = await open()
      const { ticketId } = await linea(house)
      await claimTicket(house, paola, { ticketId })
      const attempt: Record<Exclude<TicketAction, 'look'>, (actor: PersonActor) => Promise<unknown>> = {
        note: actor => noteTicket(house, actor, { ticketId, text: 'x' }),
        claim: actor => claimTicket(house, actor, { ticketId }),
        release: actor => releaseTicket(house, actor, { ticketId }),
        'hand-over': actor => handOverTicket(house, actor, { ticketId, personId: marco.personId, note: '' }),
        'take-over': actor => takeOverTicket(house, actor, { ticketId }),
        'ask-colleague': actor => askColleague(house, actor, { ticketId, personId: marco.personId, question: 'x' }),
        answer: actor => answerTicket(house, actor, { ticketId, answer: 'x' }),
        'send-back': actor => sendBackTicket(house, actor, { ticketId, reason: 'abc' }),
        'ask-citizen': actor => askCitizen(house, actor, { ticketId, question: 'Quale domanda?' }),
        prioritise: actor => prioritiseTicket(house, actor, { ticketId, priority: 'urgent', reason: 'abc' }),
        close: actor => closeTicket(house, actor, { ticketId }),
        forward: actor => forwardTicket(house, actor, { ticketId, reason: 'x' }),
        return: actor => returnTicket(house, actor, { ticketId, answer: 'x', generalInterest: false }),
        appointment: actor =>
          bookFromTicket(house, actor, { ticketId, holdId: house.ids(), reason: 'paper-dossier', explanation: 'abc' }),
        assign: actor => assignTicket(house, actor, { ticketId, unitId: 'cric-lazio-contributori', reason: 'abc' }),
      }
      const row = await readTicket(house.database.kysely, ticketId, { all: true })
      if (!row) throw new Error('no ticket')
      const facts = factsOf(row, await unitsOfCase(house.database.kysely, row.case_id), await rulesInForce(house.database.kysely))
      const journal = () => house.database.kysely.selectFrom('event').select('id').execute()
      const before = await journal()
      for (const actor of Object.values(staff))
        for (const action of TicketAction.options) {
          if (action === 'look' || mayActOnTicket(action, actor, facts).allowed) continue
          const { status } = await refusal(attempt[action](actor))
          expect([403, 404, 409], `${actor.role} ${action}`).toContain(status)
        }
      expect(await journal()).toEqual(before)
      expect(await readTicket(house.database.kysely, ticketId, { all: true })).toEqual(row)
    })

    test('the appointment of a conversation opens a case that the agency can see', async () => {
      const { house } = await open()
      const contactId = await contact(house)
      const { id } = await openInteraction(house, anna, { channel: 'telephone', contactId, typologyId: 'vecchiaia' })
      const holdId = await hold(house, anna)
      const { caseId } = await bookFromInteraction(house, anna, { id, holdId, reason: 'Vuole portare i documenti.' })
      expect(await caseView(house, agency, caseId)).toMatchObject({ status: 'open', interactions: [{ state: 'appointment' }] })
    })
  })

  onPostgres(open => {
    test('of two who claim at once one has it, and the other is told who', async () => {
      const { house, another } = await open()
      const second = await another()
      const { ticketId } = await linea(house)
      for (let round = 0; round < 10; round++) {
        const results = await Promise.allSettled([
          claimTicket(house, paola, { ticketId }),
          claimTicket(second, marco, { ticketId }),
        ])
        const lost = results.flatMap(result => (result.status === 'rejected' ? [result.reason as unknown] : []))
        expect(lost).toHaveLength(1)
        const { claimedBy } = await ticketView(house, paola, ticketId, 'it')
        expect(lost[0]).toMatchObject({ code: 'cases.policy.takenBy', status: 409, values: { holder: claimedBy?.name } })
        await releaseTicket(house, claimedBy?.name === 'Paola Neri' ? paola : marco, { ticketId })
      }
    })

    test('two who open the interaction of one call get the same', async () => {
      const { house, another } = await open()
      const second = await another()
      const callId = await call(house, anna)
      const opened = await Promise.all([house, second, house, second].map(each => openInteraction(each, anna, { callId })))
      expect(new Set(opened.map(each => each.id)).size).toBe(1)
    })
  })
})
