/**
 * A section as a working group: tickets are moved several at once and undone, members are away and their tickets go back once, colleagues are asked and
 * named, lists are narrowed and kept, and the coordinator's board shows who has what.
 */
import { expect, test } from 'vitest'
import { type OpenHouse, onOneSession } from '../../../test/support/database.ts'
import { refusal } from '../../../test/support/refusal.ts'
import { staff } from '../../../test/support/staff.ts'
import { createContact, NewContact } from '../../contacts/index.ts'
import { absencesView, endAbsence, enterAbsence, forgetOldAbsences } from '../../distribution/absences/service.ts'
import { setSharing } from '../../distribution/index.ts'
import { writtenSections } from '../../distribution/sharing.ts'
import { type Clock, dayAt, type House, inTransaction, type PersonActor, system } from '../../platform/index.ts'
import { absenceRuleView, returnTicketsOfAbsent, setAbsenceRule } from '../absent/service.ts'
import {
  answerColleague,
  askColleague,
  colleagueQuestionsView,
  waitingColleagueQuestions,
  withdrawColleagueQuestion,
} from '../colleague-questions/service.ts'
import { caseHistory } from '../history.ts'
import { openInteraction, sendLinea } from '../interactions.ts'
import { mentionable, mentionsView, readMentions } from '../mentions/service.ts'
import { forgetOldMoves, moveTickets, undoMoves, undoWithinMs } from '../moves/service.ts'
import { readTicket } from '../store.ts'
import { changeTicketList, dropTicketList, saveTicketList, ticketLists } from '../ticket-lists/service.ts'
import { ticketList } from '../tickets/lists.ts'
import { claimTicket, handOverTicket, noteTicket, releaseTicket, saveAnswerDraft } from '../tickets.ts'
import { boardProposals, boardView } from './service.ts'

const { anna, paola, marco, coordinator, contributions, milan, administrator } = staff
const section = 'cric-lazio-pensioni'
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** A clock that a test moves on. Monday, 11 January 2027, ten in Rome. */
function movable(): Clock & { pass(ms: number): void } {
  let now = Date.parse('2027-01-11T09:00:00Z')
  return {
    now: () => now,
    after: () => () => {},
    pass(ms) {
      now += ms
    },
  } as Clock & { pass(ms: number): void }
}

async function sent(house: House, question = 'Domanda di pensione in Germania', typologyId = 'vecchiaia'): Promise<string> {
  const card = NewContact.parse({ kind: 'person', familyName: 'Ferri', municipalityCode: '058091', phones: ['06 5959 4321'] })
  const contact = await createContact(house, anna, card)
  const { id } = await openInteraction(house, anna, { channel: 'counter' })
  const replyTo = { email: 'giulia.ferri@example.org' }
  return (await sendLinea(house, anna, { id, contactId: contact.id, typologyId, question, replyTo })).ticketId
}

async function holderOf(house: House, ticketId: string): Promise<string | null> {
  const row = await readTicket(house.database.kysely, ticketId, { all: true })
  return row?.claimed_by_name ?? null
}

const entriesOf = async (house: House, type: string): Promise<number> =>
  (await house.database.kysely.selectFrom('event').select('id').where('type', '=', type).execute()).length

const move = (house: House, as: PersonActor, ids: readonly string[], to: string, version?: number) =>
  moveTickets(house, as, { tickets: ids.map(id => ({ id, version })), to, note: '' }, 'it')

