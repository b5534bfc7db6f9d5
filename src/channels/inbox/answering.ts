/** What an answer needs to know of the mail that it answers. */
import { z } from 'zod'
import { unitOf } from '../../organisation/index.ts'
import { type Config, type Db, notFound } from '../../platform/index.ts'
import { mailboxOfUnit, ownAddresses, readMailbox } from '../mailboxes/store.ts'
import { arrivalsOf } from '../registered/store.ts'
import { type IncomingMailRow, readIncomingMail } from './store.ts'

export interface UnitSender {
  /** The name under which the unit writes, and its signature. */
  unitName: string
  signature: string
  /** Where the sender wants the answer. */
  replyTo: string
  /** Others who took part, and may get a copy. */
  others: string[]
  /** The thread, with the answered mail as its last (RFC 5322 §3.6.4). */
  references: string[]
}

const maxThread = 20
/** Who writes to more people gets an answer alone. */
export const maxCopies = 20

/**
 * @param unitId the unit that answers: the one of the mailbox, or another to which the mail was passed on
 * @throws Refused 404 for a mail that was not read
 */
export async function unitSender(db: Db, config: Config, rawMailId: string, unitId: string | null): Promise<UnitSender> {
  const mail = await readIncomingMail(db, rawMailId)
  const mailbox = mail && (await readMailbox(db, mail.mailbox_id))
  if (!mail || !mailbox) throw notFound('mail')
  const own = unitId === null || unitId === mailbox.unit_id ? mailbox : await mailboxOfUnit(db, unitId)
  const isRegistered = (await arrivalsOf(db, [rawMailId])).get(rawMailId)?.kind === 'message'
  // A provider vouches for the sender, and for nothing that the sender has written of other addresses.
  const replyTo = isRegistered ? mail.from_address : (mail.reply_to ?? mail.from_address)
  return {
    unitName: (await unitOf(db, unitId ?? mailbox.unit_id))?.name ?? mailbox.address,
    signature: own?.signature ?? '',
    replyTo,
    others: await othersIn(db, config, mail, replyTo),
    references: [...mail.refs, ...(mail.message_id === null ? [] : [mail.message_id])].slice(-maxThread),
  }
}

/** To whom else the mail went: nobody of ours, whatever name of ours it was, and nobody twice. */
async function othersIn(
  db: Db,
  { MAIL_FROM, PEC_FROM }: Pick<Config, 'MAIL_FROM' | 'PEC_FROM'>,
  mail: IncomingMailRow,
  replyTo: string,
): Promise<string[]> {
  const known = new Set([mail.from_address, replyTo.toLowerCase(), MAIL_FROM.toLowerCase(), PEC_FROM?.toLowerCase()])
  const found = [...new Set([...mail.to_addresses, ...mail.cc_addresses])].filter(
    address => !known.has(address.replace(/\+[^@]*(?=@)/, '')) && !known.has(address) && z.email().safeParse(address).success,
  )
  const ours = new Set(await ownAddresses(db, found))
  return found.filter(address => !ours.has(address)).slice(0, maxCopies)
}
