/** Cases are found by their words, in any form, and by what they are; each reader finds those of the own territory, page by page, and takes them away as a file. */
import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { eachDatabase, type OpenHouse } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { createContact, NewContact } from '../../contacts/index.ts'
import type { House, PersonActor } from '../../platform/index.ts'
import { answerInteraction, openInteraction, sendLinea } from '../interactions.ts'
import { claimTicket, noteTicket } from '../tickets.ts'
import { sendExport } from './export.ts'
import { listCases } from './finding.ts'
import { indexOldCases } from './index-old-cases.ts'
import { dropFollowUp, dropList, savedLists, saveList, setFollowUp } from './keeping.ts'
import type { CaseFilter } from './model.ts'

const { anna, paola, milan, headquarters, switchboard, coordinator, agency } = staff

async function contactOf(house: House, familyName: string): Promise<string> {
  const card = NewContact.parse({ kind: 'person', familyName, municipalityCode: '058091', phones: ['06 5959 4321'] })
  return (await createContact(house, anna, card)).id
}

async function answered(house: House, contactId: string, question: string, answer: string): Promise<string> {
  const { id } = await openInteraction(house, anna, { channel: 'counter', contactId, typologyId: 'vecchiaia', question })
  await answerInteraction(house, anna, { id, answer })
  return id
}

async function sent(house: House, contactId: string, question: string, typologyId = 'vecchiaia') {
  const { id } = await openInteraction(house, anna, { channel: 'telephone' })
  return sendLinea(house, anna, { id, contactId, typologyId, question, replyTo: { email: 'giulia.ferri@example.org' } })
}

const titles = async (house: House, actor: PersonActor, filter: CaseFilter = {}) =>
  (await listCases(house, actor, { ...filter, limit: 30 })).items

const found = async (house: House, actor: PersonActor, filter: CaseFilter = {}) => (await titles(house, actor, filter)).length

