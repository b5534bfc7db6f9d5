/** What kiosks and displays ask: questions and tickets for whoever comes, codes and desks for whoever waits. */
import { unitOf } from '../organisation/index.ts'
import { type Db, dayAt, type House, notFound, Refused, sentence, useCase } from '../platform/index.ts'
import { SpeechFailed, voiceOf } from '../telephony/index.ts'
import { arrive, arriveWithAppointment, type OneVisit, serviceIn } from './arrivals.ts'
import { hereAddress } from './here.ts'
import { expectedFor, hallStandingsOf, openToday, openUntil, type Standings } from './loads.ts'
import type { ArriveAtKiosk, Display, Kiosk, TakeTicket } from './machine-model.ts'
import { lockHall } from './places.ts'
import { hallsByIds, readHall, rowsBefore } from './setup-store.ts'
import { kioskTickets, newestCalls } from './store.ts'
import type { DeviceRow, HallRow } from './tables.ts'

const minute = 60_000

type Closed = Kiosk['halls'][number]['closedBecause']

/** Why a hall gives no tickets: it is closed, whoever comes now would not be served any more, or today's tickets are gone. */
async function closedBecause(house: House, db: Db, standings: Standings, hall: HallRow): Promise<Closed> {
  const until = await openUntil(db, hall.unit_id, standings.now)
  if (until === undefined) return 'hours'
  const ordinary = standings.services.find(each => each.hall_id === hall.id)
  const range = ordinary ? expectedFor(standings, hall, ordinary) : null
  if (range !== null && standings.now + range.maxMinutes * minute >= until) return 'late'
  if (hall.daily_contingent === null) return null
  const given = await kioskTickets(db, hall.id, dayAt(house.config.TIME_ZONE, standings.now))
  return given >= hall.daily_contingent ? 'contingent' : null
}

/** The questions of a kiosk, for its halls that are in use: a hall that was removed hides only itself. */
export async function kioskView(house: House, device: DeviceRow): Promise<Kiosk> {
  const db = house.database.kysely
  const halls = await hallsByIds(db, device.hall_ids)
  const standings = await hallStandingsOf(house, db, halls)
  const unit = await unitOf(db, device.unit_id)
  const shown: Kiosk['halls'] = []
  for (const hall of halls) {
    const because = await closedBecause(house, db, standings, hall)
    const ordinary = standings.services.find(each => each.hall_id === hall.id && each.visit_class === 'ordinary')
    shown.push({
      ...{ id: hall.id, name: hall.name, open: because === null, closedBecause: because, letter: hall.letter },
      questions: hall.questions,
      expected: ordinary ? expectedFor(standings, hall, ordinary) : null,
    })
  }
  const [first] = halls
  return { unit: unit?.name ?? '', halls: shown, here: first ? await hereAddress(house, first.id) : null }
}

/** Somebody takes a ticket. @throws Refused 403 for a hall that is not the kiosk's, 409 when it gives none now */
export const takeTicket = useCase(
  async (work, { device, hallId, serviceId }: Omit<TakeTicket, 'language'> & { device: DeviceRow }): Promise<OneVisit> => {
    const found = device.hall_ids.includes(hallId) ? await readHall(work.tx, hallId) : undefined
    if (!found?.active) throw new Refused('counters.hallNotOfDevice', {}, 403)
    const hall = await lockHall(work, hallId)
    const because = await closedBecause(work.house, work.tx, await hallStandingsOf(work.house, work.tx, [hall]), hall)
    if (because !== null) throw new Refused(`counters.closedBecause.${because}`, { hall: hall.name }, 409)
    return arrive(work, { hall, service: await serviceIn(work, hall, serviceId), origin: 'kiosk' })
  },
)

/** Somebody with an appointment says its code. @throws Refused 404, 409, see `arriveWithAppointment` */
export const arriveAtKiosk = useCase(
  (work, { device, code }: Omit<ArriveAtKiosk, 'language'> & { device: DeviceRow }): Promise<OneVisit> =>
    arriveWithAppointment(work, { unitId: device.unit_id, code, origin: 'kiosk', hallIds: device.hall_ids }),
)

/** A call said aloud: made once, and kept beside what callers hear. WAV. @throws Refused 404 for a call that is not on the display, 409 without a voice */
export async function callSound(house: House, device: DeviceRow, callId: string): Promise<Buffer> {
  const { calls } = await displayView(house, device)
  const call = calls.find(({ id }) => id === callId)
  if (!call) throw notFound('visit')
  const said = { letter: call.code.slice(0, 1), number: Number(call.code.slice(1)), desk: call.desk }
  try {
    return (await voiceOf(house).speak(sentence('it', 'counters.spoken', said), 'it')).file
  } catch (error) {
    if (error instanceof SpeechFailed) throw new Refused('counters.notSpoken', {}, 409)
    throw error
  }
}

/** Who is called where: codes and desks, nothing else. */
export async function displayView(house: House, device: DeviceRow): Promise<Display> {
  const db = house.database.kysely
  const halls = await hallsByIds(db, device.hall_ids)
  const now = house.clock.now()
  const open = await openToday(
    house,
    db,
    halls.map(({ id }) => id),
  )
  const unit = await unitOf(db, device.unit_id)
  const skip = await rowsBefore(db, device.id)
  const calls = await newestCalls(
    db,
    halls.map(({ id }) => id),
    { skip, limit: device.rows },
  )
  const nameOf = new Map(halls.map(hall => [hall.id, hall.name]))
  return {
    ...{ unit: unit?.name ?? '', at: new Date(now).toISOString(), continues: skip > 0 },
    halls: halls.map(({ id, name }) => ({
      ...{ id, name },
      waiting: open.filter(each => each.hall_id === id && each.state === 'waiting' && (each.due_at?.getTime() ?? 0) <= now)
        .length,
    })),
    calls: calls.map(call => ({
      id: `${call.id}.${call.called_at.getTime()}`,
      ...{ code: call.code, desk: call.desk, hall: nameOf.get(call.hall_id) ?? '', at: call.called_at.toISOString() },
    })),
  }
}
