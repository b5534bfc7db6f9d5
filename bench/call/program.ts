/** The program under measure: the sample institute with twenty agents of one section, signed in and available, and a flow without a menu. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { loadSample, samplePassword } from '../../sample/index.ts'
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts'
import { yardstickMembers } from '../../scripts/asterisk/settings.ts'
import type { FlowInput } from '../../src/ivr/index.ts'
import { migrate, openPostgres, readConfig, systemClock } from '../../src/platform/index.ts'
import { openHouse } from '../../test/support/house.ts'
import type { RunningProgram } from '../../test/support/program.ts'

const section = 'ccm-pensioni'

/** Makes the institute: twenty agents of one section, whose telephones are those of the yardstick, and a flow without a menu. */
export async function prepare(url: string, startedAt: Date): Promise<{ id: string; user: string }[]> {
  const database = await openPostgres(url, 5)
  await migrate(database)
  const house = await openHouse(database, readConfig({ LOG_LEVEL: 'silent', DATABASE_URL: url }), systemClock)
  await loadSample(house)
  await house.tail.close()
  await database.close()
  const flow: FlowInput = {
    id: 'main',
    name: 'Bench',
    languages: ['it'],
    start: 'queue',
    nodes: { queue: { type: 'queue', section } },
  }
  const client = new pg.Client(url)
  await client.connect()
  const query = async (sql: string, values: unknown[] = []) =>
    (await client.query<{ id: string; user_name: string }>(sql, values)).rows
  await query("update flow set content = $1 where id = 'main' and status = 'published'", [JSON.stringify(flow)])
  await query('delete from section_routing where section_id = $1', [section])
  await query('insert into section_routing values ($1, $2)', [section, JSON.stringify({ wrapUpMs: 0, restMs: 0 })])
  const people = await query(
    `select person.id, user_name from person join assignment on person_id = person.id
     where role = 'operator' order by user_name limit ${yardstickMembers.length}`,
  )
  await query('delete from agent_skill')
  for (const [index, { id }] of people.entries()) {
    await query('insert into agent_skill values ($1, $2, 5)', [id, section])
    // Younger than the program's clock, which is set to office hours.
    await query("insert into telephone values ($1, $2, $3, $4, now() + interval '30 days', $5)", [
      yardstickMembers[index],
      randomUUID(),
      id,
      'a fixed telephone needs none',
      startedAt,
    ])
  }
  await client.end()
  return people.map(({ id, user_name }) => ({ id, user: user_name }))
}

/** Signs the agents in and keeps their hearts beating. Answers how to stop. */
export async function agentsAtWork(program: RunningProgram, people: readonly { user: string }[]): Promise<() => void> {
  const hearts: NodeJS.Timeout[] = []
  for (const { user } of people) {
    const pageId = randomUUID()
    let cookie = ''
    const post = async (path: string, body: unknown) => {
      const response = await fetch(`${program.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return response
    }
    const signedIn = await post('/api/session', { user, password: samplePassword })
    cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const beat = () => post('/api/desk/heartbeat', { pageId, telephoneReady: true })
    await beat()
    await post('/api/desk/available', { pageId })
    hearts.push(setInterval(() => void beat().catch(() => {}), 5_000))
  }
  return () => {
    for (const heart of hearts) clearInterval(heart)
  }
}

export async function startedAtOf(asterisk: RunningAsterisk): Promise<Date> {
  const authorization = `Basic ${Buffer.from(`${asterisk.user}:${asterisk.password}`).toString('base64')}`
  const answered = await fetch(`${asterisk.url}/ari/asterisk/info`, { headers: { authorization } })
  const { status } = (await answered.json()) as { status: { startup_time: string } }
  return new Date(status.startup_time)
}
