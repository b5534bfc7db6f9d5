/**
 * Files that go out with an answer. They are added one by one while it is written, and lie with the conversation: whoever goes on with it, at another
 * machine or after a colleague, finds them.
 *
 *   added ──▶ waiting with the conversation ──answered──▶ with the mail
 *                        ▲                                    │
 *                        └───── taken back, or came back ─────┘
 */
import { type House, keepBlob, Refused, type Work, wholeBlob } from '../../platform/index.ts'
import type { AttachedFile } from '../port.ts'
import { type CheckedFile, megabytes } from './check.ts'
import { maxFiles, maxFilesBytes } from './limits.ts'
import { filesOfMail, filesWaiting, insertOutgoingFile, type OutgoingFileRow, takeAlong } from './store.ts'

/** What is told of a file. */
export const viewOfFile = ({ id, name, type, size_bytes, scan }: OutgoingFileRow) => ({
  ...{ id, name, type, scan },
  sizeBytes: Number(size_bytes),
})

/**
 * Adds a file to the next answer of a conversation, which the caller has locked.
 * @throws Refused 413 beyond a limit
 */
export async function addFile(
  work: Work,
  { subjectId, file, personId }: { subjectId: string; file: CheckedFile; personId: string },
): Promise<string> {
  const waiting = await filesWaiting(work.tx, subjectId)
  if (waiting.length >= maxFiles) throw new Refused('channels.file.tooMany', { limit: maxFiles }, 413)
  const sizeBytes = waiting.reduce((sum, each) => sum + Number(each.size_bytes), file.sizeBytes)
  if (sizeBytes > maxFilesBytes) throw new Refused('channels.file.tooMuch', { limit: megabytes(maxFilesBytes) }, 413)
  const id = work.ids()
  await insertOutgoingFile(work.tx, {
    id,
    subject_id: subjectId,
    mail_id: null,
    name: file.name,
    type: file.type,
    size_bytes: file.sizeBytes,
    blob_id: await keepBlob(work, file.blob),
    scan: file.scan,
    added_by: personId,
    added_at: work.now,
  })
  return id
}

/** PEC counts the message once for each recipient (RFC 6109 §3.1.1): what cannot leave is refused while it can still be changed. */
const maxCountedPecBytes = 30_000_000
/** Base64 in lines of 76 characters, and something for heads and text. */
const encodedBytes = (bytes: number): number => Math.ceil(bytes * 1.37) + 50_000

/** The mail takes along what waits with the conversation. @throws Refused 413 for what PEC would not take */
export async function sendAlong(
  work: Work,
  { subjectId, mailId, channel, recipients }: { subjectId: string; mailId: string; channel: string; recipients: number },
): Promise<void> {
  const waiting = await filesWaiting(work.tx, subjectId)
  const sizeBytes = waiting.reduce((sum, file) => sum + Number(file.size_bytes), 0)
  if (channel === 'pec' && encodedBytes(sizeBytes) * recipients > maxCountedPecBytes)
    throw new Refused('channels.file.tooMuchForPec', { limit: megabytes(maxCountedPecBytes), recipients }, 413)
  await takeAlong(work.tx, subjectId, mailId)
}

/** A mail was taken back, or came back: its files wait with the conversation again. The mail keeps its own. */
export async function waitAgain(work: Work, mailId: string): Promise<void> {
  const [carried, waiting] = [await filesOfMail(work.tx, mailId), new Set<string>()]
  for (const { blob_id } of carried[0] ? await filesWaiting(work.tx, carried[0].subject_id) : []) waiting.add(blob_id)
  for (const file of carried)
    if (!waiting.has(file.blob_id)) await insertOutgoingFile(work.tx, { ...file, id: work.ids(), mail_id: null })
}

/** What a mail carries, with its bytes: bounded when it was added. */
export async function attachedTo(house: House, mailId: string): Promise<AttachedFile[]> {
  const files: AttachedFile[] = []
  for (const { name, type, blob_id } of await filesOfMail(house.database.kysely, mailId))
    files.push({ name, type, bytes: await wholeBlob(house, blob_id) })
  return files
}
