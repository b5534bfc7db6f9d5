/** Registered mail through a provider of PEC on the loopback: it leaves, its receipts come, and what became of it is known. */
import { createHash } from 'node:crypto'
import { simpleParser } from 'mailparser'
import { afterEach, describe, expect, test } from 'vitest'
import { onEmbedded, onPostgres } from '../../../test/support/database.ts'
import { startPecProvider } from '../../../test/support/pec-provider.ts'
import { type House, inTransaction, system, virtualClock } from '../../platform/index.ts'
import { openCarriers, queueMail, type Settler, sendDue } from '../outbox.ts'
import { readTrustStore } from '../pec/authorities.ts'
import { pecService } from '../pec/service.ts'
import { mailStates } from '../store.ts'
import { receiptMissing } from './events.ts'
import { joinReceipt, lookForSilence } from './service.ts'
import { messageBytes, receiptsOf, registeredMessages } from './store.ts'

const ours = 'ente@pec.example'
const hour = 3_600_000
const purpose = 'cases.answer'
const holder = '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e77'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function scene(open: Parameters<Parameters<typeof onEmbedded>[0]>[0]) {
  const clock = virtualClock(Date.parse('2026-11-30T08:00:00Z'))
  const provider = await startPecProvider({ now: () => new Date(clock.now()) })
  closing.push(() => provider.close())
  const { house } = await open({ clock, environment: { PEC_SMTP_URL: provider.url, PEC_FROM: ours } })
  const carriers = await openCarriers(house)
  closing.push(async () => carriers.get('pec')?.close())
  const settled: unknown[] = []
  const settlers: Record<string, Settler> = {
    [purpose]: async (_work, outcome) => {
      settled.push(outcome)
    },
  }
  const service = pecService(readTrustStore(provider.authority.pem))
  let read = 0
  return {
    ...{ clock, provider, house, settled, carriers },
    /** Sends an answer to an address. Returns its mail. */
    async send(to: string): Promise<string> {
      const id = await inTransaction(house, system('test'), work =>
        queueMail(work, {
          ...{ channel: 'pec', purpose, subjectId: house.ids(), caseId: house.ids(), contactId: house.ids() },
          ...{ to: { name: 'Giulia', address: to }, fromName: 'CRIC Lazio', subject: 'La sua pensione è «ferma»' },
          ...{ body: 'Gentile Giulia,\n\necco.', language: 'it', automatic: false, units: ['cric-lazio'] },
        }),
      )
      await sendDue(house, carriers, settlers)
      return id
    },
    /** Reads what has come into our mailbox since. Returns which receipts were about messages of ours. */
    async receive(raws = provider.mailbox(ours).slice(read)): Promise<boolean[]> {
      read = provider.mailbox(ours).length
      const joined: boolean[] = []
      for (const raw of raws) {
        const reading = await service.read(raw)
        if (reading.is !== 'receipt') throw new Error(`It is ${reading.is}.`)
        const incoming = { ...reading, rawMailId: house.ids() }
        joined.push(await inTransaction(house, system('mail'), work => joinReceipt(work, incoming, settlers)))
      }
      return joined
    },
    /** State, receipts with their verdicts, and hours of silence of a message. */
    async standing(id: string) {
      const message = (await registeredMessages(house.database.kysely, [id])).get(id)
      const receipts = (await receiptsOf(house.database.kysely, [id])).get(id) ?? []
      return [message?.state, receipts.map(each => each.kind).join(' '), message?.silence_hours ?? null]
    },
  }
}

const entries = async (house: House) =>
  (
    await house.database.kysely
      .selectFrom('event')
      .select(['type', 'payload', 'channel'])
      .where('type', 'like', 'registered-mail.%')
      .orderBy('id')
      .execute()
  ).map(each => [each.type.replace('registered-mail.', ''), each.channel, each.payload])

