/**
 * What contacts write to the journal. A change keeps what stood there before and what stands there now, so that it can be told later who changed
 * a number and from what; pages hear only that something changed, and read it under the rights of the card.
 */
import { z } from 'zod'
import { about, Changes, defineEvent } from '../platform/index.ts'
import { IdentificationLevel, IdentificationMethod } from './model.ts'

const ofContact = about('matter', 'contact')

export const contactCreated = defineEvent('contact.created', ofContact, z.object({}))
export const contactChanged = defineEvent(
  'contact.changed',
  ofContact,
  z.object({ fields: z.array(z.string()), changes: Changes.optional() }),
)
export const contactIdentified = defineEvent(
  'contact.identified',
  ofContact,
  z.object({ method: IdentificationMethod, level: IdentificationLevel }),
)
