/** Who started to help goes on helping: who that is, whom a call and a mail ask for, and what becomes of it, on both databases. */
import { expect, test } from 'vitest'
import { userOf } from '../../../test/support/accounts.ts'
import { onOneSession } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { says } from '../../../test/support/telephone-page.ts'
import { atDesk, dial, pensions, program } from '../../../test/support/telephony.ts'
import { createContact } from '../../contacts/index.ts'
import { agentState, setSectionRouting } from '../../distribution/index.ts'
import { type House, inTransaction, type PersonActor, payloadOf, system } from '../../platform/index.ts'
import { followAppointments } from '../follow-appointments.ts'
import { answerInteraction, changeInteraction, openInteraction, sendLinea } from '../interactions.ts'
import { claimTicket, handOverTicket } from '../tickets.ts'
import { caseView } from '../views.ts'
import { askedByMail, askedByNumber, followCase } from './service.ts'

const { anna, luca, paola, marco } = staff
/** From which the telephone page of the tests calls. */
const number = '+393330000001'

const contactWith = async (house: House, familyName: string): Promise<string> =>
  (
    await createContact(house, anna, {
      ...{ kind: 'person', givenName: 'Giulia', familyName, businessName: null, fiscalCode: null, birthDate: null },
      ...{ municipalityCode: '058091', language: 'it', phones: [number], emails: [], notes: '' },
    })
  ).id

async function linea(house: House, operator: PersonActor, contactId: string) {
  const { id } = await openInteraction(house, operator, { channel: 'counter', contactId, typologyId: 'vecchiaia' })
  return sendLinea(house, operator, { id, question: 'E la pensione?', replyTo: { phone: '06 5959 4321' } })
}

/** Signed in and free, as the leader has it. */
async function atWork(url: string, journal: Awaited<ReturnType<typeof program>>['journal'], who: PersonActor): Promise<void> {
  await (await atDesk(url, who)).available()
  await journal.until(entry => payloadOf(agentState, entry)?.state === 'available' && entry.subjects.person === who.personId)
}

const referenceOf = async (house: House, caseId: string) => (await caseView(house, staff.headquarters, caseId)).reference
const told = (house: House, caseId: string) =>
  house.database.kysely
    .selectFrom('event')
    .select('payload')
    .where('case_id', '=', caseId)
    .where('type', '=', 'case.reference-set')
    .orderBy('id')
    .execute()
    .then(rows => rows.map(({ payload }) => payload))

onOneSession(open => {
  test('who opens a case follows it, then who takes its question, then whoever says so; of who has left the job, who speaks next', async () => {
    const { house, url, journal } = await program(open)
    const contactId = await contactWith(house, 'Ferri')
    const { caseId, ticketId } = await linea(house, luca, contactId)
    await atWork(url, journal, luca)
    expect(await referenceOf(house, caseId)).toEqual({ id: luca.personId, name: luca.name, state: 'here', takesOver: null })
    await claimTicket(house, paola, { ticketId })
    await handOverTicket(house, paola, { ticketId, personId: marco.personId, note: '', despiteDraft: true })
    // Marco is not at work: Luca, who spoke with the citizen, goes on meanwhile.
    expect(await referenceOf(house, caseId)).toMatchObject({ name: marco.name, state: 'away', takesOver: { name: luca.name } })
    await followCase(house, anna, { caseId })
    expect(await referenceOf(house, caseId)).toMatchObject({ name: anna.name })
    await followCase(house, anna, { caseId })
    expect(await told(house, caseId)).toMatchObject([{ name: anna.name, before: marco.name, because: 'chosen' }])
    await house.database.kysely
      .updateTable('person')
      .set({ disabled_at: new Date() })
      .where('user_name', '=', userOf(anna))
      .execute()
    expect(await referenceOf(house, caseId)).toMatchObject({ state: 'left', takesOver: { name: luca.name } })
    const { id } = await openInteraction(house, luca, { channel: 'telephone', contactId, typologyId: 'vecchiaia' })
    await changeInteraction(house, luca, { id, version: 1, change: { caseId } })
    await answerInteraction(house, luca, { id, answer: 'È al centro regionale.' })
    expect(await referenceOf(house, caseId)).toMatchObject({ name: luca.name })
    expect((await told(house, caseId)).at(-1)).toMatchObject({ name: luca.name, before: anna.name, because: 'left' })
  })

  test('a number only hints: it asks for who knows the case while it is on one card alone, within the bound of the section', async () => {
    const { house, url, journal } = await program(open)
    const db = house.database.kysely
    const now = new Date(house.clock.now())
    const contactId = await contactWith(house, 'Ferri')
    const { caseId, ticketId } = await linea(house, luca, contactId)
    await atWork(url, journal, luca)
    const byMail = (of: string | null) => askedByMail(db, { caseId: of, contactId }, pensions, now)
    // Paola has no telephone: Luca is asked for, who spoke with the citizen.
    await claimTicket(house, paola, { ticketId })
    expect(await askedByNumber(db, number, pensions, now)).toEqual({ agents: [luca.personId], boundMs: 30_000 })
    expect(await byMail(caseId)).toEqual({ agents: [paola.personId], boundMs: 3_600_000 })
    // A mail that belongs to no case yet asks for who goes on with what is open for its sender; one of an unknown sender for nobody.
    expect(await byMail(null)).toEqual({ agents: [paola.personId], boundMs: 3_600_000 })
    expect(await askedByMail(db, { caseId: null, contactId: null }, pensions, now)).toBe(undefined)
    expect(await askedByNumber(db, '+393330000009', pensions, now)).toBe(undefined)
    await inTransaction(house, system('test'), work =>
      setSectionRouting(work, pensions, { continuity: { callMs: 0, writtenMs: 0 } }),
    )
    expect(await askedByNumber(db, number, pensions, now)).toBe(undefined)
    expect(await byMail(caseId)).toBe(undefined)
    await inTransaction(house, system('test'), work => setSectionRouting(work, pensions, {}))
    await contactWith(house, 'Sorella')
    expect(await askedByNumber(db, number, pensions, now)).toBe(undefined)
  })

  test('a call about an open case rings at who follows it, and goes on to a colleague when that person cannot', async () => {
    const { house, url, journal } = await program(open)
    const contactId = await contactWith(house, 'Ferri')
    await linea(house, luca, contactId)
    const [first, knows] = [await atDesk(url, anna), await atDesk(url, luca)]
    // Anna has been free for longer: without the case the call would be hers.
    await first.available()
    await knows.available()
    const caller = dial(url)
    await caller.spoken(/Benvenuto/)
    caller.send({ type: 'key', key: '1' })
    await knows.page.until(says('ring'))
    expect(await knows.card()).toMatchObject({
      continuity: { outcome: 'asked', names: [luca.name], forReader: true },
      openCases: [{ contactId, reference: { name: luca.name } }],
    })
    const outcomes = () => journal.of('call.continuity').map(entry => entry.payload.outcome)
    const { body } = await knows.ask('GET', '/api/calls/mine')
    const { callId } = (body as { call: { callId: string } }).call
    await knows.ask('POST', `/api/calls/${callId}/decline`, {})
    await first.page.until(says('ring'))
    expect(await first.card()).toMatchObject({ continuity: { outcome: 'given-up', names: [luca.name], forReader: false } })
    expect(outcomes()).toEqual(['asked', 'given-up'])
    await followAppointments(house)
    await followAppointments(house)
    expect(await house.database.kysely.selectFrom('continuity_sum').selectAll().execute()).toMatchObject([
      { section_id: pensions, medium: 'call', asked: 1, honoured: 0, given_up: 1 },
    ])
  })
})
