/**
 * What of a card is masked, and unmasking. Whoever may open anybody's card sees who it is and what has to be known to talk to them; codes, birth,
 * address, numbers are masked until the conversation has a reason for them, or the reader says one, which the journal keeps.
 */
import { type Actor, type Db, type House, must, notFound, Refused, useCase } from '../platform/index.ts'
import { contactUnmasked } from './events.ts'
import { speakerNotedBy } from './mandate-store.ts'
import { mandateView } from './mandates.ts'
import type { Contact, ContactChange, ContactSummary, IdentificationLevel, MaskedField, Unmask } from './model.ts'
import { contactScope, isAtLeast, isMasked, levelOf, maskedFor, reasonMs, visitMs } from './policy.ts'
import { contactView, type Moment, momentOf, need, unitsAround, view } from './reading.ts'
import { hasReasonSince, identificationsTo, isInOwnConversation } from './store.ts'

/** The contact, as much of it as the actor sees now. @throws Refused 404 when it is not there, or not the actor's to see */
export async function contactCard(house: House, actor: Actor, id: string): Promise<Contact> {
  const contact = await contactView(house, actor, id)
  return withMask(contact, await maskOf(house.database.kysely, actor, id, momentOf(house)))
}

/** The fields of a contact that are masked for the actor at a moment. */
export async function maskOf(db: Db, actor: Actor, id: string, moment: Moment): Promise<MaskedField[]> {
  if (actor.kind !== 'person' || !isMasked(contactScope(actor))) return []
  const [hasReason, isOfOwnConversation, level] = await Promise.all([
    hasReasonSince(db, id, actor.personId, new Date(moment.now - reasonMs)),
    isInOwnConversation(db, id, actor.personId),
    levelSeenBy(db, id, actor.personId, moment),
  ])
  return maskedFor({ hasReason, isOfOwnConversation, level })
}

/** The highest level that a person has seen in a conversation of these hours, of the contact or of whoever speaks for them with a mandate. */
async function levelSeenBy(db: Db, id: string, personId: string, { now, today }: Moment): Promise<IdentificationLevel> {
  const since = new Date(now - visitMs)
  const mandate = await speakerNotedBy(db, id, personId, since)
  if (mandate && mandateView(mandate, today).state !== 'valid') return 'none'
  const rows = await identificationsTo(db, mandate?.intermediary.id ?? id, personId, since)
  const identified = rows.map(row => ({ method: row.method, callId: row.call_id, at: row.at.getTime() }))
  const calls = [...new Set(identified.map(each => each.callId))]
  return calls
    .map(callId => levelOf(identified, { callId, now }))
    .reduce<IdentificationLevel>((highest, level) => (isAtLeast(level, highest) ? level : highest), 'none')
}

/** Shows a card whole to somebody who says why. */
export const unmask = useCase(async (work, { id, input }: { id: string; input: Unmask }): Promise<Contact> => {
  const row = await need(work.tx, work.actor, id)
  if (work.actor.kind !== 'person') throw notFound('contact')
  if (input.reason === 'other' && input.note === '') throw new Refused('contacts.unmask.sayWhy', { field: 'note' }, 422)
  const moment = momentOf(work.house, work.now)
  const fields = await maskOf(work.tx, work.actor, id, moment)
  if (fields.length > 0)
    await work.journal(
      contactUnmasked,
      {
        ...{ reason: input.reason, note: input.note, fields },
        level: await levelSeenBy(work.tx, id, work.actor.personId, moment),
      },
      { contact: id, call: input.callId ?? undefined, units: unitsAround(work.actor) },
    )
  return view(work.tx, row, moment.today)
})

/** Refuses a change of what the actor does not see whole: nobody corrects what they have not read. */
export function refuseUnseen(change: ContactChange, masked: readonly MaskedField[]): void {
  const field = masked.find(each => each !== 'formerCodes' && change[each] !== undefined)
  if (field) must({ allowed: false, code: 'contacts.unmask.changeUnseen', values: { field } })
}

// --- how it looks ---------------------------------------------------------------------------------------------------

const dots = '•••'
/** Enough of a code to tell two apart, not enough to know it: "FRR•••C". */
export const maskedCode = (code: string): string => `${code.slice(0, 3)}${dots}${code.slice(-1)}`
/** "•••321" */
export const maskedPhone = (number: string): string => `${dots}${number.slice(-3)}`
/** "g•••@example.org" */
export const maskedEmail = (address: string): string => `${address.slice(0, 1)}${dots}${address.slice(address.indexOf('@'))}`

/** The card with some fields masked. Pure. */
export function withMask<C extends Contact>(contact: C, masked: readonly MaskedField[]): C {
  const has = (field: MaskedField) => masked.includes(field)
  return {
    ...contact,
    masked: [...masked],
    ...(has('fiscalCode') ? { fiscalCode: contact.fiscalCode && maskedCode(contact.fiscalCode) } : {}),
    ...(has('birthDate') ? { birthDate: null } : {}),
    ...(has('address') ? { address: contact.address && dots } : {}),
    ...(has('postalCode') ? { postalCode: contact.postalCode && dots } : {}),
    ...(has('formerCodes')
      ? { formerCodes: contact.formerCodes.map(code => ({ ...code, fiscalCode: maskedCode(code.fiscalCode) })) }
      : {}),
    ...(has('phones') ? { phones: contact.phones.map(phone => ({ ...phone, number: maskedPhone(phone.number) })) } : {}),
    ...(has('emails') ? { emails: contact.emails.map(email => ({ ...email, address: maskedEmail(email.address) })) } : {}),
  }
}

/**
 * A contact in a list, masked for who may open anybody's card. What was typed whole is known already and is shown. Pure.
 * @param typed what was searched for
 */
export function withMaskInList<C extends ContactSummary>(contact: C, actor: Actor, typed = ''): C {
  if (actor.kind !== 'person' || !isMasked(contactScope(actor))) return contact
  const compact = (text: string) => text.toLowerCase().replace(/[\s.\-_/()]/g, '')
  const isTyped = (text: string) => compact(typed).includes(compact(text))
  const kept = (text: string | null, mask: (text: string) => string, forms = [text ?? '']) =>
    text === null || forms.some(isTyped) ? text : mask(text)
  return {
    ...contact,
    birthDate: null,
    fiscalCode: kept(contact.fiscalCode, maskedCode),
    phone: kept(contact.phone, maskedPhone, contact.phone === null ? [] : [contact.phone, contact.phone.replace(/^\+39/, '')]),
    email: kept(contact.email, maskedEmail, contact.email === null ? [] : [contact.email]),
  }
}
