/** What the use cases of the room share: rights, codes, cases. */
import { contactScope } from '../contacts/index.ts'
import { type Actor, Bug, dayAt, notFound, unitsIn, type Work } from '../platform/index.ts'
import { markClosed, markReopened } from './case-store.ts'
import { caseClosed, caseOpened, caseReopened } from './events.ts'
import { CaseOutcome } from './model.ts'
import { randomPartOf, requestCode } from './request-code.ts'
import { closeResult, reopenResult } from './results/store.ts'
import { addFirstUnit, insertCase, type Scope } from './store.ts'
import type { CaseRow } from './tables.ts'

/** What the actor may see. @throws Refused 404 for those who have no business with cases. */
export function scopeOf(actor: Actor): Scope {
  const scope = contactScope(actor)
  if (!scope) throw notFound('case')
  return scope
}

/** Codes are drawn until one is free; with a billion of them that is nearly always the first. */
const drawCodes = 20

/** Opens a case that the unit can see. */
export async function openCase(work: Work, { contactId, typologyId, title, unitPath, callId }: NewCase): Promise<CaseRow> {
  for (let draw = 0; draw < drawCodes; draw++) {
    const row = {
      id: work.ids(),
      code: requestCode(randomPartOf(work.ids())),
      contact_id: contactId,
      typology_id: typologyId,
      title,
      status: 'open' as const,
      outcome: null,
      reference_id: work.actor.kind === 'person' ? work.actor.personId : null,
      reference_name: work.actor.kind === 'person' ? work.actor.name : null,
      opened_at: work.now,
      closed_at: null,
      joined_into: null,
    }
    if (!(await insertCase(work.tx, row))) continue
    await addFirstUnit(work.tx, row.id, unitPath)
    await work.journal(
      caseOpened,
      { code: row.code, title },
      { case: row.id, contact: contactId, call: callId, units: unitsIn(unitPath) },
    )
    return { ...row, version: 1 }
  }
  throw new Bug('No free request code was found.')
}

interface NewCase {
  contactId: string
  typologyId: string | null
  title: string
  unitPath: string
  callId: string | undefined
}

/** Opens a case again that ended with an answer which did not arrive, and those that are joined with it. */
export async function reopenCase(
  work: Work,
  { caseId, contactId, units }: { caseId: string; contactId: string; units: readonly string[] },
): Promise<void> {
  const survivor = await markReopened(work.tx, caseId, ['answered'])
  if (survivor === undefined) return
  await reopenResult(work.tx, survivor)
  await work.journal(caseReopened, {}, { case: survivor, contact: contactId, units })
}

/** Opens a case again to which its citizen has come back. How it went before stays in the figures. Returns whether it was closed. */
export async function reopenForCitizen(
  work: Work,
  { caseId, contactId, units }: { caseId: string; contactId: string; units: readonly string[] },
): Promise<boolean> {
  const survivor = await markReopened(work.tx, caseId, CaseOutcome.options)
  if (survivor === undefined) return false
  await work.journal(caseReopened, {}, { case: survivor, contact: contactId, units })
  return true
}

/** Ends a case, and those that are joined with it: unless it has ended, or another of them has an open question. */
export async function closeCase(
  work: Work,
  { caseId, contactId, outcome, units }: { caseId: string; contactId: string; outcome: CaseOutcome; units: readonly string[] },
): Promise<void> {
  const survivor = await markClosed(work.tx, caseId, outcome, work.now)
  if (survivor === undefined) return
  const day = dayAt(work.house.config.TIME_ZONE, work.now.getTime())
  await closeResult(work.tx, survivor, { day, at: work.now, outcome })
  await work.journal(caseClosed, { outcome }, { case: survivor, contact: contactId, units })
}
