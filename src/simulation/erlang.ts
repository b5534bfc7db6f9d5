/**
 * Formulas of waiting lines, against which the simulator is checked and by which the planner makes its first guess.
 *
 * Names: `servers` n; `arrivalRate` λ, `serviceRate` μ and `abandonRate` θ in the same unit (for instance per second); the offered load is
 * a = λ / μ, in erlangs.
 *
 * Nothing here overflows: factorials and powers never appear. Erlang B goes by its recursion, which is stable because each step adds only
 * positive numbers; Erlang A goes by ratios of neighbouring states of the birth-and-death process, rescaled when they grow (after Ingolfsson
 * and Tang, "Efficient and reliable computation of birth-death process performance measures", INFORMS Journal on Computing 24, 2012).
 */

export interface QueueModel {
  servers: number
  arrivalRate: number
  serviceRate: number
}

export interface ImpatientLine extends QueueModel {
  /** 1 / mean patience. */
  abandonRate: number
}

/**
 * Erlang B: the share of calls that find all servers busy when nobody may wait. O(servers).
 * @param load offered load in erlangs
 */
export function erlangB(servers: number, load: number): number {
  needs(Number.isInteger(servers) && servers >= 0, 'servers must be a whole number from 0 on')
  needs(load >= 0, 'load must not be negative')
  let blocked = 1
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked)
  return blocked
}

/** Erlang C: the share of calls that wait when all wait as long as it takes. 1 when the load is not below the servers. */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1
  const blocked = erlangB(servers, load)
  return (servers * blocked) / (servers - load * (1 - blocked))
}

export interface Performance {
  /** Share of calls that wait at all. */
  waits: number
  /** Mean wait of all calls, those that gave up included; in the unit of 1 / rate. Infinity when the line grows for ever. */
  meanWait: number
  /** Mean number of calls in line. */
  inLine: number
  /** Share of calls that give up. */
  abandons: number
  /** Share of the servers that work. */
  occupancy: number
  /** Share of all calls that are answered within `time`. */
  answeredWithin(time: number): number
}

/** M/M/n: nobody gives up. */
export function withoutImpatience({ servers, arrivalRate, serviceRate }: QueueModel): Performance {
  const load = arrivalRate / serviceRate
  const waits = erlangC(servers, load)
  const spare = servers * serviceRate - arrivalRate
  const stable = spare > 0
  const meanWait = stable ? waits / spare : Number.POSITIVE_INFINITY
  return {
    waits,
    meanWait,
    inLine: stable ? arrivalRate * meanWait : Number.POSITIVE_INFINITY,
    abandons: 0,
    occupancy: Math.min(1, load / servers),
    answeredWithin: time => (stable ? 1 - waits * Math.exp(-spare * time) : 0),
  }
}

/** Terms below this share of their sum no longer change it. */
const negligible = 1e-17
const large = 1e200

/** M/M/n+M, Erlang A: each caller gives up after an exponential patience. Any load, above the servers too. */
export function withImpatience({ servers, arrivalRate, serviceRate, abandonRate }: ImpatientLine): Performance {
  needs(abandonRate > 0, 'abandonRate must be above 0: use withoutImpatience')
  const load = arrivalRate / serviceRate
  // States 0 … n, relative to state n: their sum is 1 / B.
  let below = 1 / erlangB(servers, load)
  // States n, n + 1, …: `line[j]` is the weight of j calls in line, relative to state n.
  const line: number[] = []
  let weight = 1
  let sum = 0
  let inLine = 0
  for (let j = 0; ; j++) {
    line.push(weight)
    sum += weight
    inLine += j * weight
    const ratio = arrivalRate / (servers * serviceRate + (j + 1) * abandonRate)
    if (ratio < 1 && weight < negligible * sum) break
    weight *= ratio
    if (weight > large) {
      for (let i = 0; i < line.length; i++) line[i] = (line[i] ?? 0) / large
      weight /= large
      sum /= large
      inLine /= large
      below /= large
    }
  }
  const total = below + sum - (line[0] ?? 0)
  const waits = sum / total
  const meanInLine = inLine / total
  const abandons = (abandonRate * meanInLine) / arrivalRate
  return {
    waits,
    meanWait: meanInLine / arrivalRate,
    inLine: meanInLine,
    abandons,
    occupancy: (load * (1 - abandons)) / servers,
    answeredWithin: time => 1 - waits + answeredFromLine(line, total, (servers * serviceRate) / abandonRate, abandonRate, time),
  }
}

/**
 * Share of calls that wait and are answered within `time`.
 *
 * Behind j others, service comes after the sum of exponential times of rates θ(c + i), i = 0 … j, with c = nμ / θ; that is −ln Y / θ with
 * Y ~ Beta(c, j + 1). The caller is still there with probability e^(−θ · wait) = Y. So the share is E[Y; Y > e^(−θ·time)], which is
 * c / (c + j + 1) times the upper tail of Beta(c + 1, j + 1); the tails for j = 0, 1, … add the terms of a negative binomial law.
 */
function answeredFromLine(line: readonly number[], total: number, c: number, abandonRate: number, time: number): number {
  const x = Math.exp(-abandonRate * time)
  const logMiss = Math.log1p(-x)
  let logTerm = (c + 1) * -abandonRate * time
  let lowerTail = 0
  let answered = 0
  for (let j = 0; j < line.length; j++) {
    lowerTail = Math.min(1, lowerTail + Math.exp(logTerm))
    logTerm += logMiss + Math.log((c + 1 + j) / (j + 1))
    answered += ((line[j] ?? 0) / total) * (c / (c + j + 1)) * (1 - lowerTail)
  }
  return answered
}

/** What staff is planned for. */
export type ServiceTarget = { answered: number; withinSeconds: number } | { abandonedBelow: number }

/**
 * The least number of servers that meets a target. 0 when nobody calls.
 * @param load rates per second; `abandonRate` may be missing for callers of endless patience (then no abandonment target)
 */
export function minServers(
  load: Omit<QueueModel, 'servers'> & { abandonRate?: number | undefined },
  target: ServiceTarget,
): number {
  if (load.arrivalRate <= 0) return 0
  const meets = (servers: number): boolean => {
    const line = { ...load, servers }
    const performance =
      load.abandonRate === undefined ? withoutImpatience(line) : withImpatience({ ...line, abandonRate: load.abandonRate })
    return 'abandonedBelow' in target
      ? performance.abandons < target.abandonedBelow
      : performance.answeredWithin(target.withinSeconds) >= target.answered
  }
  let tooFew = 0
  let enough = Math.max(1, Math.ceil(load.arrivalRate / load.serviceRate))
  while (!meets(enough)) {
    tooFew = enough
    enough *= 2
    needs(enough < 1e7, 'no number of servers meets the target')
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (meets(middle)) enough = middle
    else tooFew = middle
  }
  return enough
}

function needs(condition: boolean, sentence: string): void {
  if (!condition) throw new RangeError(sentence)
}
