/** Who may hear of what: role × territory × kind of entry. Which passwords are good enough; in which units a role exists. */

import { describe, expect, test } from 'vitest'
import { allEntries } from '../../test/support/entries.ts'
import { staff } from '../../test/support/staff.ts'
import { type Actor, type EntryKind, type PersonActor, system, unitsIn } from '../platform/index.ts'
import { hearingOf, type Role, roleFitsUnit, roles } from './capabilities.ts'
import { kindOf, mayAdminister, maySee, passwordVerdict, peopleScope } from './policy.ts'

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

const types: Readonly<Record<Exclude<EntryKind, 'program'>, string>> = {
  telephone: 'call.queued',
  matter: 'ticket.claimed',
  people: 'session.ended',
  incident: 'incident.notice-published',
  organisation: 'number.scheduled',
}

const everywhere = Object.keys(places) as Place[]
const lazio: Place[] = ['pensions section of the CRIC of Lazio', 'GAI of Lazio', 'agency of Roma EUR']
const contactCentre: Place[] = ['pensions section of the contact centre', 'another section of the contact centre', 'switchboard']

/** What each role hears, by kind of entry and place. Nothing else is heard. */
const matrix: { who: keyof typeof staff; hears: Partial<Record<keyof typeof types, Place[]>> }[] = [
  {
    who: 'anna',
    hears: {
      incident: everywhere,
      telephone: ['pensions section of the contact centre'],
      matter: ['pensions section of the contact centre'],
      organisation: ['pensions section of the contact centre'],
    },
  },
  {
    who: 'switchboard',
    hears: { incident: everywhere, telephone: ['switchboard'], matter: ['switchboard'], organisation: ['switchboard'] },
  },
  {
    who: 'supervisor',
    hears: {
      incident: everywhere,
      telephone: everywhere,
      matter: contactCentre,
      people: contactCentre,
      organisation: everywhere,
    },
  },
  { who: 'headquarters', hears: { incident: everywhere, telephone: everywhere, matter: everywhere, organisation: everywhere } },
  {
    who: 'paola',
    hears: {
      incident: everywhere,
      matter: ['pensions section of the CRIC of Lazio'],
      organisation: ['pensions section of the CRIC of Lazio'],
    },
  },
  {
    who: 'contributions',
    // Another section of the same centre: it works as one group.
    hears: {
      incident: everywhere,
      matter: ['pensions section of the CRIC of Lazio'],
      organisation: ['pensions section of the CRIC of Lazio'],
    },
  },
  {
    who: 'coordinator',
    hears: {
      incident: everywhere,
      matter: ['pensions section of the CRIC of Lazio'],
      organisation: ['pensions section of the CRIC of Lazio'],
    },
  },
  {
    who: 'milan',
    hears: {
      incident: everywhere,
      matter: ['pensions section of the CRIC of Lombardia'],
      organisation: ['pensions section of the CRIC of Lombardia'],
    },
  },
  { who: 'itLazio', hears: { incident: everywhere, matter: ['GAI of Lazio'], organisation: ['GAI of Lazio'] } },
  { who: 'itLombardia', hears: { incident: everywhere } },
  {
    who: 'directorate',
    hears: { incident: everywhere, matter: ['directorate for pensions'], organisation: ['directorate for pensions'] },
  },
  { who: 'otherDirectorate', hears: { incident: everywhere } },
  {
    who: 'agency',
    hears: {
      incident: everywhere,
      telephone: ['agency of Roma EUR'],
      matter: ['agency of Roma EUR'],
      organisation: ['agency of Roma EUR'],
    },
  },
  { who: 'otherAgency', hears: { incident: everywhere } },
  { who: 'director', hears: { incident: everywhere, telephone: lazio, matter: lazio, organisation: lazio } },
  {
    who: 'otherDirector',
    hears: {
      incident: everywhere,
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
    for (const type of [...Object.values(types), 'survey.answered'])
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
    expect(roles.filter(role => hearingOf(role) === undefined)).toEqual([])
    expect(kindOf({ type: 'sign-in.failed' })).toBe('people')
    for (const type of ['constructor', 'ticket.of-a-newer-release', '']) expect(kindOf({ type }), type).toBe('other')
  })
})