describe('a message that leaves by PEC', () => {
  onPostgres(open => {
    test('is kept byte for byte, and its receipts say where it stands', async () => {
      const { house, provider, send, receive, standing, settled } = await scene(open)
      const id = await send('giulia@pec.example')
      expect(await standing(id)).toEqual(['sent', '', null])
      const raw = await messageBytes(house.database.kysely, id)
      const mail = await simpleParser(raw)
      expect([mail.from?.value[0]?.address, mail.bcc, mail.headers.get('x-tiporicevuta')]).toEqual([ours, undefined, 'completa'])
      // What the citizen's provider got is what is kept.
      const [envelope = Buffer.alloc(0)] = provider.mailbox('giulia@pec.example')
      expect(envelope.includes(raw)).toBe(true)
      expect(await receive()).toEqual([true, true])
      expect(await standing(id)).toEqual(['delivered', 'accepted delivered', null])
      expect(settled).toMatchObject([{ outcome: 'sent' }])
      expect((await receiptsOf(house.database.kysely, [id])).get(id)?.map(each => [each.verdict, each.signer, each.at])).toEqual([
        ['valid', provider.address, new Date('2026-11-30T08:00:00Z')],
        ['valid', provider.address, new Date('2026-11-30T08:00:00Z')],
      ])
      // The same receipt fetched twice, and one about a message that is not ours.
      expect(await receive(provider.mailbox(ours).slice(0, 1))).toEqual([true])
      const strange = await provider.receipt({ type: 'accettazione', sender: ours, messageId: '<non-nostro@pec.example>' })
      expect(await receive([strange])).toEqual([false])
      const ofAnother = await provider.receipt({
        type: 'non-accettazione',
        sender: 'altro@pec.example',
        messageId: mail.messageId ?? '',
      })
      expect(await receive([ofAnother])).toEqual([false])
      expect(await standing(id)).toEqual(['delivered', 'accepted delivered', null])
      expect((await entries(house)).slice(0, 2)).toMatchObject([
        ['receipt-joined', 'pec', { kind: 'accepted', at: '2026-11-30T08:00:00.000Z', verdict: 'valid', state: 'accepted' }],
        ['receipt-joined', 'pec', { kind: 'delivered', state: 'delivered' }],
      ])
    })
  })

  onEmbedded(open => {
    test('that does not arrive is told to whoever waited for it, once', async () => {
      const { house, provider, send, receive, standing, settled } = await scene(open)
      provider.treat('chiusa@pec.example', { becomes: 'failed', error: 'no-dest', detail: '5.1.1 - indirizzo non valido' })
      const id = await send('chiusa@pec.example')
      await receive()
      expect(await standing(id)).toEqual(['not-delivered', 'accepted not-delivered', null])
      expect((await mailStates(house.database.kysely, [id])).get(id)).toBe('failed')
      await receive(provider.mailbox(ours).slice(1, 2))
      expect(settled).toMatchObject([{ outcome: 'sent' }, { outcome: 'failed', problem: '5.1.1 - indirizzo non valido' }])
      // Its receipt is quicker than whoever handed it over.
      provider.treat('presto@pec.example', { becomes: 'failed', error: 'no-dominio', detail: '5.1.2 - dominio sconosciuto' })
      const early = await send('presto@pec.example')
      await house.database.kysely.updateTable('mail').set({ state: 'sending' }).where('id', '=', early).execute()
      await receive()
      expect((await mailStates(house.database.kysely, [early])).get(early)).toBe('failed')
      provider.treat('malata@pec.example', { becomes: 'virus' })
      const second = await send('malata@pec.example')
      await receive()
      expect(await standing(second)).toEqual(['not-delivered', 'accepted virus', null])
      provider.treat('lenta@pec.example', { becomes: 'delivered-by-another', form: 'breve' })
      const third = await send('lenta@pec.example')
      await receive()
      expect(await standing(third)).toEqual(['delivered', 'accepted taken-in-charge delivered', null])
    })

    test('without a receipt of delivery is told of after 12 and after 24 hours, each once', async () => {
      const { clock, house, provider, send, receive, standing } = await scene(open)
      provider.treat('muta@pec.example', { becomes: 'silent' })
      const id = await send('muta@pec.example')
      await receive()
      const missing = async () => {
        await lookForSilence(house, { [purpose]: async () => holder })
        return (await entries(house)).flatMap(([type, , payload]) => (type === 'receipt-missing' ? [payload] : []))
      }
      clock.advance(12 * hour - 1_000)
      expect(await missing()).toEqual([])
      clock.advance(1_000)
      expect(await missing()).toMatchObject([{ mailId: id, hours: 12 }])
      expect(await missing()).toHaveLength(1)
      expect(await standing(id)).toEqual(['accepted', 'accepted', 12])
      const told = house.database.kysely.selectFrom('event').select('person_id').where('type', '=', receiptMissing.type)
      expect((await told.executeTakeFirst())?.person_id).toBe(holder)
      clock.advance(12 * hour)
      expect(await missing()).toMatchObject([{ hours: 12 }, { mailId: id, hours: 24 }])
      expect(await missing()).toHaveLength(2)
      // It comes late, and nothing is missing any more.
      const message = await simpleParser(await messageBytes(house.database.kysely, id))
      const late = await provider.receipt({
        ...{
          type: 'avvenuta-consegna',
          sender: ours,
          messageId: message.messageId ?? '',
          delivery: 'muta@pec.example',
          form: 'sintetica',
        },
      })
      expect(await receive([late])).toEqual([true])
      expect(await standing(id)).toEqual(['delivered', 'accepted delivered', null])
    })

    test('keeps its bytes when it has to be handed over again, and is not handed over twice when its receipt is here', async () => {
      const { house, provider, send, receive, carriers } = await scene(open)
      const id = await send('giulia@pec.example')
      const raw = await messageBytes(house.database.kysely, id)
      await receive()
      // Whoever sent it died before writing it down.
      const row = await house.database.kysely.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      expect(await carriers.get('pec')?.send({ ...row, body: 'Altro' }, [])).toEqual({ kind: 'accepted' })
      expect(provider.mailbox('giulia@pec.example')).toHaveLength(1)
      const after = await messageBytes(house.database.kysely, id)
      expect(createHash('sha256').update(after).digest('hex')).toBe(createHash('sha256').update(raw).digest('hex'))
    })
  })
})
