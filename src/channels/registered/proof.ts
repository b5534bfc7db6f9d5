/**
 * The proof of a registered message: the message as it left and every receipt as it came, byte for byte, in one ZIP, with their hashes in the form that
 * `sha256sum -c` reads. It needs no program of ours to be checked: each receipt is signed by its provider.
 */
import { createHash } from 'node:crypto'
import { Zip, ZipPassThrough } from 'fflate'

export interface ProofFile {
  readonly name: string
  readonly at: Date
  bytes(): Promise<Buffer>
}

/** Mails hardly get smaller, and whoever checks wants to see them as they are: nothing is compressed. One file at a time is in memory. */
export async function* proofArchive(files: readonly ProofFile[], readme: string, at: Date): AsyncGenerator<Buffer> {
  const pieces: Buffer[] = []
  let failed: Error | undefined
  const zip = new Zip((error, piece) => {
    if (error) failed = error
    else pieces.push(Buffer.from(piece))
  })
  const add = (name: string, bytes: Uint8Array, mtime: Date) => {
    const entry = new ZipPassThrough(name)
    entry.mtime = mtime
    zip.add(entry)
    entry.push(bytes, true)
    if (failed) throw failed
    return pieces.splice(0)
  }
  let hashes = ''
  for (const file of files) {
    const bytes = await file.bytes()
    hashes += `${createHash('sha256').update(bytes).digest('hex')}  ${file.name}\n`
    yield* add(file.name, bytes, file.at)
  }
  yield* add('LEGGIMI.txt', Buffer.from(readme, 'utf8'), at)
  yield* add('SHA256SUMS', Buffer.from(hashes, 'utf8'), at)
  zip.end()
  yield* pieces.splice(0)
}

/** A name for a file in an archive: no folder, nothing that a system reads otherwise, not too long. */
export function proofName(number: number, kind: string, address: string | undefined): string {
  const whose = (address ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9@._-]+/g, '_')
    .replace(/\.{2,}/g, '_')
    .slice(0, 80)
  return `${String(number).padStart(2, '0')}-${kind}${whose === '' ? '' : `-${whose}`}.eml`
}
