/** Computations in threads, really threads: what happens when one takes too long, too much, or nobody waits for it. */
import { afterEach, expect, test } from 'vitest'
import { openThreads, type Threads } from './threads.ts'

const program = new URL('../../../test/support/processes/thread.ts', import.meta.url)
const usual = { program, settings: { factor: 2 }, atOnce: 1, waiting: 1, memoryMb: 160, withinMs: 20_000, idleMs: 60_000 }

let threads: Threads
afterEach(() => threads.close())
const word = (answer: Promise<unknown>) => answer.catch((error: Error) => error.message)

test('answers, refuses with the same sentence, and goes on after its thread died', async () => {
  threads = openThreads(usual)
  expect(await threads.ask({ double: 21 })).toBe(42)
  await expect(threads.ask({ refuse: 'simulation.dayToCome' })).rejects.toMatchObject({ status: 422, values: { day: 'Monday' } })
  await expect(threads.ask({ die: true })).rejects.toThrow('ended before it had answered')
  expect(await threads.ask({ double: 4 })).toBe(8)
})

test('what takes too much memory ends alone, and whoever waits is told', async () => {
  threads = openThreads(usual)
  await expect(threads.ask({ eat: true })).rejects.toMatchObject({ code: 'ERR_WORKER_OUT_OF_MEMORY' })
  expect(await threads.ask({ double: 1 })).toBe(2)
})

test('what takes too long is ended, and what nobody waits for any more', async () => {
  threads = openThreads({ ...usual, withinMs: 6_000 })
  expect(await word(threads.ask({ forEver: true }))).toBe('platform.busy')
  const gone = new AbortController()
  const asked = word(threads.ask({ forEver: true }, gone.signal))
  const next = threads.ask({ double: 5 })
  gone.abort()
  expect(await asked).toBe('platform.busy')
  expect(await next).toBe(10)
})

test('so much at once, so much waiting, and a word for the rest', async () => {
  threads = openThreads(usual)
  const answers = [threads.ask({ double: 1 }), threads.ask({ double: 2 }), threads.ask({ double: 3 })]
  expect(await Promise.all(answers.map(word))).toEqual([2, 4, 'platform.busy'])
})
