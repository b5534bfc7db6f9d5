/** Prevention on both databases: planned, taken on step by step and undone; materials; the register; lists; tickets before and after. */
import { expect, test } from 'vitest'
import { eachDatabase } from '../../test/support/database.ts'
import { refusalCode } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { openInteraction, sendLinea } from '../cases/interactions.ts'
import { createContact, NewContact } from '../contacts/index.ts'
import { addDays, dayAt, type House, instantOf } from '../platform/index.ts'
import { addAddressee, addresseeList, changeAddressee } from './addressees.ts'
import { addMaterial, removeMaterial, restoreMaterial } from './materials.ts'
import { NewActivity, NewAddressee } from './model.ts'
import { changeActivity, planActivity, stepActivity, undoActivityStep } from './service.ts'
import { activityEffect, activityHistory, activityList, activityView } from './views.ts'

const { anna, itLazio, itLombardia } = staff
const page = { limit: 30 }
const training = { kind: 'training' as const, title: 'Formazione ai patronati', aim: 'Meno flussi scartati.' }

const plan = async (house: House, more: Partial<NewActivity> = {}): Promise<string> => {
  const input = NewActivity.parse({ ...training, firstDay: '2030-01-07', lastDay: '2030-01-08', ...more })
  return (await planActivity(house, itLazio, input)).activityId
}

