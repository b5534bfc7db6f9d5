/** Where a Linea ticket goes: to the unit that is competent for the citizen's region and the matter, or to one that the operator chose. */
import { type TypologyFacts, typologyOf } from '../classification/index.ts'
import { contactsOf, contactView } from '../contacts/index.ts'
import { type Db, type House, must, notFound, type PersonActor, Refused, type Work } from '../platform/index.ts'
import { solutionDue } from './deadlines/service.ts'
import { type Derived, derive, type Why } from './derivation.ts'
import type { Derivation, SendLinea } from './model.ts'
import { responsibleUnit, sectionsOfCentres, type UnitFacts, unitFacts } from './places.ts'
import { hadCall, mayInteract, maySendTo } from './policy.ts'
import { callFacts } from './store.ts'
import type { InteractionRow } from './tables.ts'

/**
 * Where a Linea ticket of the actor would go.
 * @throws Refused 403 to who sends none · 404 for a contact that is not the actor's to see, or a call that was never theirs ·
 *         422 when the region is not known
 */
export async function derivationFor(
  house: House,
  actor: PersonActor,
  asked: { typologyId: string; contactId?: string | undefined; callId?: string | undefined },
): Promise<Omit<Derivation, 'why'> & { why: Why }> {
  must(mayInteract(actor))
  const db = house.database.kysely
  if (asked.contactId !== undefined) await contactView(house, actor, asked.contactId)
  const call = asked.callId === undefined ? undefined : await callFacts(db, asked.callId)
  if (asked.callId !== undefined && (call === undefined || !hadCall(actor, call))) throw notFound('call')
  const office = call?.officeId ? await unitFacts(db, call.officeId) : undefined
  return derivationOf(
    db,
    {
      typologyId: asked.typologyId,
      contactId: asked.contactId ?? null,
      regionCode: call?.regionCode ?? null,
      officeName: office?.name ?? null,
    },
    new Date(house.clock.now()),
  )
}

/** Where a Linea ticket would go, before it is sent. @throws Refused 422 when the region is not known */
export async function derivationOf(
  db: Db,
  facts: { typologyId: string; contactId: string | null; regionCode: string | null; officeName: string | null },
  now: Date,
): Promise<Omit<Derivation, 'why'> & { why: Why }> {
  const typology = await needTypology(db, facts.typologyId)
  const derived = await deriveOrRefuse(db, facts, typology)
  const unit = await responsibleUnit(db, derived.regionCode, derived.cricSection)
  return {
    cric: unit.centre,
    section: { id: unit.id, name: unit.name },
    why: derived.why,
    reason: derived.reason,
    itMatter: typology.itMatter,
    dueAt: (await solutionDue(db, { unit_id: unit.id, typology_id: typology.id, priority: 'normal' }, now)).toISOString(),
    choices: await sectionsOfCentres(db, typology.itMatter),
  }
}

async function deriveOrRefuse(
  db: Db,
  { contactId, regionCode, officeName }: { contactId: string | null; regionCode: string | null; officeName: string | null },
  typology: TypologyFacts,
): Promise<Derived> {
  const contact = contactId === null ? undefined : (await contactsOf(db, [contactId])).get(contactId)
  const derived = derive({
    residence: contact?.regionCode ? { regionCode: contact.regionCode, municipality: contact.municipality ?? '' } : undefined,
    officeCalled: regionCode === null ? undefined : { regionCode, name: officeName ?? '' },
    typology,
  })
  if (!derived) throw new Refused('cases.regionUnknown', {}, 422)
  return derived
}

export async function destination(
  work: Work,
  interaction: InteractionRow,
  contactId: string,
  typology: TypologyFacts,
  input: Pick<SendLinea, 'cricUnitId' | 'correctionReason'>,
): Promise<{ unit: UnitFacts; why: Why; reason: 'residence' | 'office-called' | 'corrected'; derivedUnitId: string }> {
  const derived = await deriveOrRefuse(
    work.tx,
    { contactId, regionCode: interaction.region_code, officeName: interaction.office_name },
    typology,
  )
  const unit = await responsibleUnit(work.tx, derived.regionCode, derived.cricSection)
  if (input.cricUnitId === undefined || input.cricUnitId === unit.id)
    return { unit, why: derived.why, reason: derived.reason, derivedUnitId: unit.id }
  const chosen = await unitFacts(work.tx, input.cricUnitId)
  if (!chosen) throw new Refused('cases.unitUnknown', { field: 'cricUnitId' }, 422)
  must(maySendTo(chosen, typology.itMatter))
  if (input.correctionReason === undefined) throw new Refused('cases.correctionReasonNeeded', { field: 'correctionReason' }, 422)
  const why = { code: 'cases.why.corrected', values: { unit: unit.name, reason: input.correctionReason } }
  return { unit: chosen, why, reason: 'corrected', derivedUnitId: unit.id }
}

/** @throws Refused 422 for a typology that is not there */
export async function needTypology(db: Db, id: string): Promise<TypologyFacts> {
  const typology = await typologyOf(db, id)
  if (!typology) throw new Refused('cases.typologyUnknown', { field: 'typologyId' }, 422)
  return typology
}
