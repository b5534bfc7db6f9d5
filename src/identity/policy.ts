/**
 * Who may do what with people and sessions, which passwords are good enough, and who may hear of what happened. Pure.
 */
import { type Actor, allowed, type Entry, type Groups, refused, type Verdict } from '../platform/index.ts'
import { assignmentChanged, assignmentEnded, personDisabled, sessionEnded, sessionSwitched } from './events.ts'
import type { Role } from './model.ts'

// --- people ---------------------------------------------------------------------------------------------------------

/** Whose accounts somebody may look at: all; those with one of the roles in a territory; nobody's. */
export type PeopleScope = { all: true } | { all: false; under: string; roles: readonly Role[] } | undefined

export function peopleScope(actor: Actor): PeopleScope {
  if (actor.kind === 'system') return { all: true }
  if (actor.kind !== 'person') return undefined
  if (actor.role === 'administrator') return { all: true }
  if (actor.role === 'supervisor') return { all: false, under: actor.unitPath, roles: ['operator', 'switchboard'] }
  return undefined
}

/** Accounts and assignments are made, changed and ended by administrators. */
export const mayAdminister = (actor: Actor): Verdict =>
  actor.kind === 'system' || (actor.kind === 'person' && actor.role === 'administrator')
    ? allowed
    : refused('identity.onlyAdministrators')

/** Nobody gives a role to themselves, or makes their own last longer. Giving one up is free. */
export const mayGiveTo = (actor: Actor, personId: string): Verdict =>
  actor.kind === 'person' && actor.personId === personId ? refused('identity.notToYourself') : allowed

/** A password for somebody who cannot get in. One's own is changed with the one that one has. */
export const mayGivePassword = (actor: Actor, personId: string): Verdict =>
  actor.kind === 'person' && actor.personId === personId ? refused('identity.ownPassword') : allowed

/**
 * Every role shows data of citizens, or gives the roles that do. So one administrator alone makes nobody more powerful: whoever confirms has
 * neither asked for it nor gets it.
 */
export function mayConfirm(actor: Actor, request: { personId: string; askedBy: string }): Verdict {
  const verdict = mayAdminister(actor)
  if (!verdict.allowed || actor.kind !== 'person') return verdict
  if (actor.personId === request.askedBy) return refused('identity.confirmedByAnother')
  return mayGiveTo(actor, request.personId)
}

/** In which kinds of unit a role exists. A role elsewhere would have nothing to do, or rights that nobody meant to give. */
const placesOf: Readonly<Record<Role, readonly string[]>> = {
  operator: ['ccm', 'ccm-section'],
  switchboard: ['ccm', 'ccm-section'],
  supervisor: ['ccm', 'ccm-section'],
  cric_member: ['cric', 'cric-section'],
  cric_coordinator: ['cric', 'cric-section'],
  gai_member: ['gai'],
  central_member: ['central-directorate'],
  agency_officer: ['agency', 'provincial-directorate'],
  agency_manager: ['agency', 'provincial-directorate'],
  regional_director: ['regional-directorate'],
  headquarters: ['institute'],
  administrator: ['institute'],
}

export const roleFitsUnit = (role: Role, unitKind: string): boolean => placesOf[role].includes(unitKind)

/** The password of the accounts that the sample institute brings along. It stands in the documentation: it proves nothing. */
export const publishedPassword = 'filodiretto'

/** Whether the published password may open an account: on this machine, or where somebody has said that the place is only for trying. */
export const mayUsePublishedPassword = (local: boolean, sample: 'if-empty' | 'small' | 'yes' | 'never'): boolean =>
  local || sample === 'yes'

// --- passwords ------------------------------------------------------------------------------------------------------

/** NIST SP 800-63B §3.1.1.2: length and a list of forbidden ones, no rules of composition, no expiry by the calendar. */
export const passwordLength = { min: 12, max: 256 } as const

