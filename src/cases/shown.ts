/** Pieces that several pages show alike: a contact with its level and a note. */
import type { ContactFacts, IdentificationLevel } from '../contacts/index.ts'

/** A contact, with how sure we are of the person. */
export const knownContact = (contacts: ReadonlyMap<string, ContactFacts>, id: string, level: IdentificationLevel = 'none') => ({
  ...{ id, level },
  name: contacts.get(id)?.name ?? '',
})

/** A note for colleagues. */
export const noteView = (row: { id: string; text: string; by_name: string; by_unit: string; at: Date }) => ({
  id: row.id,
  text: row.text,
  byName: row.by_name,
  byUnit: row.by_unit,
  at: row.at.toISOString(),
})
