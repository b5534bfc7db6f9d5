/** Steps of calls on their way into the database: together, each for itself all or nothing. */
import { expect, test } from 'vitest'
import { onOneSession } from '../../../test/support/database.ts'
import { beginning, checkEntry, type House, readJournal, system } from '../../platform/index.ts'
import { callEnded, callHeld } from '../events.ts'
import { type CallChange, type CallRow, callById, emptyStates } from '../store.ts'
import { begin } from './life/life.ts'
import { openSaving } from './saving.ts'

const at = new Date(Date.UTC(2026, 10, 23, 9))
const agent = '00000000-0000-7000-8000-000000000001'

/** A call that arrives, as it is written. */
function arrival(house: House, leg: string, from = '+393330000001'): CallChange {
  const context = { office: null, province: null, region: null, callerKnown: true, hour: 10, holiday: false, open: [] }
  const callId = house.ids()
  const to = '+390600000001'
  const { state } = begin(
    {
      notices: [],
      callId,
      leg,
      switch: 'browser',
      from,
      to,
      context,
      arrival: { mode: 'unknown' },
      officeLine: null,
      flow: null,
    },
    at.getTime(),
  )
  const before: CallRow = {
    ...{
      id: callId,
      node: 'test',
      switch: 'browser',
      from,
      to,
      state,
      version: 0,
      seen: [],
      startedAt: at,
      endedAt: null,
    },
    ...{ officeId: null, officeName: null, provinceCode: null, regionCode: null },
  }
  return { before, state, seen: [], now: at, turns: { offered: [], settled: [] }, entries: [held(callId)] }
}

const held = (call: string) =>
  checkEntry({
    type: callHeld,
    payload: { agent },
    subjects: { channel: 'telephone', call },
    actor: system('telephony'),
    at: at.getTime(),
  })

const ended = (call: string) =>
  checkEntry({
    type: callEnded,
    payload: { reason: 'caller' },
    subjects: { channel: 'telephone', call },
    actor: system('telephony'),
    at: at.getTime(),
  })

/** The step that ends a call, from the row as it is. */
const ending = (row: CallRow): CallChange => ({
  ...{ before: row, state: { ...row.state, phase: 'ended' }, seen: [8], now: at },
  ...{ turns: { offered: [], settled: [] }, entries: [ended(row.id)] },
})

async function journalOf(house: House): Promise<string[]> {
  const { entries } = await readJournal(house.database, beginning)
  return entries.map(({ type, subjects }) => `${subjects.call} ${type}`)
}

const rowOf = async (house: House, id: string): Promise<CallRow> => {
  const row = await callById(house.database.kysely, id)
  if (!row) throw new Error('the call is not there')
  return row
}

