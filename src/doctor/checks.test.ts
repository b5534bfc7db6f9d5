/** What the doctor says of a good installation, and of one on which everything is bad; then each fault alone. */
import { describe, expect, test } from 'vitest'
import { readConfig } from '../platform/index.ts'
import { spell } from './check.ts'
import { examine, isUnwell } from './checks.ts'
import { dangersOf } from './dangers.ts'
import type { DatabaseFacts, InstallationFacts } from './model.ts'

const gigabyte = 1024 ** 3
const day = 86_400

const goodEnvironment = {
  DATABASE_URL: 'postgres://filo@127.0.0.1/filo',
  PUBLIC_URL: 'https://filo.ente.it',
  TRUST_PROXY: '1',
  SMTP_URL: 'smtps://mail.ente.it',
  MAIL_FROM: 'risposte@ente.it',
  SECRET: 'qUu0vXr9Tn2mKp5sWb8yEd1fGh4jLz7c',
  ASTERISK_URL: 'http://127.0.0.1:8088',
  ASTERISK_PASSWORD: 'wB5nQ8rT2yU9pLk3',
}

const goodDatabase: DatabaseFacts = {
  kind: 'postgres',
  server: {
    version: 150_010,
    encoding: 'UTF8',
    ctype: 'C.UTF-8',
    isSuperuser: false,
    settings: {
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      max_connections: '100',
      superuser_reserved_connections: '3',
      autovacuum: 'on',
      track_counts: 'on',
      idle_session_timeout: '0',
    },
    connectionsInUse: 12,
    clockAheadMs: 3,
  },
  missingExtensions: [],
  neighbours: { transactions: [], slots: [{ name: 'replica', active: true, retainedBytes: 1_000 }], prepared: [] },
  migrations: { applied: 20, pending: [], problem: null },
  administrators: 2,
  isSampleLoaded: false,
  sealAgeSeconds: 30,
  unsealedSince: 20,
  setAside: [],
  mail: { waiting: 0, oldestSeconds: 0 },
  blobsIn: null,
  backupAgeSeconds: 3_600,
  backupBy: 'npm run backup',
  isSecretInDatabase: false,
}

const good: InstallationFacts = {
  config: readConfig(goodEnvironment),
  machine: {
    isRoot: false,
    nodeMajor: 24,
    disk: { freeBytes: 80 * gigabyte, totalBytes: 200 * gigabyte },
    recordings: { bytes: gigabyte, isComplete: true },
    openFiles: 65_536,
  },
  database: goodDatabase,
  program: { status: 200, details: { ready: true, database: 'ok', journal: 'ok' } },
  publicUrl: { status: 200, isSecureKnown: true, certificateDaysLeft: 60, certificateProblem: null },
  asterisk: { version: '22.11.0-rc2+dfsg', missingModules: [], mayWrite: true, soundsWritable: true, writeTimeoutMs: 5_000 },
  mailServer: { ok: true },
  pecTrust: null,
  bucket: null,
}

const slow = 'cases (77@node-b): has not read what is 4000 s old'

