/** What the sample agencies can be visited for, and who receives when. */
import type { NewAgenda, NewCalendar, NewService } from '../src/agenda/index.ts'
import type { PersonRecord } from '../src/identity/index.ts'
import type { NewUnit, OpeningSpan } from '../src/organisation/index.ts'
import { sampleId } from './organisation.ts'

const service = (
  id: string,
  durationMinutes: number,
  sections: NewService['sections'],
  it: { name: string; description: string; bring: string },
  en: { name: string; description: string; bring: string },
  modes: NewService['modes'] = ['counter'],
): NewService => ({ id, ...it, words: { en }, durationMinutes, noticeMinutes: 24 * 60, horizonDays: 60, sections, modes })

const services: readonly NewService[] = [
  service(
    'consulenza-pensioni',
    30,
    ['pensions'],
    {
      name: 'Consulenza pensioni',
      description: 'Domande di pensione, requisiti, calcolo e pagamento',
      bring: 'Un documento di identità e, se ci sono, domanda e comunicazioni ricevute',
    },
    {
      name: 'Pensions',
      description: 'Applications, requirements, calculation and payment of pensions',
      bring: 'An identity document and, if there are any, the application and the letters received',
    },
  ),
  service(
    'ricostruzione-fascicolo',
    45,
    [],
    {
      name: 'Ricostruzione del fascicolo',
      description: 'Periodi di lavoro da provare con documenti di carta',
      bring: 'Un documento di identità, libretti di lavoro, buste paga, contratti, lettere di assunzione',
    },
    {
      name: 'Rebuilding the file',
      description: 'Periods of work that have to be proved with paper documents',
      bring: 'An identity document, work books, pay slips, contracts, letters of employment',
    },
  ),
  service(
    'consulenza-sostegno',
    20,
    ['income-support'],
    {
      name: 'Consulenza prestazioni a sostegno del reddito',
      description: 'Disoccupazione, maternità, malattia, assegno unico, cassa integrazione',
      bring: 'Un documento di identità e le comunicazioni ricevute',
    },
    {
      name: 'Income support',
      description: 'Unemployment, maternity, sickness, child allowance, wage supplements',
      bring: 'An identity document and the letters received',
    },
    ['counter', 'telephone', 'video'],
  ),
  service(
    'consulenza-contributi',
    30,
    ['contributors'],
    {
      name: 'Consulenza aziende e contributi',
      description: 'Aziende, autonomi, domestici: iscrizioni, versamenti, regolarità',
      bring: 'Un documento di identità, la delega se non è l’interessato, le comunicazioni ricevute',
    },
    {
      name: 'Companies and contributions',
      description: 'Companies, self-employed and domestic work: registration, payments, compliance',
      bring: 'An identity document, a proxy if you come for somebody else, the letters received',
    },
  ),
]

/** Citizens who are told together what a pension asks and gives; a meeting room of the agency in which the tour looks round. */
const meeting = service(
  'incontro-pensione',
  60,
  [],
  {
    name: 'Incontro: verso la pensione',
    description: 'In gruppo: quando si può andare in pensione, come si presenta la domanda, che cosa arriva e quando',
    bring: 'Un documento di identità; chi lo ha, l’estratto conto',
  },
  {
    name: 'Meeting: towards the pension',
    description: 'In a group: when one can retire, how to apply, what arrives and when',
    bring: 'An identity document; whoever has it, the statement of contributions',
  },
)
const meetingAgency = 'ag-roma-eur'
const meetingRoom: Omit<NewCalendar, 'id'> = {
  unitId: meetingAgency,
  officer: null,
  label: 'Sala riunioni',
  room: 'Primo piano',
  capacity: 8,
  group: true,
  services: [meeting.id],
  openings: [{ weekday: 4, opens: minutesOf('10:00'), closes: minutesOf('11:00') }],
}

const everywhere = ['consulenza-pensioni', 'ricostruzione-fascicolo', 'consulenza-sostegno']
const inLargeOnes = [...everywhere, 'consulenza-contributi']

/**
 * Each agency offers advice; its officers receive by turns, all of them for pensions, and a desk without a name for the rest. One receives groups, too, once a week.
 */
export function buildAgenda(
  units: readonly NewUnit[],
  people: readonly PersonRecord[],
  hours: readonly ({ unitId: string } & OpeningSpan)[],
): NewAgenda {
  const agencies = units.filter(unit => unit.kind === 'agency')
  const officers = Map.groupBy(
    people.filter(person => person.assignments.some(held => held.role === 'agency_officer')),
    person => person.assignments[0]?.unitId ?? '',
  )
  const spans = Map.groupBy(hours, span => span.unitId)
  const calendars: Omit<NewCalendar, 'id'>[] = agencies.flatMap(({ id, agencyKind }) => {
    const openings = (spans.get(id) ?? []).map(({ weekday, opens, closes }) => ({
      weekday,
      opens: minutesOf(opens),
      closes: minutesOf(closes),
    }))
    const large = agencyKind !== 'territorial'
    const own = (officers.get(id) ?? []).map((person, index) => ({
      unitId: id,
      officer: { id: person.id, name: person.name },
      label: person.name,
      room: `Stanza ${index + 1}`,
      capacity: 1,
      services: index === 0 ? ['consulenza-pensioni', 'ricostruzione-fascicolo'] : everywhere,
      openings,
    }))
    const desk = {
      unitId: id,
      officer: null,
      label: 'Sportello',
      room: 'Piano terra',
      capacity: large ? 2 : 1,
      services: large ? ['consulenza-sostegno', 'consulenza-contributi'] : ['consulenza-sostegno'],
      openings,
    }
    return [...own, desk]
  })
  const offeredBy = ({ id, agencyKind }: NewUnit) => [
    ...(agencyKind === 'territorial' ? everywhere : inLargeOnes),
    ...(id === meetingAgency ? [meeting.id] : []),
  ]
  return {
    services: [...services, meeting],
    offered: agencies.map(unit => ({ unitId: unit.id, services: offeredBy(unit) })),
    calendars: [...calendars, meetingRoom].map((calendar, index) => ({ id: sampleId('b000', index + 1), ...calendar })),
  }
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
