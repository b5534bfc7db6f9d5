/** Whether the nights notice when something that carries the design, or the engine, is broken on purpose. */
import { type Canary, designCanaries } from './database.ts'
import { enginesOf, type MutantName, mutants, otherRelease } from './mutants.ts'
import { type Night, night } from './night.ts'

export type CanaryName = Canary | MutantName

/** What each breaks. */
export const canaries: Readonly<Record<CanaryName, string>> = {
  ...designCanaries,
  ...(Object.fromEntries(Object.entries(mutants).map(([name, { what }]) => [name, what])) as Record<MutantName, string>),
}
export const canaryNames: readonly CanaryName[] = Object.keys(canaries).filter(isCanary)

/** Each must be caught within so many nights. */
export const nightsOfCanary = 40

export function isCanary(name: string): name is CanaryName {
  return name in designCanaries || name in mutants
}

const isDesign = (name: CanaryName): name is Canary => name in designCanaries

/** What shows only when nodes of two releases take turns. */
const isOfUpgrade = (name: CanaryName) => name === 'other-release-refused' || name === 'own-decisions'

export interface Caught {
  readonly nights: number
  readonly simulatedMs: number
  /** What the nights said; null when nobody noticed anything. */
  readonly what: string | null
}

/** Runs nights with something broken until one notices. */
export async function catchCanary(name: CanaryName): Promise<Caught> {
  const other = isOfUpgrade(name) ? { other: await otherRelease() } : {}
  const broken = isDesign(name) ? { canary: name, ...other } : { engines: await enginesOf(name) }
  let simulatedMs = 0
  for (let seed = 1; seed <= nightsOfCanary; seed++) {
    const { violation, simulatedMs: ms }: Night = await night(seed, { ...broken, maxHours: 3 })
    simulatedMs += ms
    if (violation !== null) return { nights: seed, simulatedMs, what: violation }
  }
  return { nights: nightsOfCanary, simulatedMs, what: null }
}
