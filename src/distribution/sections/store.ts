/** SQL of what units say about callbacks. */
import { sql } from 'kysely'
import { type Db, type Tx, unitsIn } from '../../platform/index.ts'
import { type CallbackSettings, defaultCallbacks, type WholeCallbackSettings } from './model.ts'

/** Returns the settings that hold for a section: its own, over those of the units above it, over the defaults. */
export async function callbackSettingsOf(db: Db, path: string): Promise<WholeCallbackSettings> {
  const units = unitsIn(path)
  const own = await ownCallbackSettings(db, units)
  return Object.assign({}, defaultCallbacks, ...units.map(unit => own.get(unit) ?? {}))
}

/** Returns what units say themselves, by unit. Index: callback_setting_pkey. */
export async function ownCallbackSettings(db: Db, units: readonly string[]): Promise<Map<string, CallbackSettings>> {
  const rows = await db
    .selectFrom('callback_setting')
    .selectAll()
    .where('unit_id', '=', sql<string>`any (${[...units]}::text[])`)
    .execute()
  return new Map(rows.map(row => [row.unit_id, row.settings]))
}

/** Writes down what a unit says itself. Index: callback_setting_pkey. */
export async function saveCallbackSettings(tx: Tx, unitId: string, settings: CallbackSettings): Promise<void> {
  const written = JSON.stringify(settings)
  await tx
    .insertInto('callback_setting')
    .values({ unit_id: unitId, settings: written })
    .onConflict(conflict => conflict.column('unit_id').doUpdateSet({ settings: written }))
    .execute()
}

/** Whoever sets the rules of the same section waits here, and then sees what was set. */
export const lockRules = (tx: Tx, sectionId: string): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`section line ${sectionId}`}, 0))`.execute(tx)