eachDatabase((open: OpenHouse) => {
  test('by words in any form, with the rights of the reader in the same question', async () => {
    const { house } = await open()
    const ferri = await contactOf(house, 'Ferri')
    await answered(
      house,
      ferri,
      'Perché la pensione d’invalidità della città è sospesa?',
      'Mancava il protocollo INPS.4000.12/05-77.',
    )
    const { ticketId } = await sent(house, ferri, 'I contributi versati in Germania non risultano')
    await claimTicket(house, paola, { ticketId })
    await noteTicket(house, paola, { ticketId, text: 'Sentito il patronato per l’estratto conto' })

    for (const q of [
      'pensioni sospese',
      'invalidita',
      'INVALIDITÀ citta',
      'perche sospeso',
      'l’invalidità',
      'INPS.4000.12/05-77',
      '4000 77',
    ])
      expect(await found(house, anna, { q }), q).toBe(1)
    for (const q of ['sospesa Germania', 'bicicletta']) expect(await found(house, anna, { q }), q).toBe(0)
    await expect(listCases(house, anna, { q: 'perché è già così', limit: 5 })).rejects.toMatchObject({
      code: 'cases.wordsSayNothing',
    })

    // The note belongs to the case, for whoever sees the case, and for nobody else.
    expect(await found(house, paola, { q: 'patronati' })).toBe(1)
    expect(await found(house, coordinator, { q: 'patronati' })).toBe(1)
    expect(await found(house, headquarters, { q: 'patronati' })).toBe(1)
    for (const stranger of [milan, switchboard, agency]) expect(await found(house, stranger, { q: 'patronati' })).toBe(0)
    const [hit] = await titles(house, paola, { q: 'patronati estratto' })
    expect(hit?.excerpt?.marks.map(({ from, to }) => hit.excerpt?.text.slice(from, to))).toEqual(['patronato', 'estratto'])
    expect(hit).toMatchObject({ standing: 'claimed', holder: paola.name, contact: { name: 'Ferri' }, channel: 'telephone' })
    expect(await found(house, anna, { q: hit?.code ?? '' })).toBe(1)
  })

  test('by what they are, and what changes is found as it is then', async () => {
    const { house } = await open()
    const ferri = await contactOf(house, 'Ferri')
    await answered(house, ferri, 'Quanto prendo?', 'Il calcolo è nel cedolino.')
    const { ticketId, caseId } = await sent(house, ferri, 'I contributi versati in Germania non risultano')
    expect(await found(house, paola, { standing: 'pool' })).toBe(1)
    await claimTicket(house, paola, { ticketId })
    expect([await found(house, paola, { standing: 'pool' }), await found(house, paola, { standing: 'claimed' })]).toEqual([0, 1])
    expect([await found(house, anna, { standing: 'open' }), await found(house, anna, { standing: 'closed' })]).toEqual([1, 1])
    expect(await found(house, anna, { channel: 'counter' })).toBe(1)
    expect(await found(house, anna, { typologyId: 'vecchiaia' })).toBe(2)
    expect(await found(house, anna, { typologyId: 'pensioni' })).toBe(2)
    expect(await found(house, anna, { typologyId: 'there-is-none' })).toBe(0)
    expect(await found(house, headquarters, { unitId: 'cric-lazio' })).toBe(1)
    expect(await found(house, milan, { unitId: 'cric-lazio' })).toBe(0)
    const today = new Date(house.clock.now()).toISOString().slice(0, 10)
    expect([await found(house, anna, { from: today }), await found(house, anna, { until: '2020-01-01' })]).toEqual([2, 0])
    expect(await found(house, anna, { olderThanDays: 1 })).toBe(0)

    await setFollowUp(house, anna, { caseId, day: '2030-01-14', note: 'Richiamare' })
    expect((await titles(house, anna, { followUps: true })).map(each => each.followUp)).toEqual([
      { day: '2030-01-14', note: 'Richiamare' },
    ])
    expect(await found(house, paola, { followUps: true })).toBe(0)
    await expect(setFollowUp(house, milan, { caseId, day: '2030-01-14', note: '' })).rejects.toMatchObject({ status: 404 })
    await dropFollowUp(house, anna, { caseId })
    expect(await found(house, anna, { followUps: true })).toBe(0)

    const { id } = await saveList(house, anna, { name: 'Aperte', filter: { standing: 'open', followUps: true } })
    await saveList(house, anna, { name: 'Aperte', filter: { standing: 'open' } })
    expect(await savedLists(house, anna)).toEqual([{ id, name: 'Aperte', filter: { standing: 'open' } }])
    await expect(dropList(house, paola, { listId: id })).rejects.toMatchObject({ status: 404 })
    await dropList(house, anna, { listId: id })
    expect(await savedLists(house, anna)).toEqual([])
  })

  test('page by page in both directions, as a file whole and without formulas, and those of before the index too', async () => {
    const { house } = await open()
    const ferri = await contactOf(house, '=cmd|calc')
    for (let n = 0; n < 7; n++) await sent(house, ferri, `Domanda numero ${n} sul riscatto`)
    for (const order of ['newest', 'oldest'] as const)
      for (const q of ['riscatti', undefined]) {
        const seen: string[] = []
        for (let cursor: string | undefined; ; ) {
          const page = await listCases(house, paola, { q, order, cursor, limit: 3 })
          seen.push(...page.items.map(each => each.openedAt))
          if (page.next === null) break
          cursor = page.next
        }
        expect(seen).toHaveLength(7)
        expect(seen).toEqual(order === 'newest' ? seen.toSorted().toReversed() : seen.toSorted())
      }

    const file = async (format: 'csv' | 'ods') => {
      const reply = { type: () => reply, header: () => reply }
      const stream = await sendExport(
        house,
        coordinator,
        { columns: 'contact,code' },
        { format, reply: reply as never, language: 'it' },
      )
      return Buffer.concat(await stream.toArray())
    }
    const csv = (await file('csv')).toString()
    expect(csv.split('\r\n')).toHaveLength(9)
    expect(csv).toMatch(/^\uFEFFCodice;Persona\r\n\d{3} \d{3} \d{4};'=cmd\|calc\r\n/)
    const ods = unzipSync(await file('ods'))
    expect(Object.keys(ods)).toEqual(['mimetype', 'META-INF/manifest.xml', 'content.xml'])
    const content = strFromU8(ods['content.xml'] ?? new Uint8Array())
    expect(content.match(/<table:table-row>/g)).toHaveLength(8)
    expect(content).toContain('<text:p>=cmd|calc</text:p>')

    await house.database.script(
      "delete from case_index; insert into case_index_fill values ('00000000-0000-0000-0000-000000000000')",
    )
    expect(await found(house, paola, { q: 'riscatti' })).toBe(0)
    expect([await indexOldCases(house, 4), await indexOldCases(house, 4), await indexOldCases(house, 4)]).toEqual([4, 3, 0])
    expect(await found(house, paola, { q: 'riscatti' })).toBe(7)
  })
})
