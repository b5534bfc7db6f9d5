/** Letters as PDF, made of what is kept each time that somebody asks. */
import { asShown, type Reply } from '../../channels/index.ts'
import { contactsOf, phoneForPeople, postalAddressesOf } from '../../contacts/index.ts'
import { drawLetters, type PaperLetter } from '../../letters/index.ts'
import { numbersOf, unitOf } from '../../organisation/index.ts'
import { type Actor, type House, type Language, must, notFound, sentence } from '../../platform/index.ts'
import { appointmentStandingOf, mayMendMail } from '../policy.ts'
import { readAppointment } from '../store.ts'
import { linkOf } from '../writing.ts'
import { appointmentLetter } from './letter.ts'
import type { ChosenLetters } from './model.ts'
import { officeOfLetters } from './service.ts'
import { type LetterRow, readLetters } from './store.ts'
import { whatIsSaid } from './write.ts'

/** What is printed, of a letter that is kept or of one that is wanted now. */
type Printed = Pick<LetterRow, 'appointment_id' | 'contact_id' | 'kind' | 'language' | 'said' | 'sent_at' | 'sent_to'>

interface Wanted {
  reply: Reply
  language: Language
}

/** Letters of an office as one PDF, in the order in which they are named; those that are not there are left out. @throws Refused 404, 503 */
export async function printLetters(
  house: House,
  actor: Actor,
  { unitId, letterIds, reply, language }: { unitId: string } & ChosenLetters & Wanted,
): Promise<Buffer> {
  const db = house.database.kysely
  const office = await officeOfLetters(db, actor, unitId)
  const letters = await readLetters(db, unitId, letterIds)
  if (letters.length === 0) throw notFound('letter')
  return shown(house, { unit: office, letters, reply, language })
}

/** The letter that confirms an appointment, or says that it was cancelled, as it is now: also for who has no address. @throws Refused 404, 403, 503 */
export async function printAppointment(
  house: House,
  actor: Actor,
  { appointmentId, reply, language }: { appointmentId: string } & Wanted,
): Promise<Buffer> {
  const db = house.database.kysely
  const row = await readAppointment(db, appointmentId)
  const standing = row && appointmentStandingOf(actor, row)
  if (!row || standing === undefined) throw notFound('appointment')
  must(mayMendMail(standing))
  const spoken = (await contactsOf(db, [row.contact_id])).get(row.contact_id)?.language ?? 'it'
  const letter: Printed = {
    appointment_id: row.id,
    contact_id: row.contact_id,
    kind: row.state === 'cancelled' ? 'cancellation' : 'confirmation',
    language: spoken,
    said: await whatIsSaid(db, row, spoken, row.day_code),
    sent_at: null,
    sent_to: null,
  }
  return shown(house, { unit: { id: row.unit_id, path: row.unit_path }, letters: [letter], reply, language })
}

async function shown(
  house: House,
  { unit, letters, reply, language }: { unit: { id: string; path: string }; letters: readonly Printed[] } & Wanted,
): Promise<Buffer> {
  const written = await papersOf(house, unit, letters)
  const title = sentence(language, 'agenda.letters.title', { count: letters.length, unit: written[0]?.sender[1] ?? '' })
  asShown(reply, { name: `${title}.pdf`, type: 'application/pdf' })
  return drawLetters(house, { letters: written, title })
}

/** The texts of letters of one office. */
async function papersOf(
  house: House,
  { id: unitId, path }: { id: string; path: string },
  letters: readonly Printed[],
): Promise<PaperLetter[]> {
  const db = house.database.kysely
  const people = letters.map(letter => letter.contact_id)
  const [contacts, addresses] = [await contactsOf(db, people), await postalAddressesOf(db, people)]
  const institute = await unitOf(db, path.slice(0, path.indexOf('/')))
  const [number] = await numbersOf(db, unitId)
  const papers: PaperLetter[] = []
  for (const letter of letters) {
    const [name = '', ...lines] = letter.sent_to ?? [
      contacts.get(letter.contact_id)?.name ?? '',
      ...(addresses.get(letter.contact_id)?.lines ?? []),
    ]
    papers.push(
      appointmentLetter({
        kind: letter.kind,
        language: letter.language,
        said: letter.said,
        institute: institute?.name ?? '',
        recipient: { name, lines },
        day: letter.sent_at ?? new Date(house.clock.now()),
        timeZone: house.config.TIME_ZONE,
        phone: number === undefined ? null : phoneForPeople(number),
        link: await linkOf({ house, tx: db }, letter.appointment_id),
      }),
    )
  }
  return papers
}
