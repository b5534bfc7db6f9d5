/**
 * Incidents of the sample: one that goes on, with tickets and a notice that callers hear, two that are over, and four errors that are known.
 * Written once the days are there, of tickets that are there.
 */
import { sql } from 'kysely'
import {
  incidentNoticePublished,
  incidentOpened,
  incidentTicketsLinked,
  knownErrorKept,
  type NoticeTexts,
} from '../../src/incidents/index.ts'
import {
  type CheckedEntry,
  checkEntry,
  type EventType,
  type SubjectName,
  type SubjectsOf,
  system,
  type Tx,
  unitsIn,
  writeEntries,
} from '../../src/platform/index.ts'
import { buildPeople, planner } from '../accounts.ts'
import { buildOrganisation, sampleId } from '../organisation.ts'
import { readTerritory } from '../territory.ts'

const hour = 3_600_000
const day = 24 * hour
const group = { id: 'gai-lazio', name: 'GAI Lazio', path: 'inps/dr-lazio/gai-lazio/', regionCode: '12' }
/** Every identifier lies among those of the living sample (`story.ts`). */
const ids = { incident: '8a10', step: '8a20', notice: '8a30', answering: '8a40', known: '8a50' }

interface SampleIncident {
  title: string
  procedureId: string
  state: 'open' | 'workaround-known' | 'closed'
  workaround: string
  openedAgoMs: number
  lastedMs: number | null
  texts?: NoticeTexts
  tickets: number
}

const incidents: readonly SampleIncident[] = [
  {
    title: 'Domande online: l’invio si ferma dopo gli allegati',
    procedureId: 'domande-online',
    state: 'workaround-known',
    workaround: 'Salvare la domanda in bozza, uscire, rientrare e inviare senza ricaricare gli allegati: restano nella bozza.',
    openedAgoMs: 2 * hour,
    lastedMs: null,
    texts: {
      it: 'Avviso: l’invio delle domande online è rallentato. I tecnici sono al lavoro. Le domande salvate in bozza non vanno perse.',
      en: 'Please note: online applications are slow to be sent. Our technicians are at work. Saved drafts are not lost.',
      de: 'Hinweis: Der Versand der Online-Anträge ist gestört. Unsere Techniker arbeiten daran. Gespeicherte Entwürfe gehen nicht verloren.',
    },
    tickets: 6,
  },
  {
    title: 'Accesso con CIE rifiutato',
    procedureId: 'accesso',
    state: 'closed',
    workaround: 'Entrare con SPID fino al ripristino.',
    openedAgoMs: 9 * day,
    lastedMs: 5 * hour,
    tickets: 5,
  },
  {
    title: 'UniEmens: flussi scartati con codice 503',
    procedureId: 'uniemens',
    state: 'closed',
    workaround: 'Inviare di nuovo il flusso dopo le 14, senza cambiarlo.',
    openedAgoMs: 23 * day,
    lastedMs: 9 * hour,
    tickets: 4,
  },
]

const knownErrors = [
  {
    title: 'Sessione scaduta subito dopo l’accesso',
    procedureId: 'accesso',
    typologyId: 'pin',
    symptom: 'Dopo SPID si torna alla pagina iniziale con «Sessione scaduta».',
    workaround: 'Chiudere tutte le schede del sito, cancellare i cookie dell’istituto, oppure usare una finestra anonima.',
  },
  {
    title: 'Allegati in formato HEIC non accettati',
    procedureId: 'domande-online',
    typologyId: 'domanda-bloccata',
    symptom: '«Il file allegato non è in un formato ammesso» con fotografie di iPhone.',
    workaround: 'Sul telefono scegliere «Più compatibile» nelle impostazioni della fotocamera, o inviare la foto come PDF.',
  },
  {
    title: 'UniEmens: scarto per versione del software di controllo',
    procedureId: 'uniemens',
    typologyId: 'uniemens-tecnico',
    symptom: 'Il flusso è scartato con «versione non supportata».',
    workaround: 'Aggiornare il software di controllo alla versione del mese e rifare il controllo prima dell’invio.',
  },
  {
    title: 'L’applicazione non mostra le notifiche',
    procedureId: 'app',
    typologyId: 'app-mobile',
    symptom: 'Le notifiche non arrivano sui telefoni con risparmio energetico.',
    workaround: 'Escludere l’applicazione dal risparmio energetico e riaprirla una volta.',
  },
] as const

