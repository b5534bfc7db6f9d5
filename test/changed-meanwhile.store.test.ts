/**
 * Two pages that edit one thing: on every route that asks for the version that was read, the second page is told what stands there now, who
 * changed it and when, in one shape, and changes nothing.
 */
import { afterEach, expect, test } from 'vitest'
import sampleFlow from '../sample/flow.json' with { type: 'json' }
import { confirmHold } from '../src/agenda/appointments.ts'
import { takeHold } from '../src/agenda/index.ts'
import { openInteraction, sendLinea } from '../src/cases/interactions.ts'
import { createTemplate } from '../src/cases/templates/service.ts'
import { claimTicket } from '../src/cases/tickets.ts'
import { NewMailbox } from '../src/channels/mailboxes/model.ts'
import { createMailbox } from '../src/channels/mailboxes/service.ts'
import { addProcedure } from '../src/classification/procedure-service.ts'
import { createContact, NewContact } from '../src/contacts/index.ts'
import { GuideContent } from '../src/guides/model.ts'
import { addGuide } from '../src/guides/service.ts'
import { createKnownError } from '../src/incidents/known-errors.ts'
import { NewIncident, NewKnownError } from '../src/incidents/model.ts'
import { openIncident } from '../src/incidents/service.ts'
import {
  ChangedMeanwhile,
  type House,
  inTransaction,
  openServer,
  type PersonActor,
  Problem,
  type Server,
} from '../src/platform/index.ts'
import { addAddressee } from '../src/prevention/addressees.ts'
import { NewActivity, NewAddressee } from '../src/prevention/model.ts'
import { planActivity } from '../src/prevention/service.ts'
import { routes } from '../src/routes.ts'
import { takeMember } from '../src/staffing/members/service.ts'
import { nextTimes, openMatter, service, smallAgenda } from './support/agenda.ts'
import { nobody } from './support/audience.ts'
import { eachDatabase } from './support/database.ts'
import { staff } from './support/staff.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const people = new Map(Object.values(staff).map(person => [person.personId, person]))
/** Who manages an office in which nobody is booked. */
const milan: PersonActor = {
  ...staff.otherAgency,
  ...{ personId: '00000000-0000-7000-8000-000000000901', role: 'agency_manager' },
}
people.set(milan.personId, milan)
const emptyAgenda = { services: [], calendars: [], closures: [] }
const { anna, marco, agency, coordinator, itLazio, supervisor, director, headquarters, administrator, secondAdministrator } =
  staff
const pensions = 'ccm-pensioni'

interface Edit {
  /** The route, by its own name. */
  route: string
  path: string
  /** Who edits first, and who comes too late. */
  first: PersonActor
  second: PersonActor
  /** The version that both have read. */
  version: number
  body: (text: string) => object
  /** What the second is told of the first one's edit. */
  current: object
  /** False where the journal does not say who it was. */
  isTold?: boolean
}

async function appointment(house: House): Promise<string> {
  await smallAgenda(house)
  const [start = ''] = await nextTimes(house, anna, { unitId: 'ag-roma-eur', serviceId: service.id })
  const hold = await takeHold(house, anna, { unitId: 'ag-roma-eur', serviceId: service.id, start })
  const matter = await openMatter(house)
  const booked = await inTransaction(house, anna, work =>
    confirmHold(work, { holdId: hold.id, reason: 'Vuole capire i contributi.', ...matter }),
  )
  return booked.id
}

