/**
 * Mail of citizens from a real IMAP server to the committed interaction.
 *
 *   npm run bench -- mail [--mails 1000]
 *
 * The mails lie on Dovecot, each with a text, an HTML part and an attachment of up to 300 kB; a mailbox is made, and the program fetches, keeps,
 * reads and settles them on a PostgreSQL with fsync on. The time of a mail is from its being committed as bytes to its interaction's being committed:
 * all lie there at once, so that it is mostly waiting. Which share is parsing is measured afterwards, alone, by what reads them in the program's threads.
 */
import { cpus, loadavg } from 'node:os'
import { setTimeout as passes } from 'node:timers/promises'
import { sql } from 'kysely'
import { z } from 'zod'
import { mailAnswerPurpose, receiveMail, settleMailAnswer } from '../src/cases/index.ts'
import { openMailReader } from '../src/channels/inbox/reading/reader.ts'
import { startInbox } from '../src/channels/inbox/start.ts'
import { NewMailbox } from '../src/channels/mailboxes/model.ts'
import { createMailbox } from '../src/channels/mailboxes/service.ts'
import { type Database, type House, openPostgres, readConfig, systemClock } from '../src/platform/index.ts'
import { type Dovecot, dovecotPassword, startDovecot } from '../test/support/dovecot.ts'
import { openHouse } from '../test/support/house.ts'
import { startCluster } from '../test/support/postgres.ts'
import { staff } from '../test/support/staff.ts'
import { loadInstitute } from './national/kept.ts'

const Options = z.object({ mails: z.coerce.number().int().min(10).max(20_000).default(1_000) })

const withinMs = 300_000
const lookMs = 100
const settings = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', shared_buffers: '256MB' }

export default async function bench(): Promise<void> {
  const options: Record<string, string> = {}
  for (let i = 3; i < process.argv.length; i += 2) options[(process.argv[i] ?? '').replace(/^--/, '')] = process.argv[i + 1] ?? ''
  const { mails: count } = Options.parse(options)
  const cluster = await startCluster(settings)
  let server: Dovecot | undefined
  let database: Database | undefined
  try {
    const url = cluster.url('postgres')
    await loadInstitute(url)
    server = await startDovecot()
    server.fill('pensioni', mailsOf(count))
    database = await openPostgres(url, 8)
    const house = await openHouse(database, readConfig({ DATABASE_URL: url, LOG_LEVEL: 'error', SAMPLE: 'yes' }), systemClock)
    print(count, await takeIn(house, server.port, count), await parsingOf(mailsOf(count)))
    await house.tail.close()
  } finally {
    await database?.close()
    await server?.close()
    await cluster.stop()
  }
}

interface Taken {
  seconds: number
  p50Ms: number
  p95Ms: number
  peakMb: number
  interactions: number
}

/** Lets the program take in all that lies on the server. @throws when it takes too long, or something is not an interaction */
async function takeIn(house: House, port: number, count: number): Promise<Taken> {
  const mailbox = NewMailbox.parse({
    ...{ address: 'pensioni@ente.example', unitId: 'ccm-pensioni', host: '127.0.0.1', port, security: 'none' },
    ...{ userName: 'pensioni', secret: dovecotPassword },
  })
  await createMailbox(house, staff.administrator, mailbox)
  const begun = performance.now()
  const inbox = startInbox(house, { receive: receiveMail, settlers: { [mailAnswerPurpose]: settleMailAnswer } })
  let peak = 0
  try {
    for (;;) {
      peak = Math.max(peak, process.memoryUsage.rss())
      const { settled } = await stateOf(house)
      if (settled >= count) break
      if (performance.now() - begun > withinMs)
        throw new Error(`Only ${settled} of ${count} mails are there after ${withinMs / 1000} s.`)
      await passes(lookMs)
    }
    const seconds = (performance.now() - begun) / 1000
    const state = await stateOf(house)
    if (state.interactions !== count) throw new Error(`${state.interactions} of ${count} mails became interactions.`)
    return { seconds, p50Ms: state.p50, p95Ms: state.p95, peakMb: peak / 1024 / 1024, interactions: state.interactions }
  } finally {
    await inbox.close()
  }
}

