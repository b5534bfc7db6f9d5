/** Simulations that somebody has asked for: in a thread of their own, watched, cancelled. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { openLog, systemClock, uuids, virtualClock } from '../platform/index.ts'
import { runTask } from './comparison.ts'
import { nationalDay } from './national-day.ts'
import { openRuns, type Run, type Runs } from './runs.ts'
import { withChanges } from './what-if.ts'

let runs: Runs
const open = () => {
  runs = openRuns({ clock: systemClock, ids: uuids(systemClock), log: openLog('silent') })
  return runs
}
afterEach(() => runs.close())

const day = nationalDay(4, { calls: 500, agents: 20, sections: 2 })
const after = withChanges(day, [{ kind: 'agents', section: 'section-1', number: 4, fromHalfHour: 18, toHalfHour: 22 }])
const small = { before: day, after, seeds: 3 }
const large = { before: nationalDay(4, { calls: 200_000, agents: 3_000, sections: 12 }), after: null, seeds: 1 }

async function until(run: Run, condition: () => boolean): Promise<void> {
  while (!condition()) {
    if (run.state === 'failed') throw new Error('the run failed')
    await pause(5)
  }
}

test('a run gives what the simulator gives, before and after, seed after seed', async () => {
  const run = open().start('ada', small)
  if (!run) throw new Error('not started')
  await until(run, () => run.state === 'done')
  expect(run.outcome).toEqual(runTask(small))
  expect(run.progress).toBe(1)
})

test('it can be watched and cancelled by its owner, and by nobody else', async () => {
  const run = open().start('ada', large)
  if (!run) throw new Error('not started')
  await until(run, () => run.progress > 0)
  expect(runs.of('teo', run.id)).toBeUndefined()
  expect(await runs.cancel('teo', run.id)).toBe(false)
  expect(await runs.cancel('ada', run.id)).toBe(true)
  expect(runs.of('ada', run.id)).toMatchObject({ state: 'cancelled', outcome: null })
  expect(await runs.cancel('ada', run.id)).toBe(false)
})

test('it is cancelled when its owner looks no more', async () => {
  const clock = virtualClock()
  runs = openRuns({ clock, ids: uuids(clock), log: openLog('silent') })
  const run = runs.start('ada', large)
  if (!run) throw new Error('not started')
  clock.advance(4 * 60_000)
  expect(runs.of('ada', run.id)?.state).toBe('running')
  clock.advance(4 * 60_000)
  expect(run.state).toBe('running')
  clock.advance(2 * 60_000)
  expect(run.state).toBe('cancelled')
  expect(runs.start('ada', small)).toBeDefined()
})

test('one that takes more memory than it may fails, and is reported', async () => {
  runs = openRuns({ clock: systemClock, ids: uuids(systemClock), log: openLog('silent') }, 24)
  const run = runs.start('ada', large)
  if (!run) throw new Error('not started')
  while (run.state === 'running') await pause(20)
  expect(run).toMatchObject({ state: 'failed', outcome: null })
})

test('one at a time for each person, two at a time for all', () => {
  open()
  expect(runs.start('ada', large)).toBeDefined()
  expect(runs.start('ada', small)).toBeUndefined()
  expect(runs.start('teo', large)).toBeDefined()
  expect(runs.start('nora', small)).toBeUndefined()
})