/** The roles that hear of an entry in the unit that they work in, and of one in a unit that they have nothing to do with. */
const hearersOfKinds: Readonly<Record<EntryKind, { inOwnUnit: Role[]; anywhere: Role[] }>> = {
  telephone: {
    inOwnUnit: [
      ...(['operator', 'switchboard', 'supervisor', 'agency_officer', 'agency_manager'] as const),
      ...(['regional_director', 'headquarters'] as const),
    ],
    anywhere: ['supervisor', 'headquarters'],
  },
  matter: { inOwnUnit: roles.filter(role => role !== 'administrator'), anywhere: [] },
  people: { inOwnUnit: ['supervisor', 'administrator'], anywhere: ['administrator'] },
  organisation: { inOwnUnit: [...roles], anywhere: ['supervisor', 'headquarters', 'administrator'] },
  incident: {
    inOwnUnit: roles.filter(role => role !== 'administrator'),
    anywhere: roles.filter(role => role !== 'administrator'),
  },
  program: { inOwnUnit: ['administrator'], anywhere: ['administrator'] },
}

/** Every type of entry, by whom it concerns. A new one is written down here by who has thought about it. */
const typesOfKinds: Readonly<Record<EntryKind, string>> = {
  telephone: `
    agent.available agent.media-set agent.paused agent.reachable agent.signed-out agent.state agent.unreachable
    agent.wrap-up-ended call.arrived call.asked call.callback-dialled call.callback-proposed call.callback-queued
    call.callback-settled call.callback-unanswered call.callback-withdrawn call.connected call.continuity call.dismissed
    call.diverted call.ended call.held call.interrupted call.left-queue call.menu-chosen call.moved call.office-answered
    call.office-rung call.position call.queued call.resumed call.transferred conversation.ended offer.accepted
    offer.answered offer.declined offer.failed offer.made offer.rejected offer.withdrawn
  `,
  matter: `
    assisted.began assisted.ended assisted.stepped
    appointment.booked appointment.call-asked appointment.call-connected appointment.call-dialled appointment.call-ended
    appointment.called-in appointment.cancelled appointment.checked-in appointment.concluded appointment.confirmed appointment.moved
    appointment.left appointment.letter-sent appointment.no-show appointment.offer-call-asked appointment.offer-call-ended appointment.offer-ended appointment.offered appointment.prepared appointment.started appointment.taken-back appointment.waits case.arrival case.closed case.continued case.joined
    case.link-undone case.linked
    case.erased case.file-added case.file-removed case.file-restored case.mentioned case.noted case.opened case.reference-set case.reopened
    case.repeat-explained case.repeated case.split contact.changed contact.created contact.erased contact.erasure-asked
    contact.exported contact.identified contact.joined
    contact.mandate-ended contact.mandate-noted contact.parted contact.spoken-for contact.unmasked
    interaction.answered interaction.booked interaction.changed interaction.claimed interaction.opened interaction.passed
    interaction.reopened interaction.taken mail.delayed mail.failed mail.noted mail.put-aside mail.queued
    mail.readdressed mail.received mail.sent mail.to-examine mail.withdrawn registered-mail.receipt-joined
    registered-mail.receipt-missing ticket.answer-withdrawn ticket.answered ticket.asked ticket.booked ticket.claimed ticket.closed
    ticket.escalated ticket.forwarded ticket.handed-over ticket.late ticket.left-by-absent ticket.move-undone ticket.moved
    ticket.prioritised ticket.question-answered ticket.question-asked ticket.question-withdrawn ticket.released ticket.reopened
    ticket.replied ticket.returned ticket.sent ticket.sent-back ticket.taken-over ticket.undelivered ticket.warned visit.closed visit.noted work.connected work.continuity
    work.declined work.left work.offered work.queued
    work.released work.resumed work.suspended work.taken work.withdrawn
  `,
  people: `
    assignment.asked assignment.changed assignment.declined assignment.ended assignment.made person.changed
    person.created person.disabled person.enabled person.ending-planned person.password-changed person.password-reset
    session.ended session.started session.switched sign-in.failed
  `,
  organisation: `
    absence.ended absence.entered agenda.rebooked agenda.set-up agent.skills-set counters.day-closed counters.device-changed counters.set-up desk.help-asked desk.help-ended desk.help-taken desk.left desk.taken answer-template.kept answer-template.removed callback.settings-set
    deadline-target.removed deadline-target.set guide.kept flow.draft-discarded flow.drafted flow.published mailbox.changed mailbox.created
    mailbox.listening mailbox.troubled number.change-cancelled number.reversed number.scheduled prompt.recorded prompt.recording-removed
    section-member.set section.absence-rule-set section.mail-set section.routing-set section.sharing-set section.ticket-lists-changed staff-reserve.changed ticket.rules-set
    typology.competence-set typology.retention-set unit.closure-cancelled unit.closure-decided unit.founded unit.hours-changed
    incident.answering-begun incident.proposal-decided incident.proposed incident.ticket-answered incident.tickets-linked
    incident.tickets-unlinked prevention.kept prevention.materials-changed prevention.stepped addressee.kept
  `,
  incident: `
    incident.changed incident.notice-published incident.notice-withdrawn incident.opened known-error.kept known-error.removed procedure.kept
  `,
  program: `
    journal.erased journal.month-closed sample.loaded sample.removed sample.traffic
  `,
}

