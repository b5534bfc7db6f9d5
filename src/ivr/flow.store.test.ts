/** The flow as data on both databases: drafted, checked, published, rolled back, and by two people at once. */
import { expect, test } from 'vitest'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import type { Actor, House } from '../platform/index.ts'
import { Flow, type FlowInput, flowInForce, flowVersion } from './index.ts'
import { beginDraft, discardDraft, flowLines, flowOf, flowOverview, publishDraft, restoreFlow, saveFlowDraft } from './service.ts'

const { headquarters, administrator } = staff

const flow = (after: string, section = 'ccm-centralino'): Flow =>
  Flow.parse({
    id: 'main',
    name: 'Prova',
    languages: ['it'],
    start: 'menu',
    nodes: {
      menu: {
        type: 'menu',
        text: { it: 'Prema 0.' },
        wrongKey: { it: 'No.' },
        silence: { it: 'Allora?' },
        choices: { '0': { label: { it: 'Operatore' }, next: 'operator' } },
        after,
      },
      operator: { type: 'operator', section },
    },
  } satisfies FlowInput)

const inForce = async (house: House) => (await flowInForce(house.database.kysely))?.version ?? 0
const draftOf = async (house: House) => (await flowOverview(house.database.kysely, 'it')).draft
const journal = async (house: House) =>
  (await house.database.kysely.selectFrom('event').select(['type', 'payload']).orderBy('id').execute()).map(
    ({ type, payload }) => `${type} ${payload.version}`,
  )