async function stateOf(house: House): Promise<{ settled: number; interactions: number; p50: number; p95: number }> {
  const { rows } = await sql<{ settled: number; interactions: number; p50: number; p95: number }>`
    select count(*) filter (where state <> 'fetched')::int as settled,
           count(*) filter (where state = 'interaction')::int as interactions,
           coalesce(percentile_cont(0.50) within group (order by extract(epoch from settled_at - fetched_at) * 1000), 0)::float8 as p50,
           coalesce(percentile_cont(0.95) within group (order by extract(epoch from settled_at - fetched_at) * 1000), 0)::float8 as p95
    from   raw_mail`.execute(house.database.kysely)
  return rows[0] ?? { settled: 0, interactions: 0, p50: 0, p95: 0 }
}

interface Parsed {
  seconds: number
  megabytes: number
}

/** Reads all mails one after the other in a thread, as the program does. Making them is not counted. */
async function parsingOf(mails: Iterable<Buffer>): Promise<Parsed> {
  const reader = openMailReader()
  try {
    // The thread has begun before it is measured.
    await reader.read(mailOf(0))
    let ms = 0
    let bytes = 0
    for (const mail of mails) {
      const begun = performance.now()
      await reader.read(mail)
      ms += performance.now() - begun
      bytes += mail.length
    }
    return { seconds: ms / 1000, megabytes: bytes / 1024 / 1024 }
  } finally {
    await reader.close()
  }
}

function print(count: number, taken: Taken, { seconds: parsingSeconds, megabytes }: Parsed): void {
  const row = (name: string, value: string) => console.log(`${name.padEnd(46)}${value.padStart(12)}`)
  console.log(
    `${count} mails, ${megabytes.toFixed(0)} MB; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0]?.toFixed(1)}; Node ${process.version}; PostgreSQL with fsync on`,
  )
  row('from the first look to the last commit', `${taken.seconds.toFixed(1)} s`)
  row('became interactions', String(taken.interactions))
  row('bytes taken in', `${(megabytes / taken.seconds).toFixed(1)} MB/s`)
  row('from bytes to interaction, half of them within', `${(taken.p50Ms / 1000).toFixed(1)} s`)
  row('from bytes to interaction, 95 % within', `${(taken.p95Ms / 1000).toFixed(1)} s`)
  row('parsing alone, in one thread', `${parsingSeconds.toFixed(1)} s`)
  row('parsing, share of the whole', `${((100 * parsingSeconds) / taken.seconds).toFixed(0)} %`)
  const keys = {
    mails_per_s: (count / taken.seconds).toFixed(1),
    p95_ms: taken.p95Ms.toFixed(0),
    rss_mb: taken.peakMb.toFixed(0),
  }
  console.log(
    `bench mail ${Object.entries(keys)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ')}`,
  )
}

/** Made one by one: none of them is in the memory that is measured. */
function* mailsOf(count: number): Generator<Buffer> {
  for (let n = 0; n < count; n++) yield mailOf(n)
}

/** A mail of the year's usual kind. Every one is another, and from another sender: twenty from one sender in an hour are examined. */
function mailOf(n: number): Buffer {
  const attachment = Buffer.alloc(10_000 + ((n * 7_919) % 290_000), `%PDF-1.4 cedolino ${n} `)
    .toString('base64')
    .replace(/.{76}/g, '$&\r\n')
  const words = `Buongiorno, vorrei sapere a che punto è la mia domanda ${n}. `.repeat(12)
  return Buffer.from(
    [
      `From: Cittadino ${n} <cittadino-${n}@example.org>`,
      'To: pensioni@ente.example',
      `Subject: =?utf-8?Q?A_che_punto_=C3=A8_la_mia_domanda_${n}=3F?=`,
      `Message-ID: <bench-${n}@example.org>`,
      'Date: Fri, 27 Nov 2026 10:00:00 +0100',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=outer',
      '',
      '--outer',
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      'Content-Type: text/plain; charset=utf-8',
      '',
      words,
      '--inner',
      'Content-Type: text/html; charset=utf-8',
      '',
      `<html><body><div style="font-family:Arial"><p>${words}</p><img src="https://example.org/seen-${n}.gif"></div></body></html>`,
      '--inner--',
      '--outer',
      'Content-Type: application/pdf; name="cedolino.pdf"',
      'Content-Disposition: attachment; filename="cedolino.pdf"',
      'Content-Transfer-Encoding: base64',
      '',
      attachment,
      '--outer--',
      '',
    ].join('\r\n'),
  )
}
