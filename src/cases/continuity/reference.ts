/**
 * The reference person of a case: who started to help goes on helping, on whichever channel. Pure.
 *
 * Who knows a case is known in order: the reference person, who has its ticket in charge, who spoke with the citizen, the latest first.
 */
import type { Reference } from '../model.ts'

export interface Knower {
  id: string
  name: string
}

/** Where somebody is now. */
export type Whereabouts = Reference['state']

/**
 * Returns the reference person of a case, where that person is, and who goes on with it meanwhile: the next who knows the case and is at work.
 * @param knowers who knows the case, the reference person first
 */
export function referenceOf(knowers: readonly Knower[], whereIs: (personId: string) => Whereabouts): Reference | null {
  const [first, ...others] = knowers
  if (first === undefined) return null
  const state = whereIs(first.id)
  const next =
    state === 'here' || state === 'busy' ? undefined : others.find(({ id }) => id !== first.id && isAtWork(whereIs(id)))
  return { id: first.id, name: first.name, state, takesOver: next ? { id: next.id, name: next.name } : null }
}

const isAtWork = (where: Whereabouts): boolean => where === 'here' || where === 'busy'

/**
 * Returns for whom a call about one of these cases is kept first: of each case, the first who knows it, works here still and has a telephone.
 * Whether that person is at work now is the engine's business, which gives up at once where there is no hope.
 */
export function askedFor(
  cases: readonly (readonly Knower[])[],
  answersCalls: (personId: string) => boolean,
  isGone: (personId: string) => boolean,
): string[] {
  const wanted = cases.flatMap(knowers => knowers.find(({ id }) => answersCalls(id) && !isGone(id))?.id ?? [])
  return [...new Set(wanted)]
}
