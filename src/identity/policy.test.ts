/** Who may hear of what: role × territory × kind of entry. Which passwords are good enough; in which units a role exists. */
import { describe, expect, test } from 'vitest'
import { staff } from '../../test/support/staff.ts'
import { type Actor, type PersonActor, system, unitsIn } from '../platform/index.ts'
import { roles } from './model.ts'
import { type EntryKind, hearing, kindOf, mayAdminister, maySee, passwordVerdict, peopleScope, roleFitsUnit } from './policy.ts'

/** Where something happens, by the path of the unit. */
const places = {
  'pensions section of the contact centre': 'inps/ccm/ccm-pensioni/',
  'another section of the contact centre': 'inps/ccm/ccm-aziende/',
  switchboard: 'inps/ccm/ccm-centralino/',
  'pensions section of the CRIC of Lazio': 'inps/dr-lazio/cric-lazio/cric-lazio-pensioni/',
  'GAI of Lazio': 'inps/dr-lazio/gai-lazio/',
  'agency of Roma EUR': 'inps/dr-lazio/dp-roma/ag-roma-eur/',
  'directorate for pensions': 'inps/dc-pensioni/',
  'pensions section of the CRIC of Lombardia': 'inps/dr-lombardia/cric-lombardia/cric-lombardia-pensioni/',
} as const
type Place = keyof typeof places

const types: Readonly<Record<Exclude<EntryKind, 'other'>, string>> = {
  telephone: 'call.queued',
  matter: 'ticket.claimed',
  people: 'session.ended',
  organisation: 'number.scheduled',
}

const everywhere = Object.keys(places) as Place[]
const lazio: Place[] = ['pensions section of the CRIC of Lazio', 'GAI of Lazio', 'agency of Roma EUR']
const contactCentre: Place[] = ['pensions section of the contact centre', 'another section of the contact centre', 'switchboard']

/** Of what each hears, by kind of entry and place. What is not named is not heard. */
const matrix: { who: keyof typeof staff; hears: Partial<Record<keyof typeof types, Place[]>> }[] = [
  {
    who: 'anna',
    hears: {
      telephone: ['pensions section of the contact centre'],
      matter: ['pensions section of the contact centre'],
      organisation: ['pensions section of the contact centre'],
    },
  },
  { who: 'switchboard', hears: { telephone: ['switchboard'], matter: ['switchboard'], organisation: ['switchboard'] } },
  { who: 'supervisor', hears: { telephone: everywhere, matter: contactCentre, people: contactCentre, organisation: everywhere } },
  { who: 'headquarters', hears: { telephone: everywhere, matter: everywhere, organisation: everywhere } },
  {
    who: 'paola',
    hears: { matter: ['pensions section of the CRIC of Lazio'], organisation: ['pensions section of the CRIC of Lazio'] },
  },
  {
    who: 'contributions',
    // Another section of the same centre: it works as one group.
    hears: { matter: ['pensions section of the CRIC of Lazio'], organisation: ['pensions section of the CRIC of Lazio'] },
  },
  {
    who: 'coordinator',
    hears: { matter: ['pensions section of the CRIC of Lazio'], organisation: ['pensions section of the CRIC of Lazio'] },
  },
  {
    who: 'milan',
    hears: {
      matter: ['pensions section of the CRIC of Lombardia'],
      organisation: ['pensions section of the CRIC of Lombardia'],
    },
  },
  { who: 'itLazio', hears: { matter: ['GAI of Lazio'], organisation: ['GAI of Lazio'] } },
  { who: 'itLombardia', hears: {} },
  { who: 'directorate', hears: { matter: ['directorate for pensions'], organisation: ['directorate for pensions'] } },
  { who: 'otherDirectorate', hears: {} },
  {
    who: 'agency',
    hears: { telephone: ['agency of Roma EUR'], matter: ['agency of Roma EUR'], organisation: ['agency of Roma EUR'] },
  },
  { who: 'otherAgency', hears: {} },
  { who: 'director', hears: { telephone: lazio, matter: lazio, organisation: lazio } },
  {
    who: 'otherDirector',
    hears: {
      telephone: ['pensions section of the CRIC of Lombardia'],
      matter: ['pensions section of the CRIC of Lombardia'],
      organisation: ['pensions section of the CRIC of Lombardia'],
    },
  },
  { who: 'administrator', hears: { people: everywhere, organisation: everywhere } },
]

