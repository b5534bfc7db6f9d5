/**
 * WAV files (RIFF): reading what speech programs and people give, writing what Asterisk plays. Plain samples of 8 or 16 bits, and the two
 * laws of the telephone, G.711 A and µ.
 */

/** Sound of one channel. Samples lie between -32768 and 32767. */
export interface Sound {
  readonly rate: number
  readonly samples: Int16Array
}

/** Why a file cannot be used; `telephony.recording.<reason>` is the sentence for people. */
export type SoundFault =
  | 'empty'
  | 'mp3'
  | 'otherFormat'
  | 'notWav'
  | 'noFormat'
  | 'noSound'
  | 'truncated'
  | 'compressed'
  | 'bits'
  | 'channels'
  | 'rate'
  | 'tooLong'
  | 'silent'

/** The file is not a WAV file that can be used; the message says what it is. */
export class NotASound extends Error {
  override readonly name = 'NotASound'
  readonly reason: SoundFault
  readonly values: Readonly<Record<string, string | number>>

  constructor(reason: SoundFault, message: string, values: Readonly<Record<string, string | number>> = {}) {
    super(message)
    this.reason = reason
    this.values = values
  }
}

/** What a file says of its samples. */
export interface SoundFormat {
  kind: 'pcm' | 'a-law' | 'µ-law'
  channels: number
  rate: number
  bits: number
}

const pcm = 1
const kinds: Readonly<Record<number, SoundFormat['kind']>> = { [pcm]: 'pcm', 6: 'a-law', 7: 'µ-law' }
/** The kind stands at the beginning of the identifier that follows. */
const extensible = 0xfffe
const extensibleKindAt = 24

const usualRates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000]

/** Programs that write to a pipe do not know the length beforehand, and say one near the largest that can be said. */
const unknownLength = 0x7f00_0000

/** How long it sounds, in milliseconds. */
export const durationMs = ({ rate, samples }: Sound): number => Math.round((samples.length * 1000) / rate)

/**
 * Reads a WAV file. Two channels are mixed to one.
 * @throws NotASound when it is no WAV file, is cut off, or holds samples that are not read.
 */
export const readWav = (file: Buffer): Sound => {
  const { format, bytes } = openWav(file)
  return { rate: format.rate, samples: samplesOf(bytes, format) }
}

/** The format of a WAV file and the bytes of its samples. @throws as `readWav` */
export function openWav(file: Buffer): { format: SoundFormat; bytes: Buffer } {
  if (file.length === 0) throw new NotASound('empty', 'There is nothing in the file.')
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    throw otherThanWav(file)
  let format: SoundFormat | undefined
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4)
    const said = file.readUInt32LE(at + 4)
    const start = at + 8
    const end = Math.min(start + said, file.length)
    if (name === 'fmt ' && end - start >= 16) format = formatOf(file.subarray(start, end))
    else if (name === 'data') {
      if (!format) throw new NotASound('noFormat', 'This WAV file does not say its format.')
      if (start + said > file.length && said < unknownLength)
        throw new NotASound(
          'truncated',
          `This WAV file is cut off: ${said} bytes of sound were promised, ${end - start} are there.`,
        )
      if (end - start < (format.channels * format.bits) / 8) throw new NotASound('noSound', 'This WAV file holds no sound.')
      return { format, bytes: file.subarray(start, end) }
    }
    // Chunks begin at even places.
    at = start + said + (said % 2)
  }
  throw new NotASound('noSound', 'This WAV file holds no sound.')
}

function formatOf(chunk: Buffer): SoundFormat {
  const said = chunk.readUInt16LE(0)
  const code = said === extensible && chunk.length >= extensibleKindAt + 2 ? chunk.readUInt16LE(extensibleKindAt) : said
  const [channels, rate, bits] = [chunk.readUInt16LE(2), chunk.readUInt32LE(4), chunk.readUInt16LE(14)]
  const kind = kinds[code]
  if (!kind)
    throw new NotASound('compressed', `The samples of this WAV file are of the kind ${code}, which is not read.`, { kind: code })
  if (bits !== 8 && !(kind === 'pcm' && bits === 16))
    throw new NotASound('bits', `The samples of this WAV file have ${bits} bits; 8 and 16 are read.`, { bits })
  if (channels < 1 || channels > 2)
    throw new NotASound('channels', `A WAV file of ${channels} channels is not read.`, { channels })
  if (!usualRates.includes(rate)) throw new NotASound('rate', `A WAV file of ${rate} samples a second is not read.`, { rate })
  return { kind, channels, rate, bits }
}

/** What people send instead, by its first bytes. */
function otherThanWav(file: Buffer): NotASound {
  const head = file.toString('latin1', 0, 12)
  // ID3, or the eleven ones by which each frame of MPEG audio begins, with a layer that is one.
  const mpegFrame = file[0] === 0xff && ((file[1] ?? 0) & 0xe0) === 0xe0 && ((file[1] ?? 0) & 0x06) !== 0
  if (head.startsWith('ID3') || mpegFrame) return new NotASound('mp3', 'This is an MP3 file, not a WAV file.')
  const other = Object.entries({
    OggS: 'Ogg',
    fLaC: 'FLAC',
    FORM: 'AIFF',
    '\x1aE\xdf\xa3': 'WebM',
    RF64: 'RF64',
    '.snd': 'AU',
  }).find(([mark]) => head.startsWith(mark))?.[1]
  const format = other ?? (head.slice(4, 8) === 'ftyp' ? 'MP4 (M4A)' : undefined)
  return format === undefined
    ? new NotASound('notWav', 'This is not a WAV file.')
    : new NotASound('otherFormat', `This is a file of the format ${format}, not a WAV file.`, { format })
}

function samplesOf(bytes: Buffer, { kind, channels, bits }: SoundFormat): Int16Array {
  const width = bits / 8
  const sampleAt: (at: number) => number =
    kind === 'a-law'
      ? at => fromALaw[bytes[at] ?? 0] ?? 0
      : kind === 'µ-law'
        ? at => fromMuLaw[bytes[at] ?? 0] ?? 0
        : bits === 8
          ? // Eight bits are counted from below: silence is 128.
            at => ((bytes[at] ?? 128) - 128) << 8
          : at => bytes.readInt16LE(at)
  const frames = Math.floor(bytes.length / (width * channels))
  const samples = new Int16Array(frames)
  for (let frame = 0; frame < frames; frame++) {
    const at = frame * channels * width
    samples[frame] = channels === 1 ? sampleAt(at) : Math.round((sampleAt(at) + sampleAt(at + width)) / 2)
  }
  return samples
}

/** ITU-T G.711: sign, exponent of three bits, mantissa of four; even bits inverted on the line. */
const fromALaw = Int16Array.from({ length: 256 }, (_, byte) => {
  const code = byte ^ 0x55
  const exponent = (code >> 4) & 7
  const mantissa = code & 0x0f
  const size = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1)
  return code & 0x80 ? size : -size
})

/** ITU-T G.711: the same parts, all bits inverted, and a bias of 132 that makes the first step no exception. */
const fromMuLaw = Int16Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff
  const size = ((((code & 0x0f) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
  return code & 0x80 ? -size : size
})

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

/** Milliseconds that a file of ours sounds, from its length: 8000 Hz, 16 bit, one channel, the header that `writeWav` writes. */
export const durationOfBytes = (bytes: number): number => Math.round((bytes - 44) / 16)