/** Beginnings that people choose when a long one is asked for. Compared without regard to case, signs and accents. */
const forbidden = [
  'password',
  'passw0rd',
  'qwertyuiop',
  'qwerty123',
  'asdfghjkl',
  'iloveyou',
  'tiamo',
  'letmein',
  'welcome',
  'benvenut',
  'buongiorno',
  'administrator',
  'amministra',
  'filodiretto',
  'changeme',
  'cambiami',
  'segreta',
  'segreto',
  'juventus',
  'francesco',
  'alessandro',
  'forzaitalia',
  'forzanapoli',
]

/**
 * Whether a password is good enough for a person.
 * @param person user name and name: a password that consists of them is the first that somebody else tries
 */
export function passwordVerdict(password: string, person: { user: string; name: string }): Verdict {
  const form = password.normalize('NFKC')
  if (!password.isWellFormed()) return refused('identity.password.notText')
  if ([...form].length < passwordLength.min) return refused('identity.password.short', { min: passwordLength.min })
  if ([...form].length > passwordLength.max) return refused('identity.password.long', { max: passwordLength.max })
  const plain = bare(form)
  if (new Set(plain).size < 5 || isSequence(plain)) return refused('identity.password.easy')
  const own = [person.user, ...person.name.split(/\s+/)].map(bare).filter(word => word.length >= 3)
  let rest = plain
  for (const word of [...own, ...forbidden.map(bare)].sort((a, b) => b.length - a.length)) rest = rest.replaceAll(word, '')
  // What is left when the known words are taken out is all that somebody would have to guess.
  if (rest.replace(/^\d+|\d+$/g, '').length < 4 && rest.length < 8) return refused('identity.password.known')
  return allowed
}

const bare = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()

/** "abcdefghijkl", "987654321098": each character next to the one before. */
function isSequence(text: string): boolean {
  if (text.length < 3) return true
  const steps = [...text].slice(1).map((character, i) => (character.codePointAt(0) ?? 0) - (text.codePointAt(i) ?? 0))
  return steps.filter(step => Math.abs(step) <= 1 || Math.abs(step) === 9).length >= steps.length - 1
}

// --- what may be heard of the journal -------------------------------------------------------------------------------

/**
 * A live page hears that something happened to something, never what; it then asks the API, where the same rights apply as ever. Whoever
 * may hear of an entry:
 *
 *   the person that it is about, always;
 *   otherwise by role and kind of entry: `all`; `unit` when the own unit is among the entry's; `centre` when the own regional centre is,
 *   whose sections work as one group; `none`.
 *
 * Entries name the whole path of a unit (`inps`, `dr-lazio`, `dp-roma`, `ag-roma-eur`), so that `unit` lets those above hear as well.
 */
export type EntryKind = 'telephone' | 'matter' | 'people' | 'organisation' | 'other'
export type HearingReach = 'all' | 'unit' | 'centre' | 'none'

const subjectsOfKinds: Readonly<Record<string, EntryKind>> = {
  call: 'telephone',
  offer: 'telephone',
  conversation: 'telephone',
  agent: 'telephone',
  interaction: 'matter',
  case: 'matter',
  ticket: 'matter',
  contact: 'matter',
  mail: 'matter',
  appointment: 'matter',
  hold: 'matter',
  session: 'people',
  'sign-in': 'people',
  person: 'people',
  assignment: 'people',
  unit: 'organisation',
  number: 'organisation',
  hours: 'organisation',
  typology: 'organisation',
  flow: 'organisation',
  prompt: 'organisation',
}

/** `ticket.claimed` is about a matter. */
export function kindOf(type: string): EntryKind {
  const subject = type.split('.')[0] ?? ''
  return (Object.hasOwn(subjectsOfKinds, subject) ? subjectsOfKinds[subject] : undefined) ?? 'other'
}

type Hearing = Readonly<Record<EntryKind, HearingReach>>
const inUnit: Hearing = { telephone: 'unit', matter: 'unit', people: 'none', organisation: 'unit', other: 'unit' }
const inCentre: Hearing = { telephone: 'none', matter: 'centre', people: 'none', organisation: 'centre', other: 'centre' }

