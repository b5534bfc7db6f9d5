/** What contacts write to the journal. Names of fields, never their content: the card itself is under the rights of the card. */
import { z } from 'zod'
import { defineEvent } from '../platform/index.ts'
import { IdentificationLevel, IdentificationMethod } from './model.ts'

export const contactCreated = defineEvent('contact.created', z.object({}))
export const contactChanged = defineEvent('contact.changed', z.object({ fields: z.array(z.string()) }))
export const contactIdentified = defineEvent(
  'contact.identified',
  z.object({ method: IdentificationMethod, level: IdentificationLevel }),
)
