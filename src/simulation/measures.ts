/**
 * How long conversations last and how long callers wait before they give up, measured. Pure.
 *
 * Both come from sums that add up over calls, half hours and days, so that weeks of calls need not be kept:
 *
 *   conversation   mean as it is; spread from the logarithms, as the log-normal law wants it
 *   wrap-up        all wrap-up ÷ all conversations, those without any included
 *   patience       all time waited ÷ number who gave up: maximum likelihood for exponential patience when some waits are cut off by
 *                  an answer (Epstein and Sobel, "Life Testing", J. Amer. Statist. Assoc. 48, 1953; for contact centres Brown and
 *                  others, "Statistical Analysis of a Telephone Call Center", ibid. 100, 2005). Who was answered has only shown to be
 *                  at least so patient: leaving them out would make everybody look impatient.
 *
 * Each figure says where it was measured: in the half hour of the section, in the section, in the whole institute, or nowhere.
 */
import type { Duration } from './random.ts'

export interface Sums {
  /** Conversations that have ended. */
  handled: number
  talkMs: number
  /** Of the natural logarithm of the length of each, in milliseconds. */
  logSum: number
  logSquares: number
  wrapUpMs: number
  /** Time waited by those who were answered, who gave up, or who were led elsewhere. */
  waitedMs: number
  gaveUp: number
}

export const noSums = (): Sums => ({
  handled: 0,
  talkMs: 0,
  logSum: 0,
  logSquares: 0,
  wrapUpMs: 0,
  waitedMs: 0,
  gaveUp: 0,
})

/** Adds `more` to `sums`. */
export function addSums(sums: Sums, more: Sums): Sums {
  sums.handled += more.handled
  sums.talkMs += more.talkMs
  sums.logSum += more.logSum
  sums.logSquares += more.logSquares
  sums.wrapUpMs += more.wrapUpMs
  sums.waitedMs += more.waitedMs
  sums.gaveUp += more.gaveUp
  return sums
}

/** Where a figure was measured; `usual`: nowhere, it is what is usual in contact centres. */
export type MeasuredIn = 'half-hour' | 'section' | 'institute' | 'usual'

export interface Handling {
  /** Conversation and wrap-up. */
  meanMs: number
  talkMs: number
  wrapUpMs: number
  /** Standard deviation of the conversation as a share of its mean. */
  variation: number
  /** Conversations that it was measured on. */
  calls: number
  from: MeasuredIn
}

export interface Patience {
  meanMs: number
  /** Callers who gave up, on whom it was measured. */
  gaveUp: number
  from: MeasuredIn
}

/** Fewer say too little: the mean of thirty conversations is still a fifth off. */
const minInSection = 30
/** A half hour is taken by itself only where its mean is known to a tenth. */
const minInHalfHour = 100

const usualHandling: Handling = {
  meanMs: 300_000,
  talkMs: 270_000,
  wrapUpMs: 30_000,
  variation: 1,
  calls: 0,
  from: 'usual',
}
const usualPatience: Patience = { meanMs: 240_000, gaveUp: 0, from: 'usual' }

export interface Measures {
  /** Of a section, or of all without one; at a half hour of the day, or over the whole day without one. */
  handling(sectionId?: string, half?: number): Handling
  patience(sectionId?: string, half?: number): Patience
}

/** Sums of a section in a half hour of the day (of the clock on the wall, 0 to 47). */
export interface PlacedSums extends Sums {
  sectionId: string
  half: number
}

export function measuresOf(rows: Iterable<PlacedSums>): Measures {
  const institute = noSums()
  const sections = new Map<string, { all: Sums; halves: Map<number, Sums> }>()
  const instituteHalves = new Map<number, Sums>()
  for (const row of rows) {
    const place = sections.get(row.sectionId) ?? { all: noSums(), halves: new Map<number, Sums>() }
    sections.set(row.sectionId, place)
    place.halves.set(row.half, addSums(place.halves.get(row.half) ?? noSums(), row))
    instituteHalves.set(row.half, addSums(instituteHalves.get(row.half) ?? noSums(), row))
    addSums(place.all, row)
    addSums(institute, row)
  }
  /** The narrowest place that is measured well enough. */
  function widening(sectionId: string | undefined, half: number | undefined, counts: (sums: Sums) => number) {
    const narrow =
      half === undefined
        ? undefined
        : sectionId === undefined
          ? instituteHalves.get(half)
          : sections.get(sectionId)?.halves.get(half)
    if (narrow && counts(narrow) >= minInHalfHour) return { sums: narrow, from: 'half-hour' as const }
    const section = sectionId === undefined ? undefined : sections.get(sectionId)?.all
    if (section && counts(section) >= minInSection) return { sums: section, from: 'section' as const }
    if (counts(institute) >= minInSection) return { sums: institute, from: 'institute' as const }
    return undefined
  }
  return {
    handling(sectionId, half) {
      const found = widening(sectionId, half, sums => sums.handled)
      return found ? { ...handlingOf(found.sums), from: found.from } : usualHandling
    },
    patience(sectionId, half) {
      const found = widening(sectionId, half, sums => sums.gaveUp)
      return found ? { ...patienceOf(found.sums), from: found.from } : usualPatience
    },
  }
}

function handlingOf({ handled, talkMs, logSum, logSquares, wrapUpMs }: Sums): Omit<Handling, 'from'> {
  const spread = handled < 2 ? 0 : Math.max(0, (logSquares - logSum ** 2 / handled) / (handled - 1))
  return {
    meanMs: (talkMs + wrapUpMs) / handled,
    talkMs: talkMs / handled,
    wrapUpMs: wrapUpMs / handled,
    variation: Math.sqrt(Math.expm1(spread)),
    calls: handled,
  }
}

const patienceOf = ({ waitedMs, gaveUp }: Sums): Omit<Patience, 'from'> => ({
  meanMs: Math.max(1_000, waitedMs / gaveUp),
  gaveUp,
})

/** The conversation as the simulator draws it. */
export const talkOf = ({ talkMs, variation }: Handling): Duration => ({ kind: 'log-normal', meanMs: talkMs, variation })
