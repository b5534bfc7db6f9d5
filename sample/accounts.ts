/** People of the sample institute and their accounts: every role, everywhere. All have the same password. */
import { type PersonRecord, publishedPassword, type Role } from '../src/identity/index.ts'
import type { NewUnit } from '../src/organisation/index.ts'
import { nameOf, userOf } from './names.ts'
import { ccmSections, founded, type Planner, sampleId } from './organisation.ts'

/** The password of all sample accounts. */
export const samplePassword = publishedPassword

/** What is kept of it: argon2id is slow on purpose, so the work is done once, and not at each loading. */
export const samplePasswordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$u7nAJxnLG0eEeZ5Q2cm1uQ$vcLB5028/9+TeK6ZFazEyyFkotM9Alvmi/pjTsUa2Ws'

interface KnownAccount {
  n: number
  name: string
  role: Role
  unitId: string
}

/** People who are named: tests and the first tour meet them. Their identifiers carry the number. */
const known: readonly KnownAccount[] = [
  { n: 1, name: 'Paola Neri', role: 'cric_member', unitId: 'cric-lazio-pensioni' },
  { n: 2, name: 'Marco Sala', role: 'cric_member', unitId: 'cric-lazio-pensioni' },
  { n: 3, name: 'Ivo Conti', role: 'cric_member', unitId: 'cric-lombardia-pensioni' },
  { n: 10, name: 'Anna Bianchi', role: 'operator', unitId: 'ccm-pensioni' },
  { n: 11, name: 'Luca Donati', role: 'operator', unitId: 'ccm-pensioni' },
  { n: 12, name: 'Sara Testa', role: 'switchboard', unitId: 'ccm-centralino' },
  { n: 13, name: 'Ugo Preti', role: 'supervisor', unitId: 'ccm' },
  { n: 20, name: 'Elena Riva', role: 'cric_member', unitId: 'cric-lazio-contributori' },
  { n: 21, name: 'Carlo Greco', role: 'cric_coordinator', unitId: 'cric-lazio' },
  { n: 22, name: 'Dino Costa', role: 'gai_member', unitId: 'gai-lazio' },
  { n: 23, name: 'Rita Fini', role: 'gai_member', unitId: 'gai-lombardia' },
  { n: 24, name: 'Olga Berti', role: 'central_member', unitId: 'dc-pensioni' },
  { n: 25, name: 'Pino Leo', role: 'central_member', unitId: 'dc-entrate' },
  { n: 26, name: 'Lia Moro', role: 'agency_officer', unitId: 'ag-roma-eur' },
  { n: 27, name: 'Gino Vari', role: 'agency_officer', unitId: 'ag-milano-nord' },
  { n: 28, name: 'Ada Poli', role: 'regional_director', unitId: 'dr-lazio' },
  { n: 29, name: 'Teo Gatti', role: 'regional_director', unitId: 'dr-lombardia' },
  { n: 30, name: 'Nora Villa', role: 'headquarters', unitId: 'inps' },
  { n: 31, name: 'Aldo Serra', role: 'administrator', unitId: 'inps' },
  // What one gives, the other confirms.
  { n: 32, name: 'Bice Fonti', role: 'administrator', unitId: 'inps' },
]

/** Who decides on the number plan. */
export const planner: Planner = { id: sampleId('8000', 30), name: 'Nora Villa' }

/** How many of a role each unit of a kind has. */
const staffing: Partial<Record<NewUnit['kind'], readonly { role: Role; people: number }[]>> = {
  'ccm-section': [{ role: 'operator', people: 6 }],
  ccm: [{ role: 'supervisor', people: 2 }],
  'cric-section': [{ role: 'cric_member', people: 3 }],
  cric: [{ role: 'cric_coordinator', people: 1 }],
  gai: [{ role: 'gai_member', people: 2 }],
  'central-directorate': [{ role: 'central_member', people: 2 }],
  'regional-directorate': [{ role: 'regional_director', people: 1 }],
  agency: [
    { role: 'agency_manager', people: 1 },
    { role: 'agency_officer', people: 2 },
  ],
  institute: [
    { role: 'headquarters', people: 2 },
    { role: 'administrator', people: 2 },
  ],
}

/** Everybody, in the order of the units. The named people take their places first. */
export function buildPeople(units: readonly NewUnit[]): PersonRecord[] {
  const pathOf = new Map(units.map(unit => [unit.id, unit.path]))
  const people = known.map(each => person(each, pathOf.get(each.unitId) ?? ''))
  const users = new Set(people.map(each => each.user))
  let n = 1_000
  let drawn = 0
  for (const unit of units)
    for (const { role, people: wanted } of staffing[unit.kind] ?? []) {
      const held = unit.id === 'ccm-centralino' && role === 'operator' ? 'switchboard' : role
      const there = known.filter(each => each.unitId === unit.id && each.role === held).length
      for (let i = there; i < wanted; i++) {
        let name = nameOf(drawn++)
        while (users.has(userOf(name))) name = nameOf(drawn++)
        users.add(userOf(name))
        people.push(person({ n: n++, name, role: held, unitId: unit.id }, unit.path))
      }
    }
  return people
}

function person({ n, name, role, unitId }: KnownAccount, unitPath: string): PersonRecord {
  return {
    id: sampleId('8000', n),
    user: userOf(name),
    name,
    language: 'it',
    passwordHash: samplePasswordHash,
    assignments: [{ id: sampleId('9000', n), role, unitId, unitPath, from: founded, until: null }],
  }
}

export interface AgentSkills {
  personId: string
  skills: { sectionId: string; level: number }[]
}

/**
 * What the people of the contact centre can help with: their own section best, the next ones a little; whoever is at the switchboard takes
 * calls of the switchboard, and operators stand in there.
 */
export function buildSkills(people: readonly PersonRecord[]): AgentSkills[] {
  const ids = ccmSections.map(section => section.id)
  return people.flatMap(({ id, assignments }, index) => {
    const [held] = assignments
    const own = held ? ids.indexOf(held.unitId) : -1
    if (!held || own < 0) return []
    if (held.role === 'switchboard') return [{ personId: id, skills: [{ sectionId: held.unitId, level: 5 }] }]
    const others = ids.length - 1
    const second = ids[(own + 1 + (index % 2)) % others] ?? ''
    const skills = [
      { sectionId: held.unitId, level: 5 },
      { sectionId: second, level: 3 },
      { sectionId: 'ccm-centralino', level: 1 },
    ]
    return [{ personId: id, skills }]
  })
}

/** An account to try, and what with. */
export interface SampleAccount {
  user: string
  name: string
  role: Role
  unitId: string
  /** Key of the sentence that says what to try: `sample.try.<key>`. */
  tryKey: string
}

/** The named people in the order in which a first tour meets them, with what each is for. */
const tries: readonly (readonly [n: number, tryKey: string])[] = [
  [10, 'answerCalls'],
  [11, 'answerCalls'],
  [12, 'switchboard'],
  [1, 'claimTicket'],
  [21, 'coordinate'],
  [22, 'itTicket'],
  [24, 'directorate'],
  [26, 'appointments'],
  [13, 'watch'],
  [28, 'region'],
  [30, 'numberPlan'],
  [31, 'administrate'],
  [32, 'confirm'],
]

/** The accounts that a first tour needs. */
export const sampleAccounts: readonly SampleAccount[] = tries.flatMap(([n, tryKey]) =>
  known.filter(each => each.n === n).map(({ name, role, unitId }) => ({ user: userOf(name), name, role, unitId, tryKey })),
)
