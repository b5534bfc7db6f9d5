/** The sounds of a telephone, made here: the ringing tone at the other end, keys, and quiet music while one waits. */
import { audioContext } from '../shared/telephone/media.ts'

/** The Italian ringing tone: 425 Hz, one second on, four off (ITU-T E.180). */
export function ringingTone(): () => void {
  const context = audioContext()
  const gain = context.createGain()
  gain.gain.value = 0
  const oscillator = context.createOscillator()
  oscillator.frequency.value = 425
  oscillator.connect(gain).connect(context.destination)
  oscillator.start()
  const burst = () => {
    const at = context.currentTime
    gain.gain.setTargetAtTime(0.05, at, 0.01)
    gain.gain.setTargetAtTime(0, at + 1, 0.01)
  }
  burst()
  const timer = setInterval(burst, 5_000)
  return () => {
    clearInterval(timer)
    oscillator.stop()
    gain.disconnect()
  }
}

const lowTones = [697, 770, 852, 941] as const
const highTones = [1209, 1336, 1477] as const
const places = '123456789*0#'

/** The two tones of a key (ITU-T Q.23), for the ear only: the key itself goes to the program as a message. */
export function keyTone(key: string): void {
  const place = places.indexOf(key)
  if (place < 0) return
  const context = audioContext()
  const gain = context.createGain()
  gain.gain.value = 0.04
  gain.connect(context.destination)
  for (const hertz of [lowTones[Math.floor(place / 3)] ?? 697, highTones[place % 3] ?? 1209]) {
    const oscillator = context.createOscillator()
    oscillator.frequency.value = hertz
    oscillator.connect(gain)
    oscillator.start()
    oscillator.stop(context.currentTime + 0.11)
  }
  setTimeout(() => gain.disconnect(), 300)
}

/** Four chords that lead into each other, as frequencies in hertz. */
const chords = [
  [196.0, 246.94, 293.66, 392.0],
  [164.81, 246.94, 329.63, 392.0],
  [130.81, 261.63, 329.63, 392.0],
  [146.83, 220.0, 293.66, 369.99],
] as const
const noteSeconds = 0.62

/** Soft broken chords, without an end. */
export function waitingMusic(): () => void {
  const context = audioContext()
  const out = context.createGain()
  out.gain.value = 0
  out.gain.setTargetAtTime(0.05, context.currentTime, 0.6)
  out.connect(context.destination)
  let step = 0
  const note = () => {
    const chord = chords[Math.floor(step / 8) % chords.length] ?? chords[0]
    const hertz = chord[[0, 2, 1, 3, 2, 1, 3, 2][step % 8] ?? 0] ?? 196
    const at = context.currentTime
    const envelope = context.createGain()
    const oscillator = context.createOscillator()
    oscillator.type = 'triangle'
    oscillator.frequency.value = hertz * 2
    envelope.gain.setValueAtTime(0, at)
    envelope.gain.linearRampToValueAtTime(1, at + 0.06)
    envelope.gain.exponentialRampToValueAtTime(0.001, at + 1.9)
    oscillator.connect(envelope).connect(out)
    oscillator.start(at)
    oscillator.stop(at + 2)
    step++
  }
  note()
  const timer = setInterval(note, noteSeconds * 1_000)
  return () => {
    clearInterval(timer)
    out.gain.setTargetAtTime(0, context.currentTime, 0.05)
    setTimeout(() => out.disconnect(), 400)
  }
}
