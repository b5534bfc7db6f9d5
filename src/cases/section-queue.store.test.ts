/** Tickets that a section shares out, on both databases: offered, taken in charge, given back, and everything that comes between. */
import { type KyselyPlugin, sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { startRouterNode } from '../../test/support/nodes.ts'
import { refusalCode } from '../../test/support/refusal.ts'
import { agentNumber, answer, hangUp, listener, onDuty, pagesReport, passing, queue } from '../../test/support/routing.ts'
import { staff } from '../../test/support/staff.ts'
import { createContact } from '../contacts/index.ts'
import {
  agentState,
  offerMade,
  type Sharing,
  setAgentSkills,
  startDistribution,
  workConnected,
  workOffered,
  workReleased,
  workResumed,
  workSuspended,
  workWithdrawn,
  writtenWorks,
} from '../distribution/index.ts'
import { endWrapUp, pauseAgent, signOutAgent } from '../distribution/service.ts'
import { assign, confirmAssignment } from '../identity/index.ts'
import {
  type Entry,
  type EventType,
  type House,
  inTransaction,
  type PersonActor,
  payloadOf,
  system,
  virtualClock,
} from '../platform/index.ts'
import { answerTicket } from './answers.ts'
import { followAppointments } from './follow-appointments.ts'
import { openInteraction, sendLinea } from './interactions.ts'
import { changeSharing, declineOffer } from './section-queue.ts'
import { sharingView, ticketOffer, ticketView } from './tickets/views.ts'
import { assignTicket, claimTicket, forwardTicket, releaseTicket, returnTicket, takeOverTicket } from './tickets.ts'

const { anna, paola, marco, coordinator, directorate, administrator } = staff
const pensions = 'cric-lazio-pensioni'
const section: Sharing = { mode: 'distributed', capacity: 2, offerMinutes: 10 }

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function distribute(house: House): () => Promise<void> {
  const distribution = startDistribution(house)
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= distribution.close()
    return closed
  }
  closing.push(close)
  return close
}

const share = (house: House, sharing: Partial<Sharing> = {}) =>
  changeSharing(house, coordinator, { sectionId: pensions, ...section, ...sharing })

/** A Linea ticket for Lazio's Pensions section. */
async function ticket(house: House): Promise<string> {
  const { id: contactId } = await createContact(house, anna, {
    kind: 'person',
    givenName: 'Giulia',
    familyName: 'Ferri',
    businessName: null,
    fiscalCode: null,
    birthDate: null,
    municipalityCode: '058091',
    language: 'it',
    phones: [],
    emails: [],
    notes: '',
  })
  const { id } = await openInteraction(house, anna, { channel: 'counter' })
  const replyTo = { phone: '06 5959 4321' }
  return (await sendLinea(house, anna, { id, contactId, typologyId: 'vecchiaia', question: 'E la pensione?', replyTo })).ticketId
}

/** In service, with pages that report until the test is over: the machine may be slow, and silence would take the offers back. */
async function inService(house: House, ...members: readonly PersonActor[]): Promise<void> {
  await onDuty(house, ...members)
  const stop = pagesReport(house, ...members)
  closing.push(async () => stop())
}

const works =
  <P extends { work: string }>(type: EventType<P>, work: string, person?: PersonActor) =>
  (entry: Entry) =>
    payloadOf(type, entry)?.work === work && (person === undefined || entry.subjects.person === person.personId)

const stateIs = (agent: PersonActor, state: string) => (entry: Entry) =>
  entry.subjects.person === agent.personId && payloadOf(agentState, entry)?.state === state

const state = async (house: House, ticketId: string) => {
  const view = await ticketView(house, staff.headquarters, ticketId, 'it')
  return { state: view.state, with: view.claimedBy?.id ?? null, offeredTo: view.offeredTo?.id ?? null, suspended: view.suspended }
}

