/**
 * The sounds behind whatever is said to a caller: noise as quiet as a line that is alive, then a melody. Made here, so that they need no file of
 * anybody's. A line without any sound is taken for dead, by callers and by the telephones of some networks.
 */
import { telephoneRate } from './speech.ts'
import type { Sound } from './wav.ts'

/** Root mean square; speech lies twenty times above it. */
const noiseLevel = 90
const melodyLevel = 900
const noteSeconds = 1.2
/** Hertz: the steps of a slow arpeggio in C. */
const notes = [261.63, 329.63, 392, 523.25, 392, 329.63, 293.66, 349.23, 440, 587.33, 440, 349.23] as const

/** Noise for so many seconds: the same at each call, since the name of a file is made from what is in it. */
export function comfortNoise(seconds: number): Sound {
  let seed = 1
  // Numerical Recipes' generator: even numbers in -1 to 1, whose root mean square is 1/√3.
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 31 - 1
  }
  const samples = Int16Array.from({ length: Math.round(seconds * telephoneRate) }, () =>
    Math.round(random() * noiseLevel * Math.sqrt(3)),
  )
  return { rate: telephoneRate, samples }
}

/** A quiet melody that begins and ends softly, so that it can be played again and again. */
export function melody(): Sound {
  const noise = comfortNoise(notes.length * noteSeconds).samples
  const length = Math.round(noteSeconds * telephoneRate)
  const samples = noise.map((quiet, index) => {
    const place = (index % length) / length
    const hertz = notes[Math.floor(index / length)] ?? 0
    const swell = Math.sin(Math.PI * place)
    return Math.round(quiet + melodyLevel * swell * Math.sin((2 * Math.PI * hertz * (index % length)) / telephoneRate))
  })
  return { rate: telephoneRate, samples }
}
