/** Members of sections: taken in by the order of preference, changed, told with their history; and what a plan makes of them. */
import { expect, test } from 'vitest'
import { onPostgres } from '../../../test/support/database.ts'
import { refusalLine } from '../../../test/support/refusal.ts'
import { staff } from '../../../test/support/staff.ts'
import { enterAbsence } from '../../distribution/absences/service.ts'
import { decideClosure, unitOf } from '../../organisation/index.ts'
import { type House, virtualClock } from '../../platform/index.ts'
import type { NewMember } from '../model.ts'
import { readSection } from '../plan/facts.ts'
import { closePlans, staffingPlan } from '../plan/service.ts'
import { addToReserve, changeMember, dropFromReserve, memberHistory, regionMembers, takeMember } from './service.ts'

const { director, otherDirector, coordinator, paola, administrator } = staff
const section = 'cric-lazio-pensioni'
/** A Monday, ten in the morning in Rome. */
const monday = Date.UTC(2027, 0, 11, 9)

const expertise: NewMember = {
  ...{ sectionId: section, personId: null, reserveId: null, name: 'Tina Orsi', provenance: 'expert', origin: 'Pensioni' },
  ...{ since: '2027-02-01', until: null, share: 100, reason: '' },
}
const ofSection = async (house: House, id = section) => {
  const region = await regionMembers(house, director, 'it')
  return { ...region, members: region.sections.find(each => each.id === id)?.members ?? [] }
}

