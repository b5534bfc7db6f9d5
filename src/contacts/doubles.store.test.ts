/** Cards of one person: proposed, joined by a link, told as one, parted again; with two who join at once, and as many as may be joined. */
import { describe, expect, test } from 'vitest'
import { onOneSession } from '../../test/support/database.ts'
import { refusalLine } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { contactHistory } from '../cases/history.ts'
import { openInteraction, sendLinea } from '../cases/interactions.ts'
import { casesOfContact } from '../cases/views.ts'
import { inTransaction, type PersonActor, Refused, system } from '../platform/index.ts'
import { maxGroup } from './double-store.ts'
import { areSimilarNames, doublesOf, joinContacts, partContacts } from './doubles.ts'
import { contactJoined, contactParted } from './events.ts'
import { checkCharacter } from './fiscal-code.ts'
import { type NewContact, NewContact as NewContactSchema } from './model.ts'
import { createContact, involve } from './service.ts'

const { anna, luca, paola } = staff

const card = (given: Partial<NewContact>): NewContact => NewContactSchema.parse({ kind: 'person', familyName: 'Ferri', ...given })
const withCheck = (code: string): string => code + checkCharacter(code)
const code = withCheck('FRRGLI62P44H501')
/** The same person after omocodia: the last digit became a letter. */
const afterOmocodia = withCheck('FRRGLI62P44H50M')

test('names are similar with a word left out, turned, or one mistake in a word; one word alone says nothing', () => {
  for (const other of ['Giulia Feri', 'FERRI GIULIA', 'Giulia Maria Ferri', 'Giulia Férri', 'Guilia Ferri'])
    expect(areSimilarNames('Giulia Ferri', other), other).toBe(true)
  for (const other of ['Mario Rossi', 'Giulia', 'Giulia Rossi', 'Giulio Neri', ''])
    expect(areSimilarNames('Giulia Ferri', other), other).toBe(false)
})

