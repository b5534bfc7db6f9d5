import { expect, test } from 'vitest'
import { inTurn } from './in-turn.ts'

function reports() {
  const said: boolean[] = []
  const arrivals: (() => void)[] = []
  const now = { ready: false }
  const report = inTurn(() => {
    said.push(now.ready)
    return new Promise<void>(resolve => arrivals.push(resolve))
  })
  return { said, now, report, arrive: () => arrivals.shift()?.() }
}

test('a change is reported after the report that is on its way, never beside it', async () => {
  const { said, now, report, arrive } = reports()
  const first = report('changed')
  now.ready = true
  await report('changed')
  await report('changed')
  expect(said).toEqual([false])
  arrive()
  await expect.poll(() => said).toEqual([false, true])
  arrive()
  await first
  expect(said).toEqual([false, true])
})

test('what is merely due while one is on its way is left out; the next one goes', async () => {
  const { said, report, arrive } = reports()
  const first = report('due')
  await report('due')
  arrive()
  await first
  expect(said).toEqual([false])
  const second = report('due')
  arrive()
  await second
  expect(said).toEqual([false, false])
})

test('a report that fails does not stop the next', async () => {
  let attempts = 0
  const report = inTurn(() => (++attempts === 1 ? Promise.reject(new Error('no network')) : Promise.resolve()))
  await expect(report('due')).rejects.toThrow('no network')
  await report('due')
  expect(attempts).toBe(2)
})
