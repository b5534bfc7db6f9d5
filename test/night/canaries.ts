/** Whether the nights notice when something that carries the design is taken out of it. */
import { type Canary, canaries } from './database.ts'
import { night } from './night.ts'

/** Each must be caught within so many nights. */
const nights = 30

/** The canaries that nobody noticed; there should be none. */
export async function canariesAlive(): Promise<Canary[]> {
  const alive: Canary[] = []
  for (const canary of canaries) if (!(await isCaught(canary))) alive.push(canary)
  return alive
}

export async function isCaught(canary: Canary): Promise<boolean> {
  for (let seed = 1; seed <= nights; seed++) if ((await night(seed, canary)).violation !== null) return true
  return false
}
