import { expect, test } from 'vitest'
import { virtualClock } from '../../platform/index.ts'
import { openEntrance } from './entrance.ts'

const settled = () => new Promise<void>(resolve => setImmediate(resolve))

/** An entrance with room for three, and who has come in so far. */
function entrance() {
  const clock = virtualClock()
  const { begin, enter, open } = openEntrance(clock, { maxInHand: 3, maxWaitMs: 5_000 })
  const inside: string[] = []
  const leave = new Map<string, () => void>()
  const comes = (who: string) =>
    void enter().then(done => {
      inside.push(who)
      leave.set(who, done)
    })
  return { clock, begin, open, comes, inside, leave: (who: string) => leave.get(who)?.() }
}

test('who comes while there is room is taken at once; the others wait, and are taken in order as others are done', async () => {
  const { comes, inside, leave } = entrance()
  for (const who of ['a', 'b', 'c', 'd', 'e', 'f']) comes(who)
  await settled()
  expect(inside).toEqual(['a', 'b', 'c'])
  leave('b')
  // Said twice, done once.
  leave('b')
  await settled()
  expect(inside).toEqual(['a', 'b', 'c', 'd'])
  comes('g')
  leave('a')
  leave('c')
  await settled()
  expect(inside).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
})

test('who is on the line comes before who calls now', async () => {
  const { begin, comes, inside } = entrance()
  // What is on the line is not held up, also beyond the bound.
  const steps = Array.from({ length: 5 }, begin)
  comes('a')
  steps[0]?.()
  steps[1]?.()
  await settled()
  expect(inside).toEqual([])
  steps[2]?.()
  await settled()
  expect(inside).toEqual(['a'])
})

test('who has waited for long enough is taken all the same', async () => {
  const { clock, begin, comes, inside } = entrance()
  for (let step = 0; step < 3; step++) begin()
  comes('a')
  clock.advance(4_999)
  comes('b')
  await settled()
  expect(inside).toEqual([])
  clock.advance(1)
  await settled()
  expect(inside).toEqual(['a'])
  clock.advance(5_000)
  await settled()
  expect(inside).toEqual(['a', 'b'])
})

test('a program that ends lets everybody in', async () => {
  const { begin, comes, inside, open } = entrance()
  for (let step = 0; step < 3; step++) begin()
  for (const who of ['a', 'b']) comes(who)
  open()
  await settled()
  expect(inside).toEqual(['a', 'b'])
})
