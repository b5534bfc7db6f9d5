/** Use cases about the rules of a section's queue. */
import { contactCentreSections, unitOf } from '../../organisation/index.ts'
import {
  type Actor,
  changedMeanwhile,
  changesOfSettings,
  type Db,
  type House,
  lastEntry,
  must,
  notFound,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { defaultSection } from '../../routing/index.ts'
import { callbackSettingsSet, sectionRoutingSet } from '../events.ts'
import { type Continuity, defaultContinuity } from '../model.ts'
import { setSectionRouting } from '../service.ts'
import { readRoutingOf } from '../store.ts'
import { CallbackSettings, type SectionRules, type SetSectionRules } from './model.ts'
import { maySetRules } from './policy.ts'
import { callbackSettingsOf, lockRules, ownCallbackSettings, saveCallbackSettings } from './store.ts'

/** @throws Refused 404 for what is not a section of the contact centre */
async function needSection(db: Db, id: string) {
  const section = (await contactCentreSections(db)).find(each => each.id === id)
  if (!section) throw notFound('unit')
  return section
}

/** Says what a section, or a unit above sections, does about callbacks. In the caller's transaction. @throws Refused 404, 403 */
export async function setCallbackSettings(work: Work, unitId: string, settings: CallbackSettings): Promise<void> {
  const unit = await unitOf(work.tx, unitId)
  if (!unit) throw notFound('unit')
  must(maySetRules(work.actor, unit.path))
  const before = (await ownCallbackSettings(work.tx, [unitId])).get(unitId) ?? {}
  const after = CallbackSettings.parse(settings)
  await saveCallbackSettings(work.tx, unitId, after)
  await work.journal(callbackSettingsSet, { unitId, changes: changesOfSettings(before, after) }, { units: unitsIn(unit.path) })
}

async function rulesOf(db: Db, section: { id: string; name: string; path: string }): Promise<SectionRules> {
  const { settings: routing, version } = await readRoutingOf(db, section.id)
  return {
    section: { id: section.id, name: section.name },
    version,
    routing,
    callbacks: (await ownCallbackSettings(db, [section.id])).get(section.id) ?? {},
    holds: {
      limits: routing.limits ?? defaultSection.limits,
      wrapUpMs: routing.wrapUpMs ?? defaultSection.wrapUpMs,
      offerTimeoutMs: routing.offerTimeoutMs ?? defaultSection.offerTimeoutMs,
      choice: routing.choice ?? defaultSection.choice,
      priority: routing.priority ?? defaultSection.priority,
      helpers: routing.helpers ?? [...defaultSection.helpers],
      continuity: routing.continuity ?? defaultContinuity,
      callbacks: await callbackSettingsOf(db, section.path),
    },
  }
}

/** Returns how long who knows a matter is waited for in a section. */
export const continuityOf = async (db: Db, sectionId: string): Promise<Continuity> =>
  (await readRoutingOf(db, sectionId)).settings.continuity ?? defaultContinuity

/** Returns the rules of a section. @throws Refused 404, 403 */
export async function sectionRules(house: House, actor: Actor, sectionId: string): Promise<SectionRules> {
  const db = house.database.kysely
  const section = await needSection(db, sectionId)
  must(maySetRules(actor, section.path))
  return rulesOf(db, section)
}

/** Sets the rules of a section. @throws Refused 404, 403, 412, 422 when callers would be led to where there is nobody */
export const setSectionRules = useCase(
  async (work, input: { sectionId: string; version: number } & SetSectionRules): Promise<SectionRules> => {
    const section = await needSection(work.tx, input.sectionId)
    must(maySetRules(work.actor, section.path))
    const others = new Set((await contactCentreSections(work.tx)).map(each => each.id))
    others.delete(section.id)
    for (const [limit, rule] of Object.entries(input.routing.overflow ?? {}))
      if (rule?.do === 'move' && !others.has(rule.section))
        throw new Refused('distribution.sections.sectionOfRule', { field: `routing.overflow.${limit}` }, 422)
    for (const helper of input.routing.helpers ?? [])
      if (!others.has(helper.section)) throw new Refused('distribution.sections.sectionOfRule', { field: 'routing.helpers' }, 422)
    await lockRules(work.tx, section.id)
    const before = await rulesOf(work.tx, section)
    if (before.version !== input.version)
      throw changedMeanwhile(
        before,
        await lastEntry(work.tx, [sectionRoutingSet], { payload: ['sectionId', section.id] }, work.now),
      )
    await setSectionRouting(work, section.id, input.routing)
    await setCallbackSettings(work, section.id, input.callbacks)
    return rulesOf(work.tx, section)
  },
)
