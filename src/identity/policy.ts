/**
 * Who may do what with people and sessions, which passwords are good enough, and who may hear of what happened. Pure.
 */
import {
  type Actor,
  allowed,
  type Entry,
  type EntryKind,
  entryKinds,
  type Groups,
  isOneOf,
  kindOfEntry,
  refused,
  type Verdict,
} from '../platform/index.ts'
import { can, hearingOf, type Role, reachOf, rolesWhich } from './capabilities.ts'
import { assignmentChanged, assignmentEnded, personDisabled, sessionEnded, sessionSwitched } from './events.ts'

// --- people ---------------------------------------------------------------------------------------------------------

/** Whose accounts somebody may look at: all; those with one of the roles in a territory; nobody's. */
export type PeopleScope = { all: true } | { all: false; under: string; roles: readonly Role[] } | undefined

export function peopleScope(actor: Actor): PeopleScope {
  if (actor.kind === 'system') return { all: true }
  if (actor.kind !== 'person') return undefined
  const reach = reachOf(actor, 'accounts.see')
  if (reach === undefined) return undefined
  return reach === 'all' ? { all: true } : { all: false, under: actor.unitPath, roles: rolesWhich('desk.work') }
}

/** Accounts and assignments are made, changed and ended by administrators. */
export const mayAdminister = (actor: Actor): Verdict =>
  actor.kind === 'system' || can(actor, 'accounts.keep') ? allowed : refused('identity.onlyAdministrators')

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
/** `other`: a newer release knows the type, and this one does not. */
export type HeardKind = EntryKind | 'other'
const kinds: readonly HeardKind[] = [...entryKinds, 'other']

/** The kind of an entry, as its type says. */
export const kindOf = (entry: Pick<Entry, 'type'>): HeardKind => kindOfEntry(entry) ?? 'other'

/** Whether the actor may know that the entry exists. */
export function maySee(actor: Actor, entry: Pick<Entry, 'type' | 'subjects'>): boolean {
  if (actor.kind === 'system') return true
  if (actor.kind !== 'person') return false
  if (entry.subjects.person === actor.personId) return true
  const reach = hearingOf(actor.role)?.[kindOf(entry)]
  const units = entry.subjects.units ?? []
  if (reach === 'all') return true
  if (reach === 'unit') return units.includes(actor.unitId)
  if (reach === 'centre') return units.includes(centreIn(actor.unitPath) || actor.unitId)
  return false
}

/*
 * The same rule turned round, for many readers at once: an entry names the groups that may hear of it, an actor belongs to some, and hears of
 * it when the two have one in common.
 */

const groupOfPerson = (personId: string) => `person ${personId}`
const groupOfAll = (kind: HeardKind) => `all ${kind}`
const groupOfUnit = (kind: HeardKind, unitId: string) => `unit ${kind} ${unitId}`
const program = 'the program itself'

/** The groups of an actor. */
export function groupsOf(actor: Actor): Groups {
  if (actor.kind === 'system') return { own: program, shared: [] }
  if (actor.kind !== 'person') return { own: 'nobody', shared: [] }
  const { personId, role, unitId, unitPath } = actor
  const shared = kinds.flatMap(kind => {
    const reach = hearingOf(role)?.[kind]
    if (reach === 'all') return groupOfAll(kind)
    if (reach === 'unit') return groupOfUnit(kind, unitId)
    return reach === 'centre' ? groupOfUnit(kind, centreIn(unitPath) || unitId) : []
  })
  return { own: groupOfPerson(personId), shared }
}

/** The groups that may hear of an entry. */
export function hearersOf({ type, subjects: { person, units = [] } }: Pick<Entry, 'type' | 'subjects'>): readonly string[] {
  const kind = kindOf({ type })
  return [
    program,
    groupOfAll(kind),
    ...(person === undefined ? [] : [groupOfPerson(person)]),
    ...new Set(units.map(unitId => groupOfUnit(kind, unitId))),
  ]
}

const changingRights = [sessionEnded, sessionSwitched, assignmentChanged, assignmentEnded, personDisabled]

/** Whether what a person may hear of may be something else from this entry on. */
export const changesRights = (entry: Pick<Entry, 'type' | 'subjects'>): boolean => isOneOf(entry, changingRights)

/** A regional centre lies at the third place of the path: institute, region, centre. */
const centreIn = (unitPath: string): string | undefined => unitPath.split('/')[2]
