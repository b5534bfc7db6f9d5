/**
 * A used database that has moved into another cluster, whose counter of transactions is lower: a citizen whose case is closed calls again, and
 * everything goes its way as if nothing had happened.
 */
import { expect, test } from 'vitest'
import { caseLinked, caseRepeated } from '../src/cases/events.ts'
import { caseHistory } from '../src/cases/history.ts'
import { interactionView } from '../src/cases/interactions/views.ts'
import { answerInteraction, changeInteraction, openInteraction } from '../src/cases/interactions.ts'
import { caseView } from '../src/cases/views.ts'
import { createContact } from '../src/contacts/index.ts'
import { type House, openEra, openPostgres, readConfig, sealJournal, systemClock, verifyJournal } from '../src/platform/index.ts'
import { callConnected } from '../src/telephony/index.ts'
import { closing } from './support/closing.ts'
import { copyOfTemplate, type OpenHouse, onPostgres } from './support/database.ts'
import { openHouse } from './support/house.ts'
import { restoredElsewhere, useNumbers } from './support/move.ts'
import { about } from './support/routing.ts'
import { staff } from './support/staff.ts'
import { says } from './support/telephone-page.ts'
import { atDesk, callIdOf, inLine, program } from './support/telephony.ts'

const from = '+393330000077'
const { anna } = staff

const openAt =
  (url: string): OpenHouse =>
  async ({ clock = systemClock, environment } = {}) => {
    const database = await openPostgres(url, 5)
    const config = readConfig({ ...environment, DATABASE_URL: url, LOG_LEVEL: process.env.TEST_LOG ?? 'silent', SAMPLE: 'yes' })
    const house = await openHouse(database, config, clock)
    closing.push(async () => {
      await house.tail.close()
      await database.close()
    })
    return { house, url, another: () => Promise.reject(new Error('One house is enough.')) }
  }

/** The citizen calls, Anna takes the call, and opens her sheet. */
async function callsAnna({ url, house, journal }: Awaited<ReturnType<typeof program>>) {
  const desk = await atDesk(url, anna)
  await desk.available()
  const caller = await inLine(url, from)
  const callId = await callIdOf(caller)
  const ring = await desk.page.until(says('ring', { callId }))
  const card = await desk.card()
  desk.page.send({ type: 'answer', leg: ring.leg })
  await caller.until(says('connect'))
  await journal.until(about(callId, callConnected.type))
  const { id } = await openInteraction(house, anna, { callId })
  return {
    callId,
    card,
    interactionId: id,
    async hangsUp() {
      caller.close()
      await journal.until(about(callId, 'call.ended'))
    },
  }
}

const notedBy = (house: House, id: string, contactId: string) =>
  changeInteraction(house, anna, {
    id,
    version: 1,
    change: { contactId, typologyId: 'vecchiaia', question: 'Quando arriva il cedolino?' },
  })

onPostgres(() => {
  test('who has a closed case calls again: recognised, distributed, noted in a case of its own, and the journal is sound', async () => {
    const url = await copyOfTemplate()
    const here = await program(openAt(url))
    const contact = await createContact(here.house, anna, {
      ...{ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', businessName: null, fiscalCode: null, birthDate: null },
      ...{ municipalityCode: null, language: 'it', phones: [from], emails: [], notes: '' },
    })
    const first = await callsAnna(here)
    await notedBy(here.house, first.interactionId, contact.id)
    await answerInteraction(here.house, anna, { id: first.interactionId, answer: 'Il cedolino è pronto.' })
    await first.hangsUp()
    const closed = (await interactionView(here.house, anna, first.interactionId)).caseId ?? ''
    const before = await caseHistory(here.house, anna, closed, { limit: 100 }, 'it')
    expect(await caseView(here.house, anna, closed)).toMatchObject({ status: 'closed' })
    await openEra(here.house.database)
    await sealJournal(here.house.database, 0)
    await here.house.database.script(useNumbers(20_000))

    const there = await restoredElsewhere(url)
    const open = openAt(there)
    // As the program does at its start.
    const { house } = await open({})
    expect(await openEra(house.database)).toMatchObject({ reason: 'cluster' })
    const moved = await program(open)
    const again = await callsAnna(moved)
    expect(again.card).toMatchObject({ contacts: [{ id: contact.id }], openCases: [] })
    await notedBy(moved.house, again.interactionId, contact.id)
    await answerInteraction(moved.house, anna, { id: again.interactionId, answer: 'Arriva il primo del mese.' })
    await again.hangsUp()
    const { caseId, state } = await interactionView(moved.house, anna, again.interactionId)
    expect([state, caseId === closed]).toEqual(['answered', false])
    // What was there is there; that the citizen came again within the week, and the case that follows, stand beside it.
    const told: string[] = [caseRepeated.type, caseLinked.type]
    const isNew = ({ type }: { type: string }) => told.includes(type)
    const after = await caseHistory(moved.house, anna, closed, { limit: 100 }, 'it')
    expect({ ...after, items: after.items.filter(each => !isNew(each)) }).toEqual(before)
    expect(
      after.items
        .filter(isNew)
        .map(each => each.type)
        .toSorted(),
    ).toEqual(told.toSorted())
    const following = await caseHistory(moved.house, anna, caseId ?? '', { limit: 100 }, 'it')
    expect(following.items.filter(each => !isNew(each)).map(each => each.type)).toEqual(before.items.map(each => each.type))
    expect(following.items.filter(isNew).map(each => each.type)).toEqual([caseLinked.type])
    await sealJournal(moved.house.database, 60_000)
    expect(await verifyJournal(moved.house.database)).toMatchObject({ sound: true })
  })
})
