/** Letters are written, as data, in the transaction of what they tell: of an appointment at most one is to be printed. */
import { contactsOf, postalAddressesOf } from '../../contacts/index.ts'
import type { Db, Work } from '../../platform/index.ts'
import { toldService } from '../citizen-words.ts'
import { officeOf } from '../places.ts'
import { readService } from '../store.ts'
import type { AppointmentRow } from '../tables.ts'
import type { LetterContent, LetterKind } from './model.ts'
import { insertLetter, overtake } from './store.ts'

/**
 * Writes a letter about an appointment, which is locked, to a citizen who has a postal address and no e-mail, or wishes to be written to by post. What was to be
 * printed before is overtaken, however the citizen is written to now. Returns false where there is no letter.
 */
export async function writeLetter(
  { tx, now, ids }: Pick<Work, 'tx' | 'now' | 'ids'>,
  row: AppointmentRow,
  kind: LetterKind,
  dayCode: string | null,
): Promise<boolean> {
  const before = kind === 'confirmation' ? undefined : await overtake(tx, row.id)
  const contact = (await contactsOf(tx, [row.contact_id])).get(row.contact_id)
  const address = (await postalAddressesOf(tx, [row.contact_id])).get(row.contact_id)
  if (!contact || !address || (contact.email !== null && !address.isWished)) return false
  await insertLetter(tx, {
    id: ids(),
    appointment_id: row.id,
    unit_id: row.unit_id,
    // Who was told nothing yet is not told that somebody else receives them.
    kind: kind === 'change' ? (before ?? kind) : kind,
    language: contact.language,
    said: await whatIsSaid(tx, row, contact.language, dayCode),
    starts_at: row.starts_at,
    written_at: now,
  })
  return true
}

/** What a letter says of an appointment as it is now. */
export async function whatIsSaid(db: Db, row: AppointmentRow, language: string, dayCode: string | null): Promise<LetterContent> {
  const [office, service] = [await officeOf(db, row.unit_id), await readService(db, row.service_id)]
  return {
    ...toldService(service?.words[language], row),
    mode: row.mode,
    start: row.starts_at.toISOString(),
    unit: row.unit_name,
    address: office?.address ?? '',
    officer: row.officer_name,
    code: row.code,
    dayCode,
  }
}
