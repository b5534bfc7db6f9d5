/**
 * What each role may do, as one table: role × capability → how far it reaches. Every room's policy asks it (`can`, `reachOf`), the table of
 * rights makes its rows of it (`src/rights/table.ts`), and the browser shows what the session says that may be done. No other file names a
 * role. What may be done with a thing at a moment is decided in the rooms.
 *
 * A new role is a name and a row here; from there the compiler leads: its texts in `languages/`, and a person for the tests.
 *
 * Pure, and without imports but types, so that policies and pages may take it as it is.
 */
import type { Actor, EntryKind, PersonActor } from '../platform/index.ts'

/** Each capability, in words. */
export const capabilities = {
  'calls.answer': 'talks with citizens on the telephone, and records it',
  'desk.work': 'sits at the desk of the contact centre; takes written work between calls as a member of its section',
  'desk.serve': 'is in service: work is offered',
  'work.receive': 'is offered the written work of the own section',
  'linea.send': 'sends a question to the second level',
  'tickets.work': 'works on the tickets of a regional centre or an IT group',
  'tickets.coordinate': 'coordinates the tickets of a section or centre',
  'tickets.advise': 'answers what a regional centre asks the central directorate',
  'mails.work': 'reads and answers the mails of a unit, and looks at those that a program could not read',
  'templates.keep': 'keeps the templates of answers of a unit',
  'mailboxes.keep': 'keeps the mailboxes of units',
  'mails.reconcile': 'sees in figures whether every mail that came in has become something',
  'sharing.see': 'sees how a section shares out its tickets',
  'sharing.set': 'sets how a section shares out its tickets',
  'absences.enter': 'enters the own absences',
  'absences.keep': 'enters the absences of the members of a section, and says what becomes of their tickets',
  'matters.see': 'sees citizens and their matters',
  'cases.list': 'lists and searches the cases that passed through the own unit',
  'cases.export': 'takes a list of cases away as a file',
  'contacts.write': 'writes the cards of citizens',
  'documents.check': 'has seen the identity document of who stands at the counter',
  'appointments.see': 'sees appointments',
  'appointments.book': 'books an appointment',
  'appointments.move': 'moves or cancels an appointment for a citizen who asks for it',
  'appointments.handle': 'has the appointments of an office in hand',
  'appointments.oversee': 'looks on at how appointments went',
  'agenda.keep': 'keeps the agenda of an office: services, who receives when, closures',
  'days.see': 'sees the appointments of a day',
  'counters.see': 'sees how the counters of an office stand, and how their days went',
  'counters.receive': 'receives citizens at the counters of an office',
  'counters.keep': 'sets up the counters of an office',
  'times.look': 'looks for free times',
  'callbacks.follow': 'looks after the callbacks of a section',
  'queues.set': 'sets the rules of a queue',
  'figures.watch': 'watches the figures of the contact centre',
  'region.watch': 'sees the load of the regional centres',
  'region.direct': 'answers for a region',
  'region.staff': 'staffs the sections of a region by what they have to do',
  'staff.plan': 'plans how many people are needed',
  'numbers.watch': 'keeps an eye on the numbers and offices of a territory',
  'numbers.plan': 'decides which numbers the contact centre answers',
  'hours.set': 'sets opening hours',
  'deadlines.set': 'sets within how much working time tickets are answered',
  'flow.keep': 'keeps the automatic answerer and its recordings',
  'accounts.see': 'sees the accounts of people',
  'accounts.keep': 'makes accounts and gives roles',
  'access.audit': 'reads who has looked at data of citizens',
  'data.answer': 'takes out what is known of a citizen who asks for it, and has it erased',
  'incidents.see': 'sees what does not work, and how to work around it',
  'incidents.keep': 'keeps the incidents and known errors of an IT group, and what is said of them',
  'prevention.see': 'sees what is done so that fewer questions come',
  'prevention.keep': 'plans the prevention of an IT group, and keeps the register of those whom it is for',
  'guides.see': 'reads the guides that are followed with citizens',
  'guides.follow': 'follows a guide together with a citizen, step by step',
  'guides.keep': 'keeps the guides that are followed with citizens',
  'retention.set': 'sets for how long the cases of a typology are kept',
  'procedures.keep': 'keeps the list of procedures about which malfunctions are reported',
  'competences.set': 'says which central directorate is competent for what',
  'rules.set': 'decides within the founding rules who may do what with a ticket',
} as const
export type Capability = keyof typeof capabilities

/**
 * How far a capability reaches.
 *
 *   all      the whole country
 *   centre   what has passed through the own regional centre
 *   unit     what lies in the own unit or under it, or has passed through it
 *   own      what the person has in hand: the own call, sheet, held time, account
 */
export type Reach = 'all' | 'centre' | 'unit' | 'own'

/**
 * Of which entries a role hears live, by kind: of all; of those of the own unit; of those of the own regional centre, whose sections work as
 * one group; of none. `other` are those of a type that a newer release knows.
 */
export type HearsOf = Readonly<Record<EntryKind | 'other', 'all' | 'unit' | 'centre' | 'none'>>

