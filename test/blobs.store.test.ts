/** Large things in a bucket of a real S3-compatible server: what a row names is there, what nothing names goes, and while the bucket is away everybody waits. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mailAnswerPurpose, receiveMail, settleMailAnswer } from '../src/cases/index.ts'
import { mailFiles } from '../src/cases/mails/files.ts'
import { answerMailOf, takeMailInHand } from '../src/cases/mails/mails.ts'
import { mailboxTroubled, mailReceived } from '../src/channels/events.ts'
import { processNext } from '../src/channels/inbox/process.ts'
import { parseMail } from '../src/channels/inbox/reading/read.ts'
import { startInbox } from '../src/channels/inbox/start.ts'
import { NewMailbox } from '../src/channels/mailboxes/model.ts'
import { createMailbox, mailboxView } from '../src/channels/mailboxes/service.ts'
import { sendDue } from '../src/channels/outbox.ts'
import { pecService } from '../src/channels/pec/service.ts'
import { sweepBlobs } from '../src/platform/blobs/sweep.ts'
import {
  BucketAway,
  bringBlob,
  type Config,
  deleteBlob,
  eraseBlobs,
  type House,
  inTransaction,
  isOneOf,
  keepBlob,
  readConfig,
  system,
  virtualClock,
  wholeBlob,
} from '../src/platform/index.ts'
import { onPostgres } from './support/database.ts'
import { dovecotPassword, startDovecot } from './support/dovecot.ts'
import { mailBy, startMailServer } from './support/mail-server.ts'
import { staff } from './support/staff.ts'
import { type Swift, startSwift } from './support/swift.ts'

const { anna, administrator } = staff
const dayMs = 86_400_000
const large = Buffer.alloc(700_000, 'Buongiorno. ')

const keep = async (house: House, bytes: Uint8Array): Promise<string> => {
  const brought = await bringBlob(house, bytes)
  return inTransaction(house, system('test'), work => keepBlob(work, brought))
}
/** The same house, set otherwise. */
const set = (house: House, more: Partial<Config>): House => ({ ...house, parts: {}, config: { ...house.config, ...more } })
const bucketOfRow = async (house: House, id: string) =>
  (await house.database.kysely.selectFrom('blob').select('bucket').where('id', '=', id).executeTakeFirst())?.bucket

