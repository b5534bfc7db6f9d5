/** How sure we were of who it was: of each conversation, and of the case as a whole. */
import { expect, test } from 'vitest'
import { onOneSession } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import { NewMailbox } from '../channels/mailboxes/model.ts'
import { createMailbox } from '../channels/mailboxes/service.ts'
import { identify } from '../contacts/identification.ts'
import { createContact, type IdentificationMethod, NewContact } from '../contacts/index.ts'
import { bringBlob, type House, inTransaction, keepBlob, type PersonActor, system } from '../platform/index.ts'
import { foundCases } from './finding/finding.ts'
import { receiveMail } from './index.ts'
import { openInteraction, sendLinea } from './interactions.ts'
import { levelsOfCases, levelsOfConversations } from './levels.ts'
import { mailView } from './mails/views.ts'
import { caseView } from './views.ts'

const { anna, luca } = staff
const question = 'Una domanda come un’altra'

/** A PEC of somebody that came into Anna's unit, with what its envelope is worth. Returns the interaction. */
async function pec(house: House, address: string, verdict: 'valid' | 'broken'): Promise<string> {
  const box = { address: `${house.ids()}@pec.example`, unitId: anna.unitId, host: '127.0.0.1', userName: 'x', secret: 'x' }
  const { id: mailboxId } = await createMailbox(house, staff.administrator, NewMailbox.parse({ ...box, enabled: false }))
  const at = new Date(house.clock.now())
  return inTransaction(house, system('mail'), async work => {
    const id = work.ids()
    const blobId = await keepBlob(work, await bringBlob(work.house, Buffer.from('x')))
    await work.tx
      .insertInto('raw_mail')
      .values({
        ...{ id, mailbox_id: mailboxId, sha256: Buffer.from(id), size_bytes: 1, is_whole: true, blob_id: blobId },
        ...{ received_at: at, fetched_at: at, state: 'interaction', reason: null, detail: null },
        ...{ settled_at: at, settled_by: null, taken_until: null },
      })
      .execute()
    const unit = { id: anna.unitId, path: anna.unitPath }
    const from = { address, name: 'Giulia' }
    const mail = { rawMailId: id, channel: 'pec' as const, unit, from, subject: '', text: question, receivedAt: at, caseId: null }
    const interactionId = await receiveMail(work, mail)
    await work.tx
      .insertInto('incoming_mail')
      .values({
        ...{ raw_mail_id: id, mailbox_id: mailboxId, interaction_id: interactionId, from_address: address, from_name: 'Giulia' },
        ...{ to_addresses: [], cc_addresses: [], reply_to: null, subject: '', message_id: null, refs: [], sent_at: null },
        ...{ received_at: at, text: question, quoted: '', html: null, matched_by: null, proposed_code: null },
      })
      .execute()
    await work.tx
      .insertInto('registered_arrival')
      .values({
        ...{ raw_mail_id: id, kind: 'message', sent_at: at, received_at: at, issuer: 'x', identifier: 'x', verdict },
        ...{ reason: null, signer: null, authority: null, sha256: Buffer.from(id) },
      })
      .execute()
    return interactionId
  })
}

onOneSession(open => {
  test('a conversation has the level of what was noted in it, a case the highest of its conversations', async () => {
    const { house } = await open()
    const db = house.database.kysely
    const emails = [{ address: 'giulia@pec.example', kind: 'pec' as const }, 'giulia@example.org']
    const { id: contactId } = await createContact(
      house,
      anna,
      NewContact.parse({ kind: 'person', familyName: 'Ferri', municipalityCode: '058091', emails }),
    )
    const opened = async (who: PersonActor = anna) =>
      (await openInteraction(house, who, { channel: 'counter', contactId, typologyId: 'vecchiaia', question })).id
    const said = async (who: PersonActor, ...methods: IdentificationMethod[]) => {
      for (const method of methods) await identify(house, who, { id: contactId, input: { method, evidence: '', callId: null } })
    }
    const level = async (id: string) => (await levelsOfConversations(db, [id])).get(id)

    // What was noted before the conversation began, or by a colleague elsewhere, is not of it.
    await said(anna, 'name')
    const first = await opened()
    await said(luca, 'name', 'address', 'request-code')
    const before = await level(first)
    expect(before === undefined || before === 'hint').toBe(true)
    await said(anna, 'name', 'address', 'request-code')
    expect(await level(first)).toBe('declared')
    const { caseId } = await sendLinea(house, anna, { id: first, question, replyTo: { email: 'giulia@example.org' } })
    const second = await opened(luca)
    await db.updateTable('interaction').set({ case_id: caseId }).where('id', '=', second).execute()
    const view = await caseView(house, anna, caseId)
    expect(view).toMatchObject({ contact: { id: contactId, level: 'declared' }, tickets: [{ contact: { level: 'declared' } }] })
    expect(view.interactions.find(each => each.id === first)?.contact?.level).toBe('declared')
    expect((await foundCases(house, anna, [caseId], null)).map(each => each.contact.level)).toEqual(['declared'])
    expect([...(await levelsOfCases(db, [house.ids()]))]).toEqual([])
    expect([...(await levelsOfCases(db, []))]).toEqual([])

    // Registered mail identifies by an envelope that holds, from an address that the card has as such.
    for (const [address, verdict, expected] of [
      ['giulia@pec.example', 'valid', 'digital'],
      ['giulia@pec.example', 'broken', 'none'],
      ['giulia@example.org', 'valid', 'none'],
    ] as const)
      expect((await mailView(house, anna, await pec(house, address, verdict), 'it')).contact, `${address} ${verdict}`).toEqual({
        ...{ id: contactId, name: 'Ferri' },
        level: expected,
      })
  })
})
