/**
 * Contacts: persons and businesses who call, write or come, and how sure we are that they are who they say.
 */
import { z } from 'zod'
import { hasLetter, hasLetterOrDigit, Instant, Text, TextLine, Uuid } from '../platform/index.ts'
import {
  contactLanguages,
  intermediaryKinds,
  mandateKinds,
  phoneKinds,
  preferredChannels,
  specialNeeds,
  unmaskReasons,
} from './choices.ts'

/** An intermediary acts for others: what may be told to it about them is said by a mandate (`mandates.ts`). */
export const ContactKind = z.enum(['person', 'business', 'intermediary'])
export type ContactKind = z.infer<typeof ContactKind>

export const IntermediaryKind = z.enum(intermediaryKinds)
export type IntermediaryKind = z.infer<typeof IntermediaryKind>

/** Whose number it is, or of what kind; an unmarked one is mobile or landline as its digits say. */
export const PhoneKind = z.enum(phoneKinds)
export type PhoneKind = z.infer<typeof PhoneKind>

export const EmailKind = z.enum(['email', 'pec'])
export type EmailKind = z.infer<typeof EmailKind>

/** How somebody wishes to be reached. */
export const PreferredChannel = z.enum(preferredChannels)
export type PreferredChannel = z.infer<typeof PreferredChannel>

/** What has to be known when one talks to somebody. */
export const SpecialNeed = z.enum(specialNeeds)
export type SpecialNeed = z.infer<typeof SpecialNeed>

export const ContactLanguage = z.enum(contactLanguages)
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
/** A number or an address alone keeps the kind that it has on the card. */
const GivenPhone = z.union([PhoneText, z.object({ number: PhoneText, kind: PhoneKind.nullable() })])
export type GivenPhone = z.infer<typeof GivenPhone>
const GivenEmail = z.union([EmailText, z.object({ address: EmailText, kind: EmailKind.nullable() })])
export type GivenEmail = z.infer<typeof GivenEmail>

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
  phones: z.array(GivenPhone).max(10).describe('the first is the one to call'),
  emails: z.array(GivenEmail).max(10).describe('e-mail and PEC; the first is the one to write to'),
  notes: Text.pipe(z.string().max(4_000)),
  intermediaryKind: IntermediaryKind.nullable().describe('what an intermediary is'),
  address: TextLine.pipe(z.string().max(200)).nullable().describe('street and number'),
  postalCode: z
    .string()
    .trim()
    .regex(/^\d{5}$/)
    .nullable(),
  preferredChannel: PreferredChannel.nullable(),
  needs: z.array(SpecialNeed).max(SpecialNeed.options.length),
  doNotCall: TextLine.pipe(z.string().max(300)).nullable().describe('that this person must not be called, and why'),
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
  intermediaryKind: fields.intermediaryKind.optional(),
  address: fields.address.optional(),
  postalCode: fields.postalCode.optional(),
  preferredChannel: fields.preferredChannel.optional(),
  needs: fields.needs.optional(),
  doNotCall: fields.doNotCall.optional(),
})
export type NewContact = z.infer<typeof NewContact>

/** What is changed of a contact; what is left out stays. */
export const ContactChange = z.object(fields).omit({ kind: true }).partial()
export type ContactChange = z.infer<typeof ContactChange>

/** Fields that are shown whole only to whoever has a reason that is known. */
export const MaskedField = z.enum(['fiscalCode', 'birthDate', 'address', 'postalCode', 'formerCodes', 'phones', 'emails'])
export type MaskedField = z.infer<typeof MaskedField>

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
    phones: z.array(z.object({ number: z.string(), kind: PhoneKind.nullable(), verifiedAt: Instant.nullable() })),
    emails: z.array(z.object({ address: z.string(), kind: EmailKind, verifiedAt: Instant.nullable() })),
    notes: z.string(),
    intermediaryKind: IntermediaryKind.nullable(),
    address: z.string().nullable(),
    postalCode: z.string().nullable(),
    preferredChannel: PreferredChannel.nullable(),
    needs: z.array(SpecialNeed),
    doNotCall: z.string().nullable(),
    formerCodes: z
      .array(z.object({ fiscalCode: z.string(), replacedAt: Instant, replacedBy: z.string() }))
      .describe('fiscal codes that the contact had before, the newest first'),
    birthYear: z.number().int().nullable().describe('tells two of the same name apart, also where the day is masked'),
    masked: z
      .array(MaskedField)
      .describe('fields that the reader sees only in part: `POST /api/contacts/:contactId/unmask` shows them'),
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
    birthYear: z.number().int().nullable(),
    municipality: z.string().nullable(),
    provinceCode: z.string().nullable(),
    phone: z.string().nullable().describe('the first number'),
    email: z.string().nullable().describe('the first address'),
  })
  .meta({ id: 'ContactSummary' })