interface RoleFacts {
  /** The kinds of unit in which the role exists. Elsewhere it would have nothing to do, or rights that nobody meant to give. */
  readonly units: readonly string[]
  readonly hears: HearsOf
  readonly may: May
}
type May = Readonly<Partial<Record<Capability, Reach>>>

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
export type Role = (typeof roles)[number]

const contactCentre = ['ccm', 'ccm-section']
const regionalCentre = ['cric', 'cric-section']
const office = ['agency', 'provincial-directorate']

const inUnit: HearsOf = {
  telephone: 'unit',
  matter: 'unit',
  people: 'none',
  organisation: 'unit',
  incident: 'all',
  program: 'none',
  other: 'unit',
}
const inCentre: HearsOf = { ...inUnit, telephone: 'none', matter: 'centre', organisation: 'centre', other: 'centre' }

/** Whoever speaks with citizens of the whole country. */
const speaks: May = {
  'incidents.see': 'all',
  'guides.see': 'all',
  'guides.follow': 'all',
  'calls.answer': 'own',
  'mails.work': 'unit',
  'desk.serve': 'own',
  'linea.send': 'all',
  'matters.see': 'all',
  'cases.list': 'unit',
  'contacts.write': 'all',
  'appointments.see': 'all',
  'appointments.book': 'own',
  'appointments.move': 'all',
  'times.look': 'all',
}
const secondLevel: May = {
  'incidents.see': 'all',
  'prevention.see': 'all',
  'tickets.work': 'centre',
  'mails.work': 'centre',
  'matters.see': 'centre',
  'cases.list': 'centre',
  'contacts.write': 'centre',
}
const ofCentre: May = {
  ...secondLevel,
  'guides.see': 'all',
  'guides.follow': 'centre',
  'absences.enter': 'own',
  'sharing.see': 'unit',
  'appointments.see': 'centre',
  'appointments.book': 'own',
  'appointments.move': 'centre',
  'times.look': 'all',
}
const atOffice: May = {
  'incidents.see': 'all',
  'guides.see': 'all',
  'guides.follow': 'unit',
  'mails.work': 'unit',
  'matters.see': 'unit',
  'cases.list': 'unit',
  'contacts.write': 'unit',
  'documents.check': 'own',
  'appointments.see': 'unit',
  'appointments.book': 'own',
  'appointments.handle': 'unit',
  'days.see': 'unit',
  'counters.see': 'unit',
  'counters.receive': 'unit',
  'times.look': 'all',
}

const table: Readonly<Record<Role, RoleFacts>> = {
  // A call belongs to its section from the moment it is queued: the others need not move their pages for it.
  operator: { units: contactCentre, hears: inUnit, may: { ...speaks, 'desk.work': 'own' } },
  switchboard: { units: contactCentre, hears: inUnit, may: { ...speaks, 'desk.work': 'own' } },
  supervisor: {
    units: contactCentre,
    // Responsible for all calls of the country, also while they are still in the menu of an office's number.
    hears: { ...inUnit, telephone: 'all', people: 'unit', organisation: 'all' },
    may: {
      ...speaks,
      'cases.export': 'unit',
      'accounts.see': 'unit',
      'callbacks.follow': 'unit',
      'queues.set': 'unit',
      'templates.keep': 'unit',
      'figures.watch': 'unit',
      'staff.plan': 'unit',
    },
  },
  cric_member: { units: regionalCentre, hears: inCentre, may: { ...ofCentre, 'desk.serve': 'own', 'work.receive': 'own' } },
  cric_coordinator: {
    units: regionalCentre,
    hears: inCentre,
    may: {
      ...ofCentre,
      'cases.export': 'centre',
      'tickets.coordinate': 'unit',
      'templates.keep': 'centre',
      'sharing.set': 'unit',
      'absences.keep': 'unit',
    },
  },
  gai_member: {
    units: ['gai'],
    hears: inCentre,
    may: { ...secondLevel, 'incidents.keep': 'centre', 'prevention.keep': 'centre', 'procedures.keep': 'all' },
  },
  central_member: {
    units: ['central-directorate'],
    hears: { ...inUnit, telephone: 'none' },
    may: { 'incidents.see': 'all', 'matters.see': 'unit', 'cases.list': 'unit', 'tickets.advise': 'unit' },
  },
  agency_officer: { units: office, hears: inUnit, may: atOffice },
  agency_manager: {
    units: office,
    hears: inUnit,
    may: {
      ...atOffice,
      'agenda.keep': 'unit',
      'counters.keep': 'unit',
      'cases.export': 'unit',
      'templates.keep': 'unit',
      'hours.set': 'unit',
    },
  },
  regional_director: {
    units: ['regional-directorate'],
    hears: inUnit,
    may: {
      'incidents.see': 'all',
      'prevention.see': 'all',
      'matters.see': 'unit',
      'cases.list': 'unit',
      'cases.export': 'unit',
      'sharing.see': 'unit',
      'appointments.see': 'unit',
      'appointments.oversee': 'unit',
      'days.see': 'unit',
      'counters.see': 'unit',
      'times.look': 'all',
      'region.watch': 'unit',
      'region.direct': 'unit',
      'region.staff': 'unit',
      'staff.plan': 'unit',
      'numbers.watch': 'unit',
      'hours.set': 'unit',
    },
  },
  headquarters: {
    units: ['institute'],
    hears: { ...inUnit, telephone: 'all', organisation: 'all' },
    may: {
      'incidents.see': 'all',
      'prevention.see': 'all',
      'matters.see': 'all',
      'cases.list': 'all',
      'cases.export': 'all',
      'sharing.see': 'unit',
      'appointments.see': 'all',
      'appointments.oversee': 'all',
      'days.see': 'all',
      'counters.see': 'all',
      'times.look': 'all',
      'callbacks.follow': 'unit',
      'figures.watch': 'unit',
      'region.watch': 'all',
      'staff.plan': 'all',
      'numbers.watch': 'all',
      'numbers.plan': 'all',
      'hours.set': 'all',
      'deadlines.set': 'all',
      'flow.keep': 'all',
      'access.audit': 'all',
      'data.answer': 'all',
      'guides.see': 'all',
      'guides.keep': 'all',
      'retention.set': 'all',
      'procedures.keep': 'all',
      'competences.set': 'all',
      'rules.set': 'all',
      'mails.reconcile': 'all',
    },
  },
  // Keeps the program going; has no business with citizens.
  administrator: {
    units: ['institute'],
    hears: {
      telephone: 'none',
      matter: 'none',
      people: 'all',
      organisation: 'all',
      incident: 'none',
      program: 'all',
      other: 'none',
    },
    may: {
      'sharing.see': 'all',
      'sharing.set': 'all',
      'queues.set': 'unit',
      'numbers.watch': 'all',
      'numbers.plan': 'all',
      'hours.set': 'all',
      'deadlines.set': 'all',
      'flow.keep': 'all',
      'accounts.see': 'all',
      'accounts.keep': 'all',
      'mailboxes.keep': 'all',
      'mails.reconcile': 'all',
    },
  },
}

