/** How somebody waits, as it is shown. */
import type { Db } from '../../platform/index.ts'
import type { AppointmentRow } from '../tables.ts'
import type { Waiting } from './model.ts'
import { readWaiting } from './store.ts'

/** How the citizen of an appointment waits for an earlier time; null for who does not, or is only being taken off the list. */
export async function listingOf(db: Db, { id, state }: AppointmentRow): Promise<Waiting | null> {
  const row = state === 'booked' ? await readWaiting(db, id) : undefined
  if (!row || row.leaves) return null
  const { offer_id, offer_starts_at, offer_until, by_telephone } = row
  const offer =
    offer_id === null || offer_starts_at === null || offer_until === null
      ? null
      : { id: offer_id, start: offer_starts_at.toISOString(), until: offer_until.toISOString(), byTelephone: by_telephone }
  return { since: row.since.toISOString(), offers: row.offers, offer }
}
