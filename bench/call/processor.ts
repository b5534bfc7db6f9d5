/** Time of the processor that a process and its children have used, from Linux's own books. */
import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second. */
const msPerTick = 10

interface Times {
  parent: number
  /** Own, and of children that have ended. */
  ticks: number
}

function timesOf(pid: string): Times | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number)
    const [, parent = 0] = fields
    return { parent, ticks: fields.slice(11, 15).reduce((sum, each) => sum + each, 0) }
  } catch {
    // It has ended since the folder was read.
    return undefined
  }
}

/** Milliseconds used so far by a process and all below it. */
export function processorMs(root: number): number {
  const all = new Map<number, Times>()
  for (const name of readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? timesOf(name) : undefined
    if (times) all.set(Number(name), times)
  }
  const isBelow = (pid: number): boolean => pid === root || (all.has(pid) && isBelow(all.get(pid)?.parent ?? 0))
  let ticks = 0
  for (const [pid, times] of all) if (isBelow(pid)) ticks += times.ticks
  return ticks * msPerTick
}
