/** A small institute for tests of the agenda: offices of Rome and Milan with officers, desks and services, and a card with its case. */
import { sql } from 'kysely'
import { insertAgenda, type NewCalendar, type NewService } from '../../src/agenda/index.ts'
import { insertUnits, type NewUnit } from '../../src/organisation/index.ts'
import type { House } from '../../src/platform/index.ts'
import { staff } from './staff.ts'

type UnitFields = Pick<NewUnit, 'id' | 'kind' | 'name'> & Partial<NewUnit>

const unit = (path: string, fields: Omit<UnitFields, 'id' | 'path'>): NewUnit => {
  const ids = path.split('/').filter(Boolean)
  return {
    id: ids.at(-1) ?? '',
    parentId: ids.at(-2) ?? null,
    agencyKind: fields.kind === 'agency' ? 'complex' : null,
    path,
    regionCode: null,
    provinceCode: null,
    municipalityCode: null,
    address: null,
    latitude: null,
    longitude: null,
    cricSection: null,
    spokenName: null,
    timeZone: 'Europe/Rome',
    position: 0,
    ...fields,
  }
}

const rome = { regionCode: '12', provinceCode: 'RM', municipalityCode: '058091' }
const milan = { regionCode: '03', provinceCode: 'MI', municipalityCode: '015146' }

const units: readonly NewUnit[] = [
  unit('inps/', { kind: 'institute', name: 'INPS' }),
  unit('inps/ccm/', { kind: 'ccm', name: 'Contact center' }),
  unit('inps/ccm/ccm-pensioni/', { kind: 'ccm-section', name: 'Pensioni' }),
  unit('inps/dr-lazio/', { kind: 'regional-directorate', name: 'Direzione regionale Lazio', regionCode: '12' }),
  unit('inps/dr-lazio/cric-lazio/', { kind: 'cric', name: 'CRIC Lazio', regionCode: '12' }),
  unit('inps/dr-lazio/cric-lazio/cric-lazio-pensioni/', {
    kind: 'cric-section',
    name: 'CRIC Lazio, Pensioni',
    regionCode: '12',
    cricSection: 'pensions',
  }),
  unit('inps/dr-lazio/dp-roma/', { kind: 'provincial-directorate', name: 'Direzione provinciale di Roma', ...rome }),
  unit('inps/dr-lazio/dp-roma/ag-roma-eur/', {
    kind: 'agency',
    name: 'Agenzia di Roma EUR',
    address: 'Viale Europa 12, 00144 Roma RM',
    latitude: 41.83,
    longitude: 12.47,
    ...rome,
  }),
  unit('inps/dr-lazio/dp-roma/ag-roma-centro/', {
    kind: 'agency',
    name: 'Agenzia di Roma Centro',
    address: 'Via Amba Aradam 5, 00184 Roma RM',
    latitude: 41.885,
    longitude: 12.505,
    ...rome,
  }),
  unit('inps/dr-lombardia/', { kind: 'regional-directorate', name: 'Direzione regionale Lombardia', regionCode: '03' }),
  unit('inps/dr-lombardia/dp-milano/', { kind: 'provincial-directorate', name: 'Direzione provinciale di Milano', ...milan }),
  unit('inps/dr-lombardia/dp-milano/ag-milano-nord/', {
    kind: 'agency',
    name: 'Agenzia di Milano Nord',
    address: 'Via Melchiorre Gioia 22, 20124 Milano MI',
    latitude: 45.49,
    longitude: 9.2,
    ...milan,
  }),
]

export const service: NewService = {
  id: 'consulenza-pensioni',
  name: 'Consulenza pensioni',
  description: '',
  bring: 'Documento di identità e ultima busta paga',
  words: { en: { name: 'Pension advice', description: '', bring: 'Identity document and last payslip' } },
  durationMinutes: 30,
  noticeMinutes: 60,
  horizonDays: 60,
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

/** Units and calendars: Lia Moro alone at Roma EUR (with `desks`, so many desks beside her), one officer each at Roma Centro and Milan. */
export async function smallInstitute(house: House, { desks = 0 }: { desks?: number } = {}): Promise<void> {
  const db = house.database.kysely
  await insertUnits(db, units)
  const nameless: NewCalendar = {
    ...officer(calendarIds.desks, 'ag-roma-eur', staff.agency),
    officer: null,
    label: 'Sportello',
    capacity: desks,
  }
  await insertAgenda(db, {
    services: [service],
    offered: ['ag-roma-eur', 'ag-roma-centro', 'ag-milano-nord'].map(unitId => ({ unitId, services: [service.id] })),
    calendars: [
      officer(calendarIds.lia, 'ag-roma-eur', staff.agency),
      ...(desks > 0 ? [nameless] : []),
      officer(calendarIds.centre, 'ag-roma-centro', { personId: '00000000-0000-7000-8000-000000000126', name: 'Remo Galli' }),
      officer(calendarIds.milan, 'ag-milano-nord', staff.otherAgency),
    ],
  })
}

let codes = 1_000_000_000

/** A card with an address, and an open case of it that the contact centre has seen. */
export async function openMatter(
  house: House,
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