export const hearing: Readonly<Record<Role, Hearing>> = {
  // A call belongs to its section from the moment it is queued: the others need not move their pages for it.
  operator: inUnit,
  switchboard: inUnit,
  // Responsible for all calls of the country, also while they are still in the menu of an office's number.
  supervisor: { telephone: 'all', matter: 'unit', people: 'unit', organisation: 'all', other: 'unit' },
  headquarters: { telephone: 'all', matter: 'unit', people: 'none', organisation: 'all', other: 'unit' },
  cric_member: inCentre,
  cric_coordinator: inCentre,
  gai_member: inCentre,
  central_member: { ...inUnit, telephone: 'none' },
  agency_officer: inUnit,
  agency_manager: inUnit,
  regional_director: inUnit,
  // Keeps the program going; has no business with citizens.
  administrator: { telephone: 'none', matter: 'none', people: 'all', organisation: 'all', other: 'none' },
}

/** A regional centre lies at the third place of the path: institute, region, centre. */
const centrePlace = 2

/** Whether the actor may know that the entry exists. */
export function maySee(actor: Actor, entry: Pick<Entry, 'type' | 'subjects'>): boolean {
  if (actor.kind === 'system') return true
  if (actor.kind !== 'person') return false
  if (entry.subjects.person === actor.personId) return true
  const reach = isRole(actor.role) ? hearing[actor.role][kindOf(entry.type)] : 'none'
  const units = entry.subjects.units ?? []
  if (reach === 'all') return true
  if (reach === 'unit') return units.includes(actor.unitId)
  if (reach === 'centre') return units.includes(centreOf(actor.unitPath) || actor.unitId)
  return false
}

/*
 * The same rule turned round, for many readers at once: an entry names the groups that may hear of it, an actor belongs to some, and hears of
 * it when the two have one in common.
 */

const kinds: readonly EntryKind[] = ['telephone', 'matter', 'people', 'organisation', 'other']
const groupOfPerson = (personId: string) => `person ${personId}`
const groupOfAll = (kind: EntryKind) => `all ${kind}`
const groupOfUnit = (kind: EntryKind, unitId: string) => `unit ${kind} ${unitId}`
const program = 'the program itself'

/** The groups of an actor. */
export function groupsOf(actor: Actor): Groups {
  if (actor.kind === 'system') return { own: program, shared: [] }
  if (actor.kind !== 'person') return { own: 'nobody', shared: [] }
  const { personId, role, unitId, unitPath } = actor
  const shared = kinds.flatMap(kind => {
    const reach = isRole(role) ? hearing[role][kind] : 'none'
    if (reach === 'all') return groupOfAll(kind)
    if (reach === 'unit') return groupOfUnit(kind, unitId)
    return reach === 'centre' ? groupOfUnit(kind, centreOf(unitPath) || unitId) : []
  })
  return { own: groupOfPerson(personId), shared }
}

/** The groups that may hear of an entry. */
export function hearersOf({ type, subjects: { person, units = [] } }: Pick<Entry, 'type' | 'subjects'>): readonly string[] {
  const kind = kindOf(type)
  return [
    program,
    groupOfAll(kind),
    ...(person === undefined ? [] : [groupOfPerson(person)]),
    ...new Set(units.map(unitId => groupOfUnit(kind, unitId))),
  ]
}

const changingRights: ReadonlySet<string> = new Set(
  [sessionEnded, sessionSwitched, assignmentChanged, assignmentEnded, personDisabled].map(({ type }) => type),
)

/** Whether what a person may hear of may be something else from this entry on. */
export const changesRights = ({ type }: Pick<Entry, 'type' | 'subjects'>): boolean => changingRights.has(type)

const centreOf = (unitPath: string): string | undefined => unitPath.split('/')[centrePlace]

const isRole = (role: string): role is Role => Object.hasOwn(hearing, role)
