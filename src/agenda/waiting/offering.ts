/**
 * Freed times are offered to those who wait, by the clock. Each queue (a service of an office) is looked at every few minutes: whatever has made a
 * time free (a cancellation, a move, a hold that ended, an opening) is found by looking for free times, not by being told. What an appointment gives
 * back is kept from everybody else until its queue has been looked at (`pauseMinutes`).
 */
import { contactsOf, numbersToCall } from '../../contacts/index.ts'
import { type Db, dayAt, type House, inTransaction, onItsOwn, system, type Work, workThrough } from '../../platform/index.ts'
import { aboutOf, subjectsOfAppointment } from '../appointments.ts'
import { appointmentOffered } from '../events.ts'
import { askedOf, firstFreeAt } from '../first-free.ts'
import { holdPlace } from '../holds.ts'
import { holidayOf, type Office, officeOf } from '../places.ts'
import { isAhead } from '../policy.ts'
import { calendarsOfSlot, timeFree, timeOffered } from '../slots.ts'
import {
  calendarsOf,
  giveBackExpired,
  lockCalendarOfHold,
  lockCalendars,
  readAppointment,
  readHold,
  serviceOfUnit,
} from '../store.ts'
import type { OfferedRow } from '../tables.ts'
import { writeOffer } from './mail.ts'
import { type OfferPair, offersFor, tellBy } from './policy.ts'
import { endOffer } from './service.ts'
import {
  endPauses,
  lockListed,
  lookAgainAt,
  nextInQueue,
  offerOwner,
  offersOver,
  pauseOwner,
  putOffer,
  type Queue,
  queuesToLookAt,
  readWaiting,
} from './store.ts'

const batchSize = 100
/** A queue is looked at so often: less than what is freed is kept for those who wait. */
const lookEachMs = 5 * 60_000
/** So many of a queue are offered something in one look, of as many times that are news. */
const offersOfALook = 20

/** Ends offers whose time is over, and offers what is free. Returns how many citizens were offered something. Called by a job each minute. */
export async function offerFreedTimes(house: House): Promise<number> {
  await endOffersOver(house)
  return workThrough(house, {
    what: 'agenda.offer',
    read: except => queuesToLookAt(house.database.kysely, new Date(house.clock.now()), { except, limit: batchSize }),
    idOf: ({ unitId, serviceId }) => `${unitId} ${serviceId}`,
    act: queue => lookAt(house, queue),
  })
}

const endOffersOver = (house: House): Promise<number> =>
  workThrough(house, {
    what: 'agenda.offer-over',
    read: except => offersOver(house.database.kysely, new Date(house.clock.now()), { except, limit: batchSize }),
    idOf: appointmentId => appointmentId,
    act: appointmentId =>
      inTransaction(house, system('worker'), async work => {
        const seen = (await readWaiting(work.tx, appointmentId))?.offer_id
        if (!seen) return false
        await lockCalendarOfHold(work.tx, seen)
        await readHold(work.tx, seen, offerOwner(appointmentId), true)
        const row = await readAppointment(work.tx, appointmentId, true)
        const waiting = await lockListed(work.tx, appointmentId)
        if (!row || waiting?.offer_id !== seen || waiting.offer_until === null || waiting.offer_until > work.now) return false
        await endOffer(work, row, waiting, row.state === 'booked' ? 'lapsed' : 'withdrawn')
        return true
      }),
  })

