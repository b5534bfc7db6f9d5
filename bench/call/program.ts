/** The program under measure: the sample institute with agents of one section, signed in and available, and a flow without a menu. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import pg from 'pg'
import { loadSample } from '../../sample/index.ts'
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts'
import type { FlowInput } from '../../src/ivr/index.ts'
import { migrate, openPostgres, readConfig, systemClock } from '../../src/platform/index.ts'
import { openHouse } from '../../test/support/house.ts'
import type { RunningProgram } from '../../test/support/program.ts'

const section = 'ccm-pensioni'
const heartEveryMs = 5_000
/** Agents that begin at once. */
const atOnce = 10

export interface Agent {
  id: string
  /** Of a session that is open. */
  token: string
}

/**
 * Makes the institute: the sample's operators, and as many more, as agents of one section, each with a session, and a telephone of the
 * yardstick; and a flow without a menu.
 */
export async function prepare(url: string, startedAt: Date, telephones: readonly string[]): Promise<Agent[]> {
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
  const query = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => (await client.query(sql, values)).rows as T[]
  await query("update flow set content = $1 where id = 'main' and status = 'published'", [JSON.stringify(flow)])
  await query('delete from section_routing where section_id = $1', [section])
  await query('insert into section_routing values ($1, $2)', [section, JSON.stringify({ wrapUpMs: 0, restMs: 0 })])
  await query('delete from agent_skill')
  const agents: Agent[] = []
  for (const telephone of telephones) {
    const [id, assignment, token] = [randomUUID(), randomUUID(), randomBytes(32).toString('base64url')]
    await query(`insert into person (id, user_name, name, sort_key, language, created_at) values ($1, $2, $2, $2, 'it', now())`, [
      id,
      telephone,
    ])
    await query(
      `insert into assignment (id, person_id, role, unit_id, unit_path, starts_at)
       select $2, $1, 'operator', id, path, now() - interval '1 day' from unit where id = $3`,
      [id, assignment, section],
    )
    await query('insert into agent_skill values ($1, $2, 5)', [id, section])
    // Session and telephone are younger than the program's clock, which is set to office hours.
    await query(
      `insert into session (id, token_hash, person_id, assignment_id, started_at, seen_at)
       values ($1, $2, $3, $4, now() + interval '5 days', now() + interval '5 days')`,
      [randomUUID(), createHash('sha256').update(token).digest('hex'), id, assignment],
    )
    await query("insert into telephone values ($1, $2, $3, $4, now() + interval '30 days', $5)", [
      ...[telephone, randomUUID(), id, 'a fixed telephone needs none', startedAt],
    ])
    agents.push({ id, token })
  }
  await client.end()
  return agents
}

export interface Work {
  /** Makes these agents available, as far as they are not, and keeps their hearts beating. */
  begin(agents: readonly Agent[]): Promise<void>
  stop(): void
}

export function openWork(program: RunningProgram): Work {
  const hearts = new Map<string, NodeJS.Timeout>()
  async function beginOne({ id, token }: Agent): Promise<void> {
    const pageId = randomUUID()
    const post = async (path: string, body: unknown) => {
      const response = await fetch(`${program.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: `session=${token}` },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    }
    const beat = () => post('/api/desk/heartbeat', { pageId, telephoneReady: true })
    await beat()
    await post('/api/desk/available', { pageId })
    hearts.set(
      id,
      setInterval(() => void beat().catch(() => {}), heartEveryMs),
    )
  }
  return {
    async begin(agents) {
      const waiting = agents.filter(({ id }) => !hearts.has(id))
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let next = waiting.shift(); next; next = waiting.shift()) await beginOne(next)
        }),
      )
    },
    stop() {
      for (const heart of hearts.values()) clearInterval(heart)
    },
  }
}

export async function startedAtOf(asterisk: RunningAsterisk): Promise<Date> {
  const authorization = `Basic ${Buffer.from(`${asterisk.user}:${asterisk.password}`).toString('base64')}`
  const answered = await fetch(`${asterisk.url}/ari/asterisk/info`, { headers: { authorization } })
  const { status } = (await answered.json()) as { status: { startup_time: string } }
  return new Date(status.startup_time)
}