/** How many statements a piece of work sends. */
async function statementsOf(house: House, work: (house: House) => Promise<unknown>): Promise<number> {
  let sent = 0
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      sent++
      return node
    },
    transformResult: async ({ result }) => result,
  }
  await work({ ...house, database: { ...house.database, kysely: house.database.kysely.withPlugin(counting) } })
  return sent
}

onOneSession(open => {
  test('a ticket is offered to who has been idle longest, taken in charge, and closed; the next one goes to the colleague', async () => {
    const { house } = await open()
    const journal = await listener(house)
    distribute(house)
    await share(house)
    await inService(house, paola, marco)
    const first = await ticket(house)
    const [offered] = await journal.until(works(workOffered, first))
    expect(offered?.subjects).toMatchObject({ person: paola.personId, units: ['inps', 'dr-lazio', 'cric-lazio', pensions] })
    expect(offered && payloadOf(workOffered, offered)).toMatchObject({
      kind: 'ticket',
      sectionId: pensions,
      reason: { rule: 'longest-idle' },
    })
    expect(await state(house, first)).toEqual({ state: 'pool', with: null, offeredTo: paola.personId, suspended: false })
    expect(await ticketOffer(house, paola)).toMatchObject({ ticket: { id: first } })
    expect(await ticketOffer(house, marco)).toBe(null)
    await claimTicket(house, paola, { ticketId: first })
    await journal.until(works(workConnected, first))
    expect(await ticketOffer(house, paola)).toBe(null)
    const second = await ticket(house)
    await journal.until(works(workOffered, second, marco))
    await answerTicket(house, paola, { ticketId: first, answer: 'Arriva in ottobre.' })
    expect(await state(house, first)).toMatchObject({ state: 'closed', with: paola.personId })
    // In order: once a later fact has been taken, so has this one.
    await claimTicket(house, marco, { ticketId: second })
    await journal.until(works(workConnected, second))
    expect([...(await writtenWorks(house.database.kysely, [first, second])).keys()]).toEqual([second])
  })

  test('"not now" and silence lead to a colleague; who was silent is set to pause and told why', async () => {
    const clock = virtualClock()
    const { house } = await open({ clock })
    const journal = await listener(house)
    distribute(house)
    await share(house)
    await onDuty(house, paola, marco)
    const id = await ticket(house)
    await journal.until(works(workOffered, id, paola))
    expect(await declineOffer(house, marco, { ticketId: id })).toBe(null)
    await declineOffer(house, paola, { ticketId: id })
    await declineOffer(house, paola, { ticketId: id })
    const [gone] = await journal.until(works(workWithdrawn, id))
    expect(gone?.payload).toMatchObject({ agent: paola.personId, reason: 'declined' })
    const [toMarco] = await journal.until(works(workOffered, id, marco))
    await passing(clock, house, [paola, marco], journal.until(stateIs(marco, 'paused')))
    expect(clock.now() - (toMarco?.at.getTime() ?? 0)).toBeGreaterThanOrEqual(600_000)
    // Ten minutes later who said "not now" may be asked again.
    await passing(clock, house, [paola, marco], journal.until(works(workOffered, id, paola), 2))
    expect(await state(house, id)).toMatchObject({ state: 'pool', offeredTo: paola.personId })
  })

  test('a member has as many in hand as the section says, and one more when one is done', async () => {
    const { house } = await open()
    const journal = await listener(house)
    distribute(house)
    await share(house)
    await inService(house, paola)
    const ids = [await ticket(house), await ticket(house), await ticket(house)]
    const [first = '', second = '', third = ''] = ids
    for (const id of [first, second]) {
      await journal.until(works(workOffered, id, paola))
      await claimTicket(house, paola, { ticketId: id })
      await journal.until(works(workConnected, id))
    }
    expect(journal.entries.filter(works(workOffered, third))).toEqual([])
    await forwardTicket(house, paola, { ticketId: first, reason: 'Due regimi.', directorateId: 'dc-pensioni' })
    await journal.until(works(workOffered, third, paola))
  })

  test('a call interrupts the ticket of an operator who is a member, and takes the place of one that is only offered', async () => {
    const { house } = await open()
    const journal = await listener(house)
    distribute(house)
    await share(house)
    const both = agentNumber(10)
    expect(both.personId).toBe(anna.personId)
    const { requests } = await assign(house, administrator, {
      personId: anna.personId,
      assignment: { role: 'cric_member', unitId: pensions },
    })
    await confirmAssignment(house, staff.secondAdministrator, requests.at(-1)?.assignmentId ?? '')
    await inTransaction(house, system('sample'), work =>
      setAgentSkills(work, anna.personId, [{ sectionId: 'ccm-pensioni', level: 3 }]),
    )
    await inService(house, anna)
    const id = await ticket(house)
    await journal.until(works(workOffered, id, anna))
    // As operator she has the call and the ticket in one place: on this ticket she acts as the member that she is.
    await claimTicket(house, anna, { ticketId: id })
    await journal.until(works(workConnected, id))
    const next = await ticket(house)
    await journal.until(works(workOffered, next, anna))
    const call = await queue(house, house.ids(), { sectionId: 'ccm-pensioni' })
    const [gaveWay] = await journal.until(works(workWithdrawn, next))
    expect(gaveWay?.payload.reason).toBe('call-first')
    const [made] = await journal.until(entry => entry.type === offerMade.type && entry.subjects.call === call)
    if (made) await answer(house, made)
    await journal.until(works(workSuspended, id, anna))
    expect(await state(house, id)).toMatchObject({ state: 'claimed', with: anna.personId, suspended: true })
    await journal.until(stateIs(anna, 'in-conversation'))
    expect(journal.entries.filter(works(workOffered, next))).toHaveLength(1)
    await hangUp(house, call, anna)
    await journal.until(stateIs(anna, 'wrap-up'))
    await endWrapUp(house, anna, {})
    await journal.until(works(workResumed, id, anna))
    await journal.until(works(workOffered, next, anna), 2)
    expect(await state(house, id)).toMatchObject({ state: 'claimed', suspended: false })
  })

  test('who signs out gives the tickets back to their place, once, and a colleague takes them', async () => {
    const { house } = await open()
    const journal = await listener(house)
    const stop = distribute(house)
    await share(house)
    await inService(house, paola)
    const id = await ticket(house)
    await journal.until(works(workOffered, id, paola))
    await claimTicket(house, paola, { ticketId: id })
    await journal.until(works(workConnected, id))
    await stop()
    // Nobody leads while she goes; the next leader takes it up.
    await signOutAgent(house, paola, {})
    await inService(house, marco)
    distribute(house)
    await journal.until(works(workReleased, id, paola))
    await journal.until(works(workOffered, id, marco))
    // Before the follower has come by: the claim itself sees that the ticket was given back.
    await claimTicket(house, marco, { ticketId: id })
    await followAppointments(house)
    expect(await state(house, id)).toMatchObject({ state: 'claimed', with: marco.personId })
    await journal.until(entry => entry.type === 'ticket.released')
    await signOutAgent(house, marco, {})
    await journal.until(works(workReleased, id, marco))
    await followAppointments(house)
    await followAppointments(house)
    expect(await state(house, id)).toMatchObject({ state: 'pool', with: null })
    await journal.until(entry => entry.type === 'ticket.released', 2)
    expect(journal.of('ticket.released')).toHaveLength(2)
  })

  test('what comes back from the directorate waits for who had it, and then for anybody', async () => {
    const clock = virtualClock()
    const { house } = await open({ clock })
    const journal = await listener(house)
    distribute(house)
    await share(house)
    await onDuty(house, paola)
    const asked = async () => {
      const id = await ticket(house)
      await journal.until(works(workOffered, id, paola))
      await claimTicket(house, paola, { ticketId: id })
      await forwardTicket(house, paola, { ticketId: id, reason: 'Due regimi.', directorateId: 'dc-pensioni' })
      return id
    }
    const [one, other] = [await asked(), await asked()]
    await onDuty(house, marco)
    await returnTicket(house, directorate, {
      ticketId: one,
      answer: 'Si applica il regolamento europeo.',
      generalInterest: false,
    })
    await journal.until(works(workOffered, one, paola), 2)
    expect(journal.entries.filter(works(workOffered, one, marco))).toEqual([])
    await claimTicket(house, paola, { ticketId: one })
    await journal.until(works(workConnected, one), 2)
    const honoured = journal.of('work.continuity').filter(entry => entry.payload.work === one)
    expect(honoured.map(entry => entry.payload.outcome)).toEqual(['asked', 'honoured'])
    expect((await ticketView(house, paola, one, 'it')).directorateAnswer).toContain('regolamento')
    // An absent member does not keep the citizen waiting.
    await pauseAgent(house, paola, { reason: 'meal' })
    await returnTicket(house, directorate, { ticketId: other, answer: 'Anche qui.', generalInterest: false })
    await journal.until(works(workOffered, other, marco))
  })

  test('two members at once: one has it; a claim by hand takes it from whom it was offered to', async () => {
    const { house } = await open()
    const journal = await listener(house)
    distribute(house)
    await share(house)
    await inService(house, paola, marco)
    const id = await ticket(house)
    await journal.until(works(workOffered, id, paola))
    await claimTicket(house, marco, { ticketId: id })
    const [gone] = await journal.until(works(workWithdrawn, id))
    expect(gone?.payload).toMatchObject({ agent: paola.personId, reason: 'taken' })
    expect(await refusalCode(claimTicket(house, paola, { ticketId: id }))).toBe('cases.policy.takenBy')
    await takeOverTicket(house, coordinator, { ticketId: id })
    expect(await state(house, id)).toMatchObject({ with: coordinator.personId })
    await releaseTicket(house, coordinator, { ticketId: id })
    await journal.until(works(workOffered, id), 2)
  })

  test('a section that goes back to its pool takes its offers back, and every ticket is still there', async () => {
    const { house } = await open()
    const journal = await listener(house)
    distribute(house)
    const before = await ticket(house)
    await share(house)
    await inService(house, paola, marco)
    // What was in the pool before is shared out too.
    await journal.until(works(workOffered, before, paola))
    const inHand = await ticket(house)
    await journal.until(works(workOffered, inHand, marco))
    await claimTicket(house, marco, { ticketId: inHand })
    await share(house, { mode: 'pool' })
    const [gone] = await journal.until(works(workWithdrawn, before))
    expect(gone?.payload.reason).toBe('work-gone')
    expect(await state(house, before)).toMatchObject({ state: 'pool', offeredTo: null })
    expect(await state(house, inHand)).toMatchObject({ state: 'claimed', with: marco.personId })
    const later = await ticket(house)
    await claimTicket(house, marco, { ticketId: before })
    await signOutAgent(house, marco, {})
    await journal.until(stateIs(marco, 'signed-out'))
    await followAppointments(house)
    expect(await state(house, before)).toMatchObject({ state: 'claimed', with: marco.personId })
    expect(await writtenWorks(house.database.kysely, [before, inHand, later])).toEqual(new Map())
    await expect(onDuty(house, paola)).rejects.toThrow('distribution.servesNoWritten')
  })

  test('a ticket that moves leaves the line of its section, and a member who leaves gets no more', async () => {
    const { house } = await open()
    const journal = await listener(house)
    distribute(house)
    await share(house)
    await inService(house, paola)
    const id = await ticket(house)
    await journal.until(works(workOffered, id, paola))
    await assignTicket(house, coordinator, { ticketId: id, unitId: 'cric-lazio-contributori', reason: 'Riscatto di periodi.' })
    await journal.until(works(workWithdrawn, id))
    expect(await writtenWorks(house.database.kysely, [id])).toEqual(new Map())
  })

  test('a section with two thousand tickets is switched, and switched back, in as many statements as one with two', async () => {
    const { house } = await open()
    await ticket(house)
    await ticket(house)
    const few = [await statementsOf(house, one => share(one)), await statementsOf(house, one => share(one, { mode: 'pool' }))]
    await sql`
      with fresh as materialized (
        select ticket.id, ticket.case_id, gen_random_uuid() as new_id, gen_random_uuid() as new_case,
               (1000000000 + row_number() over ())::text as new_code
        from   ticket, generate_series(1, 1000)
      ), matter as (
        insert into "case"
        select copy.* from fresh join "case" on "case".id = fresh.case_id,
               jsonb_populate_record("case", jsonb_build_object('id', new_case, 'code', new_code)) copy
      )
      insert into ticket
      select copy.* from fresh join ticket using (id),
             jsonb_populate_record(ticket, jsonb_build_object('id', new_id, 'case_id', new_case)) copy`.execute(
      house.database.kysely,
    )
    const many = [await statementsOf(house, one => share(one)), await statementsOf(house, one => share(one, { mode: 'pool' }))]
    expect(many).toEqual(few)
    const { rows } = await sql<{ type: string; entries: number; tickets: number }>`
      select   type, count(*)::int as entries, count(distinct payload ->> 'work')::int as tickets
      from     event where type in ('work.queued', 'work.left') group by type order by type`.execute(house.database.kysely)
    // The two that were there before have been switched twice.
    expect(rows).toEqual(['work.left', 'work.queued'].map(type => ({ type, entries: 2_004, tickets: 2_002 })))
  })

  test('who coordinates the section says how it shares; others do not', async () => {
    const { house } = await open()
    for (const actor of [coordinator, administrator]) {
      await changeSharing(house, actor, { sectionId: pensions, ...section })
      expect(await sharingView(house, actor, pensions, 'it')).toMatchObject({ mode: 'distributed', change: { allowed: true } })
    }
    for (const actor of [paola, staff.milan, staff.director, staff.headquarters, anna])
      expect(await refusalCode(changeSharing(house, actor, { sectionId: pensions, ...section }))).toBe(
        'cases.policy.onlyCoordinatorShares',
      )
    expect(await refusalCode(changeSharing(house, coordinator, { sectionId: 'gai-lazio', ...section }))).toBe('cases.unitUnknown')
    expect(await refusalCode(sharingView(house, staff.milan, pensions, 'it'))).toBe('platform.notFound')
    expect((await sharingView(house, paola, pensions, 'it')).change.allowed).toBe(false)
  })
})