describe('every type of entry', () => {
  const own = 'inps/dr-lazio/cric-lazio/'
  const elsewhere = ['inps', 'dr-puglia', 'cric-puglia']
  const as = (role: Role): PersonActor => ({ ...staff.anna, personId: `a ${role}`, role, unitId: 'cric-lazio', unitPath: own })
  const hearers = (type: string, units: string[]) => roles.filter(role => maySee(as(role), { type, subjects: { units } }))

  test.each(allEntries.map(entry => [entry.type, entry] as const))('%s is heard by whom it concerns', (type, { kind }) => {
    expect(typesOfKinds[kind].split(/\s+/)).toContain(type)
    expect({ inOwnUnit: hearers(type, unitsIn(own)), anywhere: hearers(type, elsewhere) }).toEqual(hearersOfKinds[kind])
    // Whoever it is about hears of it, whatever else.
    for (const role of roles) expect(maySee(as(role), { type, subjects: { person: `a ${role}` } }), role).toBe(true)
  })

  test('is there', () => {
    const named = Object.values(typesOfKinds).flatMap(types => types.split(/\s+/).filter(Boolean))
    expect(named.toSorted()).toEqual(allEntries.map(({ type }) => type).toSorted())
  })

  test('that changes how a section works is heard by administrators, wherever they are', () => {
    for (const type of ['section.routing-set', 'section.sharing-set', 'callback.settings-set', 'agent.skills-set'])
      expect(maySee(staff.administrator, { type, subjects: { units: ['ccm-pensioni'] } }), type).toBe(true)
  })

  test('that tells of written work is heard where the work is, as tickets are', () => {
    for (const type of ['work.queued', 'work.offered', 'work.released']) {
      const heard = (actor: Actor) =>
        maySee(actor, { type, subjects: { units: unitsIn('inps/dr-lazio/cric-lazio/cric-lazio-pensioni/') } })
      expect([heard(staff.paola), heard(staff.contributions), heard(staff.anna), heard(staff.administrator)], type).toEqual([
        ...[true, true, false, false],
      ])
    }
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
