/**
 * Whether more tickets of one cause come in an hour than is usual. Pure.
 *
 * The question: if tickets of this cause come as they did in the same hour of past days of the same kind (working days, or the others), how often would
 * there be this many or more? Tickets are taken to come as a Poisson process whose rate is the same in each of those hours, and is known only from them.
 * With the gamma prior of Jeffreys for the rate, Gamma(1/2, 0), and k tickets in m hours, the count of one more hour is negative binomial with r = k + 1/2
 * and p = m / (m + 1): the tail of that is the chance. It allows for a rate that is hardly known, which the tail of a Poisson distribution at k / m does not.
 * Source: A. Gelman et al., Bayesian Data Analysis, 3rd ed., §2.6 and §2.8 (Poisson model, negative binomial prediction).
 *
 * The bound on looks: hours are those of the clock, and within one the count only grows. So to look once, at its end, or at every ticket, is the same
 * one look; the looks are groups × causes × hours. With `maxChance` each is wrong at most so often, whether looks depend on each other or not
 * (the expectation of a sum): a group with a dozen procedures that works 50 hours a week looks 600 times, and is called in vain at most once in eight weeks.
 */

/** A count is out of the usual when as many would come without a cause no more often than in one look of 5,000. */
export const maxChance = 1 / 5_000

/** Two tickets are no incident, however rare the procedure. */
export const minTickets = 3

export interface Arrivals {
  /** Tickets in the hour so far. */
  tickets: number
  /** Tickets in all of the hours that are compared with, and how many hours they are: 1 or more. */
  before: number
  hours: number
}

/** Returns the chance, from 0 to 1, that one more hour has `tickets` or more, given the hours before. */
export function chanceOf({ tickets, before, hours }: Arrivals): number {
  const r = before + 0.5
  const p = hours / (hours + 1)
  let term = p ** r
  let below = 0
  for (let k = 0; k < tickets; k++) {
    below += term
    term *= ((r + k) / (k + 1)) * (1 - p)
  }
  // The rest of the sum, which is exact where 1 - below has lost its digits.
  if (below < 0.999) return Math.max(0, 1 - below)
  let tail = 0
  for (let k = tickets; term > tail * 1e-12 && k < tickets + 10_000; k++) {
    tail += term
    term *= ((r + k) / (k + 1)) * (1 - p)
  }
  return tail
}

/** Whether an hour is out of the usual. */
export const isUnusual = (arrivals: Arrivals): boolean => arrivals.tickets >= minTickets && chanceOf(arrivals) <= maxChance

/** How many come in such an hour on average. */
export const expectedOf = ({ before, hours }: Pick<Arrivals, 'before' | 'hours'>): number => (before + 0.5) / hours
