/** Computations in threads, really threads: what happens when one takes too long, too much, or nobody waits for it. */
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openThreads, type Threads } from './threads.ts'

const program = new URL('../../../test/support/processes/thread.ts', import.meta.url)
const usual = { program, settings: { factor: 2 }, atOnce: 1, waiting: 1, memoryMb: 160, withinMs: 60_000, idleMs: 60_000 }

let threads: Threads | undefined
afterEach(() => threads?.close())
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
  threads = openThreads({ ...usual, withinMs: 1_000 })
  expect(await word(threads.ask({ forEver: true }))).toBe('platform.busy')
  await threads.close()
  threads = openThreads(usual)
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

/**
 * A thread that is ended while a module of its program awaits, ends the whole process: `Check failed: (location_) != nullptr` in
 * V8's `AsyncModuleExecutionFulfilled`. Node refuses to `require` a program of which any module does.
 */
describe('no module of a thread awaits while it is loaded', () => {
  const root = join(import.meta.dirname, '../../..')
  const programs = globSync('src/**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).filter(
    file =>
      !file.startsWith('src/platform/processes/') &&
      /\b(answerQuestions<|workerData\b(?!:))/.test(readFileSync(join(root, file), 'utf8')),
  )

  test('all programs are found', () => expect(programs.length).toBeGreaterThanOrEqual(4))

  test.each(programs)('%s', program => {
    const load = `try { require(${JSON.stringify(`./${program}`)}) } catch (error) { console.log(error.code) } process.exit()`
    expect(execFileSync(process.execPath, ['-e', load], { cwd: root, encoding: 'utf8' })).not.toContain(
      'ERR_REQUIRE_ASYNC_MODULE',
    )
  })
})
