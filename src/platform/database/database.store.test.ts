import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../test/support/database.ts'
import { openEmbedded } from '../index.ts'

const folders: string[] = []
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'filo-data-'))
  folders.push(made)
  return made
}
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true })
})

eachDatabase(open => {
  test('a query outside never slips into an open transaction', async () => {
    const { house } = await open()
    const { kysely } = house.database
    await sql`create table shelf (name text)`.execute(kysely)
    const inside = Promise.withResolvers<void>()
    const transaction = kysely
      .transaction()
      .execute(async tx => {
        await sql`insert into shelf values ('inside')`.execute(tx)
        inside.resolve()
        await new Promise(resolve => setImmediate(resolve))
        await sql`select 1`.execute(tx)
        throw new Error('rolled back')
      })
      .catch(() => 'rolled back')
    await inside.promise
    await Promise.all([
      sql`insert into shelf values ('outside')`.execute(kysely),
      house.database.query('insert into shelf values ($1)', ['raw']),
    ])
    expect(await transaction).toBe('rolled back')
    const { rows } = await sql<{ name: string }>`select name from shelf order by name`.execute(kysely)
    expect(rows.map(row => row.name)).toEqual(['outside', 'raw'])
  })

  test('a named statement may have any number of texts on one connection', async () => {
    const { house } = await open()
    await house.database.kysely.connection().execute(async one => {
      const ask = async (columns: number) => {
        const list = sql.join(Array.from({ length: columns }, (_, n) => sql`${n}::int as ${sql.ref(`c${n}`)}`))
        const { rows } = await sql`/* shelf.ask */ select ${list}`.execute(one)
        return Object.keys(rows[0] ?? {}).length
      }
      for (const columns of [1, 2, 1, 3, 4, 5, 6, 7, 2, 7]) expect(await ask(columns)).toBe(columns)
    })
  })

  test('a job exists exactly if its transaction has committed, and is tried again when it fails', async () => {
    const done: unknown[] = []
    const finished = Promise.withResolvers<void>()
    const { house } = await open()
    house.jobs.define('greet', async data => {
      done.push(data)
      finished.resolve()
    })
    await house.jobs.start(true)
    const refused = house.database.kysely.transaction().execute(async tx => {
      await house.jobs.send(tx, 'greet', { name: 'nobody' })
      throw new Error('no')
    })
    await expect(refused).rejects.toThrow('no')
    await house.database.kysely.transaction().execute(tx => house.jobs.send(tx, 'greet', { name: 'Anna' }))
    await finished.promise
    await house.jobs.close()
    expect(done).toEqual([{ name: 'Anna' }])
  })
})

test('a folder in use is refused with a sentence, and free again when its owner has gone, even by kill -9', async () => {
  const data = folder()
  const program = `
    import { openEmbedded } from '${join(import.meta.dirname, '../index.ts')}'
    const database = await openEmbedded(process.argv[1])
    await database.script('create table if not exists shelf (name text)')
    await database.script("insert into shelf values ('kept')")
    process.stdout.write('open')
    setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', program, data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise(resolve => owner.stdout.once('data', resolve))
  await expect(openEmbedded(data)).rejects.toThrow('is in use by another running program')
  owner.kill('SIGKILL')
  await new Promise(resolve => owner.once('exit', resolve))
  const database = await openEmbedded(data)
  expect(await database.script('select name from shelf')).toEqual([{ name: 'kept' }])
  await database.close()
})

test('a damaged folder is left as it is and named', async () => {
  const data = folder()
  const database = await openEmbedded(data)
  await database.close()
  writeFileSync(join(data, 'database', 'global', 'pg_control'), 'garbage')
  await expect(openEmbedded(data)).rejects.toThrow(/cannot be opened\. It has been left as it is/)
})