const isRole = (role: string): role is Role => Object.hasOwn(table, role)

/** How far a role reaches with a capability; undefined when it does not have it, and for a role that does not exist. */
export const reachOfRole = (role: string, capability: Capability): Reach | undefined =>
  isRole(role) ? table[role].may[capability] : undefined

/** How far a person reaches with a capability, as the role that the person works in now. */
export const reachOf = (actor: Actor, capability: Capability): Reach | undefined =>
  actor.kind === 'person' ? reachOfRole(actor.role, capability) : undefined

/**
 * Whether a person may do something at all, or on what belongs to a unit. Neither citizens nor the program are persons: what they may do, the
 * rooms say.
 * @param unitPath the path of the unit: `inps/ccm/ccm-pensioni/`. What a person has in hand reaches there whatever the unit
 */
export function can(actor: Actor, capability: Capability, unitPath?: string): boolean {
  if (actor.kind !== 'person') return false
  const reach = reachOfRole(actor.role, capability)
  if (reach === undefined) return false
  if (unitPath === undefined || reach === 'all' || reach === 'own') return true
  return unitPath.startsWith(pathReached(actor, capability))
}

/** The path under which a person has a capability that reaches no farther than a centre: that of the own centre, or of the own unit. */
export const pathReached = (actor: PersonActor, capability: Capability): string =>
  reachOf(actor, capability) === 'centre' ? centreOf(actor.unitPath) : actor.unitPath

/** A regional centre lies at the third place of a path: institute, region, centre. */
const centreDepth = 3

/** The path of the regional centre of a unit: `inps/dr-lazio/cric-lazio/` of `inps/dr-lazio/cric-lazio/cric-lazio-pensioni/`. */
export const centreOf = (unitPath: string): string => `${unitPath.split('/').slice(0, centreDepth).join('/')}/`

/** The roles that have a capability. */
export const rolesWhich = (capability: Capability): readonly Role[] =>
  roles.filter(role => reachOfRole(role, capability) !== undefined)

/** The capabilities of a role, as the session tells them to the browser. */
export const capabilitiesOf = (role: string): Capability[] =>
  allCapabilities.filter(capability => reachOfRole(role, capability) !== undefined)

/** Their names, in order. */
export const allCapabilities = namesOf(capabilities)

/** Whether whoever has the role can give roles: an installation needs one such person at least. */
export const keepsAccounts = (role: string): boolean => reachOfRole(role, 'accounts.keep') !== undefined

/** Of which entries a role hears; undefined for a role that does not exist. */
export const hearingOf = (role: string): HearsOf | undefined => (isRole(role) ? table[role].hears : undefined)

/** Whether a role exists in a kind of unit. */
export const roleFitsUnit = (role: Role, unitKind: string): boolean => table[role].units.includes(unitKind)

function namesOf<Name extends string>(named: Readonly<Record<Name, unknown>>): readonly Name[] {
  const names: Name[] = []
  for (const name in named) names.push(name)
  return names
}
