/**
 * What Outlook wraps into one file, `winmail.dat` (TNEF, MS-OXTNEF §2.1.3): the files that a citizen has attached, and at times the text. Pure, and
 * bounded: what does not add up is left as the one file that it came as.
 *
 *   signature · key · (level · id · length · data · sum of the bytes)*
 */

export interface WinmailContent {
  text: string | null
  files: { name: string; bytes: Buffer }[]
}

const signature = 0x22_3e_9f_78
const ofAttachment = 2
const attribute = {
  body: 0x0002_800c,
  codePage: 0x0006_9007,
  newFile: 0x0006_9002,
  title: 0x0001_8010,
  data: 0x0006_800f,
} as const
const maxFiles = 100
const maxAttributes = 5_000
/** Level, id and length before the data, and the sum behind it. */
const headBytes = 9
const sumBytes = 2

/** Returns what is in it; undefined for what is none, or is broken off. */
export function readWinmail(bytes: Buffer): WinmailContent | undefined {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== signature) return undefined
  const content: WinmailContent = { text: null, files: [] }
  let decoder = new TextDecoder('windows-1252')
  let at = 6
  for (let n = 0; at < bytes.length; n++) {
    if (n >= maxAttributes || at + headBytes + sumBytes > bytes.length) return undefined
    const level = bytes.readUInt8(at)
    const id = bytes.readUInt32LE(at + 1)
    const length = bytes.readUInt32LE(at + 5)
    const end = at + headBytes + length
    if (end + sumBytes > bytes.length) return undefined
    const data = bytes.subarray(at + headBytes, end)
    at = end + sumBytes
    if (id === attribute.codePage && length >= 4) decoder = decoderOf(data.readUInt32LE(0))
    const words = () => decoder.decode(data).split('\0', 1)[0] ?? ''
    if (level !== ofAttachment) {
      if (id === attribute.body) content.text = words()
      continue
    }
    if (id === attribute.newFile) {
      if (content.files.length >= maxFiles) return undefined
      content.files.push({ name: '', bytes: Buffer.alloc(0) })
    }
    const file = content.files.at(-1)
    if (file && id === attribute.title) file.name = words()
    if (file && id === attribute.data) file.bytes = data
  }
  return content
}

/** Windows' code pages, as far as they are known by number. */
function decoderOf(codePage: number): TextDecoder {
  try {
    return new TextDecoder(codePage === 65_001 ? 'utf-8' : codePage === 932 ? 'shift_jis' : `windows-${codePage}`)
  } catch {
    return new TextDecoder('windows-1252')
  }
}
