/** Deadlines of tickets, on both databases: what they are, what is told of them and when, how the clock stands, and how they are computed anew. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { onOneSession, onPostgres } from '../../../test/support/database.ts'
import { refuseRows } from '../../../test/support/not-written.ts'
import { refusalLine } from '../../../test/support/refusal.ts'
import { staff } from '../../../test/support/staff.ts'
import { sendUnsentAgain, unsentList, withdrawUnsent } from '../../channels/unsent/unsent.ts'
import { createContact } from '../../contacts/index.ts'
import { decideClosure, withdrawClosure } from '../../organisation/index.ts'
import { type House, inTransaction, system, virtualClock } from '../../platform/index.ts'
import { answerTicket, withdrawAnswer } from '../answers.ts'
import { askCitizen, citizenQuestionPurpose, noteReply, settleCitizenQuestion } from '../citizen-questions/service.ts'
import { followAppointments } from '../follow-appointments.ts'
import { interactionView } from '../interactions/views.ts'
import { answerInteraction, changeInteraction, openInteraction, sendLinea } from '../interactions.ts'
import { linksView } from '../links/views.ts'
import { receiveMail } from '../mails/mails.ts'
import { ticketList } from '../tickets/lists.ts'
import { ticketView } from '../tickets/views.ts'
import { claimTicket, forwardTicket, prioritiseTicket, returnTicket } from '../tickets.ts'
import { citizenQuestionOwner } from '../unsent.ts'
import { caseView } from '../views.ts'
import { recomputeBatch, recomputeNext } from './recompute.ts'
import { deadlineTargets, removeTarget, setTarget } from './targets.ts'
import { tellDeadlines } from './telling.ts'
import { deadlineExplanation } from './views.ts'

const { anna, paola, milan, coordinator, headquarters, administrator, director, directorate } = staff
const hour = 3_600_000
const day = 24 * hour
/** A Tuesday, ten in the morning in Rome. */
const tuesday = Date.UTC(2026, 10, 24, 9)

