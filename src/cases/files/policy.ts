/** Who keeps the files of a case, and whether one more has room. Pure. */
import { can } from '../../identity/capabilities.ts'
import { type Actor, allowed, refused, type Verdict } from '../../platform/index.ts'
import { maxCaseFiles, maxCaseFilesBytes } from './limits.ts'

/** Files are put there, and taken away, by those who answer citizens or advise who does. */
export const mayKeepFiles = (actor: Actor): Verdict =>
  actor.kind === 'person' && (can(actor, 'mails.work') || can(actor, 'tickets.advise'))
    ? allowed
    : refused('cases.file.notYourTask')

/** @param sizeBytes of what is to come */
export function hasRoomFor(held: readonly { size_bytes: number }[], sizeBytes: number): Verdict {
  if (held.length >= maxCaseFiles) return refused('cases.file.tooMany', { limit: maxCaseFiles })
  const sum = held.reduce((bytes, file) => bytes + file.size_bytes, sizeBytes)
  return sum > maxCaseFilesBytes ? refused('cases.file.tooMuch', { limit: Math.floor(maxCaseFilesBytes / 1_048_576) }) : allowed
}
