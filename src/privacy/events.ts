/** What is done with the data of a person as a whole. Never a name: the entries outlive it. */
import { z } from 'zod'
import { about, defineEvent } from '../platform/index.ts'

const ofPerson = about('matter', 'contact')

/** All that is known of a person was taken out as a file. */
export const dataExported = defineEvent('contact.exported', ofPerson, z.object({}))
/** The person has asked to be forgotten. */
export const erasureAsked = defineEvent('contact.erasure-asked', ofPerson, z.object({ stays: z.number().int() }))
/** The card is empty: nothing of the person is left but what has no name on it. */
export const contactErased = defineEvent('contact.erased', ofPerson, z.object({}))
/** The texts of a closed case are gone: its time was over, or the person has asked. */
export const caseErased = defineEvent('case.erased', about('matter', 'case'), z.object({ because: z.enum(['time', 'request']) }))
/** For how many months after their end the cases of a typology are kept; null: as the node above it. */
export const retentionSet = defineEvent(
  'typology.retention-set',
  about('organisation'),
  z.object({ typologyId: z.string(), before: z.number().int().nullable(), months: z.number().int().nullable() }),
)
