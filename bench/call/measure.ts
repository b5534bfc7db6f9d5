/** What is measured of a queue, in the same way for both. */
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts'
import { until } from '../../test/support/asterisk.ts'
import type { Agents } from './agents.ts'
import { measureDelays } from './one-caller.ts'
import { processorMs } from './processor.ts'
import { sipp } from './sipp.ts'

const rates = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65]
const stepSeconds = 8
/** A step that takes so much longer than its calls has only put them off. */
const mostSecondsOver = 4

/** The number that leads to a queue, and who answers there. */
export interface Queue {
  name: string
  number: string
}

export interface Ground {
  asterisk: RunningAsterisk
  agents: Agents
  /** Whose time of the processor is told, by name. */
  processes: Readonly<Record<string, number>>
}

export const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

/** From the INVITE of a caller to the INVITE at an agent, while agents are free. Milliseconds. */
export async function delaysOf({ number }: Queue, { asterisk, agents }: Ground): Promise<number[]> {
  const port = asterisk.settings.sipPort
  await sipp(port, number, 5, 20)
  return measureDelays(port, number, agents)
}

/** From each hang-up of an agent to the next INVITE at any of them, while callers wait. Milliseconds. */
export async function turnsOf({ number }: Queue, { asterisk, agents }: Ground): Promise<number[]> {
  agents.hangUps.length = 0
  agents.invites.length = 0
  await sipp(asterisk.settings.sipPort, number, 200, 100, 30_000)
  const invites = agents.invites.map(({ at }) => at)
  // The last callers leave agents free: there is no next INVITE for these.
  return agents.hangUps.flatMap(hangUp => {
    const index = invites.findIndex(at => at > hangUp)
    return index < 0 ? [] : invites.splice(index, 1).map(at => at - hangUp)
  })
}

/**
 * Raises the rate step by step, each queue at each step, until it fails a call. Side by side, so that a machine that is busy with
 * something else is so for both. Answers the highest rate of each.
 */
export async function ramp(queues: readonly Queue[], ground: Ground): Promise<Map<Queue, number>> {
  const best = new Map<Queue, number>()
  let left = queues
  for (const rate of rates) {
    const held: Queue[] = []
    for (const queue of left) if (await holds(queue, rate, ground)) held.push(queue)
    for (const queue of held) best.set(queue, rate)
    left = held
    if (left.length === 0) break
  }
  return best
}

async function holds({ name, number }: Queue, rate: number, { asterisk, processes }: Ground): Promise<boolean> {
  await until(() => asterisk.cli('core show channels count').includes('0 active channels'), 60_000, 'the last call to end')
  const calls = rate * stepSeconds
  const used = () => Object.values(processes).map(processorMs)
  const before = used()
  const { failed, seconds } = await sipp(asterisk.settings.sipPort, number, rate, calls)
  const costs = used().map((ms, index) => `${Object.keys(processes)[index]} ${((ms - (before[index] ?? 0)) / calls).toFixed(1)}`)
  console.log(
    `  ${name.padEnd(10)} at ${String(rate).padStart(2)} calls/s: ${failed} of ${calls} failed, ${seconds.toFixed(1)} s` +
      `; ms of processor a call: ${costs.join(', ')}`,
  )
  return failed === 0 && seconds <= stepSeconds + mostSecondsOver
}