onPostgres(open => {
  test('who has a role and of whom nobody says where from is shown as such, and is said once', async () => {
    const { house } = await open({ clock: virtualClock(monday) })
    const { members, change } = await ofSection(house)
    expect(change).toMatchObject({ allowed: true })
    const [unsaid] = members.filter(({ facts }) => facts === null)
    expect(members.length).toBe(3)
    expect(unsaid).toMatchObject({ id: null, hasRole: true, isNow: true })
    const personId = unsaid?.personId ?? ''
    await takeMember(house, director, { ...expertise, personId, name: '' })
    expect((await ofSection(house)).members.find(each => each.personId === personId)).toMatchObject({
      ...{ name: unsaid?.name, hasRole: true, isNow: false, facts: { provenance: 'expert', since: '2027-02-01' } },
    })
    expect(await refusalLine(takeMember(house, director, { ...expertise, personId, name: '' }))).toBe(
      '409 staffing.memberAlready',
    )
    expect(
      await refusalLine(takeMember(house, director, { ...expertise, personId: paola.personId, sectionId: 'gai-lazio' })),
    ).toBe('422 staffing.notInSection')
    for (const [as, sectionId, why] of [
      [otherDirector, section, '404 platform.notFound'],
      [director, 'cric-lazio', '404 platform.notFound'],
      [coordinator, section, '403 staffing.onlyDirector'],
      [administrator, section, '403 staffing.onlyDirector'],
    ] as const)
      expect(await refusalLine(takeMember(house, as, { ...expertise, sectionId })), why).toBe(why)
    expect(await refusalLine(regionMembers(house, coordinator, 'it'))).toBe('403 staffing.onlyDirector')
  })

  test('while somebody could be had first, a province or an agency needs a reason, which stays; who is taken is not in reserve any more', async () => {
    const { house } = await open({ clock: virtualClock(monday) })
    const agency: NewMember = { ...expertise, provenance: 'agency', origin: 'Roma EUR', share: 50 }
    expect(await refusalLine(takeMember(house, director, agency))).toBe('422 staffing.reasonNeeded')
    const { memberId } = await takeMember(house, director, { ...agency, reason: 'Conosce i fondi speciali.' })
    const { reserve } = await ofSection(house)
    const [first, second] = reserve
    expect(reserve.map(({ name }) => name)).toEqual(['Bruno Costantini', 'Livia Serra'])
    await takeMember(house, director, { ...expertise, reserveId: first?.id ?? null, name: '' })
    await dropFromReserve(house, director, { reserveId: second?.id ?? '' })
    expect(await refusalLine(dropFromReserve(house, director, { reserveId: second?.id ?? '' }))).toBe('404 platform.notFound')
    expect(await ofSection(house)).toMatchObject({ reserve: [] })
    expect((await ofSection(house)).members.map(({ name }) => name)).toContain('Bruno Costantini')
    // Nobody could be had: nobody has to say why, and afterwards neither.
    const alone = await takeMember(house, director, agency)
    await addToReserve(house, director, { name: 'Ivana Sarti', provenance: 'expert', subject: '' })
    const change = (id: string, version: number, to: object) =>
      changeMember(house, director, { memberId: id, version, change: to })
    expect(await change(alone.memberId, 1, { share: 30 })).toMatchObject({ version: 2 })
    expect(await refusalLine(change(memberId, 1, { reason: '' }))).toBe('422 staffing.reasonNeeded')
    expect(await refusalLine(change(memberId, 1, { until: '2027-01-31' }))).toBe('422 staffing.endsBeforeItBegins')
    await change(memberId, 1, { until: '2027-06-30' })
    expect(await refusalLine(change(memberId, 1, { share: 10 }))).toBe('412 platform.changedMeanwhile')
    const history = await memberHistory(house, director, memberId)
    expect(history.items).toMatchObject([
      { version: 2, by: 'Ada Poli', facts: { until: '2027-06-30', share: 50 } },
      { version: 1, by: 'Ada Poli', facts: { until: null, reason: 'Conosce i fondi speciali.' } },
    ])
    expect(await refusalLine(memberHistory(house, otherDirector, memberId))).toBe('404 platform.notFound')
    const entries = await house.database.kysely
      .selectFrom('event')
      .select('payload')
      .where('type', '=', 'section-member.set')
      .orderBy('id', 'desc')
      .limit(1)
      .execute()
    expect(entries[0]?.payload).toMatchObject({
      memberId,
      version: 2,
      changes: [{ field: 'until', before: null, after: '2027-06-30' }],
    })
  })

  test('who is planned is the account that gets a role; nobody works more than the whole time', async () => {
    const { house } = await open({ clock: virtualClock(monday) })
    const { members } = await ofSection(house)
    const personId = members.find(({ facts }) => facts === null)?.personId ?? ''
    const { memberId } = await takeMember(house, director, { ...expertise, since: '2027-01-01', share: 60 })
    expect((await ofSection(house)).members.find(({ id }) => id === memberId)).toMatchObject({ hasRole: false, isNow: true })
    await changeMember(house, director, { memberId, version: 1, change: { personId } })
    expect((await ofSection(house)).members.find(({ id }) => id === memberId)).toMatchObject({ hasRole: true, personId })
    expect((await ofSection(house)).members.length).toBe(3)
    const known = members.find(({ facts }) => facts !== null)
    const twice = { ...expertise, personId: known?.personId ?? null, since: '2027-03-01' }
    expect(await refusalLine(takeMember(house, director, twice))).toBe('409 staffing.memberAlready')
  })

  test('a plan counts shares, memberships to come and gone, absences, holidays and closures', async () => {
    const { house } = await open({ clock: virtualClock(monday) })
    const unit = await unitOf(house.database.kysely, section)
    if (!unit) throw new Error('The sample has no such section.')
    const read = () => readSection(house, { unit, region: director.unitPath, weeks: 4 })
    const before = await read()
    expect(before.assumptions).toMatchObject({
      backlog: 0,
      handlingFrom: 'usual',
      handlingMinutes: 45,
      closedDays: 0,
      absentDays: 0,
    })
    // Twenty working days each, from tomorrow on.
    expect(before.scenario.members.map(({ days }) => days.length)).toEqual([28, 28, 28])
    await enterAbsence(house, paola, { personId: paola.personId, from: '2027-01-18', until: '2027-01-22', kind: 'holiday' })
    await decideClosure(house, director, { unitId: section, firstDay: '2027-01-25', lastDay: '2027-01-26', reason: 'Trasloco' })
    await takeMember(house, director, { ...expertise, share: 50 })
    const { scenario, assumptions } = await read()
    expect(assumptions).toMatchObject({ closedDays: 2, absentDays: 5, fullTime: before.assumptions.fullTime })
    const days = scenario.members.map(each => each.days.length).sort((a, b) => a - b)
    // From the first of February on, until the eighth; and five days of absence.
    expect(days).toEqual([8, 23, 28, 28])
    const query = { sectionId: section, people: 2, inTime: 0.9, weeks: 4 }
    const waits = new AbortController()
    const plan = await staffingPlan(house, director, query, waits.signal)
    expect(plan).toMatchObject({ seeds: 10, assumptions, needed: { people: expect.any(Number) } })
    expect(plan.after).not.toBe(null)
    // Whoever leaves the page is not waited for.
    const left = staffingPlan(house, director, query, waits.signal)
    waits.abort()
    expect(await refusalLine(left)).toBe('503 platform.busy')
    expect(await refusalLine(staffingPlan(house, otherDirector, query, new AbortController().signal))).toBe(
      '404 platform.notFound',
    )
    await closePlans(house)

    const closed = scenario.days.filter(
      ({ from, open: spans }) => from >= scenario.from && from < scenario.to && spans.length === 0,
    )
    expect(closed.length).toBe(8 + 2)
  })
})
