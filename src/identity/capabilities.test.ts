/**
 * Role × capability, as it is meant. The table below is written by hand and on purpose: whoever gives a role something more, or something
 * less, says so here.
 */
import { expect, test } from 'vitest'
import en from '../../languages/en/web.json' with { type: 'json' }
import it from '../../languages/it/web.json' with { type: 'json' }
import { staff } from '../../test/support/staff.ts'
import { sentence, system } from '../platform/index.ts'
import { allCapabilities, can, capabilitiesOf, centreOf, reachOfRole, roles, rolesWhich } from './capabilities.ts'

const pinned = `
operator: calls.answer own, desk.work own, desk.serve own, linea.send all, mails.work unit, matters.see all, cases.list unit, contacts.write all,
    appointments.see all, appointments.book own, appointments.move all, times.look all, incidents.see all, guides.see all, guides.follow all
switchboard: calls.answer own, desk.work own, desk.serve own, linea.send all, mails.work unit, matters.see all, cases.list unit, contacts.write all,
    appointments.see all, appointments.book own, appointments.move all, times.look all, incidents.see all, guides.see all, guides.follow all
supervisor: calls.answer own, desk.serve own, linea.send all, mails.work unit, templates.keep unit, matters.see all, cases.list unit, cases.export unit,
    contacts.write all, appointments.see all, appointments.book own, appointments.move all, times.look all, callbacks.follow unit, queues.set unit,
    figures.watch unit, staff.plan unit, accounts.see unit, incidents.see all, guides.see all, guides.follow all
cric_member: desk.serve own, work.receive own, tickets.work centre, mails.work centre, sharing.see unit, absences.enter own, matters.see centre, cases.list centre,
    contacts.write centre, appointments.see centre, appointments.book own, appointments.move centre, times.look all, incidents.see all, prevention.see all, guides.see all, guides.follow centre
cric_coordinator: tickets.work centre, tickets.coordinate unit, mails.work centre, templates.keep centre, sharing.see unit, sharing.set unit, absences.enter own,
    absences.keep unit, matters.see centre, cases.list centre, cases.export centre, contacts.write centre, appointments.see centre, appointments.book own,
    appointments.move centre, times.look all, incidents.see all, prevention.see all, guides.see all, guides.follow centre
gai_member: tickets.work centre, mails.work centre, matters.see centre, cases.list centre, contacts.write centre, incidents.see all, incidents.keep centre,
    prevention.see all, prevention.keep centre, procedures.keep all
central_member: tickets.advise unit, matters.see unit, cases.list unit, incidents.see all
agency_officer: mails.work unit, matters.see unit, cases.list unit, contacts.write unit, documents.check own, appointments.see unit, appointments.book own,
    appointments.handle unit, days.see unit, counters.see unit, counters.receive unit, times.look all, incidents.see all, guides.see all, guides.follow unit
agency_manager: mails.work unit, templates.keep unit, matters.see unit, cases.list unit, cases.export unit, contacts.write unit, documents.check own,
    appointments.see unit, appointments.book own, appointments.handle unit, agenda.keep unit, days.see unit, counters.see unit, counters.receive unit,
    counters.keep unit, times.look all, hours.set unit, incidents.see all, guides.see all, guides.follow unit
regional_director: sharing.see unit, matters.see unit, cases.list unit, cases.export unit, appointments.see unit, appointments.oversee unit, days.see unit,
    counters.see unit, times.look all, region.watch unit, region.direct unit, region.staff unit, staff.plan unit, numbers.watch unit, hours.set unit,
    incidents.see all, prevention.see all
headquarters: mails.reconcile all, sharing.see unit, matters.see all, cases.list all, cases.export all, appointments.see all, appointments.oversee all, days.see all,
    counters.see all, times.look all, callbacks.follow unit, figures.watch unit, region.watch all, staff.plan all, numbers.watch all, numbers.plan all,
    hours.set all, deadlines.set all, flow.keep all, access.audit all, data.answer all, incidents.see all, prevention.see all, guides.see all,
    guides.keep all, retention.set all,
    procedures.keep all, competences.set all, rules.set all
administrator: mailboxes.keep all, mails.reconcile all, sharing.see all, sharing.set all, queues.set unit, numbers.watch all, numbers.plan all, hours.set all,
    deadlines.set all, flow.keep all, accounts.see all, accounts.keep all
`

test('each role may do what is written here, and reaches as far', () => {
  const rows = roles.map(role => {
    const may = capabilitiesOf(role).map(capability => `${capability} ${reachOfRole(role, capability)}`)
    return `${role}: ${may.join(', ')}`
  })
  expect(rows.join('\n')).toBe(pinned.trim().replace(/\n {2,}/g, ' '))
})

test('every capability is somebody’s, and every role has one and a name', () => {
  expect(allCapabilities.filter(capability => rolesWhich(capability).length === 0)).toEqual([])
  for (const role of roles) {
    expect(capabilitiesOf(role), role).not.toEqual([])
    for (const language of ['it', 'en'] as const)
      expect(sentence(language, `identity.role.${role}`), role).not.toBe(`identity.role.${role}`)
  }
})

test('every role has a name on the pages, in both languages', () => {
  for (const { roles: names } of [it, en]) expect(Object.keys(names).toSorted()).toEqual(roles.toSorted())
})

test('a capability reaches as far as the role says', () => {
  const roma = 'inps/dr-lazio/dp-roma/ag-roma-eur/'
  expect(can(staff.headquarters, 'days.see', roma)).toBe(true)
  expect(can(staff.director, 'days.see', roma)).toBe(true)
  expect(can(staff.otherDirector, 'days.see', roma)).toBe(false)
  expect(can(staff.paola, 'tickets.work', 'inps/dr-lazio/cric-lazio/cric-lazio-contributi/')).toBe(true)
  expect(can(staff.paola, 'tickets.work', 'inps/dr-lombardia/cric-lombardia/cric-lombardia-pensioni/')).toBe(false)
  expect(can(staff.anna, 'calls.answer', roma)).toBe(true)
  expect(can(staff.anna, 'accounts.keep')).toBe(false)
  expect(centreOf(staff.paola.unitPath)).toBe('inps/dr-lazio/cric-lazio/')
})

test('who is nobody, is not a person, or works in a role that does not exist may do nothing', () => {
  for (const role of ['', 'root', 'constructor', '__proto__'])
    for (const capability of allCapabilities) expect(can({ ...staff.headquarters, role }, capability), role).toBe(false)
  expect(can(system('worker'), 'matters.see')).toBe(false)
  expect(can({ kind: 'citizen', channel: 'web' }, 'matters.see')).toBe(false)
})