export type ContactSummary = z.infer<typeof ContactSummary>

/** Why a search has found a contact. */
export const MatchReason = z.enum(['name', 'similar-name', 'fiscal-code', 'former-fiscal-code', 'phone', 'email', 'request-code'])
export type MatchReason = z.infer<typeof MatchReason>

export const FoundContact = ContactSummary.extend({ why: MatchReason }).meta({ id: 'FoundContact' })
export type FoundContact = z.infer<typeof FoundContact>

/** Why another contact may be the same one. */
export const DuplicateReason = z.enum(['same-code', 'same-phone-similar-name', 'same-name-and-birth', 'same-phone', 'same-email'])
export type DuplicateReason = z.infer<typeof DuplicateReason>

export const JoinContacts = z.object({
  otherId: Uuid.describe('the card of the same person'),
  reason: TextLine.pipe(z.string().max(300)).default(''),
})
export type JoinContacts = z.infer<typeof JoinContacts>

/** Cards that are joined with one, and cards that may be the same. */
export const ContactDoubles = z
  .object({
    proposed: z.array(ContactSummary.extend({ reason: DuplicateReason })),
    joined: z.array(z.object({ linkId: Uuid, contact: ContactSummary, reason: z.string(), by: z.string(), at: Instant })),
  })
  .meta({ id: 'ContactDoubles' })
export type ContactDoubles = z.infer<typeof ContactDoubles>

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
  'pec',
  'identity-document',
  'call-back',
])
export type IdentificationMethod = z.infer<typeof IdentificationMethod>

/**
 * How sure we are, from nothing to a machine's word: nobody known; a known number calls; one or two facts said; several of different nature, as the
 * code of a request and answers; verified by an operator; PEC or a digital identity.
 */
export const IdentificationLevel = z.enum(['none', 'number', 'hint', 'declared', 'verified', 'digital'])
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

/** Why somebody looks at data that are masked. */
export const UnmaskReason = z.enum(unmaskReasons)
export type UnmaskReason = z.infer<typeof UnmaskReason>

export const Unmask = z.object({
  reason: UnmaskReason.describe(
    'compare: with what the caller says; correct: the card; matter: the matter in hand needs it; asked: by the person',
  ),
  note: TextLine.pipe(z.string().max(300)).default('').describe('in words; needed for another reason'),
  callId: Uuid.nullable().default(null),
})
export type Unmask = z.infer<typeof Unmask>

// --- mandates -------------------------------------------------------------------------------------------------------

/** By what right somebody acts for another: a mandate to a patronato, a delegation, a power of attorney, the law (parents, guardians). */
export const MandateKind = z.enum(mandateKinds)
export type MandateKind = z.infer<typeof MandateKind>

export const NewMandate = z.object({
  intermediaryId: Uuid.describe('the contact who acts'),
  kind: MandateKind,
  validFrom: z.iso.date(),
  validUntil: z.iso.date().nullable().default(null).describe('the last day; null when it holds until it is withdrawn'),
  evidence: TextLine.pipe(z.string().max(300)).default('').describe('what was seen of it: number and day of the document'),
})
export type NewMandate = z.infer<typeof NewMandate>

export const MandateState = z.enum(['valid', 'not-yet', 'expired', 'ended'])
export type MandateState = z.infer<typeof MandateState>

const Party = z.object({ id: Uuid, name: z.string(), kind: ContactKind })
export const Mandate = z
  .object({
    id: Uuid,
    kind: MandateKind,
    intermediary: Party.extend({ intermediaryKind: IntermediaryKind.nullable() }),
    principal: Party.describe('for whom is acted'),
    validFrom: z.iso.date(),
    validUntil: z.iso.date().nullable(),
    evidence: z.string(),
    state: MandateState.describe('whether it holds today'),
    notedBy: z.string(),
    notedAt: Instant,
    endedBy: z.string().nullable(),
  })
  .meta({ id: 'Mandate' })
export type Mandate = z.infer<typeof Mandate>

export const NewSpeaker = z.object({
  mandateId: Uuid.nullable().describe('the mandate of who speaks; null when the contact speaks for themselves (again)'),
  callId: Uuid.nullable().default(null).describe('the call; without it, a visit at a counter'),
})
export type NewSpeaker = z.infer<typeof NewSpeaker>

/** How sure we are now, and from what. */
export const IdentificationState = z
  .object({
    level: IdentificationLevel,
    sentence: z.string().describe('what the level means, in the language of the reader'),
    mayHear: z.array(z.enum(['general', 'state-of-request', 'personal-data'])).describe('what may be said to who speaks'),
    speaker: Mandate.nullable().describe('who speaks for the contact: the level and the identifications are theirs'),
    identifications: z.array(Identification),
  })
  .meta({ id: 'IdentificationState' })
export type IdentificationState = z.infer<typeof IdentificationState>
