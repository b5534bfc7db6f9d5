/** How often the sample's history, in which nothing is broken, would have called: every hour of every group and cause, looked at as the worker does. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { goOnWithSample } from '../../sample/index.ts'
import { onPostgres } from '../../test/support/database.ts'
import { sampleMark, wallClock, weekdayOf } from '../platform/index.ts'
import { isUnusual, maxChance } from './detection.ts'
import { comparedHours } from './proposals.ts'

const now = Date.parse('2026-11-25T10:40:00Z')
const zone = 'Europe/Rome'
const hourMs = 3_600_000

onPostgres(open => {
  test('the false-alarm rate on six weeks of the sample is what is promised', async () => {
    const { house } = await open()
    const days = { seed: 20_250_203, now, written: 0, done: false }
    await house.database.kysely
      .updateTable('setting')
      .set({ value: JSON.stringify({ loaded: true, days }) })
      .where('name', '=', sampleMark)
      .execute()
    await goOnWithSample(house)
    const { rows } = await sql<{ unit_id: string; cause_key: string; opened_at: Date }>`
      select unit_id, cause_key, opened_at from ticket
      where  cause_key is not null and not exists (select from incident_ticket linked where linked.ticket_id = ticket.id)`.execute(
      house.database.kysely,
    )
    expect(rows.length).toBeGreaterThan(50)
    const counts = new Map<string, number>()
    const causes = new Set<string>()
    const hours = new Set<number>()
    for (const { unit_id, cause_key, opened_at } of rows) {
      const hour = Math.floor(opened_at.getTime() / hourMs) * hourMs
      const cause = `${unit_id} ${cause_key}`
      causes.add(cause)
      hours.add(hour)
      counts.set(`${cause} ${hour}`, (counts.get(`${cause} ${hour}`) ?? 0) + 1)
    }
    let looks = 0
    let alarms = 0
    for (const hour of hours) {
      if (weekdayOf(wallClock(zone, hour).day) > 5) continue
      const spans = comparedHours(zone, new Date(hour), () => false)
      for (const cause of causes) {
        looks++
        const tickets = counts.get(`${cause} ${hour}`) ?? 0
        if (tickets === 0) continue
        const before = spans.reduce((sum, { from }) => sum + (counts.get(`${cause} ${from.getTime()}`) ?? 0), 0)
        if (isUnusual({ tickets, before, hours: spans.length })) alarms++
      }
    }
    console.log(
      `false alarms on the sample's history: ${alarms} in ${looks} looks, ${rows.length} tickets (1 in ${1 / maxChance} is promised)`,
    )
    expect(alarms).toBeLessThanOrEqual(Math.ceil(looks * maxChance + 3 * Math.sqrt(looks * maxChance)))
  }, 300_000)
})
