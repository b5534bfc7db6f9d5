/** A small agenda for tests, in the place of the sample's: three offices with officers and desks, one service; and a card with its case. */
import { sql } from 'kysely'
import { insertAgenda, type NewCalendar, type NewService } from '../../src/agenda/index.ts'
import { SearchQuery } from '../../src/agenda/search/model.ts'
import { searchTimes } from '../../src/agenda/search/service.ts'
import type { Actor, House } from '../../src/platform/index.ts'
import { staff } from './staff.ts'

export const service: NewService = {
  id: 'consulenza-pensioni',
  name: 'Consulenza pensioni',
  description: '',
  bring: 'Documento di identità e ultima busta paga',
  words: { en: { name: 'Pension advice', description: '', bring: 'Identity document and last payslip' } },
  durationMinutes: 30,
  noticeMinutes: 60,
  horizonDays: 60,
  sections: ['pensions'],
}

/** Monday to Friday, 9:00–12:00 and 14:00–15:00. */
export const hours = [1, 2, 3, 4, 5].flatMap(weekday => [
  { weekday, opens: 540, closes: 720 },
  { weekday, opens: 840, closes: 900 },
])

export const calendarIds = {
  lia: '00000000-0000-7000-8000-00000000ca01',
  desks: '00000000-0000-7000-8000-00000000ca02',
  centre: '00000000-0000-7000-8000-00000000ca03',
  milan: '00000000-0000-7000-8000-00000000ca04',
}

const officer = (id: string, unitId: string, person: { personId: string; name: string }): NewCalendar => ({
  id,
  unitId,
  officer: { id: person.personId, name: person.name },
  label: person.name,
  capacity: 1,
  services: [service.id],
  openings: hours,
})

/** Lia Moro alone at Roma EUR (with `desks`, so many desks beside her), one officer each at Rome's internal agency and at Milano Nord. */
export async function smallAgenda(house: House, { desks = 0 }: { desks?: number } = {}): Promise<void> {
  const db = house.database.kysely
  for (const table of [
    'agenda_taken',
    'appointment',
    'agenda_hold',
    'mail',
    'agenda_opening',
    'agenda_closure',
    'agenda_calendar',
    'agenda_service_of_unit',
    'agenda_service',
  ] as const)
    await db.deleteFrom(table).execute()
  const nameless: NewCalendar = {
    ...officer(calendarIds.desks, 'ag-roma-eur', staff.agency),
    officer: null,
    label: 'Sportello',
    capacity: desks,
  }
  await insertAgenda(db, {
    services: [service],
    offered: ['ag-roma-eur', 'ag-roma', 'ag-milano-nord'].map(unitId => ({ unitId, services: [service.id] })),
    calendars: [
      officer(calendarIds.lia, 'ag-roma-eur', staff.agency),
      ...(desks > 0 ? [nameless] : []),
      officer(calendarIds.centre, 'ag-roma', { personId: '00000000-0000-7000-8000-000000000126', name: 'Remo Galli' }),
      officer(calendarIds.milan, 'ag-milano-nord', staff.otherAgency),
    ],
  })
}

let codes = 1_000_000_000

/** A card with an address, and an open case of it that the contact centre has seen. */
export async function openMatter(
  house: { database: Pick<House['database'], 'kysely'>; clock: Pick<House['clock'], 'now'>; ids: () => string },
  { email = 'giulia.ferri@example.org', language = 'it' }: { email?: string | null; language?: string } = {},
): Promise<{ contactId: string; caseId: string; code: string; title: string }> {
  const db = house.database.kysely
  const now = new Date(house.clock.now())
  const [contactId, caseId, code, title] = [house.ids(), house.ids(), String(++codes), 'Pensione di vecchiaia']
  await sql`insert into contact (id, kind, given_name, family_name, language, created_at, updated_at)
            values (${contactId}, 'person', 'Giulia', 'Ferri', ${language}, ${now}, ${now})`.execute(db)
  if (email !== null)
    await sql`insert into contact_email (contact_id, address, position) values (${contactId}, ${email}, 0)`.execute(db)
  await sql`insert into "case" (id, code, contact_id, title, status, opened_at)
            values (${caseId}, ${code}, ${contactId}, ${title}, 'open', ${now})`.execute(db)
  await sql`insert into case_unit (case_id, unit_path) values (${caseId}, 'inps/ccm/ccm-pensioni/')`.execute(db)
  return { contactId, caseId, code, title }
}

/** The next free times of an office, at most 20, as a person finds them. Returns when they begin. */
export async function nextTimes(house: House, actor: Actor, place: { unitId: string; serviceId: string }): Promise<string[]> {
  const { items } = await searchTimes(house, actor, SearchQuery.parse({ ...place, limit: 20 }))
  return items.map(({ start }) => start)
}