/** One thing of each kind that has a version, and an edit of it. */
async function edits(house: House): Promise<Edit[]> {
  const db = house.database.kysely
  const card = NewContact.parse({ kind: 'person', familyName: 'Ferri', municipalityCode: '058091', phones: ['06 5959 4321'] })
  const contact = await createContact(house, anna, card)
  const sheet = await openInteraction(house, anna, { channel: 'telephone' })
  const asked = await openInteraction(house, anna, { channel: 'telephone' })
  const question = 'Una domanda come un’altra'
  const replyTo = { email: 'giulia.ferri@example.org' }
  const { ticketId } = await sendLinea(house, anna, {
    ...{ id: asked.id, contactId: contact.id, typologyId: 'vecchiaia', question, replyTo },
  })
  await claimTicket(house, marco, { ticketId })
  const appointmentId = await appointment(house)
  const person = await db.selectFrom('person').select('version').where('id', '=', anna.personId).executeTakeFirstOrThrow()
  const unit = await db.selectFrom('unit').select('version').where('id', '=', 'ag-roma-eur').executeTakeFirstOrThrow()
  const line = await db.selectFrom('section_routing').select('version').where('section_id', '=', pensions).executeTakeFirst()
  const settings = {
    address: 'pensioni@ente.example',
    unitId: pensions,
    host: '127.0.0.1',
    userName: 'x',
    secret: 'x',
    enabled: false,
  }
  const mailbox = await createMailbox(house, administrator, NewMailbox.parse(settings))
  const template = { unitId: 'ccm', typologyId: null, language: 'it' as const, name: 'Saluto', body: 'Gentile {{cittadino}}' }
  const { memberId } = await takeMember(house, director, {
    ...{ sectionId: 'cric-lazio-pensioni', personId: null, reserveId: null, name: 'Tina Orsi', provenance: 'expert', origin: '' },
    ...{ since: '2026-11-01', until: null, share: 50, reason: '' },
  })
  const { incidentId } = await openIncident(house, itLazio, NewIncident.parse({ title: 'Un incidente' }))
  const known = await createKnownError(
    house,
    itLazio,
    NewKnownError.parse({ title: 'Un errore', symptom: 'xxx', workaround: 'xxx' }),
  )
  const planned = NewActivity.parse({ kind: 'infrastructure', title: 'Un lavoro', aim: 'xxx' })
  const guide = GuideContent.parse({ title: 'Una guida', summary: 'Che cosa si fa', steps: [{ id: 'first', title: 'Primo' }] })
  const { guideId } = await addGuide(house, headquarters, { content: guide, reason: 'Per prova' })
  const [{ activityId }, { activityId: steppedId }] = [
    await planActivity(house, itLazio, planned),
    await planActivity(house, itLazio, planned),
  ]
  const named = NewAddressee.parse({ name: 'CAF Esempio', kind: 'intermediary' })
  const procedure = await addProcedure(house, itLazio, { name: 'Una procedura' })
  const { addresseeId } = await addAddressee(house, itLazio, named)
  const kept = await createTemplate(house, supervisor, template)
  const number = await db
    .selectFrom('office_number')
    .select(['number', 'version'])
    .where('number', '=', '+390600000001')
    .executeTakeFirstOrThrow()
  return [
    {
      route: 'PATCH /api/contacts/:contactId',
      path: `/api/contacts/${contact.id}`,
      ...{ first: anna, second: staff.luca, version: 1 },
      body: notes => ({ notes }),
      // As much of the card as the second one sees: being refused unmasks nothing.
      current: { id: contact.id, version: 2, notes: 'first', phones: [{ number: '•••321' }] },
    },
    {
      route: 'PATCH /api/people/:personId',
      path: `/api/people/${anna.personId}`,
      ...{ first: administrator, second: secondAdministrator, version: person.version },
      body: name => ({ name: `Anna ${name}` }),
      current: { version: person.version + 1, name: 'Anna first' },
    },
    {
      route: 'PATCH /api/interactions/:interactionId',
      path: `/api/interactions/${sheet.id}`,
      ...{ first: anna, second: anna, version: 1, isTold: false },
      body: notes => ({ notes }),
      current: { version: 2, notes: 'first', question: '', contactId: null },
    },
    {
      route: 'PUT /api/tickets/:ticketId/draft',
      path: `/api/tickets/${ticketId}/draft`,
      ...{ first: marco, second: marco, version: 0 },
      body: text => ({ text }),
      current: { version: 1, text: 'first' },
    },
    {
      route: 'PUT /api/appointments/:appointmentId/preparation',
      path: `/api/appointments/${appointmentId}/preparation`,
      ...{ first: agency, second: agency, version: 1 },
      body: text => ({ text }),
      current: { version: 2, preparation: 'first' },
    },
    {
      route: 'PUT /api/units/:unitId/counters',
      path: `/api/units/${milan.unitId}/counters`,
      ...{ first: milan, second: milan, version: 0 },
      body: reason => ({ setUp: { halls: [] }, reason: `${reason} reason` }),
      current: { version: 2, setUp: { halls: [] } },
    },
    {
      route: 'PUT /api/units/:unitId/agenda',
      path: `/api/units/${milan.unitId}/agenda`,
      ...{ first: milan, second: milan, version: 0 },
      body: reason => ({ setUp: emptyAgenda, reason: `${reason} reason` }),
      current: { version: 2, setUp: emptyAgenda },
    },
    {
      route: 'PUT /api/sections/:sectionId/line',
      path: `/api/sections/${pensions}/line`,
      ...{ first: supervisor, second: supervisor, version: line?.version ?? 0 },
      body: text => ({
        routing: { limits: { maxWaiting: text === 'first' ? 40 : 50, maxWaitMs: null } },
        callbacks: {},
      }),
      current: { version: (line?.version ?? 0) + 1, holds: { limits: { maxWaiting: 40 } } },
    },
    {
      route: 'PUT /api/sections/:sectionId/sharing',
      path: '/api/sections/cric-lazio-pensioni/sharing',
      ...{ first: coordinator, second: administrator, version: 0 },
      body: text => ({ mode: 'pool', capacity: text === 'first' ? 5 : 7, offerMinutes: 10 }),
      current: { version: 1, mode: 'pool', capacity: 5 },
    },
    {
      route: 'PUT /api/sections/:sectionId/absence-rule',
      path: '/api/sections/cric-lazio-pensioni/absence-rule',
      ...{ first: coordinator, second: coordinator, version: 0 },
      body: text => ({ whenAbsent: 'after-hours', hours: text === 'first' ? 5 : 7, exceptTypologies: [] }),
      current: { version: 1, whenAbsent: 'after-hours', hours: 5 },
    },
    {
      route: 'PUT /api/deadline-targets',
      path: '/api/deadline-targets',
      ...{ first: administrator, second: headquarters, version: 1 },
      body: text => ({
        ...{ typologyId: '', priority: 'normal', kind: 'solution', amount: text === 'first' ? 4 : 6, measure: 'days' },
        ...{ warnMinutes: 240, raiseMinutes: 960 },
      }),
      current: { version: 2, amount: 4, measure: 'days' },
    },
    {
      route: 'PUT /api/units/:unitId/hours',
      path: '/api/units/ag-roma-eur/hours',
      ...{ first: headquarters, second: headquarters, version: unit.version },
      body: text => ({ spans: [{ weekday: 1, opens: text === 'first' ? '08:00' : '09:00', closes: '13:00' }] }),
      current: { version: unit.version + 1, hours: [{ weekday: 1, opens: '08:00', closes: '13:00' }] },
    },
    {
      route: 'POST /api/numbers/:number/changes',
      path: `/api/numbers/${encodeURIComponent(number.number)}/changes`,
      ...{ first: headquarters, second: headquarters, version: number.version },
      body: reason => ({
        mode: 'direct',
        from: new Date(house.clock.now() + 86_400_000).toISOString(),
        reason: `${reason} reason`,
      }),
      current: { version: number.version + 1, next: { mode: 'direct' } },
    },
    {
      route: 'PATCH /api/mailboxes/:mailboxId',
      path: `/api/mailboxes/${mailbox.id}`,
      ...{ first: administrator, second: secondAdministrator, version: 1 },
      body: signature => ({ signature }),
      current: { version: 2, signature: 'first' },
    },
    {
      route: 'PATCH /api/answer-templates/:templateId',
      path: `/api/answer-templates/${kept.id}`,
      ...{ first: supervisor, second: supervisor, version: 1 },
      body: name => ({ name }),
      current: { version: 2, name: 'first', unitName: 'Contact center multicanale' },
    },
    {
      route: 'PUT /api/competences/:typologyId',
      path: '/api/competences/vecchiaia',
      ...{ first: headquarters, second: headquarters, version: 0 },
      body: reason => ({ directorateId: reason === 'first' ? 'dc-entrate' : 'dc-pensioni', reason }),
      current: { version: 1, typologyId: 'vecchiaia', directorate: { id: 'dc-entrate' } },
    },
    {
      route: 'PUT /api/ticket-rules',
      path: '/api/ticket-rules',
      ...{ first: headquarters, second: headquarters, version: 0 },
      body: reason => ({ changes: [{ action: 'note', state: 'pool', standing: 'agency', allowed: true }], reason }),
      current: { version: 1, changes: [{ action: 'note', state: 'pool', standing: 'agency', allowed: true }] },
    },
    {
      route: 'PATCH /api/incidents/:incidentId',
      path: `/api/incidents/${incidentId}`,
      ...{ first: itLazio, second: itLazio, version: 1 },
      body: text => ({ title: `${text} title` }),
      current: { version: 2, title: 'first title' },
    },
    {
      route: 'PATCH /api/known-errors/:knownErrorId',
      path: `/api/known-errors/${known.id}`,
      ...{ first: itLazio, second: itLazio, version: 1 },
      body: text => ({ title: `${text} title` }),
      current: { version: 2, title: 'first title' },
    },
    {
      route: 'PATCH /api/staffing/members/:memberId',
      path: `/api/staffing/members/${memberId}`,
      ...{ first: director, second: director, version: 1 },
      body: text => ({ origin: text }),
      current: { version: 2, origin: 'first', share: 50 },
    },
    {
      route: 'PATCH /api/procedures/:procedureId',
      path: `/api/procedures/${procedure.id}`,
      ...{ first: itLazio, second: headquarters, version: 1 },
      body: text => ({ name: `${text} name` }),
      current: { version: 2, name: 'first name' },
    },
    {
      route: 'PUT /api/guides/:guideId',
      path: `/api/guides/${guideId}`,
      ...{ first: headquarters, second: headquarters, version: 1 },
      body: text => ({ content: { ...guide, title: `${text} title` }, retired: false, reason: text }),
      current: { version: 2, content: { ...guide, title: 'first title' } },
    },
    {
      route: 'PATCH /api/prevention/:activityId',
      path: `/api/prevention/${activityId}`,
      ...{ first: itLazio, second: itLazio, version: 1 },
      body: text => ({ title: `${text} title` }),
      current: { version: 2, title: 'first title' },
    },
    {
      route: 'POST /api/prevention/:activityId/step',
      path: `/api/prevention/${steppedId}/step`,
      ...{ first: itLazio, second: itLazio, version: 1 },
      body: text => ({ to: text === 'first' ? 'assessed' : 'refused', text }),
      current: { version: 2, state: 'assessed' },
    },
    {
      route: 'PATCH /api/addressees/:addresseeId',
      path: `/api/addressees/${addresseeId}`,
      ...{ first: itLazio, second: itLazio, version: 1, isTold: false },
      body: text => ({ name: `CAF ${text}` }),
      current: { version: 2, name: 'CAF first' },
    },
    {
      route: 'PUT /api/retention/:typologyId',
      path: '/api/retention/vecchiaia',
      ...{ first: headquarters, second: headquarters, version: 1 },
      body: text => ({ months: text === 'first' ? 120 : 60 }),
      current: { version: 2, typologyId: 'vecchiaia', months: 120 },
    },
    {
      route: 'PUT /api/flow/draft',
      path: '/api/flow/draft',
      ...{ first: headquarters, second: administrator, version: 1 },
      body: name => ({ flow: { ...sampleFlow, name } }),
      current: { version: 2, flow: { name: 'first' } },
    },
  ]
}

