/** What cases need to know of the organisation: units with their centre, who is responsible for what, typologies, colleagues, holidays. */
import { membersOf, membersOfUnits, rolesWhich } from '../identity/index.ts'
import { competentCric, competentGai, unitOf, unitsOf } from '../organisation/index.ts'
import { type Db, Refused } from '../platform/index.ts'

export interface UnitRef {
  id: string
  name: string
}

export interface UnitFacts extends UnitRef {
  kind: string
  path: string
  regionCode: string | null
  provinceCode: string | null
  /** The regional centre or IT group that it belongs to; itself for every other unit. */
  centre: UnitRef
}

export async function unitFacts(db: Db, id: string): Promise<UnitFacts | undefined> {
  const unit = await unitOf(db, id)
  if (!unit) return undefined
  const centre = unit.kind === 'cric-section' && unit.parentId !== null ? await unitOf(db, unit.parentId) : undefined
  return {
    id: unit.id,
    name: unit.name,
    kind: unit.kind,
    path: unit.path,
    regionCode: unit.regionCode,
    provinceCode: unit.provinceCode,
    centre: centre ? { id: centre.id, name: centre.name } : { id: unit.id, name: unit.name },
  }
}

/** Names of units, by identifier. */
export async function unitNames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const units = await unitsOf(db, { ids: [...new Set(ids)] })
  return new Map(units.map(unit => [unit.id, unit.name]))
}

/**
 * The section of a region's centre that deals with a kind of question; without a kind, the region's IT group.
 * @throws Refused 422 when the organisation has none
 */
export async function responsibleUnit(db: Db, regionCode: string, cricSection: string | null): Promise<UnitFacts> {
  const unit =
    cricSection === null ? await competentGai(db, { regionCode }) : await competentCric(db, { regionCode, cricSection })
  const facts = unit && (await unitFacts(db, unit.id))
  if (!facts) throw new Refused('cases.sectionUnknown', {}, 422)
  return facts
}

/** Every section of every regional centre, or every IT group: what a Linea ticket can be corrected to. */
export async function sectionsOfCentres(db: Db, itMatter: boolean): Promise<UnitRef[]> {
  const units = await unitsOf(db, { kind: itMatter ? 'gai' : 'cric-section' })
  return units.map(unit => ({ id: unit.id, name: unit.name })).sort((a, b) => a.name.localeCompare(b.name, 'it'))
}

export async function sectionsOfCentre(db: Db, centreId: string): Promise<UnitRef[]> {
  const units = await unitsOf(db, { kind: 'cric-section', parentId: centreId })
  return units.map(unit => ({ id: unit.id, name: unit.name }))
}

/** Members of a centre: its own and those of its sections. */
export async function colleaguesOf(
  db: Db,
  centreId: string,
): Promise<{ id: string; name: string; unitPath: string; unitName: string }[]> {
  const centre = await unitOf(db, centreId)
  return centre ? membersOf(db, { under: centre.path, roles: rolesWhich('tickets.work') }) : []
}

/** Names of the members of the tickets' sections, by person. */
export async function memberNames(db: Db, tickets: readonly { unit_path: string }[]): Promise<Map<string, string>> {
  const paths = [...new Set(tickets.map(ticket => ticket.unit_path))]
  const members = await membersOfUnits(db, { paths, roles: rolesWhich('work.receive') })
  return new Map(members.map(member => [member.id, member.name]))
}
