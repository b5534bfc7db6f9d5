/** The sample's accounts are for this machine only, and the sample goes away again: whole when nothing hangs on it, its accounts in any case. */
import { networkInterfaces } from 'node:os'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { closeSampleAccounts, loadSample, removeSample, routes as sample } from '../sample/index.ts'
import { livingIds } from '../sample/living/index.ts'
import { audience, authenticate, createFirstAdministrator, identityRoutes as identity } from '../src/identity/index.ts'
import { startProgram } from '../src/main.ts'
import { type House, isSampleLoaded, openServer, readConfig, system } from '../src/platform/index.ts'
import { password, userOf } from './support/accounts.ts'
import { browserAt } from './support/browser.ts'
import { eachDatabase, type OpenHouse, onPostgres } from './support/database.ts'
import { staff } from './support/staff.ts'

const account = { user: userOf(staff.anna), password }

/** The address under which other machines would reach this one; undefined where it has none. */
const outside = Object.values(networkInterfaces())
  .flatMap(all => all ?? [])
  .find(each => !each.internal && each.family === 'IPv4')?.address

async function serve(open: OpenHouse, environment: Record<string, string> = {}) {
  const { house } = await open({ environment: { PORT: '0', SAMPLE: 'if-empty', ...environment } })
  const server = await openServer(house, {
    routes: [...identity, ...sample],
    sockets: [],
    authenticate,
    audience,
    ready: async () => ({ ready: true, details: {} }),
  })
  return { house, server, browser: browserAt(server.url), port: new URL(server.url).port }
}

/** Two citizens of the living sample whose cards somebody has joined, corrected, and given a mandate. */
async function joinedAndMandated({ database }: House, one: string, other: string): Promise<void> {
  await database.script(`
    insert into contact (id, kind, family_name, language, created_at, updated_at)
    select id::uuid, 'person', 'Ferri', 'it', now(), now() from unnest(array['${one}', '${other}']) id;
    insert into contact_link (id, contact_id, main_id, joined_at, joined_by_name) values (gen_random_uuid(), '${other}', '${one}', now(), 'Anna');
    insert into former_fiscal_code values ('${one}', 'FRRGLI62P44H501X', now(), 'Anna');
    insert into mandate (id, intermediary_id, principal_id, kind, valid_from, noted_at, noted_by_name)
    values (gen_random_uuid(), '${one}', '${other}', 'delegation', '2026-01-01', now(), 'Anna');
    insert into speaker (id, principal_id, mandate_id, at, by_name) select gen_random_uuid(), principal_id, id, now(), 'Anna' from mandate`)
}