/** Writes them; `now` is the instant up to which the sample lives. */
export async function writeIncidents(tx: Tx, now: number): Promise<void> {
  const keeper = buildPeople(buildOrganisation(readTerritory(), planner).units).find(person =>
    person.assignments.some(({ unitId }) => unitId === group.id),
  )
  const byName = keeper?.name ?? group.name
  const entries: CheckedEntry[] = []
  const note = <P extends Record<string, unknown>, S extends SubjectName>(
    type: EventType<P, S>,
    payload: P,
    at: number,
    subjects: SubjectsOf<S>,
  ) => entries.push(checkEntry({ type, payload, at, subjects, actor: system('sample') }))
  let steps = 0
  const step = (incidentId: string, kind: string, at: Date, detail: Record<string, number | string> = {}) =>
    tx
      .insertInto('incident_step')
      .values({
        ...{ id: sampleId(ids.step, ++steps), incident_id: incidentId, kind, detail: JSON.stringify(detail) },
        ...{ by_name: byName, at },
      })
      .execute()

  for (const [n, each] of incidents.entries()) {
    const incidentId = sampleId(ids.incident, n + 1)
    const opened = now - each.openedAgoMs
    const closed = each.lastedMs === null ? null : new Date(opened + each.lastedMs)
    const kept = await tx
      .insertInto('incident')
      .values({
        ...{ id: incidentId, title: each.title, state: each.state, procedure_id: each.procedureId },
        ...{ cause_key: `p:${each.procedureId}`, unit_id: group.id, unit_name: group.name, unit_path: group.path },
        ...{ region_code: group.regionCode, section_id: null, workaround: each.workaround },
        ...{ expected_end: closed ?? new Date(now + 4 * hour), closed_at: closed },
        ...{ opened_at: new Date(opened), opened_by_name: byName },
        ...{ changed_at: closed ?? new Date(opened + hour / 2), changed_by_name: byName },
      })
      .returning('number')
      .executeTakeFirstOrThrow()
    note(incidentOpened, { incidentId, number: kept.number }, opened, {})
    await step(incidentId, 'opened', new Date(opened))
    const ticketIds = await linkTickets(tx, incidentId, each, new Date(opened), byName, closed !== null, n)
    if (ticketIds.length > 0) {
      note(incidentTicketsLinked, { incidentId, ticketIds }, opened, { units: unitsIn(group.path) })
      await step(incidentId, 'linked', new Date(opened + 60_000), { count: ticketIds.length })
    }
    if (closed !== null) {
      if (ticketIds.length > 0) await step(incidentId, 'answering', closed, { count: ticketIds.length })
      await step(incidentId, 'became.closed', closed)
    }
    if (each.texts === undefined) continue
    const given = new Date(opened + hour / 2)
    const noticeId = sampleId(ids.notice, n + 1)
    const endsAt = new Date(now + 8 * hour)
    await tx
      .insertInto('incident_notice')
      .values({
        ...{ id: noticeId, incident_id: incidentId, texts: JSON.stringify(each.texts), withdrawn_at: null },
        channels: ['callers', 'desks', 'public', 'answers'],
        ...{ region_code: group.regionCode, section_id: null, starts_at: given, ends_at: endsAt, by_name: byName },
      })
      .execute()
    await step(incidentId, 'became.workaround-known', given)
    await step(incidentId, 'noticePublished', given)
    note(incidentNoticePublished, { incidentId, noticeId, endsAt: endsAt.toISOString() }, given.getTime(), {})
  }
  for (const [n, known] of knownErrors.entries()) {
    const id = sampleId(ids.known, n + 1)
    const at = now - (n + 2) * 3 * day
    await tx
      .insertInto('known_error')
      .values({
        ...{ id, title: known.title, procedure_id: known.procedureId, typology_id: known.typologyId, incident_id: null },
        ...{ symptom: known.symptom, workaround: known.workaround, changed_at: new Date(at), changed_by_name: byName },
      })
      .execute()
    note(knownErrorKept, { knownErrorId: id, title: known.title }, at, {})
  }
  await writeEntries(tx, entries)
}

/** Links tickets of the group that fit: open ones to what goes on, closed ones to what is over. Returns which. */
async function linkTickets(
  tx: Tx,
  incidentId: string,
  { procedureId, tickets }: SampleIncident,
  at: Date,
  byName: string,
  isOver: boolean,
  n: number,
): Promise<string[]> {
  const answeringId = sampleId(ids.answering, n + 1)
  if (isOver)
    await tx
      .insertInto('incident_answering')
      .values({
        ...{ id: answeringId, incident_id: incidentId, text: 'Il servizio funziona di nuovo: può riprovare.' },
        ...{ actor: JSON.stringify({ kind: 'system', name: 'sample' }), begun_at: at },
      })
      .execute()
  const { rows } = await sql<{ ticket_id: string }>`
    with fitting as (
      select id from ticket
      where  unit_id = ${group.id} and state = any(${isOver ? ['closed'] : ['pool', 'claimed']}::text[])
             and not exists (select from incident_ticket linked where linked.ticket_id = ticket.id)
             ${isOver ? sql`and opened_at <= ${at}` : sql``}
      order  by procedure_id is distinct from ${procedureId}, opened_at desc, id
      limit  ${tickets}
    ), about as (
      update ticket set procedure_id = ${procedureId}, cause_key = ${`p:${procedureId}`} where id in (select id from fitting)
    )
    insert into incident_ticket (ticket_id, incident_id, linked_at, linked_by_name, answering_id, answering)
    select id, ${incidentId}, ${at}, ${byName}, ${isOver ? answeringId : null}, ${isOver ? 'sent' : null} from fitting
    returning ticket_id`.execute(tx)
  return rows.map(row => row.ticket_id)
}
