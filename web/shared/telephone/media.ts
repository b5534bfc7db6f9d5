/**
 * Sound in the browser: the microphone, the loudspeaker, and how loud both are.
 */
/** Why there is no microphone. */
export type NoMicrophone = 'refused' | 'missing' | 'busy' | 'unsupported'

export type OpenedMicrophone = { ok: true; stream: MediaStream } | { ok: false; why: NoMicrophone }

/** Asks for the microphone; the browser shows its question if the person has not answered it yet. */
export async function openMicrophone(): Promise<OpenedMicrophone> {
  // Browsers give microphones to https pages and to localhost only.
  if (!navigator.mediaDevices?.getUserMedia) return { ok: false, why: 'unsupported' }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      video: false,
    })
    return { ok: true, stream }
  } catch (error) {
    return { ok: false, why: reasons[error instanceof DOMException ? error.name : ''] ?? 'missing' }
  }
}

const reasons: Readonly<Record<string, 'refused' | 'missing' | 'busy'>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
}

let shared: AudioContext | undefined

/** The page's one audio context. It may sleep until the person has touched the page; `resume` is asked for each time. */
export function audioContext(): AudioContext {
  shared ??= new AudioContext()
  if (shared.state === 'suspended') shared.resume().catch(() => {})
  return shared
}

/** Measures how loud a stream is, between 0 and 1, without making it heard. */
export class LevelMeter {
  readonly #analyser: AnalyserNode
  readonly #source: MediaStreamAudioSourceNode
  readonly #samples: Float32Array<ArrayBuffer>

  constructor(stream: MediaStream) {
    const context = audioContext()
    this.#analyser = context.createAnalyser()
    this.#analyser.fftSize = 1024
    this.#samples = new Float32Array(this.#analyser.fftSize)
    this.#source = context.createMediaStreamSource(stream)
    this.#source.connect(this.#analyser)
  }

  level(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples)
    return loudness(this.#samples)
  }

  close(): void {
    this.#source.disconnect()
  }
}

/** Root mean square on a scale like the ear's: −54 dB and less is 0, −9 dB and more is 1. */
export function loudness(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12)
  return Math.min(1, Math.max(0, (decibels + 54) / 45))
}

/** Loudspeakers and headsets, where the browser tells them; otherwise an empty list. */
export async function outputDevices(): Promise<{ id: string; name: string }[]> {
  if (!navigator.mediaDevices?.enumerateDevices || !('setSinkId' in HTMLMediaElement.prototype)) return []
  const devices = await navigator.mediaDevices.enumerateDevices()
  return devices
    .filter(device => device.kind === 'audiooutput' && device.label !== '')
    .map(device => ({ id: device.deviceId, name: device.label }))
}