eachDatabase(open => {
  test('accounts are listed, and their password is good, on this machine only', async () => {
    const { server, browser } = await serve(open)
    const list = async (headers: Record<string, string>) =>
      (await browser.send('GET', '/api/session/sample-accounts', undefined, headers)).body
    expect(await list({})).toMatchObject({
      password,
      accounts: expect.arrayContaining([expect.objectContaining({ user: account.user })]),
    })
    expect(await browser.send('GET', '/api/sample')).toMatchObject({ body: { loaded: true } })
    // A proxy on this machine hands on what comes from anywhere.
    const throughProxy = { 'x-forwarded-for': '127.0.0.1' }
    expect(await list(throughProxy)).toEqual({ password: '', accounts: [] })
    expect(await browserAt(server.url).send('POST', '/api/session', account, throughProxy)).toMatchObject({
      status: 403,
      body: { code: 'identity.publishedPassword' },
    })
    expect(await browserAt(server.url).send('POST', '/api/session', account)).toMatchObject({ status: 200 })
    await server.close()
  })

  test.runIf(outside)('another machine is told nothing, whatever it says about itself', async () => {
    const { server, port } = await serve(open, { HOST: '0.0.0.0', TRUST_PROXY: '1' })
    const elsewhere = browserAt(`http://${outside}:${port}`)
    for (const headers of [{}, { 'x-forwarded-for': '127.0.0.1' }]) {
      expect(await elsewhere.send('GET', '/api/session/sample-accounts', undefined, headers)).toMatchObject({
        body: { password: '', accounts: [] },
      })
      expect(await elsewhere.send('POST', '/api/session', account, headers)).toMatchObject({ status: 403 })
    }
    await server.close()
  })

  test('where somebody has said SAMPLE=yes the password is good from anywhere', async () => {
    const { server } = await serve(open, { SAMPLE: 'yes' })
    const answer = await browserAt(server.url).send('POST', '/api/session', account, { 'x-forwarded-for': '10.0.0.7' })
    expect(answer).toMatchObject({ status: 200 })
    await server.close()
  })

  test('it is taken away as it came, and can come again', async () => {
    const { house } = await open()
    const tables = await house.database.script(
      "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    )
    await joinedAndMandated(house, livingIds.from, livingIds.from.replace(/.$/, '1'))
    await removeSample(house, 'en')
    expect(await isSampleLoaded(house.database.kysely)).toBe(false)
    // What the journal and the program keep of themselves, not of the sample.
    const own = /^(migration|event(_.*)?|journal_.*|sum_follower|workload_follower|setting|seal|deadline_target)$/
    for (const { name } of tables) {
      if (own.test(String(name))) continue
      const { rows } = await sql`select * from ${sql.table(String(name))} limit 1`.execute(house.database.kysely)
      expect(rows, `left in ${name}`).toEqual([])
    }
    // The targets that the program brings, and none of a typology.
    const targets = await house.database.kysely.selectFrom('deadline_target').select('typology_id').distinct().execute()
    expect(targets).toEqual([{ typology_id: '' }])
    await createFirstAdministrator(house, system('test'), {
      user: 'vera.prima',
      name: 'Vera Prima',
      password: 'cavallo batteria graffetta',
      institute: 'Ente',
    })
    await house.database.script('truncate unit, person cascade')
    await loadSample(house)
    expect(await isSampleLoaded(house.database.kysely)).toBe(true)
  })

  test('it is refused with what hangs on it; its accounts can be closed all the same', async () => {
    const { house, server, browser } = await serve(open)
    await browser.send('POST', '/api/session', account)
    await house.database.script(
      "insert into person (id, user_name, name, sort_key, language, created_at) values (gen_random_uuid(), 'vera.prima', 'Vera Prima', 'prima vera', 'it', now())",
    )
    await expect(removeSample(house, 'en')).rejects.toMatchObject({
      code: 'sample.inUse',
      status: 409,
      values: { what: 'accounts of your own: 1' },
    })
    expect(await isSampleLoaded(house.database.kysely)).toBe(true)
    expect(await browser.send('GET', '/api/session')).toMatchObject({ status: 200 })
    expect(await closeSampleAccounts(house)).toBeGreaterThan(1_000)
    expect(await browser.send('GET', '/api/session')).toMatchObject({ status: 401 })
    expect(await browserAt(server.url).send('POST', '/api/session', account)).toMatchObject({ status: 401 })
    expect(await isSampleLoaded(house.database.kysely)).toBe(false)
    expect(await house.database.script('select count(*)::int as units from unit')).not.toEqual([{ units: 0 }])
    await server.close()
  })
})

onPostgres(open => {
  const start = (url: string | undefined, environment: Record<string, string>) =>
    startProgram(readConfig({ DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'silent', ...environment }))

  test('a program that others reach does not start with it unless somebody has said so', async () => {
    const { url } = await open()
    await expect(start(url, { PUBLIC_URL: 'https://filo.example' })).rejects.toThrow(
      /sample institute is loaded.*PUBLIC_URL=https:\/\/filo\.example/,
    )
    await expect(start(url, { HOST: '0.0.0.0' })).rejects.toThrow('HOST=0.0.0.0 lets others')
    const program = await start(url, { PUBLIC_URL: 'https://filo.example', SAMPLE: 'yes' })
    await program.close()
  })

  test('an empty PostgreSQL stays empty, and the start leads to the first administrator', async () => {
    const { house, url } = await open()
    await removeSample(house, 'en')
    const program = await start(url, { PUBLIC_URL: 'https://filo.example' })
    expect(program.welcome).toContain('npm run first-administrator')
    expect(program.welcome).not.toContain(password)
    expect(await house.database.script('select count(*)::int as people from person')).toEqual([{ people: 0 }])
    await program.close()
  })
})
