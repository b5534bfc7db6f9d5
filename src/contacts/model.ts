/**
 * Contacts: persons and businesses who call, write or come, and how sure we are that they are who they say.
 */
import { z } from 'zod'
import { hasLetter, hasLetterOrDigit, Instant, Text, TextLine, Uuid } from '../platform/index.ts'

export const ContactKind = z.enum(['person', 'business'])
export type ContactKind = z.infer<typeof ContactKind>

/** Languages in which the institute answers; the territory has German, French and Slovene beside Italian. */
export const ContactLanguage = z.enum(['it', 'en', 'de', 'fr', 'sl'])
export type ContactLanguage = z.infer<typeof ContactLanguage>

const maxNameLength = 120
const name = TextLine.pipe(z.string().max(maxNameLength)).refine(
  text => text === '' || hasLetter(text),
  'platform.field.noLetter',
)
const businessName = TextLine.pipe(z.string().max(maxNameLength)).refine(
  text => text === '' || hasLetterOrDigit(text),
  'platform.field.noLetter',
)
const PhoneText = z
  .string()
  .trim()
  .min(3)
  .max(40)
  .describe('as it was said or typed; without a country code it is Italian')
  .meta({ example: '06 5959 4321' })
const EmailText = z.string().trim().max(254).meta({ example: 'giulia.ferri@example.org' })

const fields = {
  kind: ContactKind,
  givenName: name.nullable().describe('given name of a person'),
  familyName: name.nullable().describe('family name; a person must have one'),
  businessName: businessName.nullable().describe('name of the business; a business must have one'),
  fiscalCode: z
    .string()
    .trim()
    .max(30)
    .nullable()
    .describe('codice fiscale of 16 characters (also after omocodia), or 11 digits')
    .meta({ example: 'FRRGLI62P44H501C' }),
  birthDate: z.iso
    .date()
    .nullable()
    .describe('day of birth; when left out it is read from the codice fiscale, if that leaves no doubt about the century'),
  municipalityCode: z
    .string()
    .regex(/^\d{6}$/)
    .nullable()
    .describe('ISTAT code of the municipality of residence; province and region follow from it')
    .meta({ example: '058091' }),
  language: ContactLanguage,
  phones: z.array(PhoneText).max(10).describe('the first is the one to call'),
  emails: z.array(EmailText).max(10).describe('the first is the one to write to'),
  notes: Text.pipe(z.string().max(4_000)),
}

/** A contact as it is written down for the first time. */
export const NewContact = z.object({
  kind: fields.kind,
  givenName: fields.givenName.default(null),
  familyName: fields.familyName.default(null),
  businessName: fields.businessName.default(null),
  fiscalCode: fields.fiscalCode.default(null),
  birthDate: fields.birthDate.default(null),
  municipalityCode: fields.municipalityCode.default(null),
  language: fields.language.default('it'),
  phones: fields.phones.default([]),
  emails: fields.emails.default([]),
  notes: fields.notes.default(''),
})
export type NewContact = z.infer<typeof NewContact>

/** What is changed of a contact; what is left out stays. */
export const ContactChange = z.object(fields).omit({ kind: true }).partial()
export type ContactChange = z.infer<typeof ContactChange>

export const Contact = z
  .object({
    id: Uuid,
    kind: ContactKind,
    name: z
      .string()
      .describe('as it is shown: given and family name, or the name of the business')
      .meta({ example: 'Giulia Ferri' }),
    givenName: z.string().nullable(),
    familyName: z.string().nullable(),
    businessName: z.string().nullable(),
    fiscalCode: z.string().nullable(),
    birthDate: z.iso.date().nullable(),
    sex: z.enum(['F', 'M']).nullable().describe('read from the codice fiscale'),
    municipalityCode: z.string().nullable(),
    municipality: z.string().nullable().describe('its name'),
    provinceCode: z.string().nullable().meta({ example: 'RM' }),
    regionCode: z.string().nullable().meta({ example: '12' }),
    language: ContactLanguage,
    phones: z.array(z.object({ number: z.string(), verifiedAt: Instant.nullable() })),
    emails: z.array(z.object({ address: z.string(), verifiedAt: Instant.nullable() })),
    notes: z.string(),
    version: z.number().int(),
  })
  .meta({ id: 'Contact' })
export type Contact = z.infer<typeof Contact>

/** A contact in a list, with what tells two of the same name apart. */
export const ContactSummary = z
  .object({
    id: Uuid,
    kind: ContactKind,
    name: z.string(),
    fiscalCode: z.string().nullable(),
    birthDate: z.iso.date().nullable(),
    municipality: z.string().nullable(),
    provinceCode: z.string().nullable(),
    phone: z.string().nullable().describe('the first number'),
    email: z.string().nullable().describe('the first address'),
  })
  .meta({ id: 'ContactSummary' })
export type ContactSummary = z.infer<typeof ContactSummary>

/** Why another contact may be the same one. */
export const DuplicateReason = z.enum(['same-name-and-birth', 'same-phone', 'same-email'])
export type DuplicateReason = z.infer<typeof DuplicateReason>

/** What a creation or change answers: the contact, and what somebody should look at. */
export const SavedContact = Contact.extend({
  possibleDuplicates: z.array(ContactSummary.extend({ reason: DuplicateReason })),
  warnings: z
    .array(z.enum(['birth-date-differs', 'birth-century-unclear', 'numeric-code-of-a-person']))
    .describe('what does not fit together; the contact has been saved all the same'),
}).meta({ id: 'SavedContact' })
export type SavedContact = z.infer<typeof SavedContact>

/** Ways in which somebody makes known who they are. What each is worth is in `policy.ts`. */
export const IdentificationMethod = z.enum([
  'caller-number',
  'name',
  'birth-date',
  'fiscal-code',
  'address',
  'request-code',
  'document-number',
  'pin',
  'spid',
  'cie',
  'cns',
  'identity-document',
  'call-back',
])
export type IdentificationMethod = z.infer<typeof IdentificationMethod>

export const IdentificationLevel = z.enum(['none', 'hint', 'declared', 'verified'])
export type IdentificationLevel = z.infer<typeof IdentificationLevel>

export const NewIdentification = z.object({
  method: IdentificationMethod,
  evidence: TextLine.pipe(z.string().max(300))
    .default('')
    .describe('what was used, e.g. which document; never a secret such as a PIN'),
  callId: Uuid.nullable().default(null).describe('the call in which it happened'),
})
export type NewIdentification = z.infer<typeof NewIdentification>

export const Identification = z.object({
  id: Uuid,
  method: IdentificationMethod,
  evidence: z.string(),
  callId: Uuid.nullable(),
  byName: z.string(),
  at: Instant,
})
export type Identification = z.infer<typeof Identification>

/** How sure we are now, and from what. */
export const IdentificationState = z
  .object({
    level: IdentificationLevel,
    sentence: z.string().describe('what the level means, in the language of the reader'),
    mayHear: z.array(z.enum(['general', 'state-of-request', 'personal-data'])).describe('what may be said to this person'),
    identifications: z.array(Identification),
  })
  .meta({ id: 'IdentificationState' })
export type IdentificationState = z.infer<typeof IdentificationState>
