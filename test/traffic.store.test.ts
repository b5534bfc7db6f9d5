/** Virtual citizens and operators on the whole program: a scenario is followed to its end, nothing goes wrong, and the journal says what was not real. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgres } from '../src/platform/index.ts'
import { copyOfTemplate } from './support/database.ts'
import { type RunningProgram, startProgramProcess } from './support/program.ts'

const scenario = {
  name: 'Una prova',
  parts: [
    { name: 'si comincia', minutes: 0.1 },
    { name: 'chiamano in molti, uno se ne va', minutes: 0.1, calls: 2, keys: { 1: 1 }, present: 0.5 },
  ],
}

describe.runIf(process.env.UNIT_ONLY !== 'true')('traffic on the sample', () => {
  let program: RunningProgram
  let folder: string
  let databaseUrl: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'filo-traffic-'))
    databaseUrl = await copyOfTemplate()
    program = await startProgramProcess({ databaseUrl })
  })
  afterAll(async () => {
    await program?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Runs the command; returns its exit code and all that it said. */
  const traffic = (...options: string[]) =>
    new Promise<{ code: number; said: string }>(resolve => {
      const args = [join(import.meta.dirname, '../scripts/traffic.ts'), '--url', program.url, ...options]
      execFile(process.execPath, args, { env: { ...process.env, DATABASE_URL: databaseUrl } }, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, said: `${out}${err}` }),
      )
    })

  test('follows its scenario, and is refused where there is no sample', async () => {
    const file = join(folder, 'trial.json')
    writeFileSync(file, JSON.stringify(scenario))
    const { code, said } = await traffic('--calls-per-minute', '60', '--agents', '2', '--scenario', file)
    expect({ code, said }).toMatchObject({ code: 0 })
    expect(said).toMatch(/si comincia \(0\.1 min\): 2 operators are available; 60 calls a minute/)
    expect(said).toMatch(/uno se ne va \(0\.1 min\): 1 operators are available; 120 calls a minute/)
    expect(said).toMatch(/ended with \w+ +[1-9]/)
    expect(said).not.toContain('differs')

    const { kysely, close } = await openPostgres(databaseUrl, 2)
    try {
      const entries = await kysely
        .selectFrom('event')
        .select(['payload', 'actor'])
        .where('type', '=', 'sample.traffic')
        .orderBy('id')
        .execute()
      expect(entries.map(({ payload }) => payload)).toEqual(
        ['begins', 'ends'].map(state => ({ state, callsPerMinute: 120, agents: 2, scenario: 'Una prova' })),
      )
      await kysely.deleteFrom('setting').where('name', '=', 'sample').execute()
    } finally {
      await close()
    }
    expect(await traffic('--minutes', '1')).toMatchObject({ code: 1, said: expect.stringContaining('is not loaded') })
    writeFileSync(file, '{')
    expect(await traffic('--scenario', file)).toMatchObject({ code: 1 })
  })
})