describe('of an entry hears', () => {
  test.each(matrix)('$who as far as role and territory go', ({ who, hears }) => {
    const actor: Actor = staff[who]
    const heard: Record<string, Place[]> = {}
    for (const [kind, type] of Object.entries(types)) {
      const where = everywhere.filter(place => maySee(actor, { type, subjects: { units: unitsIn(places[place]) } }))
      if (where.length > 0) heard[kind] = where
    }
    expect(heard).toEqual(hears)
  })

  test('whoever it is about, whatever the kind and wherever', () => {
    for (const type of [...Object.values(types), 'something.new'])
      for (const [name, actor] of Object.entries(staff)) {
        const person: PersonActor = actor
        expect(maySee(person, { type, subjects: { person: person.personId } }), name).toBe(true)
      }
    expect(maySee(staff.luca, { type: 'offer.made', subjects: { person: staff.anna.personId, units: ['inps', 'ccm'] } })).toBe(
      false,
    )
  })

  test('nobody by a unit of the same beginning, by no unit at all, from outside, or in a role that does not exist', () => {
    expect(maySee(staff.agency, { type: 'appointment.booked', subjects: { units: ['inps', 'ag-roma-eur-2'] } })).toBe(false)
    expect(maySee(staff.paola, { type: 'case.opened', subjects: {} })).toBe(false)
    expect(maySee({ kind: 'citizen', channel: 'web' }, { type: 'call.queued', subjects: { units: ['inps'] } })).toBe(false)
    for (const role of ['', 'root', 'constructor', '__proto__'])
      expect(maySee({ ...staff.headquarters, role }, { type: 'call.queued', subjects: { units: ['inps'] } }), role).toBe(false)
  })

  test('an entry of a kind that is not known yet only those at or above its unit, and no administrator', () => {
    const entry = { type: 'survey.answered', subjects: { units: unitsIn(places['agency of Roma EUR']) } }
    const hears = Object.entries(staff).filter(([, actor]) => maySee(actor, entry))
    expect(hears.map(([name]) => name).sort()).toEqual(['agency', 'director', 'headquarters'])
  })

  test('the program itself everything', () => {
    expect(maySee(system('distribution'), { type: 'call.queued', subjects: {} })).toBe(true)
  })

  test('every role has its row', () => {
    expect(Object.keys(hearing).sort()).toEqual([...roles].sort())
    expect(kindOf('sign-in.failed')).toBe('people')
    expect(kindOf('constructor.x')).toBe('other')
  })
})

test('accounts are the administrators’; a supervisor looks at the operators of the unit', () => {
  for (const [name, actor] of Object.entries(staff)) {
    expect(mayAdminister(actor).allowed, name).toBe(actor.role === 'administrator')
    expect(peopleScope(actor) !== undefined, name).toBe(['administrator', 'supervisor'].includes(actor.role))
  }
  expect(peopleScope(staff.supervisor)).toEqual({ all: false, under: 'inps/ccm/', roles: ['operator', 'switchboard'] })
  expect(mayAdminister({ kind: 'citizen', channel: 'web' }).allowed).toBe(false)
})

test('a role exists only where it has something to do', () => {
  expect(roleFitsUnit('operator', 'ccm-section')).toBe(true)
  expect(roleFitsUnit('operator', 'agency')).toBe(false)
  expect(roleFitsUnit('administrator', 'agency')).toBe(false)
  expect(roleFitsUnit('cric_member', 'cric-section')).toBe(true)
  expect(roleFitsUnit('gai_member', 'cric-section')).toBe(false)
})

describe('a password', () => {
  const anna = { user: 'anna.bianchi', name: 'Anna Bianchi' }
  test.each([
    ['cavallo batteria graffetta', undefined],
    ['Tre gatti sul tetto', undefined],
    ['ひらがなのながいことばです', undefined],
    ['vG7#qP2!xZ9$', undefined],
    ['corto', 'short'],
    ['undici caratt', undefined],
    ['undici ca11', 'short'],
    ['aaaaaaaaaaaaaaa', 'easy'],
    ['abababababababab', 'easy'],
    ['abcdefghijklmnop', 'easy'],
    ['12345678901234', 'easy'],
    ['anna.bianchi2026', 'known'],
    ['BianchiAnna!!1985', 'known'],
    ['Password123456', 'known'],
    ['filodiretto2026', 'known'],
    ['x'.repeat(257), 'long'],
    [`cavallo batteria \ud800`, 'notText'],
  ])('%j is %s', (password, because) => {
    const verdict = passwordVerdict(password, anna)
    expect(verdict.allowed ? undefined : verdict.code).toBe(because && `identity.password.${because}`)
  })
})