async function linea(house: House, typologyId = 'vecchiaia') {
  const { id: contactId } = await createContact(house, anna, {
    ...{ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', businessName: null, fiscalCode: null, birthDate: null },
    ...{ municipalityCode: '058091', language: 'it', phones: [], emails: [], notes: '' },
  })
  const { id } = await openInteraction(house, anna, { channel: 'counter', contactId, typologyId })
  const sent = await sendLinea(house, anna, { id, question: 'E la pensione?', replyTo: { email: 'giulia@example.org' } })
  return { contactId, ...sent }
}

async function claimed(house: House) {
  const sent = await linea(house)
  await claimTicket(house, paola, sent)
  return sent
}

const seen = (house: House, ticketId: string) => ticketView(house, headquarters, ticketId, 'it')
const dues = async (house: House, ticketId: string) =>
  (await seen(house, ticketId)).deadlines.map(({ kind, dueAt, metAt }) => [kind, dueAt ?? 'stands', metAt !== null])
const mailAbout = (house: House, caseId: string) =>
  inTransaction(house, system('test'), work =>
    receiveMail(work, {
      ...{ rawMailId: house.ids(), channel: 'email', unit: { id: anna.unitId, path: anna.unitPath }, caseId },
      ...{ from: { address: 'giulia@example.org', name: '' }, subject: 'Re: la mia pratica', text: 'Eccomi' },
      receivedAt: work.now,
    }),
  )
const told = async (house: House, caseId: string) => {
  const rows = await house.database.kysely
    .selectFrom('event')
    .select(['type', 'payload', 'person_id'])
    .where('case_id', '=', caseId)
    .where('type', 'in', ['ticket.warned', 'ticket.late', 'ticket.escalated'])
    .orderBy('id')
    .execute()
  return rows.map(row => ({ type: row.type, ...(row.payload as { kind: string }), person: row.person_id }))
}

onOneSession(open => {
  test('a question has two deadlines, by the target of the nearest typology; the first answer meets one, the answer both', async () => {
    const { house } = await open({ clock: virtualClock(tuesday) })
    const { ticketId } = await claimed(house)
    expect(await dues(house, ticketId)).toEqual([
      ['first-answer', '2026-11-26T16:00:00.000Z', false],
      ['solution', '2026-12-01T16:00:00.000Z', false],
    ])
    const key = { typologyId: 'vecchiaia', priority: 'normal', kind: 'solution' } as const
    const time = { amount: 3, measure: 'days', warnMinutes: 60, raiseMinutes: 60 } as const
    expect(await refusalLine(setTarget(house, director, { key, time, version: 0 }))).toBe('403 cases.deadline.onlyDirectorsSet')
    await setTarget(house, administrator, { key, time, version: 0 })
    expect(await refusalLine(setTarget(house, headquarters, { key, time, version: 0 }))).toBe('412 platform.changedMeanwhile')
    const { ticketId: another } = await linea(house)
    expect((await dues(house, another))[1]).toEqual(['solution', '2026-11-27T16:00:00.000Z', false])
    // What is open follows in the background.
    expect((await dues(house, ticketId))[1]?.[1]).toBe('2026-12-01T16:00:00.000Z')
    while (await recomputeBatch(house));
    expect((await dues(house, ticketId))[1]?.[1]).toBe('2026-11-27T16:00:00.000Z')
    expect((await ticketList(house, paola, { view: 'mine', limit: 10 })).items[0]?.dueAt).toBe('2026-11-27T16:00:00.000Z')
    await removeTarget(house, headquarters, key)
    expect((await deadlineTargets(house, headquarters, 'it')).items.map(each => each.typologyId)).not.toContain('vecchiaia')
    expect(await refusalLine(removeTarget(house, headquarters, { ...key, typologyId: '' }))).toBe(
      '422 cases.deadline.defaultStays',
    )
    await answerTicket(house, paola, { ticketId, answer: 'Arriva.' })
    expect((await dues(house, ticketId)).map(each => each[2])).toEqual([true, true])
    await withdrawAnswer(house, paola, { ticketId })
    expect((await dues(house, ticketId)).map(each => each[2])).toEqual([false, false])
  })

  test('a directorate has a deadline of its own from when it is asked, by its own hours; it hears what is told of it, and meets it by its answer', async () => {
    const clock = virtualClock(tuesday)
    const { house } = await open({ clock })
    const { ticketId, caseId } = await claimed(house)
    clock.advance(2 * hour)
    await forwardTicket(house, paola, { ticketId, directorateId: 'dc-pensioni', reason: 'Serve un parere.' })
    const own = async () => (await dues(house, ticketId))[2]
    expect(await dues(house, ticketId)).toHaveLength(3)
    expect(await own()).toEqual(['directorate', '2026-11-27T16:00:00.000Z', false])
    expect((await ticketView(house, directorate, ticketId, 'it')).deadlines.map(({ kind }) => kind)).toContain('directorate')
    expect((await deadlineExplanation(house, directorate, { ticketId, kind: 'directorate' }, 'it')).unit).toMatch(/pensioni/i)
    // Computed anew, it stays that of the directorate.
    while (await recomputeBatch(house));
    expect(await own()).toEqual(['directorate', '2026-11-27T16:00:00.000Z', false])
    clock.advance(3 * day + 5 * hour)
    await tellDeadlines(house)
    const late = await house.database.kysely
      .selectFrom('event')
      .select(['payload', 'unit_ids'])
      .where('case_id', '=', caseId)
      .where('type', '=', 'ticket.late')
      .execute()
    const ofDirectorate = late.find(({ payload }) => (payload as { kind: string }).kind === 'directorate')
    expect(ofDirectorate?.unit_ids).toContain('dc-pensioni')
    expect(late.filter(each => each !== ofDirectorate).some(each => each.unit_ids?.includes('dc-pensioni'))).toBe(false)
    await returnTicket(house, directorate, { ticketId, answer: 'Spetta.', generalInterest: false })
    expect((await own())?.[2]).toBe(true)
    // Asked again, it begins anew.
    clock.advance(3 * day)
    await forwardTicket(house, paola, { ticketId, directorateId: 'dc-pensioni', reason: 'E per gli arretrati?' })
    expect(await own()).toEqual(['directorate', '2026-12-03T16:00:00.000Z', false])
  })

  test('one ticket of which nothing can be told keeps no other from being told', async () => {
    const clock = virtualClock(tuesday)
    const { house } = await open({ clock })
    const [first, second] = [await claimed(house), await claimed(house)]
    await refuseRows(house.database.kysely, 'event', sql`new.case_id = ${sql.lit(first.caseId)} and new.type = 'ticket.warned'`)
    clock.advance(2 * day + 3 * hour)
    expect(await tellDeadlines(house)).toBe(1)
    expect([await told(house, first.caseId), await told(house, second.caseId)]).toMatchObject([[], [{ type: 'ticket.warned' }]])
    await sql`drop trigger refused on event`.execute(house.database.kysely)
    expect(await tellDeadlines(house)).toBe(1)
  })

  test('urgent, it is due sooner; by whom the policy lets', async () => {
    const { house } = await open({ clock: virtualClock(tuesday) })
    const { ticketId } = await claimed(house)
    expect(await refusalLine(prioritiseTicket(house, milan, { ticketId, priority: 'urgent', reason: 'Sfratto' }))).toMatch(/^404/)
    await prioritiseTicket(house, coordinator, { ticketId, priority: 'urgent', reason: 'Sfratto domani' })
    expect(await dues(house, ticketId)).toEqual([
      ['first-answer', '2026-11-24T14:00:00.000Z', false],
      ['solution', '2026-11-26T16:00:00.000Z', false],
    ])
    expect(await seen(house, ticketId)).toMatchObject({ priority: 'urgent', urgentReason: 'Sfratto domani' })
  })

  test('warned before, told to the coordinator when late and to the director after it, each once', async () => {
    const clock = virtualClock(tuesday)
    const { house } = await open({ clock })
    const { ticketId, caseId } = await claimed(house)
    expect(await tellDeadlines(house)).toBe(0)
    // The warning of the first answer is four working hours before Thursday at five.
    clock.advance(2 * day + 3 * hour)
    expect(await tellDeadlines(house)).toBe(1)
    expect(await tellDeadlines(house)).toBe(0)
    expect(await told(house, caseId)).toEqual([
      expect.objectContaining({ type: 'ticket.warned', kind: 'first-answer', person: paola.personId }),
    ])
    clock.advance(4 * hour)
    await tellDeadlines(house)
    expect((await told(house, caseId)).slice(1)).toEqual([expect.objectContaining({ type: 'ticket.late', kind: 'first-answer' })])
    // The program was away for weeks: what was to be told is told, but a warning of what is late already.
    clock.advance(30 * day)
    await tellDeadlines(house)
    await tellDeadlines(house)
    expect((await told(house, caseId)).slice(2).map(({ type, kind }) => [type, kind])).toEqual([
      ['ticket.escalated', 'first-answer'],
      ['ticket.late', 'solution'],
      ['ticket.escalated', 'solution'],
    ])
    expect((await seen(house, ticketId)).deadlines.map(each => each.told)).toEqual(['director', 'director'])
  })

  test('while the citizen is asked the clock stands and nothing is told; the mail wakes it, and each stretch is explained', async () => {
    const clock = virtualClock(tuesday)
    const { house } = await open({ clock })
    const { ticketId, caseId } = await claimed(house)
    clock.advance(hour)
    await askCitizen(house, paola, { ticketId, question: 'Quando è cominciato il lavoro in Germania?' })
    expect(await refusalLine(askCitizen(house, paola, { ticketId, question: 'E quando è finito?' }))).toBe(
      '409 cases.question.already',
    )
    expect(await dues(house, ticketId)).toEqual([
      ['first-answer', '2026-11-26T16:00:00.000Z', true],
      ['solution', 'stands', false],
    ])
    expect((await ticketList(house, paola, { view: 'mine', limit: 10 })).items[0]).toMatchObject({
      ...{ dueAt: null, waiting: { since: '2026-11-24T10:00:00.000Z' } },
    })
    clock.advance(13 * day)
    await tellDeadlines(house)
    expect(await told(house, caseId)).toEqual([])
    const interactionId = await mailAbout(house, caseId)
    // Ten of the days have gone by while the clock stood: it goes on with the seventh of December, which in Rome is a Monday.
    expect((await dues(house, ticketId))[1]).toEqual(['solution', '2026-12-14T16:00:00.000Z', false])
    expect((await seen(house, ticketId)).questions).toMatchObject([{ endedBy: 'mail', interactionId }])
    const { stretches } = await deadlineExplanation(house, paola, { ticketId, kind: 'solution' }, 'it')
    expect(stretches.map(({ because, counted, name }) => [because, counted, name])).toEqual([
      ['first-day', 0, null],
      ['waiting', 0, null],
      ['closed', 0, null],
      ['waiting', 0, null],
      ['closed', 0, null],
      ['counted', 1, null],
      ['holiday', 0, 'Immacolata Concezione'],
      ['counted', 3, null],
      ['closed', 0, null],
      ['counted', 1, null],
    ])
    expect(await refusalLine(deadlineExplanation(house, milan, { ticketId, kind: 'solution' }, 'it'))).toMatch(/^404/)
  })

  test('a conversation about the case, or somebody who says so, wakes it too; an answer ends the question', async () => {
    const clock = virtualClock(tuesday)
    const { house } = await open({ clock })
    const { ticketId, caseId, contactId } = await claimed(house)
    const ask = (replyTo?: { phone: string }) => {
      clock.advance(60_000)
      return askCitizen(house, paola, { ticketId, question: 'Di che anno si tratta?', replyTo })
    }
    await ask({ phone: '06 5959 4321' })
    const { id } = await openInteraction(house, anna, { channel: 'counter', contactId, typologyId: 'vecchiaia' })
    await changeInteraction(house, anna, { id, version: 1, change: { caseId } })
    await answerInteraction(house, anna, { id, answer: 'Del 1998, lo scrivo ai colleghi.' })
    await ask()
    await noteReply(house, paola, { ticketId })
    expect(await refusalLine(noteReply(house, paola, { ticketId }))).toBe('409 cases.question.none')
    await ask()
    clock.advance(60_000)
    await answerTicket(house, paola, { ticketId, answer: 'Arriva.' })
    await withdrawAnswer(house, paola, { ticketId })
    await ask()
    const { id: questionId } = (await seen(house, ticketId)).questions[0] ?? { id: '' }
    await inTransaction(house, system('test'), work =>
      settleCitizenQuestion(work, { mailId: house.ids(), subjectId: questionId, outcome: 'failed', problem: 'no such mailbox' }),
    )
    const { questions, waiting } = await seen(house, ticketId)
    expect(questions.map(each => each.endedBy)).toEqual(['undelivered', 'answered', 'said', 'conversation'])
    expect(waiting).toBeNull()
    const mail = await house.database.kysely.selectFrom('mail').select('purpose').where('subject_id', '=', questionId).execute()
    expect(mail).toEqual([{ purpose: citizenQuestionPurpose }])

    // It stands with what could not be sent, until it is asked again; and one that waits is taken back.
    const ownerOf = (purpose: string) => (purpose === citizenQuestionPurpose ? citizenQuestionOwner : undefined)
    const trouble = (of: string, state: 'failed' | 'queued') =>
      house.database.kysely
        .updateTable('mail')
        .set({ state, last_problem: '550 no such mailbox', last_reason: 'address', attempts: 1 })
        .where('subject_id', '=', of)
        .execute()
    const unsent = async () => (await unsentList(house, paola, { limit: 10 }, { ownerOf, language: 'it' })).items
    await trouble(questionId, 'failed')
    const [failed] = await unsent()
    expect(failed).toMatchObject({
      ...{ about: 'ticket', subjectId: ticketId, state: 'failed' },
      may: { sendAgain: { allowed: true }, withdraw: { allowed: false } },
    })
    clock.advance(60_000)
    await sendUnsentAgain(house, paola, { mailId: failed?.id ?? '', address: 'giulia@altrove.example' }, ownerOf)
    expect((await seen(house, ticketId)).waiting).not.toBeNull()
    expect(await unsent()).toEqual([])
    const { id: again } = (await seen(house, ticketId)).questions[0] ?? { id: '' }
    await trouble(again, 'queued')
    const [waits] = await unsent()
    await sendUnsentAgain(house, paola, { mailId: waits?.id ?? '', address: 'giulia@terzo.example' }, ownerOf)
    await trouble(again, 'queued')
    await withdrawUnsent(house, paola, waits?.id ?? '', ownerOf)
    expect((await seen(house, ticketId)).waiting).toBeNull()
    expect((await caseView(house, paola, caseId)).tickets[0]?.deadlines.map(({ kind }) => kind)).toEqual([
      'first-answer',
      'solution',
    ])
  })

  test('who comes back within some days opens the question again, later a new case follows from it', async () => {
    const clock = virtualClock(tuesday)
    const { house } = await open({ clock })
    const { ticketId, caseId } = await claimed(house)
    await answerTicket(house, paola, { ticketId, answer: 'Arriva il 30.', replyTo: { phone: '06 5959 4321' } })
    expect(await caseView(house, anna, caseId)).toMatchObject({ status: 'closed' })
    clock.advance(6 * day)
    await mailAbout(house, caseId)
    expect(await caseView(house, anna, caseId)).toMatchObject({ status: 'open' })
    expect(await seen(house, ticketId)).toMatchObject({ state: 'claimed', claimedBy: { id: paola.personId } })
    expect(await dues(house, ticketId)).toEqual([
      ['first-answer', '2026-12-02T16:00:00.000Z', false],
      ['solution', '2026-12-07T16:00:00.000Z', false],
    ])
    await answerTicket(house, paola, { ticketId, answer: 'È in pagamento.', replyTo: { phone: '06 5959 4321' } })
    clock.advance(8 * day)
    const interactionId = await mailAbout(house, caseId)
    expect(await caseView(house, anna, caseId)).toMatchObject({ status: 'closed' })
    const row = await house.database.kysely
      .selectFrom('interaction')
      .select('case_id')
      .where('id', '=', interactionId)
      .executeTakeFirst()
    expect(row?.case_id).not.toBe(caseId)
    expect(await linksView(house, anna, row?.case_id ?? '', 'it')).toMatchObject([{ kind: 'follows', other: { id: caseId } }])
  })

  test('who calls again within some days has the case opened again, or a new one that is linked; later only a new one', async () => {
    const clock = virtualClock(tuesday)
    const { house } = await open({ clock })
    /** A case that was answered two days ago, and its citizen at the counter. */
    const calledAgain = async () => {
      const { ticketId, caseId, contactId } = await claimed(house)
      await answerTicket(house, paola, { ticketId, answer: 'Arriva il 30.', replyTo: { phone: '06 5959 4321' } })
      clock.advance(2 * day)
      const calls = async () =>
        (await openInteraction(house, anna, { channel: 'counter', contactId, typologyId: 'vecchiaia' })).id
      const id = await calls()
      expect((await interactionView(house, anna, id)).repeats).toMatchObject({ caseId })
      return { ticketId, caseId, id, calls }
    }
    const first = await calledAgain()
    await changeInteraction(house, anna, { id: first.id, version: 1, change: { caseId: first.caseId } })
    expect(await caseView(house, anna, first.caseId)).toMatchObject({ status: 'closed' })
    await answerInteraction(house, anna, { id: first.id, answer: 'La riapro: i colleghi la guardano.' })
    expect(await caseView(house, anna, first.caseId)).toMatchObject({ status: 'open' })
    expect(await seen(house, first.ticketId)).toMatchObject({ state: 'claimed', claimedBy: { id: paola.personId } })

    // A new one follows from it; without a question at the second level, what is opened again ends with the conversation.
    const second = await calledAgain()
    await answerInteraction(house, anna, { id: second.id, answer: 'Si vede sul cedolino.' })
    const caseId = (await interactionView(house, anna, second.id)).caseId ?? ''
    expect(await caseView(house, anna, second.caseId)).toMatchObject({ status: 'closed' })
    expect(await linksView(house, anna, caseId, 'it')).toMatchObject([{ kind: 'follows', other: { id: second.caseId } }])
    clock.advance(day)
    const id = await second.calls()
    await changeInteraction(house, anna, { id, version: 1, change: { caseId } })
    await answerInteraction(house, anna, { id, answer: 'Sì, il 30.' })
    const { interactions, status } = await caseView(house, anna, caseId)
    expect({ status, conversations: interactions.length }).toEqual({ status: 'closed', conversations: 2 })
    clock.advance(8 * day)
    const late = { id: await second.calls(), version: 1, change: { caseId } }
    expect(await refusalLine(changeInteraction(house, anna, late))).toBe('409 cases.caseClosed')
  })

  test('a closure of 25 days moves what is open, in parts; who goes on after a kill does none twice', async () => {
    const { house } = await open({ clock: virtualClock(tuesday) })
    const tickets: string[] = []
    for (let n = 0; n < 7; n++) tickets.push((await linea(house)).ticketId)
    const closed = { unitId: 'cric-lazio', firstDay: '2026-11-25', lastDay: '2026-12-19', reason: 'Trasloco' }
    expect(await refusalLine(decideClosure(house, paola, closed))).toMatch(/^403/)
    const { closureId } = await decideClosure(house, director, closed)
    expect(await refusalLine(decideClosure(house, director, { ...closed, lastDay: '2026-11-26' }))).toBe(
      '409 organisation.closedAlready',
    )
    await followAppointments(house)
    const soon = async () => {
      const rows = await house.database.kysely.selectFrom('ticket').select(['id', 'due_at']).orderBy('id').execute()
      return rows.map(row => row.due_at.toISOString().slice(0, 10))
    }
    expect(await recomputeBatch(house, 3)).toBe(true)
    const moved = '2026-12-28'
    expect(await soon()).toEqual([...Array(3).fill(moved), ...Array(4).fill('2026-12-01')])
    // The second part dies at its second ticket: nothing of it has been written.
    const [, , , , fifth = ''] = [...tickets].sort()
    const { kysely: db } = house.database
    await sql`
      create function dies() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$`.execute(db)
    await sql`
      create trigger dies before insert or update on ticket_deadline for each row when (new.ticket_id = ${sql.lit(fifth)}::uuid)
      execute function dies()`.execute(db)
    const places = db.selectFrom('deadline_recompute').select('done_up_to')
    const before = await places.execute()
    await expect(recomputeBatch(house, 3)).rejects.toThrow('killed')
    expect(await places.execute()).toEqual(before)
    expect(await soon()).toEqual([...Array(3).fill(moved), ...Array(4).fill('2026-12-01')])
    await sql`drop trigger dies on ticket_deadline`.execute(db)
    expect(await recomputeBatch(house, 3)).toBe(true)
    expect(await soon()).toEqual([...Array(6).fill(moved), '2026-12-01'])
    while (await recomputeBatch(house, 3));
    expect(await soon()).toEqual(Array(7).fill(moved))
    expect(await places.execute()).toEqual([])
    const { stretches } = await deadlineExplanation(house, coordinator, { ticketId: tickets[0] ?? '', kind: 'solution' }, 'it')
    expect(stretches.find(each => each.because === 'closure')).toMatchObject({ name: 'Trasloco', counted: 0 })
    await withdrawClosure(house, director, { unitId: 'cric-lazio', closureId })
    await followAppointments(house)
    while (await recomputeBatch(house));
    expect(await soon()).toEqual(Array(7).fill('2026-12-01'))
  })

  test('a ticket that cannot be computed anew keeps its deadlines, and no other from its own', async () => {
    const { house } = await open({ clock: virtualClock(tuesday) })
    const [first, second] = [await linea(house), await linea(house)]
    const { kysely: db } = house.database
    await refuseRows(db, 'ticket_deadline', sql`new.ticket_id = ${sql.lit(first.ticketId)}::uuid`)
    await decideClosure(house, director, {
      ...{ unitId: 'cric-lazio', firstDay: '2026-11-25', lastDay: '2026-12-19', reason: 'Trasloco' },
    })
    await followAppointments(house)
    while (await recomputeNext(house));
    const due = async (ticketId: string) => (await dues(house, ticketId)).at(-1)?.[1]?.toString().slice(0, 10)
    expect([await due(first.ticketId), await due(second.ticketId)]).toEqual(['2026-12-01', '2026-12-28'])
  })
})

onPostgres(open => {
  test('tickets from before there were deadlines get theirs, and nobody is told of what was late already', async () => {
    const clock = virtualClock(tuesday)
    const { house } = await open({ clock })
    const { ticketId, caseId } = await claimed(house)
    await sql`delete from ticket_deadline`.execute(house.database.kysely)
    clock.advance(20 * day)
    await sql`insert into deadline_recompute (id, asked_at, unit_path) values (${house.ids()}, now(), '')`.execute(
      house.database.kysely,
    )
    while (await recomputeBatch(house));
    expect(await tellDeadlines(house)).toBe(0)
    expect(await told(house, caseId)).toEqual([])
    expect((await seen(house, ticketId)).deadlines.map(each => each.told)).toEqual(['director', 'director'])
  })

  test('two workers tell each deadline once', async () => {
    const clock = virtualClock(tuesday)
    const { house, another } = await open({ clock })
    const second = await another()
    const cases: string[] = []
    for (let n = 0; n < 5; n++) cases.push((await claimed(house)).caseId)
    clock.advance(2 * day + 3 * hour)
    await Promise.all([tellDeadlines(house), tellDeadlines(second)])
    for (const caseId of cases) expect(await told(house, caseId)).toHaveLength(1)
  })
})
