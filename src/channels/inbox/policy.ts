/**
 * What becomes of a mail that was read. Pure.
 *
 *   a receipt of PEC ───────────────────────────────▶ examine          (never a contact of a citizen)
 *   from one of our own addresses ──────────────────▶ examine          (it would go round in circles)
 *   a bounce, an auto-reply about a mail of ours ───▶ noted            (kept with the case)
 *   a bounce, an auto-reply about nothing we know ──▶ examine
 *   a list ─────────────────────────────────────────▶ examine
 *   too many from one sender in an hour ────────────▶ examine          (two programs that answer each other)
 *   everything else ────────────────────────────────▶ interaction
 */
import type { DeliveryReport, MailMarks, ReadMail } from './reading/model.ts'

/** Why somebody has to look at a mail. */
export const examineReasons = [
  'unreadable',
  'too-large',
  'no-sender',
  'receipt',
  'own',
  'bounce',
  'auto-reply',
  'list',
  'too-many',
  'infected',
] as const
export type ExamineReason = (typeof examineReasons)[number]

/** What a raw message is, seen from outside: PEC puts others into envelopes, and tells of their fate in receipts. */
export type Envelope = 'ordinary' | 'registered' | 'receipt'
/** Port: tells what a raw message is. What PEC knows more than the two marks of the head plugs in here. */
export type EnvelopeOf = (marks: Pick<MailMarks, 'xRicevuta' | 'xTrasporto'>) => Envelope

export const envelopeByHead: EnvelopeOf = ({ xRicevuta, xTrasporto }) =>
  xRicevuta !== null ? 'receipt' : xTrasporto !== null ? 'registered' : 'ordinary'

/** Who wrote a mail: a person, or a program, and which. */
export type WrittenBy = 'person' | 'bounce' | 'auto-reply' | 'list'

/** Beginnings of subjects of auto-replies of programs that do not say so in the head, in the languages of the territory. */
const autoSubjects =
  /^(?:automatic reply|auto(?:matic)?[ -]?reply|autoreply|out of (?:the )?office|risposta automatica|fuori (?:sede|ufficio)|assenza dall'ufficio|automatische antwort|abwesenheits(?:notiz|nachricht)|réponse automatique|absence du bureau|samodejni odgovor|respuesta automática)\b/i

/** Whether a mail was written by a program (RFC 3834 §2, RFC 3464, and what older programs do instead). */
export function writtenBy({ marks, report, subject, from }: Pick<ReadMail, 'marks' | 'report' | 'subject' | 'from'>): WrittenBy {
  const { autoSubmitted, precedence, listId } = marks
  const isBounce =
    (marks.isReport && report !== null && report.recipients.length > 0) || (marks.nullReturnPath && report?.about != null)
  if (isBounce || /^mailer-daemon@/i.test(from.address)) return 'bounce'
  const isAuto = autoSubmitted !== null && !autoSubmitted.startsWith('no')
  if (isAuto || marks.nullReturnPath || marks.isReport || autoSubjects.test(subject)) return 'auto-reply'
  if (precedence === 'auto_reply' || (precedence === 'bulk' && listId === null && marks.autoResponseSuppress !== null))
    return 'auto-reply'
  return listId !== null || (precedence !== null && /^(bulk|junk|list)$/.test(precedence)) ? 'list' : 'person'
}

/** Whether a program may answer this mail by itself: only one that a person has written, to whom nobody has said that we should not. */
export const mayAnswerItself = (mail: Pick<ReadMail, 'marks' | 'report' | 'subject' | 'from'>): boolean =>
  writtenBy(mail) === 'person' && mail.marks.autoResponseSuppress === null && envelopeByHead(mail.marks) === 'ordinary'

export interface MailFacts {
  mail: Pick<ReadMail, 'marks' | 'report' | 'subject' | 'from'>
  envelope: Envelope
  isFromUs: boolean
  /** Whether it is about a mail that we sent. */
  isAboutOurs: boolean
  /** Mails of this sender in the last hour. */
  ofSenderInHour: number
  isInfected: boolean
}

export type Fate =
  | { kind: 'interaction' }
  | { kind: 'noted'; as: 'bounce' | 'delayed' | 'auto-reply' }
  | { kind: 'examine'; reason: ExamineReason }

/** One sender may write so often in an hour; what comes on top of that is looked at by somebody. */
export const mostOfSenderInHour = 30

export function fateOf({ mail, envelope, isFromUs, isAboutOurs, ofSenderInHour, isInfected }: MailFacts): Fate {
  const examine = (reason: ExamineReason): Fate => ({ kind: 'examine', reason })
  if (envelope === 'receipt') return examine('receipt')
  const by = writtenBy(mail)
  if (by === 'bounce')
    return isAboutOurs ? { kind: 'noted', as: isOnlyDelayed(mail.report) ? 'delayed' : 'bounce' } : examine('bounce')
  if (isFromUs) return examine('own')
  if (by === 'auto-reply') return isAboutOurs ? { kind: 'noted', as: 'auto-reply' } : examine('auto-reply')
  if (by === 'list') return examine('list')
  if (mail.from.address === '') return examine('no-sender')
  if (isInfected) return examine('infected')
  return ofSenderInHour >= mostOfSenderInHour ? examine('too-many') : { kind: 'interaction' }
}

const isOnlyDelayed = (report: DeliveryReport | null): boolean =>
  report !== null &&
  report.recipients.length > 0 &&
  report.recipients.every(({ action }) => action === 'delayed' || action === 'relayed')

// --- what a bounce says of an address -------------------------------------------------------------------------------

export type AddressTroubleReason = 'address' | 'full' | 'refused' | 'delayed'

const dayMs = 86_400_000
/** For how long an address is marked. Mailboxes are emptied, and addresses are made again. */
const markedMs: Readonly<Record<AddressTroubleReason, number>> = {
  address: 180 * dayMs,
  full: 7 * dayMs,
  refused: 30 * dayMs,
  delayed: 2 * dayMs,
}

/** What a status says of an address (RFC 3463 §3): 5.1.x there is no such address, x.2.2 it is full. */
export function addressTrouble(status: string, now: Date): { reason: AddressTroubleReason; until: Date } {
  const reason: AddressTroubleReason = status.endsWith('.2.2')
    ? 'full'
    : status.startsWith('4.')
      ? 'delayed'
      : /^5\.(1\.|2\.1$)/.test(status)
        ? 'address'
        : 'refused'
  return { reason, until: new Date(now.getTime() + markedMs[reason]) }
}
