/**
 * Use cases of calls to citizens about a time that is offered to them. A job asks for the calls that are due and writes each down with its entry of the
 * journal; the process that has the switch hears of it there and dials (../life/offer-call.ts).
 */
import {
  appointmentToCall,
  callAgainFrom,
  callNoMore,
  type OneOffer,
  offerDue,
  offeredCitizen,
  offersToCall,
} from '../../../agenda/index.ts'
import { unitOf } from '../../../organisation/index.ts'
import { type Actor, type Db, type House, inTransaction, system, type Work, workThrough } from '../../../platform/index.ts'
import { type OfferCallOutcome, offerCallAsked, offerCallEnded } from '../../events.ts'
import { numberOfOffice } from '../appointments/store.ts'
import { maxCallsOfOffer, type OfferCallOrder, pauseMs, type TimeOfferCall, type TimeOfferCalls } from './model.ts'
import {
  dialledOf,
  endForgottenOfferCalls,
  insertOfferCall,
  offerCallsOf,
  openOfferCall,
  type TimeOfferCallRow,
  updateOfferCall,
} from './store.ts'

const batchSize = 50
/** So many calls are asked for in one run, a minute: lines are for those who call, too. */
const mostAtOnce = 20
/** A call that was asked for and that nobody has begun after this time is none any more. */
const forgottenMs = 60_000
/** No call takes so long. */
const endlessMs = 60 * 60_000

/** Asks for the calls about offers that are due. Returns for how many. Called by a job each minute. */
export const askOfferCalls = (house: House): Promise<number> =>
  workThrough(house, {
    what: 'telephony.call-about-offer',
    most: mostAtOnce,
    read: except => offersToCall(house.database.kysely, new Date(house.clock.now()), { except, limit: batchSize }),
    idOf: appointmentId => appointmentId,
    act: appointmentId => inTransaction(house, system('worker'), work => askFor(work, appointmentId)),
  })

/** Says who asks for the calls. Call it before the jobs start. */
export function scheduleOfferCalls(house: House): void {
  house.jobs.schedule('telephony.call-about-offers', '* * * * *', async () => {
    await askOfferCalls(house)
  })
}

async function askFor(work: Work, appointmentId: string): Promise<boolean> {
  const { tx, now } = work
  const due = await offerDue(work, appointmentId)
  if (!due) return false
  const ago = (ms: number) => new Date(now.getTime() - ms)
  await endForgottenOfferCalls(tx, appointmentId, { unbegun: ago(forgottenMs), endless: ago(endlessMs), now })
  if (await wasCalledEnough(work, due)) return false
  // Should nobody begin it.
  await callAgainFrom(work, due, new Date(now.getTime() + pauseMs))
  const id = work.ids()
  const { offerId, unitId, number } = due
  const isNew = await insertOfferCall(tx, {
    ...{ id, appointment_id: appointmentId, unit_id: unitId, offer_id: offerId, number, asked_at: now },
  })
  if (isNew) await work.journal(offerCallAsked, { appointmentId }, await subjectsOf(tx, { id, appointmentId, unitId }))
  return isNew
}

/** Whether the citizen was called about an offer as often as we call; then nobody calls about it any more. */
async function wasCalledEnough(work: Work, offer: OneOffer): Promise<boolean> {
  if ((await dialledOf(work.tx, offer)) < maxCallsOfOffer) return false
  await callNoMore(work, offer)
  return true
}

const subjectsOf = async (db: Db, call: { id: string; appointmentId: string; unitId: string }) => ({
  ...((await offeredCitizen(db, call.appointmentId))?.subjects ?? { units: [call.unitId] }),
  ...{ channel: 'telephone' as const, call: call.id },
})

/** What the process with the switch needs to make a call that was asked for; undefined when it is over. */
export async function offerCallOrder(db: Db, callId: string): Promise<OfferCallOrder | undefined> {
  const row = await openOfferCall(db, callId)
  const unit = row && (await unitOf(db, row.unit_id))
  const citizen = row && (await offeredCitizen(db, row.appointment_id))
  if (!row || !unit || !citizen) return undefined
  return {
    ...{ callId, appointmentId: row.appointment_id, offerId: row.offer_id, number: row.number, language: citizen.language },
    callerId: await numberOfOffice(db, unit.id),
    context: {
      office: { id: unit.id, name: unit.name },
      ...{ province: unit.provinceCode, region: unit.regionCode, callerKnown: true, hour: 0, holiday: false, open: [] },
    },
  }
}

/** There is no switch that can make the call. */
export const failOfferCall = (house: House, callId: string): Promise<void> =>
  inTransaction(house, system('telephony'), work => endOfferCall(work, callId, 'failed'))

/** Says what came of a call, and whether the citizen is called again. Does nothing when the call is over. */
export async function endOfferCall(work: Work, callId: string, outcome: OfferCallOutcome): Promise<void> {
  const row = await openOfferCall(work.tx, callId)
  if (!row) return
  // Who waits is locked before the call, as where calls are asked for.
  const offer = { appointmentId: row.appointment_id, offerId: row.offer_id }
  if (isAnswer(outcome)) await callNoMore(work, offer)
  else if (!(await wasCalledEnough(work, offer))) await callAgainFrom(work, offer, new Date(work.now.getTime() + pauseMs))
  await updateOfferCall(work.tx, callId, { ended_at: work.now, outcome })
  await work.journal(
    offerCallEnded,
    { appointmentId: row.appointment_id, outcome },
    await subjectsOf(work.tx, { id: callId, appointmentId: row.appointment_id, unitId: row.unit_id }),
  )
}

/** Whether nothing is left to be asked. */
const isAnswer = (outcome: OfferCallOutcome): boolean => ['accepted', 'kept', 'no-more', 'over'].includes(outcome)

/** The calls about times that were offered to the citizen of an appointment. @throws Refused 404 for what is not the actor's to see */
export async function offerCallsView(house: House, actor: Actor, appointmentId: string): Promise<TimeOfferCalls> {
  const db = house.database.kysely
  await appointmentToCall(db, actor, appointmentId, house.clock.now())
  return { items: (await offerCallsOf(db, appointmentId)).map(viewOf) }
}

const viewOf = (row: TimeOfferCallRow): TimeOfferCall => ({
  ...{ id: row.id, askedAt: row.asked_at.toISOString(), number: row.number, outcome: row.outcome },
  stage: row.ended_at !== null ? 'ended' : row.answered_at !== null ? 'answered' : row.dialled_at !== null ? 'ringing' : 'asked',
})
