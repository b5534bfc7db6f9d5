/**
 * Prevention of the sample: what Lazio's and Lombardia's IT groups plan and have done, and the register of those whom it is for. One activity is followed by
 * fewer tickets (`askedSince`), the others by as many as before: of them it is not proved.
 */

import { addDays, checkEntry, dayAt, system, type Tx, unitsIn, writeEntries } from '../../src/platform/index.ts'
import type { ActivityKind, ActivityState, AddresseeKind } from '../../src/prevention/index.ts'
import { preventionKept } from '../../src/prevention/index.ts'
import { buildPeople, planner } from '../accounts.ts'
import { buildOrganisation, sampleId } from '../organisation.ts'
import { readTerritory } from '../territory.ts'

const day = 86_400_000
const ids = { addressee: '8a60', activity: '8a70', step: '8a80' }

const groups = {
  lazio: { id: 'gai-lazio', name: 'GAI Lazio', path: 'inps/dr-lazio/gai-lazio/', regionCode: '12' },
  lombardia: { id: 'gai-lombardia', name: 'GAI Lombardia', path: 'inps/dr-lombardia/gai-lombardia/', regionCode: '03' },
} as const

/** What was taught, and how many days ago: since then hardly anybody need ask about it. */
const taught = {
  typologyIds: ['uniemens-tecnico', 'patronati-tecnico', 'domanda-bloccata', 'certificati-medici'],
  daysAgo: 16,
  stillAskOneIn: 8,
}

/**
 * About what a caller asks at an instant who would have asked about `typology` before the training: most of those who asked about what was taught ask about
 * something else of their section now.
 */
export function askedSince<T extends { id: string }>(typology: T, ofSection: readonly T[], at: number, now: number): T {
  const isSince = now - at < (taught.daysAgo - 1) * day
  const second = Math.floor(at / 1_000)
  if (!isSince || !taught.typologyIds.includes(typology.id) || second % taught.stillAskOneIn === 0) return typology
  const others = ofSection.filter(({ id }) => !taught.typologyIds.includes(id))
  return others[second % others.length] ?? typology
}

const addressees: readonly { name: string; kind: AddresseeKind; regionCode: string | null }[] = [
  { name: 'Coordinamento nazionale dei CAF', kind: 'intermediary', regionCode: null },
  { name: 'Patronati del Lazio, tavolo tecnico', kind: 'intermediary', regionCode: '12' },
  { name: 'Ordine dei consulenti del lavoro di Roma', kind: 'intermediary', regionCode: '12' },
  { name: 'Associazione delle imprese agricole del Lazio', kind: 'association', regionCode: '12' },
  { name: 'Ordine dei medici di Roma', kind: 'body', regionCode: '12' },
  { name: 'Università popolare di Roma', kind: 'association', regionCode: '12' },
  { name: 'Unione dei comuni della Sabina', kind: 'body', regionCode: '12' },
  { name: 'Associazione famiglie e lavoro domestico', kind: 'association', regionCode: null },
  { name: 'Cooperativa servizi paghe Tiburtina', kind: 'company', regionCode: '12' },
  { name: 'Patronati della Lombardia, tavolo tecnico', kind: 'intermediary', regionCode: '03' },
]

interface SampleActivity {
  kind: ActivityKind
  title: string
  aim: string
  state: ActivityState
  group?: keyof typeof groups
  national?: true
  /** The first day, from today on; null while there is none. */
  inDays: number | null
  days?: number
  typologyIds: readonly string[]
  /** Places in the register. */
  for: readonly number[]
  place?: string
  participants?: number
  assessment?: string
  outcome?: string
  reason?: string
}

