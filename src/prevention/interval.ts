/**
 * The ratio of two Poisson rates with its interval. Pure.
 *
 * If `before` and `after` tickets come in spans of the same length, then, given their sum n, `after` is binomial with probability p = r / (1 + r), where r is
 * the ratio of the rates. The exact interval of p by Clopper and Pearson, turned round to r, holds r with at least the confidence that is asked for.
 * Sources: J. Przyborowski, H. Wilenski, Biometrika 31 (1940) 313–323 (the conditional test); C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404–413.
 *
 * Tickets come in bursts, so weeks differ by more than a Poisson process has it. The counts are therefore divided by the dispersion, which Pearson's
 * statistic estimates: Σ (observed − expected)² / expected over the weeks, for each degree of freedom, and never below 1. What is left of them carries as much
 * as so many independent tickets. Source: P. McCullagh, J. A. Nelder, Generalized Linear Models, 2nd ed. (1989), §6.2.3.
 */

export interface RateRatio {
  /** Null where there was nothing before. */
  ratio: number | null
  low: number
  /** Infinity where there was nothing before. */
  high: number
}

/**
 * Returns the ratio of the rates after and before, with its interval.
 * @param confidence of the interval, between 0 and 1
 * @param dispersion 1 or more
 */
export function rateRatio(
  { before, after }: { before: number; after: number },
  { confidence, dispersion }: { confidence: number; dispersion: number },
): RateRatio {
  const tail = (1 - confidence) / 2
  const [b, a] = [before / dispersion, after / dispersion]
  const low = a === 0 ? 0 : betaQuantile(tail, a, b + 1)
  const high = b === 0 ? 1 : betaQuantile(1 - tail, a + 1, b)
  const oddsOf = (p: number) => (p === 1 ? Number.POSITIVE_INFINITY : p / (1 - p))
  return { ratio: before === 0 ? null : after / before, low: oddsOf(low), high: oddsOf(high) }
}

/** A week of one side: tickets, and on how many days they were counted. */
export interface CountedWeek {
  tickets: number
  days: number
}

/** Returns how much more than chance the weeks of each side differ from each other; 1 where they do not, or where nothing can be said. */
export function dispersionOf(sides: readonly (readonly CountedWeek[])[]): number {
  let squares = 0
  let freedom = 0
  for (const weeks of sides) {
    const counted = weeks.filter(({ days }) => days > 0)
    const rate = sum(counted.map(({ tickets }) => tickets)) / sum(counted.map(({ days }) => days))
    if (counted.length < 2 || rate === 0) continue
    for (const { tickets, days } of counted) squares += (tickets - rate * days) ** 2 / (rate * days)
    freedom += counted.length - 1
  }
  return freedom === 0 ? 1 : Math.max(1, squares / freedom)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)

/** The x at which the regularised incomplete beta function has a value: by halving, to the last digits. */
function betaQuantile(value: number, a: number, b: number): number {
  let [low, high] = [0, 1]
  for (let n = 0; n < 60; n++) {
    const middle = (low + high) / 2
    if (betaBelow(middle, a, b) < value) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The regularised incomplete beta function I_x(a, b), by its continued fraction (NIST Digital Library of Mathematical Functions, 8.17.22). */
export function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges quickly below the middle only.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a
  return front / fraction(x, a, b)
}

const maxTerms = 10_000
const smallest = 1e-300

/** The continued fraction 1 + d₁/(1 + d₂/(1 + …)), by the method of Lentz. */
function fraction(x: number, a: number, b: number): number {
  const term = (n: number): number => {
    const m = Math.floor(n / 2)
    return n % 2 === 0 ? (m * (b - m) * x) / ((a + n - 1) * (a + n)) : (-(a + m) * (a + b + m) * x) / ((a + n - 1) * (a + n))
  }
  let value = 1
  let c = 1
  let d = 0
  for (let n = 1; n < maxTerms; n++) {
    const t = term(n)
    d = 1 / notZero(1 + t * d)
    c = notZero(1 + t / c)
    value *= c * d
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return value
}

const notZero = (number: number): number => (Math.abs(number) < smallest ? smallest : number)

/** The logarithm of the gamma function for x > 0: Stirling's series above 10 (NIST DLMF 5.11.1), brought there by Γ(x + 1) = x Γ(x). */
function logGamma(x: number): number {
  let shift = 0
  let at = x
  while (at < 10) shift -= Math.log(at++)
  const square = 1 / at ** 2
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / at
  return shift + (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series
}
