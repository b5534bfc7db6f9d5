/** Cases that belong together, on both databases: linked, joined, split, each undone, and what everybody sees of it. */
import { expect, test, vi } from 'vitest'
import { onOneSession } from '../../../test/support/database.ts'
import { outcomesOf, refusalLine } from '../../../test/support/refusal.ts'
import { staff } from '../../../test/support/staff.ts'
import { mailQueued } from '../../channels/events.ts'
import { createContact } from '../../contacts/index.ts'
import { audience } from '../../identity/index.ts'
import { openFanOut } from '../../platform/http/fan-out.ts'
import { type House, inTransaction, type PersonActor, system, virtualClock } from '../../platform/index.ts'
import { answerTicket } from '../answers.ts'
import { listCases } from '../finding/finding.ts'
import { caseHistory } from '../history.ts'
import { answerInteraction, changeInteraction, openInteraction, sendLinea } from '../interactions.ts'
import { receiveMail } from '../mails/mails.ts'
import { search } from '../search.ts'
import { ticketView } from '../tickets/views.ts'
import { claimTicket, handOverTicket, noteTicket } from '../tickets.ts'
import { casesOfContact, caseView } from '../views.ts'
import { toldElsewhere } from './live.ts'
import { linkCase, splitInteraction, undoLink } from './service.ts'
import { linksView, proposedCases } from './views.ts'

const { anna, luca, paola, marco, milan, agency, headquarters, director, contributions } = staff
const why = 'La stessa domanda, chiesta due volte.'

const contact = async (house: House, familyName = 'Ferri') =>
  (
    await createContact(house, anna, {
      ...{ kind: 'person', givenName: 'Giulia', familyName, businessName: null, fiscalCode: null, birthDate: null },
      ...{ municipalityCode: '058091', language: 'it', phones: [], emails: [], notes: '' },
    })
  ).id

async function linea(house: House, contactId: string, typologyId = 'vecchiaia', operator: PersonActor = anna) {
  const { id } = await openInteraction(house, operator, { channel: 'counter', contactId, typologyId })
  return sendLinea(house, operator, { id, question: 'E la pensione?', replyTo: { phone: '06 5959 4321' } })
}

async function answered(house: House, contactId: string, caseId?: string) {
  const { id } = await openInteraction(house, luca, { channel: 'counter', contactId, typologyId: 'vecchiaia' })
  if (caseId !== undefined) await changeInteraction(house, luca, { id, version: 1, change: { caseId } })
  await answerInteraction(house, luca, { id, answer: 'Arriva il 30.' })
  return id
}

const codeOf = async (house: House, id: string) => (await caseView(house, headquarters, id)).code
const join = async (house: House, actor: PersonActor, caseId: string, into: string) =>
  linkCase(house, actor, { caseId, kind: 'joined', code: await codeOf(house, into), why })
const told = async (house: House, caseId: string) =>
  (await caseHistory(house, headquarters, caseId, { limit: 100 }, 'it')).items.map(({ type, sentence, text, who }) => ({
    ...{ type, sentence, text, who },
  }))
const unitsOf = async (house: House, caseId: string) =>
  (
    await house.database.kysely.selectFrom('case_unit').select(['unit_path', 'borrowed']).where('case_id', '=', caseId).execute()
  ).map(row => `${row.unit_path}${row.borrowed ? ' lent' : ''}`)
const mailAbout = (house: House, caseId: string) =>
  inTransaction(house, system('test'), work =>
    receiveMail(work, {
      ...{ rawMailId: house.ids(), channel: 'email', unit: { id: anna.unitId, path: anna.unitPath } },
      ...{
        from: { address: 'giulia@example.org', name: '' },
        subject: 'Re: la mia pratica',
        text: 'Grazie',
        receivedAt: work.now,
      },
      caseId,
    }),
  )

