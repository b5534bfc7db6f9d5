/**
 * Mails that have not left: what is told of them, and what can still be done. Whose mail it is, and so who may do it, is known to the room that
 * queued it.
 */
import { allowed, type House, type Language, Refused, refused, sentence, type Verdict, type Work } from '../platform/index.ts'
import { mailReaddressed, mailWithdrawn } from './events.ts'
import { channelOf, leaves } from './model.ts'
import { holdMail, type MailRow, type MailState, markWithdrawn, readdress, threadOf } from './store.ts'

export interface WaitingMail {
  state: 'waiting' | 'leaving' | 'failed'
  address: string
  /** In a sentence; null as long as nothing has gone wrong. */
  why: string | null
  /** When it is tried next; null when it is not known, or never. */
  nextAt: string | null
  attempts: number
}

/** What is told of a mail that has not left; null when it has, or was taken back. */
export function waitingMail({ config }: Pick<House, 'config'>, mail: MailRow, language: Language): WaitingMail | null {
  if (mail.state === 'sent' || mail.state === 'withdrawn') return null
  const untried = mail.attempts === 0 && !leaves(mail.channel, config)
  const why = untried ? 'no-server' : mail.last_reason
  return {
    state: mail.state === 'queued' ? 'waiting' : mail.state === 'sending' ? 'leaving' : 'failed',
    address: mail.to_address,
    why: why === null ? mail.last_problem : sentence(language, `channels.why.${why}`),
    nextAt: mail.state === 'queued' && !untried ? mail.next_at.toISOString() : null,
    attempts: mail.attempts,
  }
}

/** What happens to a mail that was given up: its room writes another one, or it waits here until somebody mends it. */
export interface Mendable {
  alsoFailed: boolean
}

const statesOf = ({ alsoFailed }: Mendable): readonly MailState[] => (alsoFailed ? ['queued', 'failed'] : ['queued'])

/** Whether a mail can still be changed: not while the server is being spoken to. */
export const mayChange = ({ state }: Pick<MailRow, 'state'>, mendable: Mendable = { alsoFailed: false }): Verdict =>
  statesOf(mendable).includes(state) ? allowed : refused(state === 'sending' ? 'channels.leavingNow' : 'channels.notWaiting')

/** Gives a mail that waits another address, to which it is tried at once. @throws Refused 409 when it has left, or is leaving */
export async function readdressMail(
  work: Work,
  mailId: string,
  address: string,
  mendable: Mendable = { alsoFailed: false },
): Promise<void> {
  const mail = await mustWait(work, mailId, mendable)
  const thread = mail.case_id === null ? [] : await threadOf(work.tx, mail.case_id, address)
  await readdress(work.tx, mailId, { address, thread, at: work.now })
  await work.journal(mailReaddressed, aboutOf(mail), subjectsOf(mail))
}

/** Takes back a mail that waits. @throws Refused 409 when it has left, or is leaving */
export async function withdrawMail(work: Work, mailId: string, mendable: Mendable = { alsoFailed: false }): Promise<void> {
  const mail = await mustWait(work, mailId, mendable)
  await markWithdrawn(work.tx, mailId)
  await work.journal(mailWithdrawn, aboutOf(mail), subjectsOf(mail))
}

async function mustWait(work: Work, mailId: string, mendable: Mendable): Promise<MailRow> {
  const mail = await holdMail(work.tx, mailId, statesOf(mendable))
  if (!mail) throw new Refused('channels.leavingNow', {}, 409)
  return mail
}

const aboutOf = (mail: MailRow) => ({ mailId: mail.id, purpose: mail.purpose })

const subjectsOf = (mail: MailRow) => ({
  channel: channelOf(mail.channel).on,
  case: mail.case_id ?? undefined,
  contact: mail.contact_id ?? undefined,
  units: mail.unit_ids,
})
