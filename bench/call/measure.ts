/** What is measured of a queue, in the same way for both. */
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts'
import { until } from '../../test/support/asterisk.ts'
import type { Agents } from './agents.ts'
import { measureDelays } from './one-caller.ts'
import { processorMs } from './processor.ts'
import { sipp } from './sipp.ts'

const rates = [20, 35, 50, 65, 80, 100, 125, 150]
const stepSeconds = 3
/** A step that takes so much longer than its calls has only put them off. */
const maxSecondsOver = 4
const drainedWithinMs = 8_000

/** The number that leads to a queue, and who answers there. */
export interface Queue {
  name: string
  number: string
}

export interface MeasuredSystem {
  asterisk: RunningAsterisk
  agents: Agents
  /** Whose time of the processor is told, by name. */
  processes: Readonly<Record<'program' | 'PostgreSQL' | 'Asterisk', number>>
}

/** Milliseconds of processor for a call: of Asterisk, and of the program and PostgreSQL beside it. */
export interface Cost {
  asterisk: number
  beside: number
}

/** The highest rate that a queue held, calls a second, and what a call cost at each, in milliseconds of processor. */
export interface Held {
  rate: number
  costs: Map<number, Cost>
}

export const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

/** From the INVITE of a caller to the INVITE at an agent, while agents are free. Milliseconds. */
export async function delaysOf({ number }: Queue, { asterisk, agents }: MeasuredSystem): Promise<number[]> {
  const port = asterisk.settings.sipPort
  await sipp(port, number, 10, 5)
  return measureDelays(port, number, agents)
}

/**
 * Raises the rate step by step, each queue at each step, until it fails a call, or the time is over. Side by side, so that a machine that is busy
 * with something else is so for both. Returns what each held.
 * @param untilMs on the clock of `performance.now()`
 */
export async function ramp(queues: readonly Queue[], ground: MeasuredSystem, untilMs: number): Promise<Map<Queue, Held>> {
  const best = new Map<Queue, Held>(queues.map(queue => [queue, { rate: 0, costs: new Map() }]))
  let left = queues
  for (const rate of rates) {
    const stepMs = (stepSeconds + maxSecondsOver) * 1_000 * left.length
    if (left.length === 0 || performance.now() + stepMs > untilMs) break
    const held: Queue[] = []
    for (const queue of left) {
      const cost = await hold(queue, rate, ground)
      if (cost === undefined) continue
      held.push(queue)
      best.get(queue)?.costs.set(rate, cost)
    }
    for (const queue of held) {
      const so = best.get(queue)
      if (so) so.rate = rate
    }
    left = held
  }
  return best
}

/** Waits for the end of the last calls; those that do not end are ended, so that a queue that is stuck does not hold up the other. */
async function drain(asterisk: RunningAsterisk): Promise<void> {
  const isEmpty = () => asterisk.cli('core show channels count').includes('0 active channels')
  await until(isEmpty, drainedWithinMs, 'the last call to end').catch(() => {
    asterisk.cli('channel request hangup all')
    return until(isEmpty, drainedWithinMs, 'the last call to be ended')
  })
}

/** What a call cost at this rate; undefined when one failed. */
async function hold({ name, number }: Queue, rate: number, { asterisk, processes }: MeasuredSystem): Promise<Cost | undefined> {
  await drain(asterisk)
  const calls = rate * stepSeconds
  const used = () => Object.entries(processes).map(([what, pid]) => [what, processorMs(pid)] as const)
  const before = new Map(used())
  const { failed, seconds } = await sipp(asterisk.settings.sipPort, number, rate, calls)
  const costs = new Map(used().map(([what, ms]) => [what, (ms - (before.get(what) ?? 0)) / calls]))
  console.log(
    `  ${name.padEnd(10)} at ${String(rate).padStart(3)} calls/s: ${failed} of ${calls} failed, ${seconds.toFixed(1)} s` +
      `; ms of processor a call: ${[...costs].map(([what, ms]) => `${what} ${ms.toFixed(1)}`).join(', ')}`,
  )
  if (failed > 0 || seconds > stepSeconds + maxSecondsOver) return undefined
  const whole = [...costs.values()].reduce((sum, ms) => sum + ms, 0)
  const own = costs.get('Asterisk') ?? Number.NaN
  return { asterisk: own, beside: whole - own }
}
