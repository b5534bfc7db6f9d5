/** Proposals keep their promises for any members and tickets, and say what a coordinator would expect in plain cases. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BalanceFacts, type BalanceMember, type BalanceTicket, proposals } from './balance.ts'

const endOfToday = 1_000
const member = (id: string, receives = true, handled: [string, number][] = []): BalanceMember => ({
  id,
  receives,
  handled: new Map(handled),
})
const ticket = (id: string, holder: string | null, more: Partial<BalanceTicket> = {}): BalanceTicket => ({
  ...{ id, holder, typologyId: 'vecchiaia', dueAt: 5_000, begun: false, reference: holder },
  ...more,
})
const several = (count: number, holder: string | null, more: Partial<BalanceTicket> = {}) =>
  Array.from({ length: count }, (_, n) => ticket(`${holder}-${more.dueAt ?? ''}-${n}`, holder, more))

const facts: fc.Arbitrary<BalanceFacts> = fc
  .record({
    members: fc.array(fc.record({ receives: fc.boolean(), handled: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(50)) }), {
      maxLength: 7,
    }),
    tickets: fc.array(
      fc.record({
        holder: fc.nat(8),
        reference: fc.nat(8),
        typologyId: fc.constantFrom('a', 'b', 'c', null),
        dueAt: fc.nat(2_000),
        begun: fc.boolean(),
      }),
      { maxLength: 60 },
    ),
  })
  .map(({ members, tickets }) => {
    const idOf = (n: number) => (n < members.length ? `m${n}` : null)
    return {
      endOfToday,
      members: members.map(({ receives, handled }, n) => member(`m${n}`, receives, Object.entries(handled))),
      tickets: tickets.map((each, n) => ({ ...each, id: `t${n}`, holder: idOf(each.holder), reference: idOf(each.reference) })),
    }
  })

/** How far those who receive lie apart. */
function spreadOf({ members }: BalanceFacts, holders: ReadonlyMap<string, string | null>): number {
  const loads = members
    .filter(each => each.receives)
    .map(({ id }) => [...holders.values()].filter(holder => holder === id).length)
  return loads.length === 0 ? 0 : Math.max(...loads) - Math.min(...loads)
}

test('each proposal leaves the spread as it was or better, gives nothing to who is away, and moves what its holder has begun only when it is due', () => {
  fc.assert(
    fc.property(facts, fc.nat(40), (given, limit) => {
      const found = proposals(given, limit)
      expect(found.length).toBeLessThanOrEqual(limit)
      expect(new Set(found.map(each => each.ticketId)).size).toBe(found.length)
      const holders = new Map(given.tickets.map(each => [each.id, each.holder]))
      for (const { ticketId, from, to, toHas } of found) {
        const moved = given.tickets.find(each => each.id === ticketId)
        expect(holders.get(ticketId)).toBe(from)
        expect(to).not.toBe(from)
        expect(given.members.find(each => each.id === to)?.receives).toBe(true)
        expect([...holders.values()].filter(holder => holder === to)).toHaveLength(toHas.all)
        if (given.members.some(each => each.id === from && each.receives) && moved?.begun)
          expect(moved.dueAt).toBeLessThanOrEqual(endOfToday)
        const before = spreadOf(given, holders)
        holders.set(ticketId, to)
        expect(spreadOf(given, holders)).toBeLessThanOrEqual(Math.max(before, 1))
      }
    }),
    { numRuns: 500 },
  )
})

test('what is due and nobody at work has goes to who has least, before anything else', () => {
  const found = proposals(
    {
      endOfToday,
      members: [member('anna'), member('bruno'), member('carla', false)],
      tickets: [
        ...several(2, 'anna'),
        ticket('waits', null, { dueAt: 900, reference: null }),
        ticket('of-carla', 'carla', { dueAt: 950, begun: true }),
        ticket('later', null),
      ],
    },
    10,
  )
  expect(found.map(({ ticketId, to, because }) => [ticketId, to, because])).toEqual([
    ['waits', 'bruno', 'pool-due'],
    ['of-carla', 'bruno', 'absent'],
  ])
})

test('who goes on with the case gets it, as long as that makes nobody the one who has most', () => {
  const members = [member('anna'), member('bruno'), member('carla')]
  const waiting = ticket('waits', null, { dueAt: 900, reference: 'anna' })
  const to = (tickets: BalanceTicket[]) => proposals({ endOfToday, members, tickets: [...tickets, waiting] }, 1)[0]?.to
  expect(to([...several(1, 'anna'), ...several(2, 'bruno')])).toBe('anna')
  expect(to([...several(2, 'anna'), ...several(1, 'bruno')])).not.toBe('anna')
})

test('fourteen and five are evened out, by what the other knows best; six and five are left', () => {
  const bruno = member('bruno', true, [['riscatto', 40]])
  const tickets = [...several(13, 'anna'), ticket('known', 'anna', { typologyId: 'riscatto' }), ...several(5, 'bruno')]
  const [first, ...rest] = proposals({ endOfToday, members: [member('anna'), bruno], tickets }, 20)
  expect(first).toMatchObject({
    ...{ ticketId: 'known', from: 'anna', to: 'bruno', because: 'more-in-hand', handled: 40 },
    ...{ fromHas: { all: 14, due: 0 }, toHas: { all: 5, due: 0 } },
  })
  expect(rest).toHaveLength(3)
  expect(proposals({ endOfToday, members: [member('anna'), bruno], tickets: tickets.slice(8) }, 20)).toEqual([])
})

test('what is begun stays, and goes when three are due today and a colleague has none', () => {
  const members = [member('anna'), member('bruno')]
  const begun = (dueAt: number) => several(8, 'anna', { dueAt, begun: true })
  expect(proposals({ endOfToday, members, tickets: begun(5_000) }, 20)).toEqual([])
  expect(proposals({ endOfToday, members, tickets: begun(900).slice(0, 3) }, 20)).toMatchObject([
    { from: 'anna', to: 'bruno', because: 'due-at-risk', fromHas: { all: 3, due: 3 } },
  ])
})