describe('two cards of one person', () => {
  onOneSession(open => {
    test('are proposed, joined by whoever sees both, have one history, and are parted again', async () => {
      const { house } = await open()
      const phones = ['06 5959 4321']
      const first = await createContact(
        house,
        anna,
        card({ givenName: 'Giulia', fiscalCode: code, phones, municipalityCode: '058091' }),
      )
      const made = async (given: Partial<NewContact>) => (await createContact(house, anna, card(given))).id
      const omocodia = await made({ givenName: 'G.', familyName: 'F.', fiscalCode: afterOmocodia })
      const mistyped = await made({ givenName: 'Giulia', familyName: 'Feri', fiscalCode: withCheck('FRRGLI62P44F205'), phones })
      const sameName = await made({ givenName: 'Giulia' })
      const shop = await made({ kind: 'business', familyName: null, businessName: 'Giulia Ferri', phones })
      const neighbour = await made({ givenName: 'Mario', familyName: 'Rossi', phones })
      const proposed = async (who: PersonActor = anna) =>
        (await doublesOf(house, who, first.id)).proposed.map(each => [each.id, each.reason])
      expect(await proposed()).toEqual([
        [omocodia, 'same-code'],
        [mistyped, 'same-phone-similar-name'],
        [sameName, 'same-name-and-birth'],
        [neighbour, 'same-phone'],
      ])

      const join = (id: string, otherId: string, who: PersonActor = anna) =>
        joinContacts(house, who, { id, input: { otherId, reason: 'stessa voce' } })
      await inTransaction(house, system('test'), work => involve(work, first.id, paola.unitPath))
      expect(await refusalLine(join(first.id, omocodia, paola))).toBe('404 platform.notFound')
      expect(await refusalLine(join(omocodia, first.id, paola))).toBe('404 platform.notFound')
      expect(await refusalLine(join(first.id, shop))).toBe('422 contacts.join.kinds')
      expect(await refusalLine(join(first.id, first.id))).toBe('422 contacts.join.oneself')
      const { linkId } = await join(first.id, omocodia)
      await join(omocodia, mistyped)
      expect(await refusalLine(join(mistyped, first.id))).toBe('409 contacts.join.already')
      expect(await proposed()).toEqual([
        [sameName, 'same-name-and-birth'],
        [neighbour, 'same-phone'],
      ])

      // A matter of one is told of all three, to whoever sees both cards.
      const { id: interactionId } = await openInteraction(house, anna, { channel: 'telephone' })
      const { caseId } = await sendLinea(house, anna, {
        ...{ id: interactionId, contactId: first.id, typologyId: 'vecchiaia', question: 'Una domanda come un’altra' },
        replyTo: { email: 'g@example.org' },
      })
      const cases = async (id: string) => (await casesOfContact(house, luca, id)).map(each => each.id)
      const history = async (id: string) =>
        (await contactHistory(house, luca, id, { limit: 50 }, 'it')).items.map(entry => entry.caseId).includes(caseId)
      for (const id of [first.id, omocodia, mistyped]) expect([await cases(id), await history(id)], id).toEqual([[caseId], true])
      expect([await cases(sameName), await history(sameName)]).toEqual([[], false])
      // The regional centre does not see the other cards, and hears nothing of them.
      expect((await doublesOf(house, paola, first.id)).joined).toEqual([])
      expect(await refusalLine(partContacts(house, paola, { id: first.id, linkId }))).toBe('404 platform.notFound')

      await partContacts(house, luca, { id: omocodia, linkId })
      expect(await cases(first.id)).toEqual([caseId])
      for (const id of [omocodia, mistyped]) expect([await cases(id), await history(id)], id).toEqual([[], false])
      expect((await doublesOf(house, anna, omocodia)).joined).toMatchObject([{ contact: { id: mistyped }, by: anna.name }])
      expect(await refusalLine(partContacts(house, anna, { id: first.id, linkId }))).toBe('404 platform.notFound')
      const told = await house.database.kysely
        .selectFrom('event')
        .select(['type', 'contact_id'])
        .where('type', 'in', [contactJoined.type, contactParted.type])
        .where('contact_id', 'in', [first.id, omocodia])
        .orderBy('id')
        .execute()
      expect(told.map(each => [each.type, each.contact_id === first.id])).toEqual([
        ...[[contactJoined.type, true] as const, [contactJoined.type, false] as const],
        [contactJoined.type, false],
        ...[[contactParted.type, true] as const, [contactParted.type, false] as const].toSorted(),
      ])
    })

    test('are joined once by two who join at once, without a circle, and only so many', async () => {
      const { house } = await open()
      const made = async () => (await createContact(house, anna, card({}))).id
      const [one, two, three] = [await made(), await made(), await made()]
      const join = (id: string, otherId: string, who: PersonActor = anna) =>
        joinContacts(house, who, { id, input: { otherId, reason: '' } })
      const outcomes = async (...joins: Promise<unknown>[]) =>
        (await Promise.allSettled(joins))
          .map(each => (each.status === 'fulfilled' ? 'joined' : each.reason instanceof Refused ? each.reason.code : each.reason))
          .toSorted()
      expect(await outcomes(join(one, two), join(two, one, luca))).toEqual(['contacts.join.already', 'joined'])
      // Whichever comes last would close the circle.
      expect(await outcomes(join(two, three), join(three, one, luca))).toEqual(['contacts.join.already', 'joined'])
      const [link] = (await doublesOf(house, anna, one)).joined
      const undo = () => partContacts(house, anna, { id: one, linkId: link?.linkId ?? '' })
      expect(await outcomes(undo(), undo())).toEqual(['joined', 'platform.notFound'])

      const chain = [await made()]
      while (chain.length < maxGroup) {
        const next = await made()
        await join(chain.at(-1) ?? '', next)
        chain.push(next)
      }
      expect(await refusalLine(join(await made(), chain[0] ?? ''))).toBe('409 contacts.join.tooMany')
      expect(await refusalLine(join(chain[0] ?? '', one))).toBe('409 contacts.join.tooMany')
      expect((await doublesOf(house, anna, chain[0] ?? '')).joined).toHaveLength(maxGroup - 1)
    })
  })
})
