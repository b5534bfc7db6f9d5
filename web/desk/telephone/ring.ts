/**
 * A soft ring: two quiet tones a third apart, one second in three. It is made here, so that it needs no file and can stop within a beat.
 */
import { audioContext } from '../../shared/telephone/media.ts'

const beatMs = 3_000
const volume = 0.06

/** Begins to ring; answers the function that stops it. */
export function startRinging(): () => void {
  const context = audioContext()
  const out = context.createGain()
  out.gain.value = volume
  out.connect(context.destination)
  const beat = () => {
    const at = context.currentTime + 0.02
    tone(context, out, 587.33, at, 0.42)
    tone(context, out, 739.99, at + 0.22, 0.55)
  }
  beat()
  const timer = setInterval(beat, beatMs)
  return () => {
    clearInterval(timer)
    out.gain.setTargetAtTime(0, context.currentTime, 0.02)
    setTimeout(() => out.disconnect(), 200)
  }
}

function tone(context: AudioContext, out: AudioNode, hertz: number, at: number, seconds: number): void {
  const oscillator = context.createOscillator()
  const envelope = context.createGain()
  oscillator.type = 'sine'
  oscillator.frequency.value = hertz
  envelope.gain.setValueAtTime(0, at)
  envelope.gain.linearRampToValueAtTime(1, at + 0.03)
  envelope.gain.exponentialRampToValueAtTime(0.001, at + seconds)
  oscillator.connect(envelope).connect(out)
  oscillator.start(at)
  oscillator.stop(at + seconds + 0.05)
}
