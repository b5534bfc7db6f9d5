/**
 * What contacts write to the journal. A change keeps what stood there before and what stands there now, so that it can be told later who changed
 * a number and from what; pages hear only that something changed, and read it under the rights of the card.
 */
import { z } from 'zod'
import { about, Changes, defineEvent } from '../platform/index.ts'
import { IdentificationLevel, IdentificationMethod, MandateKind, MaskedField, UnmaskReason } from './model.ts'

const ofContact = about('matter', 'contact')

export const contactCreated = defineEvent('contact.created', ofContact, z.object({}))
export const contactChanged = defineEvent(
  'contact.changed',
  ofContact,
  z.object({ fields: z.array(z.string()), changes: Changes.optional() }),
  { changes: [] },
)
export const contactIdentified = defineEvent(
  'contact.identified',
  ofContact,
  z.object({ method: IdentificationMethod, level: IdentificationLevel }),
)

/** Somebody may act for the contact from now on, within the days of the mandate. */
export const contactMandateNoted = defineEvent(
  'contact.mandate-noted',
  ofContact,
  z.object({
    mandateId: z.string(),
    intermediaryId: z.string(),
    kind: MandateKind,
    validFrom: z.string(),
    validUntil: z.string().nullable(),
  }),
)
export const contactMandateEnded = defineEvent(
  'contact.mandate-ended',
  ofContact,
  z.object({ mandateId: z.string(), intermediaryId: z.string() }),
)
/** Who speaks for the contact in a conversation; null when they speak for themselves again. */
export const contactSpokenFor = defineEvent(
  'contact.spoken-for',
  ofContact,
  z.object({ mandateId: z.string().nullable(), intermediaryId: z.string().nullable() }),
)

/** Somebody looked at data that were masked, and why. */
export const contactUnmasked = defineEvent(
  'contact.unmasked',
  ofContact,
  z.object({ reason: UnmaskReason, note: z.string(), fields: z.array(MaskedField), level: IdentificationLevel }),
  { note: '' },
)

const Joining = z.object({ linkId: z.string(), otherId: z.string(), reason: z.string() })
/** Two cards are the same person: told on each. */
export const contactJoined = defineEvent('contact.joined', ofContact, Joining, { reason: '' })
/** They are two after all. */
export const contactParted = defineEvent('contact.parted', ofContact, Joining, { reason: '' })