onPostgres(open => {
  let swift: Swift
  beforeAll(async () => {
    swift = await startSwift()
  })
  afterAll(() => swift.close())

  test('what is kept lies in the bucket and is read back whole; what is not kept, or erased, is removed; each says where it lies', async () => {
    const clock = virtualClock(Date.UTC(2026, 10, 2, 9))
    const { house } = await open({ clock, environment: swift.environment })
    const db = house.database.kysely
    const here = set(house, { BLOBS_URL: undefined })
    const before = await keep(here, large)
    const id = await keep(house, large)
    const empty = await keep(house, Buffer.alloc(0))
    expect([await bucketOfRow(house, before), await bucketOfRow(house, id)]).toEqual([null, 'filo-diretto'])
    expect(await swift.objects()).toEqual(expect.arrayContaining([id, empty]))
    for (const each of [before, id]) expect((await wholeBlob(house, each)).equals(large)).toBe(true)
    expect(await wholeBlob(house, empty)).toHaveLength(0)
    expect(await sql`select from blob_chunk where blob_id = ${id}`.execute(db)).toMatchObject({ rows: [] })

    // Brought for a transaction that came to nothing: it stays for a day, in which it may be tried again, and then nobody keeps it.
    const brought = await bringBlob(house, Buffer.from('per niente'))
    const failing = inTransaction(house, system('test'), async work => {
      await keepBlob(work, brought)
      throw new Error('came to nothing')
    })
    await expect(failing).rejects.toThrow('came to nothing')
    expect(await sweepBlobs(house)).toBe(0)
    const again = await inTransaction(house, system('test'), work => keepBlob(work, brought))
    expect((await wholeBlob(house, again)).toString()).toBe('per niente')
    const forgotten = await bringBlob(house, Buffer.from('dimenticato'))
    clock.advance(dayMs)
    expect(await sweepBlobs(house)).toBe(1)
    expect(await swift.objects()).not.toContain(forgotten.id)
    await expect(inTransaction(house, system('test'), work => keepBlob(work, forgotten))).rejects.toThrow(BucketAway)

    // Erased, its row stays; taken away, nothing does.
    await inTransaction(house, system('test'), work => eraseBlobs(work.tx, sql`select ${id}::uuid`))
    await inTransaction(house, system('test'), work => deleteBlob(work.tx, again))
    expect(await sweepBlobs(house)).toBe(2)
    expect((await swift.objects()).filter(name => [id, again].includes(name))).toEqual([])
    await expect(wholeBlob(house, id)).rejects.toMatchObject({ code: 'platform.blobErased', status: 404 })

    // Whoever takes the setting away, or another key, is told so; what lies in the database is read all the same.
    const other = await keep(house, large)
    await expect(wholeBlob(here, other)).rejects.toMatchObject({ code: 'platform.blobsAway', status: 503 })
    await expect(wholeBlob(here, other)).rejects.toThrow('lie in the bucket filo-diretto')
    expect((await wholeBlob(here, before)).equals(large)).toBe(true)
    const stranger = set(house, { BLOBS_SECRET_KEY: 'another' })
    await expect(wholeBlob(stranger, other)).rejects.toThrow('does not let us in')
    await expect(keep(stranger, large)).rejects.toThrow('does not let us in')
    const elsewhere = set(house, { BLOBS_URL: `${swift.environment.BLOBS_URL}-2` })
    await expect(keep(elsewhere, large)).rejects.toThrow('there is no such bucket')
    expect((await wholeBlob(elsewhere, other)).equals(large)).toBe(true)

    // What is not what was kept is given to nobody.
    for (const content of ['altro', 'x'.repeat(large.length), 'x'.repeat(large.length + 1)]) {
      await swift.overwrite(other, content)
      await expect(wholeBlob(house, other)).rejects.toThrow('is not what was kept')
    }

    await inTransaction(house, system('test'), work => eraseBlobs(work.tx, sql`select ${other}::uuid`))
    await swift.stop()
    await expect(keep(house, large)).rejects.toMatchObject({ code: 'platform.blobsAway', status: 503 })
    await expect(sweepBlobs(house)).rejects.toThrow(BucketAway)
    await swift.start()
    clock.advance(600_000)
    expect(await sweepBlobs(house)).toBe(1)
    expect(await swift.objects()).not.toContain(other)
    expect((await wholeBlob(house, await keep(house, large))).equals(large)).toBe(true)
  })

  test('while the bucket is away mails wait where they are, and say so; nothing is lost, nothing counted against them', async () => {
    const { house, another } = await open({ environment: swift.environment })
    const db = house.database.kysely
    const server = await startDovecot()
    const post = await startMailServer()
    const carriers = mailBy(post.url)
    const troubles: unknown[] = []
    const { promise: troubled, resolve: isTroubled } = Promise.withResolvers<void>()
    const { promise: received, resolve: isReceived } = Promise.withResolvers<void>()
    const stop = await house.tail.follow(entries => {
      for (const entry of entries) {
        if (isOneOf(entry, [mailboxTroubled])) isTroubled(void troubles.push(entry.payload.reason))
        if (isOneOf(entry, [mailReceived])) isReceived()
      }
    })
    const settlers = { [mailAnswerPurpose]: settleMailAnswer }
    const parts = { receive: receiveMail, settlers }
    const pace = { lookMs: 50, pollMs: 500, termMs: 2_000, backOff: { minRetryMs: 20, maxRetryMs: 100 } }
    try {
      await swift.stop()
      const { id: mailboxId } = await createMailbox(
        house,
        administrator,
        NewMailbox.parse({
          ...{ address: 'pensioni@ente.example', unitId: anna.unitId, host: '127.0.0.1', port: server.port, security: 'none' },
          ...{ userName: 'pensioni', secret: dovecotPassword },
        }),
      )
      await server.deliver('pensioni', letter)
      const inbox = startInbox(house, parts, pace)
      await troubled
      expect(troubles).toEqual(['storage'])
      expect(JSON.stringify(await mailboxView(house, mailboxId, 'it'))).toContain('archivio dei file non risponde')
      expect(await db.selectFrom('raw_mail').select('id').execute()).toEqual([])
      await swift.start()
      await received
      await inbox.close()
      const { interaction_id: interactionId } = await db.selectFrom('incoming_mail').selectAll().executeTakeFirstOrThrow()
      const attached = await db.selectFrom('incoming_attachment').selectAll().executeTakeFirstOrThrow()
      expect((await wholeBlob(house, attached.blob_id)).toString().trim()).toBe('%PDF-1.4 verbale')

      // Fetched, and not yet read.
      await db.updateTable('raw_mail').set({ state: 'fetched', settled_at: null }).execute()
      const reader = { read: parseMail, close: async () => {} }
      const scan = async () => ({ scan: 'unchecked' as const, detail: null })
      const attempts = async () => (await db.selectFrom('raw_mail').select(['state', 'attempts']).execute())[0]
      const first = await attempts()
      await swift.stop()
      for (let n = 0; n < 10; n++)
        expect(await processNext(house, reader, scan, { ...parts, registered: pecService([]) })).toBe(false)
      expect(await attempts()).toEqual(first)
      await swift.start()

      // An answer waits for its files, says why, and leaves with them.
      const mail = { interactionId: interactionId ?? '' }
      await db.updateTable('raw_mail').set({ state: 'interaction', settled_at: new Date() }).execute()
      await takeMailInHand(house, anna, mail)
      await mailFiles.add(house, anna, {
        subjectId: mail.interactionId,
        name: 'modulo.pdf',
        bytes: Buffer.from('%PDF-1.4 modulo'),
      })
      await answerMailOf(house, anna, { ...mail, answer: 'Ecco il modulo.', typologyId: 'vecchiaia' })
      const due = () =>
        db
          .updateTable('mail')
          .set({ next_at: new Date(0) })
          .execute()
      await due()
      await swift.stop()
      await sendDue(await another(), carriers, settlers)
      expect(await db.selectFrom('mail').select(['state', 'last_reason']).execute()).toEqual([
        { state: 'queued', last_reason: 'storage' },
      ])
      await swift.start()
      await due()
      await sendDue(house, carriers, settlers)
      expect(await db.selectFrom('mail').select('state').execute()).toEqual([{ state: 'sent' }])
      expect(post.mails.map(({ mail }) => mail.attachments.map(each => each.content.toString()))).toEqual([['%PDF-1.4 modulo']])
    } finally {
      stop()
      carriers.close()
      await post.close()
      await server.close()
    }
  })
})

test('a bucket without its key stops the start with a sentence, as does an address that is none', () => {
  const key = { BLOBS_ACCESS_KEY: 'x', BLOBS_SECRET_KEY: 'x' }
  expect(() => readConfig({ BLOBS_URL: 'https://s3.ente.example/filo' })).toThrow('needs BLOBS_ACCESS_KEY and BLOBS_SECRET_KEY')
  for (const url of ['https://s3.ente.example', 'https://s3.ente.example/Filo', 's3://filo', 'https://a:b@s3.ente.example/filo'])
    expect(() => readConfig({ BLOBS_URL: url, ...key }), url).toThrow('must be the address of a bucket')
  expect(readConfig({ BLOBS_URL: 'https://s3.ente.example/filo-diretto', ...key }).BLOBS_REGION).toBe('us-east-1')
})

const letter = [
  'From: Giulia Ferri <giulia@example.org>',
  'To: pensioni@ente.example',
  'Subject: La mia domanda',
  'Message-ID: <1@example.org>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'A che punto sono?',
  '--b',
  'Content-Type: application/pdf; name=verbale.pdf',
  'Content-Disposition: attachment; filename=verbale.pdf',
  '',
  '%PDF-1.4 verbale',
  '--b--',
  '',
].join('\r\n')