onOneSession((open: OpenHouse) => {
  test('several tickets are claimed at once; what is refused says why; all is undone, with its text, unless somebody went on', async () => {
    const clock = movable()
    const { house } = await open({ clock })
    const ids = [await sent(house), await sent(house), await sent(house)]
    const [first = '', second = '', third = ''] = ids
    await claimTicket(house, marco, { ticketId: third })
    const { done, refused } = await move(house, paola, ids, 'me')
    expect(done.map(each => each.ticketId)).toEqual([first, second])
    expect(refused).toMatchObject([
      { ticketId: third, title: 'Pensione di vecchiaia', sentence: expect.stringContaining('Marco Sala') },
    ])

    await saveAnswerDraft(house, paola, { ticketId: first, version: 0, text: 'Gentile signora' })
    const given = await move(house, paola, [first], marco.personId)
    expect(await holderOf(house, first)).toBe(marco.name)
    const back = await undoMoves(house, paola, { moveIds: given.done.map(each => each.moveId) }, 'it')
    expect([back.done.length, back.refused.length, await holderOf(house, first)]).toEqual([1, 0, paola.name])
    const text = await house.database.kysely
      .selectFrom('answer_draft')
      .select('text')
      .where('ticket_id', '=', first)
      .where('person_id', '=', paola.personId)
      .executeTakeFirst()
    expect(text?.text).toBe('Gentile signora')

    // Put back and taken by a colleague: it cannot be undone. Nobody undoes what another did. Nor after the time for it.
    const released = await move(house, paola, [second], 'pool')
    await claimTicket(house, marco, { ticketId: second })
    expect(await undoMoves(house, paola, { moveIds: [released.done[0]?.moveId ?? ''] }, 'it')).toMatchObject({
      done: [],
      refused: [{ ticketId: second, sentence: expect.stringContaining('non si può più annullare') }],
    })
    const late = await move(house, paola, [first], 'pool')
    const lateId = late.done[0]?.moveId ?? ''
    expect((await undoMoves(house, marco, { moveIds: [lateId] }, 'it')).done).toEqual([])
    clock.pass(undoWithinMs + 1)
    expect((await undoMoves(house, paola, { moveIds: [lateId] }, 'it')).refused[0]?.sentence).toContain('troppo tempo')
    await forgetOldMoves(house)
    expect(await house.database.kysely.selectFrom('ticket_move').select('id').execute()).toEqual([])
    expect(await entriesOf(house, 'ticket.move-undone')).toBe(1)
  })

  test('a ticket that is not as it was read stays; a foreign one is not there', async () => {
    const { house } = await open()
    const id = await sent(house)
    const [card] = (await boardView(house, coordinator, section)).columns[0]?.cards ?? []
    await claimTicket(house, marco, { ticketId: id })
    const moved = await move(house, coordinator, [id], paola.personId, card?.version)
    expect([moved.done, moved.refused[0]?.sentence]).toEqual([[], expect.stringContaining('ora è in carico a Marco Sala')])
    expect(await move(house, milan, [id], 'me')).toMatchObject({ done: [], refused: [{ title: '' }] })
  })

  test('tickets of who is away go back once, by the rule of the section, with the text; nothing is offered or handed to them', async () => {
    const clock = movable()
    const { house } = await open({ clock })
    const [first, kept] = [await sent(house), await sent(house, 'Un riscatto', 'vecchiaia')]
    for (const ticketId of [first, kept]) await claimTicket(house, paola, { ticketId })
    await saveAnswerDraft(house, paola, { ticketId: first, version: 0, text: 'Gentile signora' })
    const day = dayAt('Europe/Rome', clock.now())
    const rule = { whenAbsent: 'after-hours' as const, hours: 2, exceptTypologies: [] }
    expect((await refusal(setAbsenceRule(house, paola, { sectionId: section, version: 0, ...rule }))).status).toBe(403)
    await setAbsenceRule(house, coordinator, { sectionId: section, version: 0, ...rule })
    await house.database.script(`insert into opening_hours (unit_id, weekday, opens, closes) values ('${section}', 1, '08:00', '17:00')
                                 on conflict do nothing`)
    await inTransaction(house, system('test'), async work => {
      await setSharing(work, { id: section, path: paola.unitPath }, { mode: 'distributed', capacity: 5, offerMinutes: 5 })
    })
    const members = async () => (await writtenSections(house.database.kysely, new Date(clock.now())))[0]?.members ?? []
    expect(await members()).toContain(paola.personId)

    const absence = { personId: paola.personId, from: day, until: day, kind: 'illness' as const }
    expect((await refusal(enterAbsence(house, marco, absence))).status).toBe(403)
    expect((await refusal(enterAbsence(house, milan, absence))).status).toBe(404)
    const { id: absenceId } = await enterAbsence(house, coordinator, absence)
    expect((await refusal(enterAbsence(house, paola, absence))).code).toBe('distribution.absences.already')
    const kinds = async (as: PersonActor) => (await absencesView(house, as, {}, 'it')).items.map(each => each.kind)
    expect([await kinds(coordinator), await kinds(paola), await kinds(marco)]).toEqual([['illness'], ['illness'], [null]])
    expect(await members()).not.toContain(paola.personId)

    // It is ten, and the section opened at eight: two hours have passed, on the dot.
    clock.pass(-hourMs)
    await returnTicketsOfAbsent(house)
    expect(await holderOf(house, first)).toBe(paola.name)
    clock.pass(hourMs)
    await returnTicketsOfAbsent(house)
    expect([await holderOf(house, first), await holderOf(house, kept)]).toEqual([null, null])
    expect(await entriesOf(house, 'ticket.left-by-absent')).toBe(2)
    await claimTicket(house, marco, { ticketId: first })
    const { rows } = { rows: await house.database.kysely.selectFrom('answer_draft').select(['person_id', 'text']).execute() }
    expect(rows).toContainEqual({ person_id: marco.personId, text: 'Gentile signora' })

    const given = await refusal(
      handOverTicket(house, marco, { ticketId: first, personId: paola.personId, note: '', despiteDraft: true }),
    )
    expect(given.code).toBe('cases.colleagueAway')
    // Who takes one back on purpose keeps it: it goes once for each absence.
    await claimTicket(house, paola, { ticketId: kept })
    await returnTicketsOfAbsent(house)
    expect(await holderOf(house, kept)).toBe(paola.name)
    await endAbsence(house, paola, { absenceId })
    expect(await members()).toContain(paola.personId)
  })

  test('tickets of some typologies stay, and with the rule "never" all do', async () => {
    const clock = movable()
    const { house } = await open({ clock })
    const ticketId = await sent(house)
    await claimTicket(house, paola, { ticketId })
    const day = dayAt('Europe/Rome', clock.now())
    const say = (version: number, rule: { whenAbsent: 'never' | 'at-once'; exceptTypologies: string[] }) =>
      setAbsenceRule(house, coordinator, { sectionId: section, version, hours: 8, ...rule })
    await say(0, { whenAbsent: 'never', exceptTypologies: [] })
    await enterAbsence(house, paola, { personId: paola.personId, from: day, until: day, kind: 'holiday' })
    await returnTicketsOfAbsent(house)
    await say(1, { whenAbsent: 'at-once', exceptTypologies: ['pensioni'] })
    await returnTicketsOfAbsent(house)
    expect(await holderOf(house, ticketId)).toBe(paola.name)
    await say(2, { whenAbsent: 'at-once', exceptTypologies: [] })
    await returnTicketsOfAbsent(house)
    expect(await holderOf(house, ticketId)).toBeNull()
    // A year after its end it is forgotten, with what it gave back, and no day sooner.
    const left = async () => (await house.database.kysely.selectFrom('absence').select('id').execute()).length
    clock.pass(365 * 86_400_000)
    await forgetOldAbsences(house)
    expect(await left()).toBe(1)
    clock.pass(86_400_000)
    await forgetOldAbsences(house)
    expect(await left()).toBe(0)
    expect(await absenceRuleView(house, marco, section, 'it')).toMatchObject({ version: 3, change: { allowed: false } })
  })

  test('a colleague is asked, answers while the ticket is open, and nobody else does; a question is taken back', async () => {
    const { house } = await open()
    const ticketId = await sent(house)
    const ask = (as: PersonActor, personId: string) =>
      askColleague(house, as, { ticketId, personId, question: 'Che modello serve?' })
    expect((await refusal(ask(paola, marco.personId))).status).toBe(403)
    await claimTicket(house, paola, { ticketId })
    expect((await refusal(ask(paola, paola.personId))).status).toBe(422)
    expect((await refusal(ask(paola, milan.personId))).status).toBe(422)
    const { questionId } = await ask(paola, contributions.personId)
    const waiting = async (as: PersonActor) => (await waitingColleagueQuestions(house, as, { limit: 5 }, 'it')).items
    expect(await waiting(contributions)).toMatchObject([
      { question: { id: questionId, mayAnswer: { allowed: true } }, ticket: { id: ticketId } },
    ])
    expect(await waiting(marco)).toEqual([])
    expect(await holderOf(house, ticketId)).toBe(paola.name)
    expect((await refusal(answerColleague(house, marco, { ticketId, questionId, answer: 'x' }))).status).toBe(403)
    expect((await refusal(answerColleague(house, milan, { ticketId, questionId, answer: 'x' }))).status).toBe(404)
    await answerColleague(house, contributions, { ticketId, questionId, answer: 'Il modello E 205.' })
    expect(await waiting(contributions)).toEqual([])
    const again = await ask(coordinator, marco.personId)
    expect((await refusal(withdrawColleagueQuestion(house, contributions, again))).status).toBe(403)
    await withdrawColleagueQuestion(house, paola, again)
    const { items } = await colleagueQuestionsView(house, anna, ticketId, 'it')
    expect(items).toMatchObject([
      { answer: 'Il modello E 205.', askedBy: { name: paola.name }, askedOf: { name: contributions.name } },
      { answer: null, withdrawnAt: expect.any(String) },
    ])
    const { case_id: caseId } = (await readTicket(house.database.kysely, ticketId, { all: true })) ?? { case_id: '' }
    const told = (await caseHistory(house, paola, caseId, { limit: 50 }, 'it')).items.filter(each =>
      each.type.includes('question'),
    )
    expect(told.map(each => [each.sentence, each.text])).toEqual([
      [`Ha chiesto aiuto a ${contributions.name}`, 'Che modello serve?'],
      [`Ha risposto a ${paola.name}`, 'Il modello E 205.'],
      [`Ha chiesto aiuto a ${marco.name}`, 'Che modello serve?'],
      [`Ha ritirato la domanda a ${marco.name}`, null],
    ])
    expect((await refusal(answerColleague(house, marco, { ...again, answer: 'x' }))).code).toBe('cases.asking.over')
  })

  test('who is named in a note is told and reads it; only who may see the ticket can be named', async () => {
    const { house } = await open()
    const ticketId = await sent(house)
    const { items } = await mentionable(house, paola, ticketId)
    const ids = items.map(each => each.id)
    expect(ids).toEqual(expect.arrayContaining([marco.personId, anna.personId, coordinator.personId]))
    for (const each of [paola, milan, administrator]) expect(ids).not.toContain(each.personId)
    const note = (mentions: string[]) => noteTicket(house, paola, { ticketId, text: '@Marco guarda', mentions })
    expect((await refusal(note([milan.personId]))).status).toBe(422)
    await note([marco.personId, anna.personId])
    const [mention] = (await mentionsView(house, marco, { limit: 5 })).items
    expect(mention).toMatchObject({ ticketId, text: '@Marco guarda', byName: paola.name, readAt: null })
    const told = await house.database.kysely
      .selectFrom('event')
      .select('person_id')
      .where('type', '=', 'case.mentioned')
      .execute()
    expect(told.map(each => each.person_id).sort()).toEqual([anna.personId, marco.personId].sort())
    await readMentions(house, marco, { noteIds: [mention?.noteId ?? ''] })
    expect([
      (await mentionsView(house, marco, { limit: 5 })).unread,
      (await mentionsView(house, anna, { limit: 5 })).unread,
    ]).toEqual([0, 1])
  })

  test('a list is narrowed by each of its filters and sorted by age; page after page nothing is twice or missing', async () => {
    const clock = movable()
    const { house } = await open({ clock })
    const old = await sent(house, 'I contributi versati in Germania')
    clock.pass(9 * dayMs)
    const ids = [old]
    for (let n = 0; n < 4; n++) ids.push(await sent(house, 'Perché la pensione è sospesa?'))
    const [, mine = '', asked = ''] = ids
    await claimTicket(house, paola, { ticketId: mine })
    await claimTicket(house, marco, { ticketId: asked })
    await askColleague(house, marco, { ticketId: asked, personId: paola.personId, question: 'x' })
    const found = async (filter: object) =>
      (await ticketList(house, paola, { view: 'all', limit: 30, ...filter })).items.map(each => each.id)
    expect(await found({ words: 'contributo tedesco' })).toEqual([])
    expect(await found({ words: 'contributi germania' })).toEqual([old])
    expect(await found({ due: 'late' })).toEqual([old])
    expect(await found({ state: 'claimed' })).toHaveLength(2)
    expect(await found({ ownerId: paola.personId })).toEqual([mine])
    expect(await found({ waiting: 'colleague' })).toEqual([asked])
    expect(await found({ waiting: 'directorate' })).toEqual([])
    expect(await found({ channel: 'counter', typologyId: 'pensioni' })).toHaveLength(5)
    expect(await found({ channel: 'pec' })).toEqual([])
    expect(await found({ typologyId: 'there-is-none' })).toEqual([])
    expect((await refusal(ticketList(house, paola, { view: 'closed', due: 'late', limit: 5 }))).status).toBe(422)
    for (const filter of [{ order: 'age' as const }, { words: 'pensioni sospese' }, {}]) {
      const seen: string[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await ticketList(house, paola, { view: 'all', cursor, limit: 2, ...filter })
        seen.push(...page.items.map(each => each.id))
        if (page.next === null) break
        cursor = page.next
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toHaveLength('words' in filter ? 4 : 5)
      if ('order' in filter) expect(seen[0]).toBe(old)
    }
  })

  test('lists are kept, counted, ordered, and begun with; those of the section are kept by who coordinates it', async () => {
    const { house } = await open()
    await sent(house)
    const wanted = { view: 'pool' as const, due: 'week' as const }
    const save = (as: PersonActor, name: string, forSection = false) => saveTicketList(house, as, { name, forSection, wanted })
    const [one, two] = [await save(paola, 'Urgenti'), await save(paola, 'Germania')]
    expect((await refusal(save(paola, 'Della sezione', true))).status).toBe(403)
    const atSection = { ...coordinator, unitId: paola.unitId, unitPath: paola.unitPath }
    const shared = await save(atSection, 'Della sezione', true)
    const names = async (as: PersonActor) => (await ticketLists(house, as)).items.map(each => each.name)
    expect(await names(paola)).toEqual(['Urgenti', 'Germania', 'Della sezione'])
    expect(await names(contributions)).toEqual([])
    await changeTicketList(house, paola, { listId: two.id, before: one.id, isDefault: true })
    await changeTicketList(house, paola, { listId: one.id, isDefault: true })
    expect((await ticketLists(house, paola)).items).toMatchObject([
      { name: 'Germania', isDefault: false },
      { name: 'Urgenti', isDefault: true },
      { forSection: true, mayChange: false },
    ])
    expect((await refusal(changeTicketList(house, paola, { listId: two.id, name: 'Urgenti' }))).status).toBe(409)
    expect((await refusal(dropTicketList(house, paola, { listId: shared.id }))).status).toBe(403)
    expect((await refusal(dropTicketList(house, marco, { listId: one.id }))).status).toBe(404)
    await dropTicketList(house, paola, { listId: one.id })
    expect(await names(paola)).toEqual(['Germania', 'Della sezione'])
  })

  test('the board shows who has what, who is away, and proposes what would even it out, which can be accepted and undone', async () => {
    const clock = movable()
    const { house } = await open({ clock })
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.push(await sent(house))
    for (const ticketId of ids.slice(0, 4)) await claimTicket(house, paola, { ticketId })
    expect((await refusal(boardView(house, paola, section))).status).toBe(404)
    expect((await refusal(boardView(house, coordinator, 'cric-lombardia-pensioni'))).status).toBe(404)
    const columns = async () => (await boardView(house, coordinator, section)).columns
    const countOf = async (name: string | null) => (await columns()).find(each => (each.person?.name ?? null) === name)?.count
    expect([await countOf(null), await countOf(paola.name), await countOf(marco.name)]).toEqual([1, 4, 0])

    const { items } = await boardProposals(house, coordinator, section, 'it')
    const toMarco = items.find(each => each.from?.id === paola.personId && each.to.id === marco.personId)
    expect(toMarco?.sentence).toMatch(/^Paola Neri ne ha [34], nessuno in scadenza oggi\. Marco Sala non ha nulla in carico\./)
    const moved = await move(house, coordinator, [toMarco?.ticketId ?? ''], marco.personId, toMarco?.version)
    expect([await countOf(paola.name), await countOf(marco.name)]).toEqual([3, 1])
    await undoMoves(house, coordinator, { moveIds: moved.done.map(each => each.moveId) }, 'it')
    expect([await countOf(paola.name), await countOf(marco.name)]).toEqual([4, 0])

    const day = dayAt('Europe/Rome', clock.now())
    await enterAbsence(house, marco, { personId: marco.personId, from: day, until: day, kind: 'training' })
    expect((await columns()).find(each => each.person?.id === marco.personId)?.absentUntil).toBe(day)
    const others = (await boardProposals(house, coordinator, section, 'it')).items
    expect(others.map(each => each.to.id)).not.toContain(marco.personId)
    // Who is no member of the section is shown with what they have of it.
    await releaseTicket(house, paola, { ticketId: ids[0] ?? '' })
    await move(house, coordinator, [ids[0] ?? ''], contributions.personId)
    expect((await columns()).find(each => each.person?.id === contributions.personId)).toMatchObject({
      isMember: false,
      count: 1,
    })
  })
})