const bad: InstallationFacts = {
  config: readConfig({
    ...goodEnvironment,
    DATABASE_URL: 'postgres://filo@db.ente.it/filo',
    HOST: '0.0.0.0',
    PUBLIC_URL: 'http://filo.ente.it',
    SECRET: 'x'.repeat(32),
    MAIL_FROM: 'risposte@filodiretto.example',
    PEC_TRUST: '/etc/pec.pem',
    ASTERISK_URL: 'http://pbx.ente.it:8088',
    ASTERISK_PASSWORD: 'asterisk',
    DATABASE_POOL: '150',
  }),
  machine: {
    isRoot: true,
    nodeMajor: 20,
    disk: { freeBytes: gigabyte / 2, totalBytes: 100 * gigabyte },
    recordings: { bytes: 3 * gigabyte, isComplete: false },
    openFiles: 1_024,
  },
  database: {
    kind: 'postgres',
    server: {
      version: 140_005,
      encoding: 'SQL_ASCII',
      ctype: 'C',
      isSuperuser: true,
      settings: {
        fsync: 'off',
        full_page_writes: 'on',
        synchronous_commit: 'off',
        max_connections: '100',
        autovacuum: 'off',
        track_counts: 'on',
        idle_session_timeout: '60000',
      },
      connectionsInUse: 90,
      clockAheadMs: -60_000,
    },
    missingExtensions: ['pg_trgm'],
    neighbours: {
      transactions: [{ pid: 77, database: 'neighbour', name: 'report', seconds: 9_000 }],
      slots: [{ name: 'forgotten', active: false, retainedBytes: 40 * gigabyte }],
      prepared: [{ name: 'half', database: 'neighbour', seconds: 4_000 }],
    },
    migrations: { applied: 17, pending: ['202611281710-x.sql'], problem: null },
    administrators: 0,
    isSampleLoaded: true,
    sealAgeSeconds: 7_200,
    unsealedSince: 7_200,
    setAside: [
      { reader: 'router', type: 'call.queued', why: 'newer', entries: 2 },
      { reader: 'cases', type: 'appointment.booked', why: 'failed', entries: 1 },
    ],
    mail: { waiting: 12, oldestSeconds: 3 * day },
    blobsIn: 'filo-diretto',
    backupAgeSeconds: 30 * day,
    backupBy: 'pgbackrest',
    isSecretInDatabase: true,
  },
  program: { status: 503, details: { ready: false, database: 'does not answer', journal: slow } },
  publicUrl: { status: 502, isSecureKnown: false, certificateDaysLeft: 3, certificateProblem: 'CERT_HAS_EXPIRED' },
  asterisk: {
    version: '20.5.0',
    missingModules: ['bridge_holding.so'],
    mayWrite: false,
    soundsWritable: false,
    writeTimeoutMs: 100,
  },
  mailServer: { error: 'Invalid login' },
  pecTrust: { error: 'ENOENT' },
  bucket: { error: 'connect ECONNREFUSED' },
}

const worstOf = (facts: InstallationFacts) => {
  const order = ['ok', 'unknown', 'warning', 'wrong']
  const worst = new Map<string, string>()
  for (const { check, status } of examine(facts))
    if (order.indexOf(status) > order.indexOf(worst.get(check) ?? '')) worst.set(check, status)
  return Object.fromEntries(worst)
}

test('a good installation has nothing to mend and nothing to look at', () => {
  expect(Object.entries(worstOf(good)).filter(([, status]) => status !== 'ok')).toEqual([])
  expect(isUnwell(examine(good))).toBe(false)
})

test('on a bad one every check finds its fault', () => {
  expect(worstOf(bad)).toEqual({
    configuration: 'wrong',
    user: 'warning',
    node: 'wrong',
    'open files': 'warning',
    disk: 'wrong',
    recordings: 'warning',
    database: 'ok',
    'database version': 'wrong',
    'database encoding': 'wrong',
    'database durability': 'wrong',
    'database connections': 'wrong',
    'database timeouts': 'warning',
    'database vacuum': 'wrong',
    'database role': 'warning',
    extensions: 'wrong',
    time: 'wrong',
    neighbours: 'wrong',
    migrations: 'warning',
    administrator: 'wrong',
    sample: 'warning',
    secret: 'ok',
    journal: 'wrong',
    'set aside': 'wrong',
    readers: 'wrong',
    mail: 'wrong',
    'mail server': 'wrong',
    'large things': 'wrong',
    PEC: 'wrong',
    backup: 'wrong',
    program: 'wrong',
    'public address': 'wrong',
    asterisk: 'wrong',
  })
  expect(isUnwell(examine(bad))).toBe(true)
})

test('whatever is not well says in a sentence what it is and how it is mended', () => {
  for (const { check, status, says, mend } of examine(bad)) {
    expect(says, check).toMatch(/^[A-Za-z0-9].*\.$/)
    expect(says, check).not.toMatch(/undefined|null|NaN/)
    if (status === 'wrong' || status === 'warning') expect(mend, check).toMatch(/\S/)
  }
})

test('a bucket that is away is wrong, as is one that is not set any more while something lies in it', () => {
  const said = (bucket: InstallationFacts['bucket'], blobsIn: string | null) =>
    worstOf({ ...good, bucket, database: { ...goodDatabase, blobsIn } })['large things']
  expect([said(null, null), said({ ok: true }, 'filo'), said({ ok: true }, null)]).toEqual(['ok', 'ok', 'ok'])
  expect([said(null, 'filo'), said({ error: 'no answer in time' }, null)]).toEqual(['wrong', 'wrong'])
})