/** Edits with the same versions as one above, or without a text: that they ask for the version is seen where they are tried. */
const elsewhere = [
  'POST /api/numbers/:number/reverse',
  'POST /api/prevention/:activityId/undo',
  'POST /api/numbers/:number/changes/:changeId/cancel',
  'DELETE /api/flow/draft',
  'POST /api/flow/draft/publish',
  'POST /api/flow/versions/:number/restore',
  'PUT /api/prompts/:key/:language/recording',
  'DELETE /api/prompts/:key/:language/recording',
  'POST /api/prompts/:key/:language/recording/restore',
]

eachDatabase(open => {
  test('whoever saves on an older version is told what stands there now, who changed it and when; the description says so', async () => {
    const { house } = await open({ environment: { PORT: '0' } })
    const server = await openServer(house, {
      routes,
      sockets: [],
      authenticate: async (_house, headers) => people.get(String(headers['x-person'])) ?? null,
      audience: nobody,
      ready: async () => ({ ready: true, details: {} }),
    })
    servers.push(server)
    const ask = async (who: PersonActor, name: string, payload?: object, version?: number) => {
      const [method = '', url = ''] = name.split(' ')
      const answer = await server.app.inject({
        method: method as 'PUT',
        url,
        headers: { 'x-person': who.personId, ...(version === undefined ? {} : { 'if-match': `"${version}"` }) },
        ...(payload ? { payload } : {}),
      })
      const body: unknown = answer.body === '' ? undefined : answer.json()
      return { status: answer.statusCode, body }
    }

    await ask(headquarters, 'POST /api/flow/draft', {})
    const all = await edits(house)
    for (const { route, path, first, second, version, body, current, isTold = true } of all) {
      const name = `${route.split(' ')[0]} ${path}`
      const saved = await ask(first, name, body('first'), version)
      expect({ route, status: saved.status }).toEqual({
        route,
        status: expect.toSatisfy(status => status === 200 || status === 201),
      })
      const { status, body: refused } = await ask(second, name, body('second'), version)
      expect({ route, status }).toEqual({ route, status: 412 })
      const problem = Problem.parse(refused)
      expect(problem.code).toBe('platform.changedMeanwhile')
      const told = ChangedMeanwhile.parse(problem.values)
      expect({ route, current: told.current }).toMatchObject({ route, current })
      expect({ route, by: told.changedBy }).toEqual({ route, by: isTold ? first.name : null })
      if (isTold) expect(Math.abs(Date.parse(told.changedAt ?? '') - house.clock.now())).toBeLessThan(60_000)
      // Nothing was changed: who goes on from what was told is the next.
      const next = await ask(second, name, body('third'), told.current.version)
      expect({ route, status: next.status }).not.toEqual({ route, status: 412 })
    }

    const known = [...all.map(each => each.route), ...elsewhere]
    const versioned = routes.filter(each => each.ifMatch).map(({ method, url }) => `${method} ${url}`)
    expect(versioned.filter(name => !known.includes(name))).toEqual([])
    const { body: described } = await ask(administrator, 'GET /api/openapi.json')
    const { paths } = described as { paths: Record<string, Record<string, { responses: object }>> }
    for (const name of versioned) {
      const [method = '', url = ''] = name.split(' ')
      expect(
        Object.keys(paths[url.replace(/^\/api/, '').replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]?.responses ?? {}),
      ).toContain('412')
    }
  })
})
