/**
 * How quick this machine is now. What the program promises within seconds it promises on a machine that is not kept busy by others: a test that
 * measures such a promise reckons with how much slower everything goes where it runs.
 */

const rounds = 400
/** What the rounds take on a quiet machine of 2024. */
const restMs = 10
const sample = Array.from({ length: 60 }, (_, n) => ({ id: n, name: `Giulia Ferri ${n}`, at: new Date(n * 1e9).toISOString() }))

/** Returns how many times as long as at rest the same work takes now: 1 or more. */
export function slowness(): number {
  const began = performance.now()
  let read: unknown = sample
  for (let round = 0; round < rounds; round++) read = JSON.parse(JSON.stringify(read))
  return Math.max(1, (performance.now() - began) / restMs)
}

/** Returns how long work takes, in milliseconds, as if the machine were at rest. */
export async function msAtRest(work: () => Promise<unknown>): Promise<number> {
  const before = slowness()
  const began = performance.now()
  await work()
  const took = performance.now() - began
  return took / Math.max(before, slowness())
}
