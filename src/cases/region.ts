/** The tickets of a region as its director sees them: how many wait where, what is late, how many people share the work. */
import { membersOfUnits } from '../identity/index.ts'
import { unitsOf } from '../organisation/index.ts'
import { type Actor, actingPerson, boundsOf, dayAt, type House } from '../platform/index.ts'
import type { RegionLoad } from './model.ts'
import { scopeOf } from './service.ts'
import { loadOf } from './store.ts'

/** The open tickets of every section at or under the reader's unit, and of its IT groups. @throws Refused 404 for who has no business with cases */
export async function regionLoad(house: House, actor: Actor): Promise<RegionLoad> {
  const db = house.database.kysely
  const person = actingPerson(actor)
  const scope = scopeOf(actor)
  const under = scope.all ? '' : scope.under
  const units = [...(await unitsOf(db, { kind: 'cric-section', under })), ...(await unitsOf(db, { kind: 'gai', under }))]
  const now = house.clock.now()
  const timeZone = house.config.TIME_ZONE
  const [, tomorrow] = boundsOf(timeZone, dayAt(timeZone, now))
  const loads = await loadOf(db, { unitIds: units.map(unit => unit.id), now: new Date(now), tomorrow: new Date(tomorrow) })
  const members = await membersOfUnits(db, { paths: units.map(unit => unit.path), roles: ['cric_member', 'gai_member'] })
  return {
    unit: { id: person.unitId },
    sections: units.map(unit => {
      const load = loads.get(unit.id)
      return {
        id: unit.id,
        name: unit.name,
        pool: load?.pool ?? 0,
        claimed: load?.claimed ?? 0,
        forwarded: load?.forwarded ?? 0,
        late: load?.late ?? 0,
        today: load?.today ?? 0,
        oldestAt: load?.oldest?.toISOString() ?? null,
        members: members.filter(member => member.unitId === unit.id).length,
      }
    }),
  }
}
