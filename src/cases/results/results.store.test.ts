/** How cases went for their citizens: resolved at the first contact, come back to, why, and the sums of it; on both databases. */
import { expect, test } from 'vitest'
import { onOneSession } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { createContact } from '../../contacts/index.ts'
import { type House, Refused, virtualClock } from '../../platform/index.ts'
import { interactionView } from '../interactions/views.ts'
import { answerInteraction, openInteraction, sendLinea } from '../interactions.ts'
import type { ResultCasesQuery } from './model.ts'
import { casesBehind, explainRepeat, resultsOf } from './service.ts'
import { sumResults } from './store.ts'

const { anna, luca, supervisor, headquarters } = staff
const day = 86_400_000
const month = '2026-11'

const contact = async (house: House, familyName: string): Promise<string> =>
  (
    await createContact(house, anna, {
      ...{ kind: 'person', givenName: 'Giulia', familyName, businessName: null, fiscalCode: null, birthDate: null },
      ...{ municipalityCode: '058091', language: 'it', phones: [], emails: [], notes: '' },
    })
  ).id

async function answered(
  house: House,
  operator: typeof anna,
  contactId: string,
  typologyId = 'vecchiaia',
  channel: 'counter' | 'web' = 'counter',
) {
  const { id } = await openInteraction(house, operator, { channel, contactId, typologyId })
  const marked = (await interactionView(house, operator, id)).repeats
  await answerInteraction(house, operator, { id, answer: 'Arriva il 30.' })
  return { id, marked }
}

onOneSession(open => {
  test('who comes again within a week of the end makes a second contact: marked at once, asked why once, counted in the month', async () => {
    const clock = virtualClock(Date.UTC(2026, 10, 2, 9))
    const { house } = await open({ clock })
    const db = house.database.kysely
    const [ferri, sala, riva] = [await contact(house, 'Ferri'), await contact(house, 'Sala'), await contact(house, 'Riva')]
    const first = await answered(house, anna, ferri)
    expect(first.marked).toBe(null)
    await answered(house, anna, sala)
    await answered(house, anna, riva)
    clock.advance(3 * day)
    // About something else it is no second contact.
    expect((await answered(house, luca, sala, 'naspi')).marked).toBe(null)
    const again = await answered(house, luca, ferri, 'vecchiaia', 'web')
    const { caseId } = await interactionView(house, anna, first.id)
    expect(again.marked).toMatchObject({ caseId, asks: false })
    expect((await interactionView(house, luca, again.id)).repeats).toMatchObject({ caseId, cause: null, asks: true })
    const explain = (cause: 'unclear' | 'other') => explainRepeat(house, luca, { interactionId: again.id, cause })
    await explain('unclear')
    await expect(explain('other')).rejects.toThrow(Refused)
    expect((await interactionView(house, luca, again.id)).repeats).toMatchObject({ cause: 'unclear', asks: false })
    clock.advance(8 * day)
    // After more than a week it is a new matter.
    expect((await answered(house, luca, riva)).marked).toBe(null)
    const { id } = await openInteraction(house, anna, { channel: 'counter', contactId: sala, typologyId: 'vecchiaia' })
    await sendLinea(house, anna, { id, question: 'E la pensione?', replyTo: { phone: '06 5959 4321' } })

    const figures = () => resultsOf(house, supervisor, { month, by: 'channel' })
    const total = {
      firstContacts: 7,
      resolved: 5,
      closed: 6,
      repeated: 1,
      causes: { unclear: 1, unsolved: 0, 'new-fact': 0, other: 0 },
    }
    const before = await figures()
    expect(before).toMatchObject({ days: 7, total })
    expect(before.rows).toMatchObject([
      { key: 'counter', firstContacts: 6, resolved: 4, closed: 5, repeated: 1 },
      { key: 'web', firstContacts: 1, resolved: 1, closed: 1, repeated: 0 },
    ])
    // Put into the sums, in pieces, they are the same.
    while ((await sumResults(db, 5)) > 0);
    expect(await figures()).toEqual(before)
    expect((await resultsOf(house, headquarters, { month, by: 'typology' })).rows).toMatchObject([
      { key: 'vecchiaia', closed: 5, repeated: 1 },
      { key: 'naspi', closed: 1, repeated: 0 },
    ])
    expect((await resultsOf(house, supervisor, { month: '2026-10', by: 'section' })).total).toMatchObject({ closed: 0 })
    await expect(resultsOf(house, anna, { month, by: 'region' })).rejects.toMatchObject({ status: 403 })

    // Who knows the case is told of the sections that one answers for.
    const asked = (section_id: string) => ({
      month: `${month}-01`,
      section_id,
      medium: 'call' as const,
      asked: 1,
      honoured: 1,
      given_up: 0,
    })
    await db
      .insertInto('continuity_sum')
      .values([asked('ccm-pensioni'), asked('cric-lazio-pensioni')])
      .execute()
    const toldTo = async (actor: typeof anna) =>
      (await resultsOf(house, actor, { month, by: 'section' })).continuity.map(row => row.section.id).toSorted()
    expect(await toldTo(supervisor)).toEqual(['ccm-pensioni'])
    expect(await toldTo(headquarters)).toEqual(['ccm-pensioni', 'cric-lazio-pensioni'])

    const behind = async (query: Omit<ResultCasesQuery, 'month'>) => {
      const items: { id: string }[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await casesBehind(house, supervisor, { month, ...query, cursor, limit: 2 })
        items.push(...page.items)
        if (page.next === null) return items
        cursor = page.next
      }
    }
    expect(await behind({ figure: 'repeated', cause: 'unclear' })).toMatchObject([
      { id: caseId, repeat: { channel: 'web', cause: 'unclear' } },
    ])
    for (const cause of ['other', 'unsaid'] as const) expect(await behind({ figure: 'repeated', cause })).toEqual([])
    for (const [figure, count] of [
      ['first-contacts', 7],
      ['resolved', 5],
      ['closed', 6],
    ] as const)
      expect(new Set((await behind({ figure })).map(each => each.id)).size).toBe(count)
    expect(await behind({ figure: 'closed', by: 'typology', key: 'naspi' })).toHaveLength(1)
  })
})
