/**
 * How the bucket stands, for `/readyz`: as it was found lately. Whoever asks waits for nothing, because load balancers ask often and a bucket that is away
 * stops nobody from working.
 */
import type { House } from '../house.ts'
import { bucketOf } from './blobs.ts'

interface Standing {
  says: string
  /** Since when that is so known. */
  at: number
  isAsking: boolean
}

declare module '../house.ts' {
  interface HouseParts {
    bucketStanding: Standing
  }
}

const standingOf = ({ parts }: House): Standing =>
  (parts.bucketStanding ??= { says: 'being asked', at: Number.NEGATIVE_INFINITY, isAsking: false })

const freshMs = 10_000
const withinMs = 5_000

/** Returns `ok`, or what is wrong with the bucket; undefined where none is set. */
export function bucketStanding(house: House): string | undefined {
  const bucket = bucketOf(house)
  if (bucket === undefined) return undefined
  const standing = standingOf(house)
  if (!standing.isAsking && house.clock.now() - standing.at >= freshMs) {
    standing.isAsking = true
    bucket
      .look(withinMs)
      .then(
        () => 'ok',
        (error: unknown) => (error instanceof Error ? error.message : 'does not answer'),
      )
      .then(says => Object.assign(standing, { says, at: house.clock.now(), isAsking: false }))
  }
  return standing.says
}
