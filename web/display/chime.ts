/** How a call is told: a chime of two tones, made once and kept, so that a display that runs for weeks makes nothing anew; then a voice. */
let kept: { context: AudioContext; tones: AudioBuffer } | undefined

const seconds = 1.1
const chimeMs = 1000 * seconds
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

/** Calls that are still to be told: each is let out before the next one begins. */
const waiting: string[] = []
let isTelling = false
/** A hall that calls faster than anybody can hear is told the newest. */
const mostWaiting = 6

/**
 * Chimes and says a call, behind those that are still being told. A browser that lets no page sound before a touch stays silent: machines are set up to let this
 * page sound.
 * @param sound where the call is said aloud; where the server has no voice, the chime is enough
 */
export function tell(sound: string): void {
  waiting.push(sound)
  waiting.splice(0, waiting.length - mostWaiting)
  if (!isTelling) void tellAll()
}

async function tellAll(): Promise<void> {
  isTelling = true
  for (let sound = waiting.shift(); sound !== undefined; sound = waiting.shift()) {
    chime()
    await new Promise(done => setTimeout(done, chimeMs))
    await spoken(sound)
  }
  isTelling = false
}

/** A voice that never ends keeps no call waiting. */
const longestMs = 8_000

/** Ends with the voice, or without one. */
const spoken = (sound: string): Promise<void> =>
  new Promise(done => {
    const voice = new Audio(sound)
    const end = () => {
      clearTimeout(limit)
      done()
    }
    const limit = setTimeout(end, longestMs)
    voice.onended = end
    voice.onerror = end
    voice.play().catch(end)
  })

function chime(): void {
  kept ??= made()
  const { context, tones: buffer } = kept
  if (context.state === 'suspended') void context.resume()
  const source = context.createBufferSource()
  source.buffer = buffer
  source.connect(context.destination)
  source.start()
}