onOneSession(open => {
  test('two cases of one matter become one: everything of both, everywhere, from then on; and two again, each with what it had', async () => {
    const clock = virtualClock(Date.UTC(2026, 10, 3, 9))
    const { house } = await open({ clock })
    const person = await contact(house)
    const first = await linea(house, person)
    const second = await linea(house, person, 'naspi')
    await claimTicket(house, paola, { ticketId: first.ticketId })
    const naspi = (await ticketView(house, headquarters, second.ticketId, 'it')).unit.id
    expect(naspi).not.toBe(paola.unitId)
    const before = [await unitsOf(house, first.caseId), await unitsOf(house, second.caseId)]
    // Two hands: said whose they are.
    await expect(join(house, anna, second.caseId, first.caseId)).rejects.toMatchObject({
      ...{ code: 'cases.link.twoHands', status: 409, values: { other: paola.name } },
    })
    // A second case without a question of its own goes in.
    const third = (await caseView(house, anna, (await caseOfInteraction(house, await answered(house, person))) ?? '')).id
    clock.advance(60_000)
    const { linkId, caseId: survivor } = await join(house, anna, third, first.caseId)
    expect(survivor).toBe(first.caseId)
    expect(await refusalLine(join(house, luca, third, first.caseId))).toBe('409 cases.link.joinedAlready')
    expect(await refusalLine(join(house, luca, first.caseId, third))).toBe('409 cases.link.joinedAlready')

    const joined = await caseView(house, anna, first.caseId)
    expect(joined.interactions.map(each => each.state)).toEqual(['linea', 'answered'])
    expect(joined.joinedInto).toBe(null)
    expect((await caseView(house, anna, third)).joinedInto).toMatchObject({ id: first.caseId })
    const entry = {
      type: 'case.joined',
      sentence: expect.stringMatching(/^Unita la pratica [\d ]+ alla pratica [\d ]+: si va avanti in quella$/),
      text: why,
      who: anna.name,
    }
    for (const each of [first.caseId, third])
      expect((await told(house, each)).filter(row => row.type === 'case.joined')).toEqual([entry])
    expect((await told(house, first.caseId)).map(row => row.type)).toContain('interaction.answered')
    // Found by its old number, in no list of what is open, and among those that were joined.
    const code = await codeOf(house, third)
    expect((await search(house, luca, code, 'it'))[0]).toMatchObject({ kind: 'case', id: first.caseId })
    const ids = async (standing: 'open' | 'closed' | 'joined') =>
      (await listCases(house, headquarters, { standing, limit: 50 })).items.map(each => each.id)
    expect(await ids('joined')).toEqual([third])
    expect([...(await ids('open')), ...(await ids('closed'))]).not.toContain(third)
    // The member of the second level sees what the first level has in it, the operator's section what is noted there.
    expect((await caseView(house, paola, third)).id).toBe(third)
    await noteTicket(house, paola, { ticketId: first.ticketId, text: 'Sentito il patronato.' })
    // A reply to the old number, and a conversation about it, arrive at the surviving one.
    const reply = await mailAbout(house, third)
    expect(await caseOfInteraction(house, reply)).toBe(first.caseId)
    const { id: call } = await openInteraction(house, luca, { channel: 'telephone', contactId: person, typologyId: 'vecchiaia' })
    await changeInteraction(house, luca, { id: call, version: 1, change: { caseId: third } })
    expect(await caseOfInteraction(house, call)).toBe(first.caseId)

    // Undone: by who sees both, once.
    expect(await refusalLine(undoLink(house, milan, { caseId: first.caseId, linkId }))).toBe('404 platform.notFound')
    expect(await refusalLine(undoLink(house, director, { caseId: first.caseId, linkId }))).toBe('403 cases.link.notYourTask')
    const twice = [anna, luca].map(each => undoLink(house, each, { caseId: third, linkId }))
    expect(await outcomesOf(twice)).toEqual(['409 cases.link.undoneAlready', 'done'])
    expect((await caseView(house, anna, first.caseId)).interactions).toHaveLength(3)
    expect((await caseView(house, anna, third)).interactions).toHaveLength(1)
    expect([await unitsOf(house, first.caseId), await unitsOf(house, second.caseId)]).toEqual(before)
    expect(await refusalLine(caseView(house, paola, third))).toBe('404 platform.notFound')
    expect((await told(house, first.caseId)).at(-1)).toMatchObject({
      type: 'case.link-undone',
      who: expect.any(String),
      text: why,
    })
    expect(await ids('joined')).toEqual([])
    expect(await ids('closed')).toContain(third)
  })

  test('joined cases with two questions in one hand close with the last of them, open again together, and are parted no more once closed', async () => {
    const { house } = await open()
    const person = await contact(house)
    const first = await linea(house, person)
    const second = await linea(house, person)
    await claimTicket(house, paola, { ticketId: first.ticketId })
    await claimTicket(house, marco, { ticketId: second.ticketId })
    expect(await refusalLine(join(house, paola, second.caseId, first.caseId))).toBe('409 cases.link.twoHands')
    await handOverTicket(house, marco, { ticketId: second.ticketId, personId: paola.personId, note: '' })
    // Two at once: one of them joins.
    const both = [paola, anna].map(each => join(house, each, second.caseId, first.caseId))
    expect(await outcomesOf(both)).toEqual(['409 cases.link.joinedAlready', 'done'])
    expect((await casesOfContact(house, anna, person)).map(each => each.id)).toEqual([first.caseId])
    expect((await ticketView(house, paola, second.ticketId, 'it')).caseId).toBe(first.caseId)
    expect((await caseView(house, anna, first.caseId)).tickets).toHaveLength(2)
    // No third question beside them.
    const { id } = await openInteraction(house, anna, { channel: 'counter', contactId: person, typologyId: 'vecchiaia' })
    await changeInteraction(house, anna, { id, version: 1, change: { caseId: second.caseId } })
    const asks = sendLinea(house, anna, { id, question: 'E adesso?', replyTo: { phone: '06 5959 4321' } })
    expect(await refusalLine(asks)).toBe('409 cases.caseHasTicket')

    await answerTicket(house, paola, { ticketId: second.ticketId, answer: 'Arriva il 30.' })
    expect(await caseView(house, anna, first.caseId)).toMatchObject({ status: 'open' })
    const [link] = await linksView(house, anna, first.caseId, 'it')
    expect(link).toMatchObject({ kind: 'joined', isOurs: false, other: { id: second.caseId }, undo: { allowed: true } })
    await answerTicket(house, paola, { ticketId: first.ticketId, answer: 'Arriva il 30.' })
    expect(await caseView(house, anna, first.caseId)).toMatchObject({ status: 'closed', outcome: 'answered' })
    expect(await caseView(house, anna, second.caseId)).toMatchObject({ status: 'closed' })
    expect((await told(house, first.caseId)).filter(row => row.type === 'case.closed')).toHaveLength(1)
    const [closed] = await linksView(house, anna, second.caseId, 'it')
    expect(closed).toMatchObject({ isOurs: true, undo: { allowed: false, sentence: expect.stringContaining('conclusa') } })
    expect(await refusalLine(undoLink(house, anna, { caseId: second.caseId, linkId: link?.id ?? '' }))).toBe(
      '409 cases.link.closedSince',
    )
  })

  test('the words of a joined case find the one in which one goes on, with what its reader may see, and no longer once they are two again', async () => {
    const { house } = await open()
    const person = await contact(house)
    const first = await linea(house, person)
    const second = await linea(house, person)
    const third = await linea(house, person)
    const found = async (actor: PersonActor, q: string) =>
      (await listCases(house, actor, { q, limit: 10 })).items.map(({ id, excerpt }) => ({
        id,
        marked: excerpt?.marks.map(({ from, to }) => excerpt.text.slice(from, to)),
      }))
    for (const [n, { ticketId }] of [first, second, third].entries()) {
      await claimTicket(house, paola, { ticketId })
      await noteTicket(house, paola, { ticketId, text: `Sentito il patronato ${['di Ancona', 'di Bolzano', 'di Cuneo'][n]}.` })
    }
    const { linkId } = await join(house, paola, second.caseId, first.caseId)
    const { linkId: deeper } = await join(house, paola, first.caseId, third.caseId)
    expect(await found(paola, 'patronati Bolzano')).toEqual(
      [third, second, first].map(({ caseId }) => ({ id: caseId, marked: ['patronato', 'Bolzano'] })),
    )
    // Words of several of them are the words of one.
    expect((await found(paola, 'Ancona Bolzano Cuneo')).map(each => each.id)).toEqual([third.caseId])
    expect(await found(headquarters, await codeOf(house, second.caseId))).toHaveLength(3)
    for (const stranger of [milan, agency]) expect(await found(stranger, 'Bolzano')).toEqual([])
    // What comes to it later, too.
    await noteTicket(house, paola, { ticketId: second.ticketId, text: 'Chiesto a Domodossola.' })
    expect((await found(paola, 'Domodossola')).map(each => each.id)).toContain(third.caseId)

    await undoLink(house, anna, { caseId: first.caseId, linkId: deeper })
    expect((await found(paola, 'Bolzano')).map(each => each.id)).toEqual([second.caseId, first.caseId])
    await undoLink(house, anna, { caseId: first.caseId, linkId })
    for (const q of ['Bolzano', 'Domodossola']) expect((await found(paola, q)).map(each => each.id)).toEqual([second.caseId])
    expect((await found(paola, 'Ancona')).map(each => each.id)).toEqual([first.caseId])

    // Whatever leads to a text: it is shown to who may see its case.
    await join(house, paola, second.caseId, first.caseId)
    await house.database.kysely.deleteFrom('case_unit').where('case_id', '=', second.caseId).execute()
    expect((await found(paola, 'Bolzano')).map(each => each.marked)).toEqual([undefined, []])
    expect((await found(headquarters, 'Bolzano')).map(each => each.marked)).toEqual([['Bolzano'], ['Bolzano']])
  })

  test('what happens to a joined case, and a link from either side, is told at once to who looks at the other one', async () => {
    const { house } = await open()
    const fanOut = openFanOut(house, { ...audience, toldElsewhere })
    const person = await contact(house)
    const first = await linea(house, person)
    const second = await linea(house, person, 'naspi')
    await claimTicket(house, paola, { ticketId: first.ticketId })
    let heard = ''
    const leave = await fanOut.join({
      groups: audience.groupsOf(paola),
      person: paola.personId,
      end: () => {},
      send: text => {
        heard += text.toString()
      },
    })
    const isTold = (type: string) =>
      vi.waitUntil(() =>
        heard.split('\n').some(line => {
          const { types, case: about } = line.startsWith('data:') ? JSON.parse(line.slice(5)) : {}
          return about === first.caseId && types.includes(type)
        }),
      )
    await linkCase(house, anna, { caseId: second.caseId, kind: 'follows', code: await codeOf(house, first.caseId), why })
    await isTold('case.linked')
    const third = (await caseOfInteraction(house, await answered(house, person))) ?? ''
    const { linkId } = await join(house, anna, third, first.caseId)
    await isTold('case.joined')
    // Written for the units that the joined one had itself.
    const mail = { mailId: house.ids(), purpose: 'test' }
    await inTransaction(house, system('test'), work => work.journal(mailQueued, mail, { case: third, units: ['ccm-pensioni'] }))
    await isTold('mail.queued')
    await undoLink(house, anna, { caseId: third, linkId })
    await isTold('case.link-undone')
    heard = ''
    await inTransaction(house, system('test'), work => work.journal(mailQueued, mail, { case: third, units: ['ccm-pensioni'] }))
    await noteTicket(house, paola, { ticketId: first.ticketId, text: 'Sentito il patronato.' })
    await isTold('case.noted')
    expect(heard).not.toContain('mail.queued')
    leave()
    fanOut.close()
  })

  test('cases are linked as often as they have something to do with each other; others of the person are proposed; strangers are not told', async () => {
    const { house } = await open()
    const [person, husband] = [await contact(house), await contact(house, 'Sala')]
    const first = await linea(house, person)
    const second = await linea(house, person, 'naspi')
    const third = await linea(house, person)
    const his = await linea(house, husband)
    const link = async (actor: PersonActor, kind: 'same-matter' | 'follows', id: string, other: string) =>
      linkCase(house, actor, { caseId: id, kind, code: await codeOf(house, other), why })
    expect(await proposedCases(house, anna, first.caseId)).toMatchObject([
      { id: third.caseId, reason: 'same-typology' },
      { id: second.caseId, reason: 'same-person' },
    ])
    const { linkId } = await link(anna, 'follows', second.caseId, first.caseId)
    expect(await refusalLine(link(luca, 'follows', first.caseId, second.caseId))).toBe('409 cases.link.already')
    await link(luca, 'same-matter', first.caseId, his.caseId)
    expect(await refusalLine(join(house, anna, his.caseId, first.caseId))).toBe('422 cases.link.anotherPerson')
    expect(await refusalLine(link(anna, 'follows', first.caseId, first.caseId))).toBe('422 cases.link.itself')
    expect(await refusalLine(linkCase(house, anna, { caseId: first.caseId, kind: 'follows', code: '123', why }))).toBe(
      '422 cases.link.notFound',
    )
    expect(await refusalLine(link(milan, 'follows', first.caseId, second.caseId))).toBe('404 platform.notFound')
    expect(await refusalLine(link(director, 'follows', first.caseId, his.caseId))).toBe('403 cases.link.notYourTask')
    const view = await linksView(house, anna, first.caseId, 'it')
    expect(view).toMatchObject([
      { kind: 'same-matter', isOurs: true, other: { id: his.caseId }, why, byName: luca.name },
      { kind: 'follows', isOurs: false, other: { id: second.caseId }, undo: { allowed: true } },
    ])
    expect((await proposedCases(house, anna, first.caseId)).map(each => each.id)).toEqual([third.caseId])
    expect(await linksView(house, director, first.caseId, 'it')).toMatchObject([{ undo: { allowed: false } }, {}])
    for (const each of [first.caseId, second.caseId])
      expect(
        (await told(house, each)).filter(row => row.type === 'case.linked' && row.sentence.includes('nasce da')),
      ).toHaveLength(1)
    await undoLink(house, luca, { caseId: first.caseId, linkId })
    expect(await linksView(house, anna, second.caseId, 'it')).toEqual([])
    // Once undone it can be said again.
    await link(anna, 'follows', second.caseId, first.caseId)
    expect(await refusalLine(linksView(house, agency, first.caseId, 'it'))).toBe('404 platform.notFound')
    expect(contributions.unitId).not.toBe(paola.unitId)
  })

  test('a conversation becomes a case of its own, closed as it is, and goes back; not when more has come to it since', async () => {
    const { house } = await open()
    const person = await contact(house)
    const first = await linea(house, person)
    const interactionId = await answered(house, person, first.caseId)
    expect(await refusalLine(splitInteraction(house, anna, { interactionId: first.interactionId, why }))).toBe(
      '409 cases.link.madeTheQuestion',
    )
    expect(await refusalLine(splitInteraction(house, director, { interactionId, why }))).toBe('403 cases.link.notYourTask')
    const { linkId, caseId } = await splitInteraction(house, anna, { interactionId, typologyId: 'naspi', why })
    expect(await caseView(house, anna, caseId)).toMatchObject({ status: 'closed', interactions: [{ id: interactionId }] })
    expect((await caseView(house, anna, first.caseId)).interactions).toHaveLength(1)
    expect(await refusalLine(splitInteraction(house, anna, { interactionId, why }))).toBe('409 cases.link.onlyConversation')
    const history = await told(house, caseId)
    expect(history.map(row => row.type)).toEqual(expect.arrayContaining(['interaction.answered', 'case.opened', 'case.split']))
    expect((await told(house, first.caseId)).map(row => row.type)).toContain('case.split')

    await undoLink(house, luca, { caseId: first.caseId, linkId })
    expect((await caseView(house, anna, first.caseId)).interactions).toHaveLength(2)
    // The number that the citizen may have been told leads to where the conversation is.
    expect((await search(house, luca, await codeOf(house, caseId), 'it'))[0]).toMatchObject({ id: first.caseId })

    const again = await splitInteraction(house, anna, { interactionId, why })
    const reply = await mailAbout(house, again.caseId)
    expect(await refusalLine(undoLink(house, anna, { caseId: first.caseId, linkId: again.linkId }))).toBe(
      '409 cases.link.grownSince',
    )
    // What somebody has open is theirs.
    expect(await refusalLine(splitInteraction(house, anna, { interactionId: reply, why }))).toBe('403 cases.policy.mailNotTaken')
  })
})

const caseOfInteraction = async (house: House, id: string) =>
  (await house.database.kysely.selectFrom('interaction').select('case_id').where('id', '=', id).executeTakeFirstOrThrow()).case_id