onOneSession(open => {
  test('a flow is drafted, checked and put in force; the one before stays for the calls that are in it', async () => {
    const { house } = await open()
    const db = house.database.kysely
    const before = await flowInForce(db)
    expect(before?.flow.start).toBe('welcome')

    const { number } = await beginDraft(house, headquarters, {})
    expect(await draftOf(house)).toMatchObject({ number, copyOf: before?.version, version: 1, flow: before?.flow, findings: [] })
    expect(await inForce(house)).toBe(before?.version)

    await saveFlowDraft(house, headquarters, { version: 1, flow: flow('menu') })
    const circle = await draftOf(house)
    expect(circle?.findings).toMatchObject([
      { code: 'loop', severity: 'error', node: 'menu', sentence: expect.stringContaining('senza fine') },
    ])
    await expect(publishDraft(house, headquarters, { version: 2, note: '' })).rejects.toMatchObject({
      code: 'ivr.flowNotFit',
      status: 422,
    })
    // Sections are those that there are.
    await saveFlowDraft(house, administrator, { version: 2, flow: flow('operator', 'ccm-luna') })
    await expect(publishDraft(house, headquarters, { version: 3, note: '' })).rejects.toMatchObject({
      code: 'ivr.flowNotFit',
      values: { findings: expect.stringContaining('ccm-luna') },
    })
    expect(await inForce(house)).toBe(before?.version)

    await saveFlowDraft(house, headquarters, { version: 3, flow: flow('operator') })
    await publishDraft(house, headquarters, { version: 4, note: 'Più corto' })
    expect(await flowInForce(db)).toMatchObject({ version: number, flow: { start: 'menu' } })
    expect(await flowVersion(db, 'main', before?.version ?? 0)).toEqual(before)
    expect(await draftOf(house)).toBeNull()
    expect(await flowLines(db, 10)).toMatchObject([
      { number, status: 'published', note: 'Più corto', changedBy: 'Nora Villa', publishedBy: 'Nora Villa' },
      { number: before?.version, status: 'superseded', publishedBy: null },
    ])
    expect(await journal(house)).toEqual([
      ...['flow.drafted 2', 'flow.drafted 2', 'flow.drafted 2', 'flow.drafted 2'],
      'flow.published 2',
    ])
  })

  test('there is one draft; whoever saves or publishes on top of somebody else is told so, and changes nothing', async () => {
    const { house } = await open()
    await beginDraft(house, headquarters, {})
    await expect(beginDraft(house, administrator, {})).rejects.toMatchObject({
      code: 'ivr.draftThere',
      status: 409,
      values: { by: 'Nora Villa' },
    })
    await saveFlowDraft(house, headquarters, { version: 1, flow: flow('operator') })
    const late = { code: 'platform.changedMeanwhile', status: 412 }
    await expect(saveFlowDraft(house, administrator, { version: 1, flow: flow('menu') })).rejects.toMatchObject(late)
    await expect(publishDraft(house, administrator, { version: 1, note: '' })).rejects.toMatchObject(late)
    await expect(discardDraft(house, administrator, { version: 1 })).rejects.toMatchObject(late)
    expect((await draftOf(house))?.flow).toEqual(flow('operator'))

    await discardDraft(house, administrator, { version: 2 })
    await expect(saveFlowDraft(house, headquarters, { version: 2, flow: flow('operator') })).rejects.toMatchObject({
      code: 'ivr.noDraft',
      status: 404,
    })
    // What was put away can be taken up again.
    const { number } = await beginDraft(house, headquarters, { from: 2 })
    expect(await draftOf(house)).toMatchObject({ number, copyOf: 2, flow: flow('operator') })
  })

  test('one goes back to an earlier version by a new one, and a draft that is open stays as it is', async () => {
    const { house } = await open()
    const db = house.database.kysely
    const first = await inForce(house)
    await beginDraft(house, headquarters, {})
    await saveFlowDraft(house, headquarters, { version: 1, flow: flow('operator') })
    await publishDraft(house, headquarters, { version: 2, note: '' })
    const second = await inForce(house)
    await beginDraft(house, administrator, {})
    const draft = await draftOf(house)

    await expect(restoreFlow(house, headquarters, { number: first, inForce: first, note: 'x' })).rejects.toMatchObject({
      status: 412,
    })
    await expect(restoreFlow(house, headquarters, { number: second, inForce: second, note: 'x' })).rejects.toMatchObject({
      code: 'ivr.inForceAlready',
    })
    await expect(
      restoreFlow(house, headquarters, { number: draft?.number ?? 0, inForce: second, note: 'x' }),
    ).rejects.toMatchObject({
      code: 'ivr.neverInForce',
    })
    await expect(restoreFlow(house, headquarters, { number: 99, inForce: second, note: 'x' })).rejects.toMatchObject({
      status: 404,
    })

    const { number } = await restoreFlow(house, headquarters, { number: first, inForce: second, note: 'Tasto sbagliato' })
    expect(number).toBeGreaterThan(second)
    expect(await flowInForce(db)).toMatchObject({ version: number, flow: { start: 'welcome' } })
    expect(await flowOf(db, number, 'it')).toMatchObject({ copyOf: first, note: 'Tasto sbagliato', publishedBy: 'Nora Villa' })
    expect(await draftOf(house)).toEqual(draft)
  })

  test('only headquarters and administrators change it', async () => {
    const { house } = await open()
    const others: Actor[] = Object.values(staff).filter(({ role }) => role !== 'headquarters' && role !== 'administrator')
    for (const actor of others)
      for (const attempt of [
        () => beginDraft(house, actor, {}),
        () => saveFlowDraft(house, actor, { version: 1, flow: flow('operator') }),
        () => discardDraft(house, actor, { version: 1 }),
        () => publishDraft(house, actor, { version: 1, note: '' }),
        () => restoreFlow(house, actor, { number: 1, inForce: 1, note: 'no' }),
      ])
        await expect(attempt()).rejects.toMatchObject({ code: 'ivr.onlyKeepers', status: 403 })
    expect(await journal(house)).toEqual([])
  })
})

onPostgres(open => {
  test('two who act at the same moment: one draft, one publication, numbers without a gap', async () => {
    const { house, another } = await open()
    const other = await another()
    const both = async (act: (on: House, actor: Actor) => Promise<unknown>) =>
      (await Promise.allSettled([act(house, headquarters), act(other, administrator)])).map(({ status }) => status).sort()
    for (let round = 0; round < 5; round++) {
      expect(await both((on, actor) => beginDraft(on, actor, {}))).toEqual(['fulfilled', 'rejected'])
      expect(await both((on, actor) => saveFlowDraft(on, actor, { version: 1, flow: flow('operator') }))).toEqual([
        'fulfilled',
        'rejected',
      ])
      expect(await both((on, actor) => publishDraft(on, actor, { version: 2, note: '' }))).toEqual(['fulfilled', 'rejected'])
      const now = await inForce(house)
      expect(await both((on, actor) => restoreFlow(on, actor, { number: 1, inForce: now, note: 'back' }))).toEqual([
        'fulfilled',
        'rejected',
      ])
    }
    const numbers = (await flowLines(house.database.kysely, 100)).map(({ number }) => number)
    expect(numbers).toEqual(Array.from({ length: 11 }, (_, n) => 11 - n))
  })
})
