/** What is remembered for live pages that come back, also when transactions commit in another order than they wrote. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Position } from '../events/position.ts'
import { Ring } from './live-ring.ts'

const limits = { ms: 1_000, messages: 100 }
const message = (xid: number, id: number) => ({ text: String(id), groups: [], entries: [{ xid: String(xid), id }] })
const at = (snapshot: string, id: number, era = 1): Position => ({ era, snapshot, id })
const texts = (ring: Ring, position: Position) => ring.after(position)?.map(({ text }) => text)

describe('a page that comes back', () => {
  const ring = new Ring(at('10:10:', 5), limits)
  ring.add({ number: 1, messages: [message(11, 7)], end: at('10:12:10', 7), at: 0 })
  ring.add({ number: 2, messages: [message(10, 6), message(12, 8)], end: at('13:13:', 8), at: 10 })

  test('is told what it has not had, and of an entry that came late as well', () => {
    expect(texts(ring, at('10:10:', 5))).toEqual(['7', '6', '8'])
    expect(texts(ring, at('10:12:10', 7))).toEqual(['6', '8'])
    expect(texts(ring, at('13:13:', 8))).toEqual([])
  })

  test('from another node, which had read elsewhere, likewise', () => {
    expect(texts(ring, at('10:13:10', 8))).toEqual(['6'])
  })

  test('loads anew when it may have missed what is forgotten, or comes from another era', () => {
    expect(texts(ring, at('9:10:9', 5))).toBeUndefined()
    expect(texts(ring, at('10:10:', 4))).toBeUndefined()
    expect(texts(ring, at('13:13:', 8, 0))).toBeUndefined()
    expect(texts(ring, at('13:13:', 8, 2))).toBeUndefined()
  })
})

test('what is old, or too much, is forgotten, and asked for anew', () => {
  const ring = new Ring(at('1:1:', 0), limits)
  for (let n = 1; n <= 300; n++) ring.add({ number: n, messages: [message(n, n)], end: at(`${n + 1}:${n + 1}:`, n), at: n })
  expect(texts(ring, at('101:101:', 100))).toBeUndefined()
  expect(texts(ring, at('251:251:', 250))).toHaveLength(50)
  ring.add({ number: 301, messages: [], end: at('301:301:', 300), at: 5_000 })
  expect(texts(ring, at('251:251:', 250))).toBeUndefined()
})

test('whatever commits when: each entry is told before or after the break, and none both times', () => {
  /** Each transaction writes one entry and is seen by the look of its number. */
  const journals = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(journals, fc.integer({ min: 0, max: 6 }), (seenIn, breakAfter) => {
      const xids = seenIn.map((look, i) => ({ look, xid: i + 1, id: i + 1 }))
      const end = (look: number): Position => {
        const running = xids.filter(each => each.look > look).map(({ xid }) => xid)
        const seen = xids.filter(each => each.look <= look)
        const xmax = Math.max(0, ...seen.map(({ xid }) => xid)) + 1
        const below = running.filter(xid => xid < xmax)
        return at(`${below[0] ?? xmax}:${xmax}:${below.join(',')}`, Math.max(0, ...seen.map(({ id }) => id)))
      }
      const ring = new Ring(end(0), { ms: 1_000, messages: 1_000 })
      for (let look = 1; look <= 6; look++) {
        const messages = xids.filter(each => each.look === look).map(({ xid, id }) => message(xid, id))
        ring.add({ number: look, messages, end: end(look), at: look })
      }
      const after = xids.filter(each => each.look > breakAfter).map(({ id }) => String(id))
      expect(texts(ring, end(breakAfter))?.sort()).toEqual(after.sort())
    }),
  )
})