const activities: readonly SampleActivity[] = [
  {
    kind: 'training',
    title: 'Invii e domande online: tre mattine con intermediari e medici',
    aim: 'Gli intermediari riconoscono da soli gli scarti più frequenti e li correggono prima di chiamare.',
    ...{ state: 'done', national: true, inDays: -taught.daysAgo, typologyIds: taught.typologyIds, for: [0, 1, 2, 4, 9] },
    ...{ place: 'In videoconferenza, dalle 9 alle 12', participants: 412 },
    outcome: 'Restano poche domande, quasi tutte su deleghe scadute: preparata una pagina apposita.',
  },
  {
    kind: 'procedures',
    title: 'DURC: come si legge una irregolarità',
    aim: 'Meno richieste per irregolarità che si chiudono da sole.',
    ...{ state: 'done', inDays: -18, typologyIds: ['durc'], for: [2], place: 'Sede dell’Ordine, ore 17' },
    ...{ participants: 63, outcome: 'Molto interesse; chiesta una versione breve da tenere in studio.' },
  },
  {
    kind: 'promotion',
    title: 'L’applicazione per il telefono alla festa del volontariato',
    aim: 'Chi ha già SPID usa l’applicazione da solo, senza chiamare.',
    ...{ state: 'done', inDays: -24, days: 2, typologyIds: ['app-mobile', 'pin'], for: [5, 7], place: 'Parco della Caffarella' },
    ...{ participants: 280, outcome: 'Installata da un centinaio di persone; molte avevano dimenticato la password di SPID.' },
  },
  {
    kind: 'training',
    title: 'Affiancamento allo studio paghe Tiburtina',
    aim: 'Invii corretti al primo tentativo.',
    ...{ state: 'done', inDays: -6, days: 3, typologyIds: ['uniemens-tecnico'], for: [8], place: 'Presso lo studio' },
    ...{ participants: 7, outcome: 'Aggiornato il software di controllo su tutte le postazioni.' },
  },
  {
    kind: 'infrastructure',
    title: 'Secondo nodo per la porta dei patronati',
    aim: 'La porta non rallenta il lunedì mattina.',
    ...{
      state: 'planned',
      inDays: 12,
      days: 2,
      typologyIds: ['patronati-tecnico'],
      for: [1],
      place: 'Sala macchine di Roma EUR',
    },
    assessment: 'Serve un secondo nodo: fermo previsto di due ore, di notte. Priorità alta.',
  },
  {
    kind: 'infrastructure',
    title: 'Rete senza fili nella sala d’attesa di Roma EUR',
    aim: 'Chi aspetta prova l’accesso con SPID sul posto, con un collega accanto.',
    ...{ state: 'asked', inDays: null, typologyIds: ['pin'], for: [] },
  },
  {
    kind: 'infrastructure',
    title: 'Più memoria al server degli allegati',
    aim: 'Le domande non si fermano dopo gli allegati nelle ore di punta.',
    ...{ state: 'assessed', inDays: null, typologyIds: ['domanda-bloccata'], for: [] },
    assessment: 'Basta raddoppiare la memoria. Costo contenuto, nessun fermo.',
  },
  {
    kind: 'infrastructure',
    title: 'Totem per le credenziali nei comuni della Sabina',
    aim: 'Meno viaggi in agenzia per recuperare le credenziali.',
    ...{ state: 'refused', inDays: null, typologyIds: ['pin'], for: [6] },
    reason: 'I comuni hanno già uno sportello SPID: si fa invece formazione ai loro operatori.',
  },
  {
    kind: 'training',
    title: 'Credenziali e deleghe: formazione agli sportelli dei comuni',
    aim: 'Gli operatori dei comuni risolvono da soli i casi semplici.',
    ...{ state: 'planned', inDays: 3, typologyIds: ['pin'], for: [6], place: 'Rieti, sala del consiglio, ore 10' },
  },
  {
    kind: 'procedures',
    title: 'Domanda di bonus nido: novità dell’anno',
    aim: 'Meno domande ferme per allegati mancanti.',
    ...{
      state: 'planned',
      inDays: 8,
      typologyIds: ['domanda-bloccata', 'bonus-nido'],
      for: [0, 7],
      place: 'In videoconferenza, ore 15',
    },
  },
  {
    kind: 'promotion',
    title: 'Disoccupazione agricola: incontro con le imprese',
    aim: 'Le imprese consegnano per tempo i dati che servono ai braccianti.',
    ...{ state: 'planned', inDays: 20, typologyIds: ['disoccupazione-agricola'], for: [3], place: 'Latina, camera di commercio' },
  },
  {
    kind: 'training',
    title: 'Estratto conto: laboratorio per i patronati lombardi',
    aim: 'Le segnalazioni arrivano già complete.',
    ...{
      state: 'cancelled',
      group: 'lombardia',
      inDays: -3,
      typologyIds: ['estratto-conto'],
      for: [9],
      place: 'Milano, sede regionale',
    },
    reason: 'Sciopero dei treni: si rifà a gennaio.',
  },
]

