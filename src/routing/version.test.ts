/**
 * Whether the engine decides as it did. `test/fixtures/routing/days.jsonl` holds recorded days, fact by fact, with what the engine commanded, and
 * the version that did. When a change makes it decide otherwise, raise `engineVersion` and record anew: RECORD=yes npm run test:unit -- version
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Day } from '../../test/support/routing-days.ts'
import { type Command, createEngine, engineVersion, type RoutingEvent } from './index.ts'

const file = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'routing', 'days.jsonl')
const seeds = [1, 2, 3]
const factsOfDay = 250

interface Recorded {
  readonly day: number
  readonly at: number
  readonly event: RoutingEvent
  readonly commands: readonly Command[]
}

function record(): string {
  const lines: Recorded[] = []
  for (const seed of seeds) {
    const day = new Day(seed, 'everything')
    const engine = createEngine()
    const take = (event: RoutingEvent) => {
      const commands = engine.apply(event, day.now)
      lines.push({ day: seed, at: day.now, event, commands })
      day.told(event)
      day.hear(commands)
    }
    for (const event of day.morning()) take(event)
    for (let i = 0; i < factsOfDay; i++) take(day.next(engine.nextDeadline()))
  }
  return [{ engineVersion }, ...lines].map(line => JSON.stringify(line)).join('\n')
}

test('the engine decides as the version that it says', () => {
  if (process.env.RECORD === 'yes') writeFileSync(file, `${record()}\n`)
  const [first, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  const recorded: Recorded[] = lines.map(line => JSON.parse(line))
  expect(JSON.parse(first ?? '')).toEqual({ engineVersion })
  for (const seed of seeds) {
    const engine = createEngine()
    for (const { at, event, commands } of recorded.filter(({ day }) => day === seed))
      expect(
        JSON.parse(JSON.stringify(engine.apply(event, at))),
        `day ${seed}, ${JSON.stringify(event)}: raise engineVersion`,
      ).toEqual(commands)
  }
})