onOneSession(open => {
  test('steps of several calls at once: rows, turns, and entries in the order in which they were given', async () => {
    const { house } = await open()
    const { save } = openSaving(house)
    const arrivals = ['a', 'b', 'c'].map(leg => arrival(house, leg))
    expect(await Promise.all(arrivals.map(save))).toEqual([true, true, true])
    const [a, b, c] = arrivals.map(change => change.before.id)
    if (!a || !b || !c) throw new Error('three calls')
    const offer = { call_id: a, offer: `${a}#1`, agent_id: agent, section_id: 'ccm-pensioni', waited_ms: 5, offered_at: at }
    const offering = { ...ending(await rowOf(house, a)), turns: { offered: [offer], settled: [] } }
    expect(await Promise.all([save(ending(await rowOf(house, c))), save(offering)])).toEqual([true, true])
    expect(await journalOf(house)).toEqual([...[a, b, c].map(call => `${call} call.held`), `${c} call.ended`, `${a} call.ended`])
    expect(await rowOf(house, c)).toMatchObject({ version: 2, seen: [8], endedAt: at, state: { phase: 'ended' } })
    const settled = [{ call_id: a, offer: offer.offer, outcome: 'answered' as const, ended_at: at }]
    expect(await save({ ...ending(await rowOf(house, a)), entries: [], turns: { offered: [], settled } })).toBe(true)
    const turns = await house.database.kysely.selectFrom('call_turn').selectAll().execute()
    expect(turns).toEqual([{ ...offer, outcome: 'answered', answered_at: null, ended_at: at }])
  })

  test('of a call that is over the state is not kept, and what earlier releases kept is emptied in parts', async () => {
    const { house } = await open()
    const { kysely } = house.database
    const { save } = openSaving(house)
    const arrivals = ['a', 'b', 'c', 'd'].map(leg => arrival(house, leg))
    await Promise.all(arrivals.map(save))
    const [over, ...older] = await Promise.all(arrivals.map(change => rowOf(house, change.before.id)))
    if (!over) throw new Error('a call')
    await save(ending({ ...over, state: { ...over.state, section: 'ccm-pensioni', ending: 'caller' } }))
    const kept = () =>
      kysely
        .selectFrom('call')
        .select(['id', 'state', 'ended_because as why'])
        .where('phase', '=', 'ended')
        .orderBy('id')
        .execute()
    expect(await kept()).toEqual([{ id: over.id, state: {}, why: 'caller' }])
    const now = await rowOf(house, over.id)
    expect(now.state).toMatchObject({
      callId: over.id,
      phase: 'ended',
      section: 'ccm-pensioni',
      offer: null,
      agent: null,
      due: {},
    })
    // Whoever reads one from before finds no more in it than in one of now.
    for (const row of older)
      await kysely
        .updateTable('call')
        .set({
          phase: 'ended',
          ended_at: at,
          section_id: 'ccm-pensioni',
          state: JSON.stringify({ ...row.state, phase: 'ended', ending: 'operator' }),
        })
        .where('id', '=', row.id)
        .execute()
    const [before] = older
    if (!before) throw new Error('a call from before')
    expect((await rowOf(house, before.id)).state).toEqual({ ...now.state, callId: before.id })
    expect([await emptyStates(kysely, 2), await emptyStates(kysely, 2), await emptyStates(kysely, 2)]).toEqual([2, 1, 0])
    expect((await kept()).map(({ state, why }) => [state, why]).sort()).toEqual(
      ['caller', 'operator', 'operator', 'operator'].map(why => [{}, why]),
    )
    expect((await rowOf(house, before.id)).state).toEqual({ ...now.state, callId: before.id })
  })

  test('a step from an old version writes nothing, and the steps beside it are written', async () => {
    const { house } = await open()
    const { save } = openSaving(house)
    const [first, second] = [arrival(house, 'a'), arrival(house, 'b')]
    await Promise.all([save(first), save(second)])
    const [old, other] = [await rowOf(house, first.before.id), await rowOf(house, second.before.id)]
    expect(await save(ending(old))).toBe(true)
    expect(await Promise.all([save(ending(old)), save(ending(other))])).toEqual([false, true])
    expect((await journalOf(house)).filter(line => line.endsWith('call.ended'))).toEqual([
      `${old.id} call.ended`,
      `${other.id} call.ended`,
    ])
    expect((await rowOf(house, old.id)).version).toBe(2)
  })

  test('a leg has one call: the second arrival writes nothing', async () => {
    const { house } = await open()
    const { save } = openSaving(house)
    const first = arrival(house, 'a')
    expect(await save(first)).toBe(true)
    const again = arrival(house, 'a')
    expect(await save(again)).toBe(false)
    expect(await callById(house.database.kysely, again.before.id)).toBeUndefined()
    expect(await journalOf(house)).toEqual([`${first.before.id} call.held`])
  })

  test('a step that cannot be written takes no other with it', async () => {
    const { house } = await open()
    const { save } = openSaving(house)
    const good = arrival(house, 'a')
    const bad = arrival(house, 'b', 'no \u0000 in a text')
    const results = await Promise.allSettled([save(bad), save(good)])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(await journalOf(house)).toEqual([`${good.before.id} call.held`])
  })
})
