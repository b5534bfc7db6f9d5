/** The chime of a call: two tones, made once and kept, so that a display that runs for weeks makes nothing anew. */
let kept: { context: AudioContext; tones: AudioBuffer } | undefined

const seconds = 1.1
export const chimeMs = 1000 * seconds
const tones = [
  { hertz: 659.25, from: 0 },
  { hertz: 523.25, from: 0.35 },
] as const

function made(): { context: AudioContext; tones: AudioBuffer } {
  const context = new AudioContext()
  const buffer = context.createBuffer(1, Math.round(seconds * context.sampleRate), context.sampleRate)
  const samples = buffer.getChannelData(0)
  for (const { hertz, from } of tones)
    for (let at = Math.round(from * context.sampleRate); at < samples.length; at++) {
      const time = at / context.sampleRate - from
      samples[at] = (samples[at] ?? 0) + 0.35 * Math.exp(-4 * time) * Math.sin(2 * Math.PI * hertz * time)
    }
  return { context, tones: buffer }
}

/** Chimes. A browser that lets no page sound before a touch stays silent: machines are set up to let this page sound. */
export function chime(): void {
  kept ??= made()
  const { context, tones: buffer } = kept
  if (context.state === 'suspended') void context.resume()
  const source = context.createBufferSource()
  source.buffer = buffer
  source.connect(context.destination)
  source.start()
}