test('what was set aside, and who lags, are said with what is to be done', () => {
  const said = (database: Partial<DatabaseFacts>, details = {}) =>
    examine({ ...good, database: { ...goodDatabase, ...database }, program: { status: 200, details } }).filter(
      ({ check, status }) => status !== 'ok' && (check === 'set aside' || check === 'readers'),
    )
  const newer = { reader: 'router', type: 'call.queued', why: 'newer', entries: 2 }
  expect(said({ setAside: [newer] })).toMatchObject([
    {
      status: 'warning',
      says: expect.stringMatching(/router.*2 of call\.queued/),
      mend: expect.stringContaining('newest release'),
    },
  ])
  expect(said({ setAside: [{ ...newer, why: 'damaged' }] })).toMatchObject([
    { status: 'wrong', mend: expect.stringContaining('verify:journal') },
  ])
  expect(said({}, { journal: slow })).toMatchObject([{ status: 'wrong', says: expect.stringContaining('77@node-b') }])
  const writer = 'process 99 (report) has been writing for 4000 s'
  expect(said({}, { journal: slow, writer })).toMatchObject([{ mend: expect.stringContaining(writer) }])
})

describe('what could not be had', () => {
  test('of the database is unknown or left out, never well', () => {
    const nothing: DatabaseFacts = {
      kind: 'postgres',
      server: null,
      missingExtensions: null,
      neighbours: null,
      migrations: null,
      administrators: null,
      isSampleLoaded: null,
      sealAgeSeconds: null,
      unsealedSince: null,
      setAside: null,
      mail: null,
      blobsIn: null,
      backupAgeSeconds: null,
      backupBy: null,
      isSecretInDatabase: null,
    }
    const said = worstOf({ ...good, database: nothing })
    for (const check of ['extensions', 'neighbours', 'migrations', 'administrator']) expect(said[check]).toBe('unknown')
    for (const check of ['database version', 'time', 'sample', 'mail', 'journal']) expect(said[check]).toBeUndefined()
  })

  test('of the rest is said where it matters', () => {
    const away = { error: 'connect ECONNREFUSED' }
    const said = worstOf({
      ...good,
      database: { error: 'PostgreSQL at DATABASE_URL does not answer.' },
      asterisk: away,
      publicUrl: away,
      mailServer: away,
      program: null,
    })
    expect(said).toMatchObject({
      database: 'wrong',
      asterisk: 'wrong',
      'public address': 'wrong',
      'mail server': 'wrong',
      program: 'warning',
    })
  })
})

describe('settings that are dangerous together', () => {
  const dangers = (environment: Record<string, string>, isSampleLoaded = false) =>
    dangersOf(readConfig(environment), { isSampleLoaded }).map(each => each.setting)

  test('are none where only this machine comes, nor on a good installation', () => {
    expect(dangers({}, true)).toEqual([])
    expect(dangers(goodEnvironment)).toEqual([])
  })

  test.each([
    [{ HOST: '0.0.0.0' }, ['HOST']],
    [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://filo.ente.it', TRUST_PROXY: '1' }, ['TRUST_PROXY']],
    [{ PUBLIC_URL: 'http://filo.ente.it' }, ['PUBLIC_URL']],
    [{ ASTERISK_PASSWORD: 'filodiretto' }, ['ASTERISK_PASSWORD']],
    [{ ASTERISK_PASSWORD: 'short' }, ['ASTERISK_PASSWORD']],
    [{ SECRET: 'changemechangemechangemechangeme' }, ['SECRET']],
    [{ SMTP_URL: 'smtp://mail.ente.it' }, ['MAIL_FROM']],
    [{ DATABASE_URL: 'postgres://db.ente.it/filo' }, ['DATABASE_URL']],
    [{ DATABASE_URL: 'postgres://db.ente.it/filo?sslmode=verify-full' }, []],
    [{ ASTERISK_URL: 'http://pbx.ente.it:8088' }, ['ASTERISK_URL']],
    [{ BLOBS_URL: 'http://s3.ente.it/filo', BLOBS_ACCESS_KEY: 'x', BLOBS_SECRET_KEY: 'x' }, ['BLOBS_URL']],
  ])('%o', (environment, settings) => {
    expect(dangers(environment)).toEqual(settings)
  })

  test('are said of the sample where others come, or where real numbers are dialled', () => {
    expect(dangers({ SAMPLE: 'yes', PUBLIC_URL: 'https://filo.example' }, true)).toEqual(['SAMPLE'])
    expect(dangers({ ASTERISK_URL: 'http://127.0.0.1:8088' }, true)).toEqual(['SAMPLE'])
  })
})

test('lengths of time are said as people say them', () => {
  expect([40, 600, 7_300, 3 * day].map(spell)).toEqual(['40 seconds', '10 minutes', '2 hours', '3 days'])
})