/** The states through which an activity came to where it stands. */
const wayTo = ({ kind, state }: SampleActivity): ActivityState[] => {
  if (kind !== 'infrastructure') return state === 'planned' ? ['planned'] : ['planned', state]
  const way: ActivityState[] = ['asked', 'assessed', 'planned', 'done']
  return state === 'refused' ? ['asked', 'refused'] : way.slice(0, way.indexOf(state) + 1)
}

/** Writes them; `now` is the instant up to which the sample lives. */
export async function writePrevention(tx: Tx, now: number, timeZone: string): Promise<void> {
  const people = buildPeople(buildOrganisation(readTerritory(), planner).units)
  const today = dayAt(timeZone, now)
  for (const [n, { name, kind, regionCode }] of addressees.entries())
    await tx
      .insertInto('addressee')
      .values({ id: sampleId(ids.addressee, n), name, kind, region_code: regionCode })
      .execute()
  const entries = []
  let steps = 0
  for (const [n, each] of activities.entries()) {
    const id = sampleId(ids.activity, n)
    const group = groups[each.group ?? 'lazio']
    const holders = people.filter(({ assignments }) => assignments.some(({ unitId }) => unitId === group.id)).slice(0, 2)
    const byName = holders[0]?.name ?? group.name
    const firstDay = each.inDays === null ? null : addDays(today, each.inDays)
    const lastDay = firstDay && addDays(firstDay, (each.days ?? 1) - 1)
    const way = wayTo(each)
    // Planned some weeks before, and noted the day after it was held.
    const planned = now - (30 + n) * day
    const ended = each.inDays === null ? now - 2 * day : Math.min(now - day / 2, now + (each.inDays + (each.days ?? 1)) * day)
    const instantOf = (step: number) => new Date(step === 0 ? planned : step === way.length - 1 ? ended : planned + step * day)
    await tx
      .insertInto('prevention_activity')
      .values({
        ...{ id, kind: each.kind, title: each.title, aim: each.aim, state: each.state, state_before: null },
        ...{ unit_id: group.id, unit_name: group.name, unit_path: group.path },
        ...{ region_code: each.national ? null : group.regionCode, typology_ids: [...each.typologyIds] },
        addressee_ids: each.for.map(place => sampleId(ids.addressee, place)),
        people: JSON.stringify(holders.map(holder => ({ id: holder.id, name: holder.name }))),
        ...{ place: each.place ?? '', first_day: firstDay, last_day: lastDay, participants: each.participants ?? null },
        ...{ assessment: each.assessment ?? '', outcome: each.outcome ?? '', reason: each.reason ?? '' },
        ...{ changed_at: instantOf(way.length - 1), changed_by_name: byName },
      })
      .execute()
    const texts: Partial<Record<ActivityState, string | undefined>> = {
      ...{ assessed: each.assessment, done: each.outcome, refused: each.reason, cancelled: each.reason },
    }
    for (const [step, kind] of way.entries())
      await tx
        .insertInto('prevention_step')
        .values({
          ...{ id: sampleId(ids.step, ++steps), activity_id: id, kind, detail: texts[kind] ?? '' },
          ...{ by_name: byName, at: instantOf(step) },
        })
        .execute()
    const subjects = { units: unitsIn(group.path) }
    const payload = { activityId: id, fields: [] }
    entries.push(checkEntry({ type: preventionKept, payload, at: planned, subjects, actor: system('sample') }))
  }
  await writeEntries(tx, entries)
}
