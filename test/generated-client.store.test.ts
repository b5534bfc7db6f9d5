/** Others work with the API by the client that a public generator makes of its description: one is made here, and calls the program. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@hey-api/openapi-ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { copyOfTemplate } from './support/database.ts'
import { type RunningProgram, startProgramProcess } from './support/program.ts'

/** What the generator makes: a function for each operation, which answers data or a problem. */
const Operation = z.custom<(options?: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>>(
  value => typeof value === 'function',
)
const Sdk = z.record(z.string(), z.unknown())

describe.runIf(process.env.UNIT_ONLY !== 'true')('the generated client', () => {
  let program: RunningProgram
  let folder: string
  let cookie = ''

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'filo-client-'))
    program = await startProgramProcess({ databaseUrl: await copyOfTemplate(), environment: { PUBLIC_API_DOCS: 'true' } })
  })
  afterAll(async () => {
    await program?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('is made without an error, and its functions do what they are called', async () => {
    const description = await (await fetch(`${program.url}/api/openapi.json`)).text()
    writeFileSync(join(folder, 'openapi.json'), description)
    await createClient({
      input: join(folder, 'openapi.json'),
      output: { path: join(folder, 'client'), module: { extension: '.ts' } },
      logs: { level: 'silent', file: false },
      plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
    })
    const sdk = Sdk.parse(await import(join(folder, 'client/sdk.gen.ts')))
    const call = async (operation: string, options: object = {}) => {
      const { data, error, response } = await Operation.parse(sdk[operation])({
        baseUrl: `${program.url}/api`,
        headers: { cookie },
        ...options,
      })
      const [set] = response.headers.getSetCookie()
      if (set !== undefined) cookie = set.split(';')[0] ?? ''
      return { data, error, status: response.status }
    }

    expect(await call('readSession')).toMatchObject({ status: 401, error: { code: 'platform.signIn' } })
    expect(await call('readStatus')).toMatchObject({ status: 200 })
    expect(await call('signIn', { body: { user: 'anna.bianchi', password: 'filodiretto' } })).toMatchObject({ status: 200 })
    expect(await call('readSession')).toMatchObject({ status: 200, data: { person: { user: 'anna.bianchi' } } })
    expect(await call('findUnits', { query: { q: 'Roma EUR' } })).toMatchObject({ status: 200 })
    expect(await call('findTypologies', { query: { q: 'pensione' } })).toMatchObject({ status: 200 })
    expect(await call('listHolidays', { query: { year: 2026 } })).toMatchObject({ status: 200 })
    const created = await call('createContact', {
      body: { kind: 'person', givenName: 'Ada', familyName: 'Prova' },
      headers: { cookie, 'Idempotency-Key': 'generated-client-1' },
    })
    expect(created).toMatchObject({ status: 201, data: { familyName: 'Prova' } })
    const { id, version } = z.object({ id: z.string(), version: z.number() }).parse(created.data)
    const changed = await call('changeContact', {
      path: { contactId: id },
      body: { givenName: 'Ida' },
      headers: { cookie, 'If-Match': `"${version}"`, 'Content-Type': 'application/merge-patch+json' },
    })
    expect(changed).toMatchObject({ status: 200, data: { givenName: 'Ida' } })
    expect(await call('findContacts', { query: { q: 'prova ida' } })).toMatchObject({
      status: 200,
      data: { items: [{ name: 'Ida Prova' }] },
    })
    expect(await call('readContact', { path: { contactId: id } })).toMatchObject({ status: 200 })
    expect(await call('signOut')).toMatchObject({ status: 204 })
    expect(await call('readSession')).toMatchObject({ status: 401 })
  })
})