eachDatabase(open => {
  test('an activity goes its way, step by step and back; a request for work must be assessed before it is planned', async () => {
    const { house } = await open()
    const view = (activityId: string, actor = itLazio) => activityView(house, actor, activityId, 'it')
    const { addresseeId } = await addAddressee(house, itLazio, NewAddressee.parse({ name: 'CAF Esempio', kind: 'intermediary' }))
    const activityId = await plan(house, {
      ...{ addresseeIds: [addresseeId], personIds: [itLazio.personId], typologyIds: ['uniemens-tecnico'], regionCode: '12' },
    })
    expect(await view(activityId)).toMatchObject({
      ...{ state: 'planned', addressees: [{ name: 'CAF Esempio' }], people: [{ name: itLazio.name }], region: 'Lazio' },
      ...{ steps: ['done', 'cancelled'], undo: false, change: { allowed: true }, firstDay: '2030-01-07' },
    })
    expect(await view(activityId, itLombardia)).toMatchObject({ steps: [], change: { allowed: false } })

    const step = (version: number, to: 'assessed' | 'planned' | 'done' | 'refused' | 'cancelled', text = '', id = activityId) =>
      stepActivity(house, itLazio, { activityId: id, version, to, text, participants: null })
    expect(await refusalCode(step(1, 'cancelled'))).toBe('prevention.textNeeded')
    await step(1, 'cancelled', 'La sala non c’è.')
    expect(await view(activityId)).toMatchObject({ state: 'cancelled', reason: 'La sala non c’è.', undo: true, steps: [] })
    const change = { activityId, version: 2, change: { title: 'Un altro titolo' } }
    expect(await refusalCode(changeActivity(house, itLazio, change))).toBe('prevention.over')
    await undoActivityStep(house, itLazio, { activityId, version: 2 })
    expect(await view(activityId)).toMatchObject({ state: 'planned', reason: '', undo: false })
    expect(await refusalCode(undoActivityStep(house, itLazio, { activityId, version: 3 }))).toBe('prevention.nothingToUndo')
    expect(await refusalCode(changeActivity(house, itLombardia, { ...change, version: 3 }))).toBe('prevention.otherGroup')
    await changeActivity(house, itLazio, { ...change, version: 3 })
    expect(await refusalCode(step(3, 'done', 'Bene.'))).toBe('platform.changedMeanwhile')
    await stepActivity(house, itLazio, { activityId, version: 4, to: 'done', text: 'Buona presenza.', participants: 31 })
    await changeActivity(house, itLazio, { activityId, version: 5, change: { participants: 32 } })
    expect(await view(activityId)).toMatchObject({ state: 'done', participants: 32, outcome: 'Buona presenza.' })

    const asked = await plan(house, { kind: 'infrastructure', title: 'Più banda alla porta', firstDay: null, lastDay: null })
    expect(await view(asked)).toMatchObject({ state: 'asked', steps: ['assessed', 'refused', 'cancelled'] })
    expect(await refusalCode(step(1, 'planned', '', asked))).toBe('prevention.noSuchStep')
    await step(1, 'assessed', 'Serve un secondo nodo.', asked)
    expect(await refusalCode(step(2, 'planned', '', asked))).toBe('prevention.daysNeeded')
    await changeActivity(house, itLazio, {
      ...{ activityId: asked, version: 2, change: { firstDay: '2030-02-01', lastDay: '2030-02-03' } },
    })
    await step(3, 'planned', '', asked)
    expect(await refusalCode(plan(house, { firstDay: null, lastDay: null }))).toBe('prevention.daysNeeded')
    expect(await refusalCode(plan(house, { firstDay: '2030-02-03', lastDay: '2030-02-01' }))).toBe('prevention.daysTurned')
    expect(await refusalCode(plan(house, { personIds: [anna.personId] }))).toBe('prevention.personUnknown')
    expect(await refusalCode(planActivity(house, anna, NewActivity.parse(training)))).toBe('prevention.onlyKeepers')
    const history = await activityHistory(house, asked, page, 'it')
    expect(history.items.map(({ what, text }) => [what, text])).toEqual([
      ...[
        ['In programma', ''],
        ['Dati cambiati', ''],
      ],
      ...[
        ['Richiesta valutata', 'Serve un secondo nodo.'],
        ['Lavoro richiesto', ''],
      ],
    ])

    // Materials, taken away and put back.
    const { materialId } = await addMaterial(house, itLazio, { activityId, name: 'guida.txt', bytes: Buffer.from('guida') })
    await removeMaterial(house, itLazio, { activityId, materialId })
    expect((await view(activityId)).materials).toEqual([])
    await restoreMaterial(house, itLazio, { activityId, materialId })
    expect((await view(activityId)).materials).toMatchObject([{ name: 'guida.txt', sizeBytes: 5, byName: itLazio.name }])
    expect(await refusalCode(removeMaterial(house, itLombardia, { activityId, materialId }))).toBe('prevention.otherGroup')

    // The register: whoever is retired is named by what was held, and chosen no more.
    const retire = { addresseeId, version: 1, change: { retired: true } }
    await changeAddressee(house, itLazio, retire)
    expect(await refusalCode(changeAddressee(house, itLazio, retire))).toBe('platform.changedMeanwhile')
    expect(await refusalCode(plan(house, { addresseeIds: [addresseeId] }))).toBe('prevention.addresseeUnknown')
    await changeActivity(house, itLazio, { activityId, version: 6, change: { addresseeIds: [addresseeId] } })
    const twice = NewAddressee.parse({ name: 'caf esempio', kind: 'association' })
    expect(await refusalCode(addAddressee(house, itLazio, twice))).toBe('prevention.addresseeThere')
    await addAddressee(house, itLazio, { ...twice, regionCode: '12' })
    const first = await addresseeList(house, { limit: 1 })
    const second = await addresseeList(house, { limit: 1, cursor: first.next ?? '' })
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['CAF Esempio', 'caf esempio'])
    expect((await addresseeList(house, { ...page, q: 'sempi ca' })).items).toHaveLength(2)

    // Lists: by day, those without one last; what is over the other way round; page by page, by words and filters.
    const undated = await plan(house, { kind: 'infrastructure', title: 'Nuovo server', firstDay: null, lastDay: null })
    const early = await plan(house, { title: 'Presentazione alle scuole', firstDay: '2029-12-01', lastDay: '2029-12-01' })
    const ids = async (query: Partial<Parameters<typeof activityList>[1]>): Promise<string[]> => {
      const found = await activityList(house, { view: 'ahead', limit: 2, ...query })
      const rest: string[] = found.next === null ? [] : await ids({ ...query, cursor: found.next })
      return [...found.items.map(({ id }) => id), ...rest]
    }
    expect(await ids({})).toEqual([early, asked, undated])
    expect(await ids({ view: 'over' })).toEqual([activityId])
    expect(await ids({ q: 'SCUOLE presentaz' })).toEqual([early])
    expect(await ids({ kind: 'infrastructure' })).toEqual([asked, undated])
    expect(await ids({ view: 'over', addresseeId, regionCode: '12' })).toEqual([activityId])
    expect(await ids({ view: 'over', regionCode: '03' })).toEqual([])
  })

  test('tickets of its typologies and territory are counted before and after', async () => {
    const { house } = await open()
    const { TIME_ZONE: timeZone } = house.config
    const today = dayAt(timeZone, house.clock.now())
    const held = addDays(today, -20)
    const card = NewContact.parse({ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091' })
    const { id: contactId } = await createContact(house, anna, card)
    const ticket = async (typologyId: string, day: string, minutes = 600) => {
      const { id } = await openInteraction(house, anna, { channel: 'counter' })
      const asked = { question: 'Il flusso è scartato.', replyTo: { email: 'g.ferri@example.org' } }
      const { ticketId } = await sendLinea(house, anna, { id, contactId, typologyId, ...asked })
      const { case_id } = await house.database.kysely
        .selectFrom('ticket')
        .select('case_id')
        .where('id', '=', ticketId)
        .executeTakeFirstOrThrow()
      const opened_at = new Date(instantOf(timeZone, day, minutes))
      await house.database.kysely.updateTable('case').set({ opened_at }).where('id', '=', case_id).execute()
    }
    const activityId = await plan(house, {
      ...{ typologyIds: ['uniemens-tecnico'], regionCode: '12', firstDay: held, lastDay: held },
    })
    expect(await activityEffect(house, activityId, {})).toMatchObject({ verdict: 'not-held' })
    await stepActivity(house, itLazio, { activityId, version: 1, to: 'done', text: 'Svolta.', participants: 12 })
    for (const n of [1, 2, 3, 14]) await ticket('uniemens-tecnico', addDays(held, -n))
    // Just before and just after midnight in the office's zone.
    await ticket('uniemens-tecnico', addDays(held, 1), 0)
    await ticket('uniemens-tecnico', held, 1_439)
    await ticket('uniemens-tecnico', addDays(held, -15), 1_439)
    await ticket('pin', addDays(held, -1))
    const effect = await activityEffect(house, activityId, {})
    expect(effect).toMatchObject({ verdict: 'not-proved', weeks: 2, elsewhere: null })
    // As many as are left where a holiday takes a day away from both sides.
    expect(effect.before?.tickets).toBeGreaterThanOrEqual(4 - effect.daysLeftOut)
    expect(effect.before?.tickets).toBeLessThanOrEqual(4)
    expect(effect.after?.tickets).toBeLessThanOrEqual(1)
    const elsewhere = await plan(house, { typologyIds: ['uniemens-tecnico'], regionCode: '03', firstDay: held, lastDay: held })
    await stepActivity(house, itLazio, { activityId: elsewhere, version: 1, to: 'done', text: 'Svolta.', participants: 12 })
    expect(await activityEffect(house, elsewhere, {})).toMatchObject({ before: { tickets: 0 }, after: { tickets: 0 } })
    const unrelated = await plan(house, { firstDay: held, lastDay: held })
    await stepActivity(house, itLazio, { activityId: unrelated, version: 1, to: 'done', text: 'Svolta.', participants: 12 })
    expect(await activityEffect(house, unrelated, {})).toMatchObject({ verdict: 'no-typologies' })
  })
})
