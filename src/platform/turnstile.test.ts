/** So much at once, so much waiting, and a word for the rest. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openTurnstile } from './turnstile.ts'

/** Work that ends when it is told to. */
function piece() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let begun = false
  const work = () => {
    begun = true
    return promise
  }
  return { work, end: () => resolve('done'), fail: () => reject(new Error('broken')), hasBegun: () => begun }
}
const settle = () => new Promise(setImmediate)

test('what comes on top of those who wait is refused at once; the others come in order', async () => {
  const inTurn = openTurnstile({ atOnce: 1, waiting: 2 })
  const pieces = [piece(), piece(), piece(), piece()] as const
  const answers = pieces.map(({ work }) => inTurn(work).catch((error: Error) => error.message))
  expect(await answers[3]).toBe('platform.busy')
  for (const [i, { end, fail }] of pieces.slice(0, 3).entries()) {
    await settle()
    expect(pieces.map(({ hasBegun }) => hasBegun())).toEqual(pieces.map((_, n) => n <= i && n < 3))
    if (i === 1) fail()
    else end()
  }
  expect(await Promise.all(answers)).toEqual(['done', 'broken', 'done', 'platform.busy'])
})

test('whoever has gone away while waiting is not worked for', async () => {
  const inTurn = openTurnstile({ atOnce: 1, waiting: 2 })
  const [first, gone, last] = [piece(), piece(), piece()]
  const away = new AbortController()
  const answers = [inTurn(first.work), inTurn(gone.work, away.signal).catch((error: Error) => error.message), inTurn(last.work)]
  away.abort()
  expect(await answers[1]).toBe('platform.busy')
  first.end()
  last.end()
  await Promise.all(answers)
  expect(gone.hasBegun()).toBe(false)
})

test('whoever leaves at the moment of their turn is not worked for, and keeps nobody out', async () => {
  const inTurn = openTurnstile({ atOnce: 1, waiting: 1 })
  const [gone, next] = [piece(), piece()]
  const away = new AbortController()
  const answers = [inTurn(gone.work, away.signal).catch((error: Error) => error.message), inTurn(next.work)]
  away.abort()
  next.end()
  expect(await Promise.all(answers)).toEqual(['platform.busy', 'done'])
  expect(gone.hasBegun()).toBe(false)
})

test('never more at once than there may be, and nobody is forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 }),
      async (atOnce, works) => {
        const inTurn = openTurnstile({ atOnce, waiting: works.length })
        let working = 0
        let most = 0
        const done = works.map(turns =>
          inTurn(async () => {
            most = Math.max(most, ++working)
            for (let n = 0; n < turns; n++) await settle()
            working--
          }),
        )
        await Promise.all(done)
        expect(most).toBeLessThanOrEqual(atOnce)
      },
    ),
  )
})