onPostgres(open => {
  test('the leader is killed while an offer is open: what was taken meanwhile is taken, what was sent is offered, and nothing twice', async () => {
    const { house, url = '' } = await open()
    const journal = await listener(house)
    const first = startRouterNode(url)
    closing.push(() => first.kill())
    await first.until('leading')
    await share(house)
    await inService(house, paola, marco)
    const [one, two] = [await ticket(house), await ticket(house)]
    await journal.until(works(workOffered, one, paola))
    await journal.until(works(workOffered, two, marco))
    await first.kill()
    await claimTicket(house, paola, { ticketId: one })
    const three = await ticket(house)
    await declineOffer(house, marco, { ticketId: two })
    const second = startRouterNode(url)
    closing.push(() => second.kill())
    await second.until('leading')
    await journal.until(works(workConnected, one))
    await journal.until(works(workOffered, three, paola))
    await claimTicket(house, paola, { ticketId: three })
    await journal.until(works(workConnected, three))
    // The colleague is offered nothing for a while; the other has two in hand, as many as the section allows.
    expect(journal.entries.filter(works(workOffered, two, paola))).toEqual([])
    await answerTicket(house, paola, { ticketId: one, answer: 'Arriva in ottobre.' })
    await journal.until(works(workOffered, two, paola))
    const offers = journal.of('work.offered').map(entry => entry.payload.offer)
    expect(new Set(offers).size).toBe(offers.length)
    expect(offers).toHaveLength(4)
    expect(journal.of('work.connected')).toHaveLength(2)
  })
})
