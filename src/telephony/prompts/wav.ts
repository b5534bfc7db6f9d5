/**
 * WAV files with plain samples (RIFF, PCM, 16 bit): reading what speech programs and people give, writing what Asterisk plays.
 */

/** Sound of one channel. Samples lie between -32768 and 32767. */
export interface Sound {
  readonly rate: number
  readonly samples: Int16Array
}

/** The file is not a WAV file that can be used; the message says what it is. */
export class NotASound extends Error {
  override readonly name = 'NotASound'
}

const pcm = 1
const extensible = 0xfffe

/** How long it sounds, in milliseconds. */
export const durationMs = ({ rate, samples }: Sound): number => Math.round((samples.length * 1000) / rate)

/**
 * Reads a WAV file. Several channels are mixed to one.
 * @throws NotASound when it is no WAV file, is compressed, or has no 16-bit samples.
 */
export function readWav(file: Buffer): Sound {
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    throw new NotASound('This is not a WAV file.')
  let format: { kind: number; channels: number; rate: number; bits: number } | undefined
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4)
    const said = file.readUInt32LE(at + 4)
    const start = at + 8
    // Programs that write to a pipe do not know the length beforehand and say a huge one.
    const end = Math.min(start + said, file.length)
    if (name === 'fmt ' && end - start >= 16) {
      format = {
        kind: file.readUInt16LE(start),
        channels: file.readUInt16LE(start + 2),
        rate: file.readUInt32LE(start + 4),
        bits: file.readUInt16LE(start + 14),
      }
    } else if (name === 'data') {
      if (!format) throw new NotASound('This WAV file does not say its format.')
      return { rate: format.rate, samples: samplesOf(file.subarray(start, end), format) }
    }
    // Chunks begin at even places.
    at = start + said + (said % 2)
  }
  throw new NotASound('This WAV file holds no sound.')
}

function samplesOf(
  bytes: Buffer,
  { kind, channels, rate, bits }: { kind: number; channels: number; rate: number; bits: number },
): Int16Array {
  if ((kind !== pcm && kind !== extensible) || bits !== 16)
    throw new NotASound('Only WAV files with plain samples of 16 bits are read.')
  if (channels < 1 || channels > 8) throw new NotASound(`A WAV file of ${channels} channels is not read.`)
  if (rate < 4_000 || rate > 192_000) throw new NotASound(`A WAV file of ${rate} samples a second is not read.`)
  const frames = Math.floor(bytes.length / (2 * channels))
  const samples = new Int16Array(frames)
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += bytes.readInt16LE(2 * (frame * channels + channel))
    samples[frame] = Math.round(sum / channels)
  }
  return samples
}

/** Writes a WAV file of one channel with 16 bits. */
export function writeWav({ rate, samples }: Sound): Buffer {
  const bytes = samples.length * 2
  const file = Buffer.alloc(44 + bytes)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(36 + bytes, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(pcm, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(rate, 24)
  file.writeUInt32LE(rate * 2, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(bytes, 40)
  samples.forEach((sample, index) => {
    file.writeInt16LE(sample, 44 + 2 * index)
  })
  return file
}
