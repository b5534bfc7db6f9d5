/** The card of a call, and the list of one's own calls of today: what the desk shows. */
import { openCasesOf } from '../../cases/index.ts'
import { contactsByPhone } from '../../contacts/index.ts'
import { namesOfPeople } from '../../identity/index.ts'
import { type Municipality, municipalities, unitsOf } from '../../organisation/index.ts'
import { boundsOf, type Db, dayAt, type House, type PersonActor } from '../../platform/index.ts'
import { callbacksOfCaller } from '../calls/callbacks/service.ts'
import { isInSection, type StateInSection } from '../calls/life/life.ts'
import type { CallCard, CallTurn, CardState } from '../model.ts'
import { type CallRow, callOfAgent, interactionOfCall, turnsOf } from '../store.ts'
import { lastContinuity } from './continuity-store.ts'
import { lastTransfer } from './transfer-store.ts'

/** The call that rings at a person, or that the person has, or that broke; null when there is none. */
export async function myCall(house: House, actor: PersonActor): Promise<CallCard | null> {
  const row = await callOfAgent(house.database.kysely, actor.personId)
  // Whom a call concerns, it concerns in a section.
  return row && isInSection(row.state) ? cardOf(house, actor, row, row.state) : null
}

async function cardOf(house: House, actor: PersonActor, row: CallRow, state: StateInSection): Promise<CallCard> {
  const db = house.database.kysely
  const from = state.callback?.number ?? row.from
  const contacts = from === null ? [] : await contactsByPhone(db, from)
  const cases = await openCasesOf(
    db,
    contacts.map(contact => contact.id),
    new Date(house.clock.now()),
  )
  const placeOf = (id: string | null) => (id === null ? null : { id, name: sections.get(id) ?? '' })
  const now = house.clock.now()
  const mine = state.agent?.id === actor.personId
  const transfer =
    state.transferredBy === null || state.transferredBy === actor.personId
      ? undefined
      : await lastTransfer(db, row.id, state.transferredBy)
  const interaction = await interactionOfCall(db, row.id)
  const sections = await sectionNames(house, [
    state.section,
    ...(transfer?.fromSectionId == null ? [] : [transfer.fromSectionId]),
  ])
  return {
    callId: row.id,
    offer: (mine ? state.agent?.offer : state.offer?.offer) ?? null,
    state: cardState(row, mine),
    switch: row.switch,
    numberFrom: row.switch === 'browser' ? 'page' : 'network',
    from,
    to: row.to,
    office: row.officeId === null ? null : { id: row.officeId, name: row.officeName ?? '' },
    ...territory(row),
    section: { id: state.section, name: sections.get(state.section) ?? '' },
    path: state.path.map(choice => choice.label),
    waitedMs: Math.max(0, (mine ? (state.agent?.since ?? now) : now) - state.waitingSince),
    arrivedAt: row.startedAt.toISOString(),
    connectedAt: mine && state.agent && state.phase !== 'dialling' ? new Date(state.agent.since).toISOString() : null,
    until: !mine && state.offer ? new Date(state.offer.until).toISOString() : null,
    contacts: contacts.map(({ id, name }) => ({ id, name })),
    openCases: cases.map(({ id, code, title, openedAt, contactId, reference }) => ({
      id,
      code,
      title,
      openedAt,
      contactId,
      reference,
    })),
    continuity: await continuityOfCall(db, actor, row.id),
    interactionId: interaction?.id ?? null,
    before: transfer
      ? { by: transfer.byName, how: 'transferred', section: placeOf(transfer.fromSectionId), note: transfer.note }
      : interaction && interaction.operatorId !== actor.personId
        ? { by: interaction.operatorName, how: 'lost', section: null, note: '' }
        : null,
    openCallbacks: (await callbacksOfCaller(db, row)).map(each => ({
      callId: each.callId,
      requestedAt: each.requestedAt.toISOString(),
    })),
    callback: callbackOf(row),
  }
}

/** For whom the call was kept first, and what became of it. */
async function continuityOfCall(db: Db, actor: PersonActor, callId: string): Promise<CallCard['continuity']> {
  const last = await lastContinuity(db, callId)
  if (last === undefined) return null
  const names = await namesOfPeople(db, last.agents)
  return {
    outcome: last.outcome,
    names: last.agents.flatMap(id => names.get(id) ?? []),
    forReader: last.agents.includes(actor.personId),
  }
}

function cardState({ state }: CallRow, mine: boolean): CardState {
  if (state.phase === 'dialling') return 'dialling'
  if (mine) return state.held ? 'held' : 'talking'
  return state.offer ? 'ringing' : 'interrupted'
}

function callbackOf({ state: { callback, phase } }: CallRow): CallCard['callback'] {
  if (callback === null) return null
  const { requestedAt, attempts, maxAttempts, outcome } = callback
  return {
    requestedAt: new Date(requestedAt).toISOString(),
    attempt: phase === 'callback' ? attempts + 1 : attempts,
    maxAttempts,
    lastOutcome: phase === 'callback' ? outcome : null,
  }
}

let places: Map<string, Municipality> | undefined

/** Names for the codes of the office's territory. */
function territory({ provinceCode, regionCode }: CallRow): Pick<CallCard, 'province' | 'region'> {
  if (!places) {
    places = new Map()
    for (const each of municipalities()) {
      places.set(`province ${each.provinceCode}`, each)
      places.set(`region ${each.regionCode}`, each)
    }
  }
  const province = provinceCode === null ? undefined : places.get(`province ${provinceCode}`)
  const region = regionCode === null ? undefined : places.get(`region ${regionCode}`)
  return {
    province: provinceCode === null ? null : { code: provinceCode, name: province?.provinceName ?? provinceCode },
    region: regionCode === null ? null : { code: regionCode, name: region?.regionName ?? regionCode },
  }
}

async function sectionNames(house: House, ids: readonly string[]): Promise<Map<string, string>> {
  const units = await unitsOf(house.database.kysely, { ids: [...new Set(ids)] })
  return new Map(units.map(unit => [unit.id, unit.name]))
}

/** A person's own calls since midnight in office time, newest first. */
export async function callsOfToday(house: House, actor: PersonActor): Promise<CallTurn[]> {
  const zone = house.config.TIME_ZONE
  const [midnight] = boundsOf(zone, dayAt(zone, house.clock.now()))
  const rows = await turnsOf(house.database.kysely, actor.personId, new Date(midnight))
  const names = await sectionNames(
    house,
    rows.map(row => row.section_id),
  )
  return rows.map(row => ({
    callId: row.call_id,
    offer: row.offer,
    outcome: row.outcome,
    from: row.from_number,
    office: row.office_id === null ? null : { id: row.office_id, name: row.office_name ?? '' },
    section: { id: row.section_id, name: names.get(row.section_id) ?? row.section_id },
    waitedMs: row.waited_ms,
    offeredAt: row.offered_at.toISOString(),
    answeredAt: row.answered_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    isCallback: row.is_callback,
    callEnded: row.call_ended,
  }))
}
