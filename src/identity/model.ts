/**
 * Identity: people with their accounts, the roles that they have in units, sessions.
 *
 * A person has any number of assignments, each a role in a unit from a day until another, and works under one of them at a time.
 */
import { z } from 'zod'
import { hasLetter, Instant, languages, Text, TextLine, Uuid } from '../platform/index.ts'

export const roles = [
  'operator',
  'switchboard',
  'supervisor',
  'cric_member',
  'cric_coordinator',
  'gai_member',
  'central_member',
  'agency_officer',
  'agency_manager',
  'regional_director',
  'headquarters',
  'administrator',
] as const
export const Role = z.enum(roles).describe('what somebody is in a unit')
export type Role = z.infer<typeof Role>

export const StaffLanguage = z.enum(languages).describe('language of the pages')

const Password = z.string().min(1).max(256)
const PersonName = TextLine.pipe(z.string().min(2).max(120)).refine(hasLetter, 'platform.field.noLetter')

/** User names are compared without regard to upper and lower case, and kept in lower case. */
export const UserName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@-]{1,63}$/, 'identity.userNameWrong')
  .meta({ example: 'anna.bianchi' })

const UnitId = z.string().max(100).meta({ example: 'ccm-pensioni' })

// --- sessions -------------------------------------------------------------------------------------------------------

export const SignIn = z.object({
  user: Text.pipe(z.string().min(1).max(200)).describe('user name, in upper or lower case').meta({ example: 'anna.bianchi' }),
  password: Password,
  newPassword: Password.optional().describe(
    'needed when the password was given by an administrator: that one is good for choosing another, and nothing else',
  ),
})
export type SignIn = z.infer<typeof SignIn>

export const Assignment = z
  .object({
    assignmentId: Uuid,
    role: Role,
    unitId: UnitId,
    unitName: z.string().meta({ example: 'Sezione pensioni' }),
    unitPath: z.string().meta({ example: 'inps/ccm/ccm-pensioni/' }),
  })
  .meta({ id: 'Assignment' })
export type Assignment = z.infer<typeof Assignment>

export const SessionView = z
  .object({
    person: z.object({ id: Uuid, name: z.string().meta({ example: 'Anna Bianchi' }), user: z.string() }),
    acting: Assignment.describe('the role and unit that the person works under now'),
    assignments: z.array(Assignment).describe('those that hold now; PUT /api/session/acting changes to another'),
    language: StaffLanguage,
    timeZone: z.string().describe('in which the institute’s days begin and end').meta({ example: 'Europe/Rome' }),
  })
  .meta({ id: 'Session' })
export type SessionView = z.infer<typeof SessionView>

export const Acting = z.object({ assignmentId: Uuid })
export type Acting = z.infer<typeof Acting>

export const OwnLanguage = z.object({ language: StaffLanguage })

export const PasswordChange = z.object({
  current: Password,
  next: Password.describe('at least 12 characters; no other form is asked for'),
})
export type PasswordChange = z.infer<typeof PasswordChange>

// --- people ---------------------------------------------------------------------------------------------------------

export const NewPerson = z.object({ user: UserName, name: PersonName, language: StaffLanguage.default('it') })
export type NewPerson = z.input<typeof NewPerson>

export const PersonChange = z.object({ user: UserName, name: PersonName, language: StaffLanguage }).partial()
export type PersonChange = z.infer<typeof PersonChange>

export const NewAssignment = z.object({
  role: Role,
  unitId: UnitId,
  from: Instant.optional().describe('now, when left out'),
  until: Instant.nullable().default(null).describe('null: without end'),
})
export type NewAssignment = z.input<typeof NewAssignment>

export const AssignmentEnd = z.object({ until: Instant.nullable().describe('null: without end') })

export const HeldAssignment = Assignment.extend({ from: Instant, until: Instant.nullable() }).meta({ id: 'HeldAssignment' })
export type HeldAssignment = z.infer<typeof HeldAssignment>

/** A role that waits for a second administrator. */
export const AssignmentRequest = Assignment.extend({
  person: z.object({ id: Uuid, name: z.string() }),
  from: Instant,
  until: Instant.nullable(),
  askedBy: z.string().describe('name of the administrator who wants to give it'),
  askedAt: Instant,
  confirm: z
    .object({ allowed: z.boolean(), sentence: z.string().nullable() })
    .describe('whether the reader may confirm it, and why not'),
}).meta({ id: 'AssignmentRequest' })
export type AssignmentRequest = z.infer<typeof AssignmentRequest>

export const Person = z
  .object({
    id: Uuid,
    user: z.string(),
    name: z.string(),
    language: StaffLanguage,
    password: z.enum(['none', 'own', 'one-time']).describe('one-time: given by an administrator and not changed yet'),
    disabledAt: Instant.nullable(),
    assignments: z.array(HeldAssignment).describe('those that hold or are to come, and those of the last year'),
    requests: z.array(AssignmentRequest).describe('roles that wait for a second administrator'),
    endsAfterCall: z
      .array(z.union([z.literal('account'), Uuid]))
      .describe('what ends with the conversation that the person is in: the account, or an assignment'),
    version: z.number().int(),
  })
  .meta({ id: 'Person' })
export type Person = z.infer<typeof Person>

export const PersonSummary = z
  .object({
    id: Uuid,
    user: z.string(),
    name: z.string(),
    disabledAt: Instant.nullable(),
    assignments: z.array(Assignment).describe('those that hold now'),
  })
  .meta({ id: 'PersonSummary' })
export type PersonSummary = z.infer<typeof PersonSummary>

export const OneTimePassword = z
  .object({ password: z.string().describe('shown this once; hand it over in person or by telephone'), until: Instant })
  .meta({ id: 'OneTimePassword' })
export type OneTimePassword = z.infer<typeof OneTimePassword>

/** How something ends whose person may be talking to a citizen now. */
export const Ending = z.object({
  urgent: z.boolean().default(false).describe('at once, though a citizen is cut off'),
  afterCall: z.boolean().default(false).describe('as soon as the conversation ends'),
})
export type Ending = z.output<typeof Ending>

export const noticeKinds = [
  'password-given',
  'password-given-used',
  'role-given',
  'role-ended',
  'account-disabled',
  'account-enabled',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** What somebody else has done with one's own account. */
export const AccountNotice = z
  .object({ id: Uuid, kind: z.enum(noticeKinds), sentence: z.string(), at: Instant, seen: z.boolean() })
  .meta({ id: 'AccountNotice' })
export type AccountNotice = z.infer<typeof AccountNotice>

/** Why the session of this browser ended; null when it goes on, was signed out, or ended more than a day ago. */
export const SessionEnd = z.object({ sentence: z.string().nullable() })

/** A person as a whole, for putting many in at once (`insertPeople`). */
export interface PersonRecord {
  id: string
  user: string
  name: string
  language: z.infer<typeof StaffLanguage>
  /** From `hashPassword`; the same hash may serve many. Null: cannot sign in until an administrator gives a password. */
  passwordHash: string | null
  assignments: readonly AssignmentRecord[]
}

export interface AssignmentRecord {
  id: string
  role: Role
  unitId: string
  unitPath: string
  from: Date
  until: Date | null
}
