/**
 * Change of sampling rate: a windowed-sinc low-pass filter, evaluated only where a sample is wanted.
 *
 * What lies above half of the new rate must be gone before samples are left out, or it comes back as a whistle at another pitch
 * (aliasing). The filter is an ideal low-pass cut to `halfWidth` periods on each side by a Kaiser window; its phases repeat, so they
 * are computed once. Method: A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, §4.6 and §7.5.
 */
import type { Sound } from './wav.ts'

/** Periods of the slower rate on each side: with the window below the edge falls from passing to -60 dB within 12 % of half the rate. */
const halfWidth = 32
/** Kaiser's β for about 65 dB of damping (ibid. §7.5.3: 0.1102 · (65 − 8.7)). */
const beta = 6.2
/** The edge as a part of half the slower rate; the transition must end at half the rate. */
const edge = 0.94

/** The same sound at another rate. Length in time stays the same to within one sample. Pure. */
export function resample({ rate, samples }: Sound, wanted: number): Sound {
  if (rate === wanted) return { rate, samples }
  const divisor = greatestCommonDivisor(rate, wanted)
  const phases = wanted / divisor
  const step = rate / divisor
  // Cut-off in parts of the old rate, and the reach of the filter in samples of the old rate.
  const cutoff = (edge * Math.min(rate, wanted)) / (2 * rate)
  const reach = Math.ceil((halfWidth * rate) / Math.min(rate, wanted))
  const filters = Array.from({ length: phases }, (_, phase) => filterFor(((phase * step) % phases) / phases, cutoff, reach))

  const length = Math.floor((samples.length * phases) / step)
  const answer = new Int16Array(length)
  for (let n = 0; n < length; n++) {
    const centre = Math.floor((n * step) / phases)
    const filter = filters[n % phases] ?? new Float64Array()
    let sum = 0
    for (let tap = 0; tap < filter.length; tap++) sum += (samples[centre + tap - reach + 1] ?? 0) * (filter[tap] ?? 0)
    answer[n] = Math.max(-32_768, Math.min(32_767, Math.round(sum)))
  }
  return { rate: wanted, samples: answer }
}

/** Weights of the samples from `reach - 1` before to `reach` after the place, which lies `fraction` of a sample after the middle one. */
function filterFor(fraction: number, cutoff: number, reach: number): Float64Array {
  const weights = new Float64Array(2 * reach)
  let total = 0
  for (let tap = 0; tap < weights.length; tap++) {
    const distance = tap - reach + 1 - fraction
    const weight = 2 * cutoff * sinc(2 * cutoff * distance) * kaiser(distance / reach)
    weights[tap] = weight
    total += weight
  }
  // Every phase passes a constant unchanged, or the sound would hum at the rate of the phases.
  return weights.map(weight => weight / total)
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

const kaiser = (x: number): number => (Math.abs(x) >= 1 ? 0 : bessel0(beta * Math.sqrt(1 - x * x)) / bessel0(beta))

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel0(x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
