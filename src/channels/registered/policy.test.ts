import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { type KeptReceipt, lineOf, receivedAt } from './policy.ts'
import { proofArchive, proofName } from './proof.ts'

const anna = 'anna@pec.example'
const bruno = 'bruno@pec.example'
const carla = 'carla@posta.example'
const sentAt = new Date('2026-11-29T08:00:00Z')
const later = (minutes: number) => new Date(sentAt.getTime() + minutes * 60_000)
const receipt = (kind: KeptReceipt['kind'], minutes: number, over: Partial<KeptReceipt> = {}): KeptReceipt => ({
  ...{ kind, at: later(minutes), about: [], uncertified: [], cause: null, detail: null, form: null, verdict: 'valid' },
  ...over,
})
const line = (receipts: KeptReceipt[], minutes = 60, recipients = [anna]) =>
  lineOf({ sentAt, recipients }, receipts, later(minutes))

describe('the line of states of a registered message', () => {
  test('goes from accepted to delivered by the instants of the receipts, in whatever order they come', () => {
    const all = [
      receipt('accepted', 1),
      receipt('taken-in-charge', 2, { about: [anna] }),
      receipt('delivery-delayed', 3, { about: [anna] }),
      receipt('delivered', 4, { about: [anna], form: 'full' }),
    ]
    expect([[], all.slice(0, 1), all.slice(0, 2), all.slice(0, 3), all].map(some => line(some).state)).toEqual([
      'sent',
      'accepted',
      'taken-in-charge',
      'delayed',
      'delivered',
    ])
    for (const order of [all, all.toReversed(), [...all, ...all]])
      expect(line(order)).toMatchObject({ state: 'delivered', isOpen: false, nextLookAt: null, recipients: [{ at: later(4) }] })
    expect(line([receipt('not-accepted', 1)])).toMatchObject({ state: 'not-accepted', isOpen: false })
    expect(line([receipt('accepted', 1), receipt('virus', 2)])).toMatchObject({ state: 'not-delivered', isOpen: false })
    // Who has it, has it.
    const failed = receipt('not-delivered', 1, { about: [anna] })
    expect(line([failed, receipt('delivered', 2, { about: [anna] })]).state).toBe('delivered')
    expect(line([receipt('delivered', 2, { about: [anna] }), failed]).state).toBe('delivered')
  })

  test('is of the recipient who is worst off, and waits for nobody to whom ordinary mail goes', () => {
    const accepted = receipt('accepted', 1, { uncertified: [carla] })
    const toAnna = receipt('delivered', 2, { about: [anna] })
    const states = (receipts: KeptReceipt[]) => {
      const { state, isOpen, recipients } = line(receipts, 60, [anna, 'Bruno@pec.example', carla])
      return [state, isOpen, ...recipients.map(each => each.state)]
    }
    expect(states([accepted, toAnna])).toEqual(['accepted', true, 'delivered', 'accepted', 'accepted'])
    expect(states([accepted, toAnna, receipt('delivered', 3, { about: [bruno] })])).toEqual([
      'accepted',
      false,
      'delivered',
      'delivered',
      'accepted',
    ])
    expect(states([accepted, toAnna, receipt('not-delivered', 3, { about: [bruno] })])).toEqual([
      'not-delivered',
      false,
      'delivered',
      'not-delivered',
      'accepted',
    ])
  })

  test('says that the receipt of delivery is missing after 12 and after 24 hours from the acceptance', () => {
    const accepted = [receipt('accepted', 30)]
    const at = (hours: number, minutes: number) => {
      const { silence, nextLookAt } = line(accepted, hours * 60 + minutes)
      return [silence, nextLookAt && (nextLookAt.getTime() - later(30).getTime()) / 3_600_000]
    }
    expect(at(0, 31)).toEqual([null, 12])
    expect(at(12, 29)).toEqual([null, 12])
    expect(at(12, 30)).toEqual([12, 24])
    expect(at(24, 29)).toEqual([12, 24])
    expect(at(24, 30)).toEqual([24, null])
    expect(line([], 12 * 60).silence).toBe(12)
    expect(line([...accepted, receipt('delivered', 40, { about: [anna] })], 48 * 60).silence).toBeNull()
  })

  test('believes only what a trusted provider has signed', () => {
    for (const verdict of ['broken', 'not-verified'] as const)
      expect(line([receipt('accepted', 1), receipt('delivered', 2, { about: [anna], verdict })])).toMatchObject({
        state: 'accepted',
        isOpen: true,
      })
  })

  test('a message counts as received when it is put into the mailbox, never before its envelope was made', () => {
    expect(receivedAt({ at: sentAt }, later(5))).toEqual(later(5))
    expect(receivedAt({ at: sentAt }, later(-5))).toEqual(sentAt)
  })
})

describe('the proof of a message', () => {
  test('is one archive with the very bytes and their hashes', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 80, 75, 3, 4])
    const name = proofName(1, 'consegna', '../../Anna@pec.example/x')
    expect(name).toBe('01-consegna-____anna@pec.example_x.eml')
    const pieces: Buffer[] = []
    for await (const piece of proofArchive([{ name, at: sentAt, bytes: async () => bytes }], 'Come si verifica: è così.', sentAt))
      pieces.push(piece)
    const files = unzipSync(Buffer.concat(pieces))
    expect(Object.keys(files)).toEqual([name, 'LEGGIMI.txt', 'SHA256SUMS'])
    expect(Buffer.from(files[name] ?? [])).toEqual(bytes)
    const sums = Buffer.from(files.SHA256SUMS ?? []).toString()
    expect(sums).toMatch(/^[0-9a-f]{64} {2}01-consegna/)
  })
})
