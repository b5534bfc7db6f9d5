/** `npm run first-administrator`, as it is started: the password by standard input, never by the arguments; once for an installation. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { authenticate, identityRoutes } from '../src/identity/index.ts'
import { openServer } from '../src/platform/index.ts'
import { nobody } from './support/audience.ts'
import { browserAt } from './support/browser.ts'
import { onPostgres } from './support/database.ts'

const script = join(import.meta.dirname, '../scripts/first-administrator.ts')
const password = 'cavallo batteria graffetta'

/** Runs the command and returns how it ended and what it said. */
function run(url: string, args: readonly string[], input: string): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
      env: { ...process.env, DATABASE_URL: url, LANG: 'en_GB.UTF-8', LC_ALL: 'en_GB.UTF-8' },
    })
    let said = ''
    const hear = (text: Buffer) => {
      said += text.toString()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('close', code => resolve({ code, said }))
    // One that refuses its arguments ends without reading.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

onPostgres(open => {
  test('the first administrator and a second one are made, no third, and they can sign in', async () => {
    const { house, url = '' } = await open({ environment: { PORT: '0' } })
    await house.database.script('truncate unit, person cascade')
    const account = ['--user', 'Aldo.Serra', '--name', 'Aldo Serra', '--institute', 'Ente della Sanità']
    expect(await run(url, [...account, '--password', password], '')).toMatchObject({
      code: 1,
      said: expect.stringContaining('never passed as an argument'),
    })
    expect(await run(url, account, 'too short\n')).toMatchObject({
      code: 1,
      said: expect.stringContaining('at least 12 characters'),
    })
    expect(await run(url, account, '')).toMatchObject({ code: 1, said: expect.stringContaining('password is missing') })
    expect(await house.database.kysely.selectFrom('person').select('id').execute()).toEqual([])
    const made = await run(url, account, `${password}\n`)
    expect(made).toMatchObject({ code: 0, said: expect.stringContaining('aldo.serra can sign in') })
    expect(made.said).not.toContain(password)
    const second = ['--user', 'bice.fonti', '--name', 'Bice Fonti']
    expect(await run(url, second, `${password}\n`)).toMatchObject({ code: 0 })
    expect(await run(url, account, `${password}\n`)).toMatchObject({
      code: 1,
      said: expect.stringContaining('administrators already'),
    })
    const server = await openServer(house, {
      routes: identityRoutes,
      sockets: [],
      authenticate,
      audience: nobody,
      ready: async () => ({ ready: true, details: {} }),
    })
    const answer = await browserAt(server.url).send('POST', '/api/session', { user: 'aldo.serra', password })
    await server.close()
    expect(answer).toMatchObject({ status: 200, body: { acting: { role: 'administrator', unitName: 'Ente della Sanità' } } })
  })
})