/** Looks whether a queue can be offered anything. Returns whether it was. */
async function lookAt(house: House, queue: Queue): Promise<boolean> {
  const db = house.database.kysely
  const now = new Date(house.clock.now())
  const [office, service] = [await officeOf(db, queue.unitId), await serviceOfUnit(db, queue.unitId, queue.serviceId)]
  const waiting =
    office && service ? await nextInQueue(db, queue, { now, offersAtMost: service.offers_at_most, limit: offersOfALook }) : []
  let offered = 0
  if (office && service && waiting.length > 0) {
    const noNews = Math.max(...waiting.map(row => row.passed_over.length))
    const wanted = { times: offersOfALook + noNews, owner: pauseOwner }
    const free = await firstFreeAt(house, system('worker'), db, [{ office, service }], wanted)
    const called = await whoIsCalled(db, service, waiting)
    const pairs = offersFor(
      waiting.map(row => ({
        ...{ appointmentId: row.appointment_id, start: row.starts_at.getTime(), mode: row.mode },
        passedOver: new Set(row.passed_over.map(start => start.getTime())),
        isCalled: called.has(row.appointment_id),
      })),
      (free.get(office.id) ?? []).map(slot => ({ start: Date.parse(slot.start), free: slot.free })),
      {
        ...{ now: now.getTime(), timeZone: house.config.TIME_ZONE, modes: service.modes },
        ...{ offerMinutes: service.offer_minutes, noticeMinutes: service.notice_minutes, isHoliday: holidayOf(office) },
      },
    )
    for (const pair of pairs)
      await onItsOwn(house, 'agenda.offer', { appointmentId: pair.appointmentId }, async () => {
        if (await inTransaction(house, system('worker'), work => offer(work, office, service, pair))) offered++
      })
  }
  await lookAgainAt(db, queue, now, new Date(now.getTime() + lookEachMs))
  return offered > 0
}

/** Those of some who wait who are called, and not written to. */
async function whoIsCalled(
  db: Db,
  service: OfferedRow,
  waiting: readonly { appointment_id: string; contact_id: string }[],
): Promise<ReadonlySet<string>> {
  if (!service.telephone_offers) return new Set()
  const ids = waiting.map(row => row.contact_id)
  const [contacts, numbers] = [await contactsOf(db, ids), await numbersToCall(db, ids)]
  const isCalled = (id: string) => tellBy(true, contacts.get(id)?.email ?? null, numbers.get(id)) === 'telephone'
  return new Set(waiting.filter(row => isCalled(row.contact_id)).map(row => row.appointment_id))
}

/** Keeps a time for one who waits, and writes to them unless they are called. Returns false when either is no longer so. */
async function offer(
  work: Work,
  office: Office,
  service: OfferedRow,
  { appointmentId, start, until, callAt }: OfferPair,
): Promise<boolean> {
  const asked = askedOf(work.house, work.actor, office, service)
  const day = dayAt(asked.timeZone, start)
  const read = () =>
    calendarsOf(work.tx, {
      ...{ unitIds: [office.id], serviceId: service.id, firstDay: day, lastDay: day, timeZone: asked.timeZone },
      ...{ now: work.now, owner: pauseOwner },
    })
  const time = timeOffered(start, await read(), asked)
  const ids = time ? calendarsOfSlot(time).map(({ id }) => id) : []
  await lockCalendars(work.tx, ids)
  const row = await readAppointment(work.tx, appointmentId, true)
  const waiting = await lockListed(work.tx, appointmentId)
  const still = row && waiting && waiting.offer_id === null && waiting.unit_id === office.id && row.starts_at.getTime() > start
  if (!still || !isAhead(row, work.now.getTime(), asked.timeZone)) return false
  if (time) await giveBackExpired(work.tx, ids, new Date(time.occupied.start), new Date(time.occupied.end), work.now)
  const free = timeFree(
    start,
    (await read()).filter(({ id }) => ids.includes(id)),
    asked,
  )
  if (!free) return false
  await endPauses(work.tx, ids, new Date(free.occupied.start), new Date(free.occupied.end))
  const hold = { owner: offerOwner(row.id), unitId: office.id, serviceId: service.id, mode: row.mode, until: new Date(until) }
  const id = await holdPlace(work, free, hold)
  if (id === undefined) return false
  const made = { id, start: new Date(start), until: new Date(until), callAt: callAt === null ? null : new Date(callAt) }
  await putOffer(work.tx, row.id, made)
  await work.journal(
    appointmentOffered,
    { ...aboutOf(row), start: made.start.toISOString(), until: made.until.toISOString() },
    subjectsOfAppointment(row),
  )
  if (callAt === null) await writeOffer(work, row, made)
  return true
}
