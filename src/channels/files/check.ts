/**
 * A file that somebody gives us: looked at, named safely, and brought to where it will lie. For answers and for cases alike.
 */
import { fileTypeFromBuffer } from 'file-type'
import { type BroughtBlob, bringBlob, type House, Refused } from '../../platform/index.ts'
import { safeFileName } from '../inbox/reading/names.ts'
import { scannerOf } from '../inbox/scan.ts'
import { maxFileBytes } from './limits.ts'

/** A file that may be kept. */
export interface CheckedFile {
  readonly name: string
  /** As the content shows. */
  readonly type: string
  readonly sizeBytes: number
  readonly scan: 'unchecked' | 'clean'
  readonly blob: BroughtBlob
}

/** As limits are told. */
export const megabytes = (bytes: number): number => Math.floor(bytes / 1_048_576)

/**
 * Looks at a file. It may take long: call it before the transaction that keeps it, and after asking whether there is any use in it.
 * @throws Refused 413 for one that is too large, 422 for an empty one, 403 for malware
 */
export async function checkFile(house: House, { name, bytes }: { name: string; bytes: Buffer }): Promise<CheckedFile> {
  if (bytes.length === 0) throw new Refused('channels.file.empty', {}, 422)
  if (bytes.length > maxFileBytes) throw new Refused('channels.file.tooLarge', { limit: megabytes(maxFileBytes) }, 413)
  const { scan, detail } = await scannerOf(house.config)(bytes)
  if (scan === 'infected') throw new Refused('channels.file.infected', { found: detail ?? '' }, 403)
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined)
  return {
    name: safeFileName(name, 0),
    type: found?.mime ?? 'application/octet-stream',
    sizeBytes: bytes.length,
    scan,
    blob: await bringBlob(house, bytes),
  }
}
