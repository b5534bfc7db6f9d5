/** Files that people put to a case, and those of its mails, on both databases: who may what, what is kept, what follows when cases are joined. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { onOneSession } from '../../../test/support/database.ts'
import { outcomesOf, refusalLine } from '../../../test/support/refusal.ts'
import { staff } from '../../../test/support/staff.ts'
import { NewMailbox } from '../../channels/mailboxes/model.ts'
import { createMailbox } from '../../channels/mailboxes/service.ts'
import { createContact, NewContact } from '../../contacts/index.ts'
import { bringBlob, type House, inTransaction, keepBlob, type PersonActor, system } from '../../platform/index.ts'
import { caseHistory } from '../history.ts'
import { openInteraction, sendLinea } from '../interactions.ts'
import { linkCase, undoLink } from '../links/service.ts'
import { printedCase } from '../print.ts'
import { caseView } from '../views.ts'
import { maxCaseFiles, maxCaseFilesBytes } from './limits.ts'
import { addCaseFile, removeCaseFile, restoreCaseFile } from './service.ts'
import { caseFilesView, downloadCaseFile } from './views.ts'

const { anna, luca, paola, milan, headquarters, administrator, directorate } = staff
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF')

const contact = async (house: House) =>
  (await createContact(house, anna, NewContact.parse({ kind: 'person', familyName: 'Ferri', municipalityCode: '058091' }))).id

async function opened(house: House, contactId: string): Promise<string> {
  const { id } = await openInteraction(house, anna, { channel: 'counter', contactId, typologyId: 'vecchiaia' })
  const { caseId } = await sendLinea(house, anna, { id, question: 'E la pensione?', replyTo: { phone: '06 5959 4321' } })
  return caseId
}

const seen = async (house: House, actor: PersonActor, caseId: string) => {
  const { files, fromMails } = await caseFilesView(house, actor, caseId, 'it')
  return {
    there: files.filter(each => each.removed === null).map(each => each.name),
    removed: files.filter(each => each.removed !== null).map(each => each.name),
    fromMails,
  }
}
const told = async (house: House, caseId: string) =>
  (await caseHistory(house, headquarters, caseId, { limit: 100 }, 'it')).items
    .filter(({ type }) => type.startsWith('case.file-'))
    .map(({ sentence, text, who }) => [sentence, text, who])

/** What is set of an answer to a request. */
function reply() {
  const headers: Record<string, string> = {}
  return { headers: (given: Readonly<Record<string, string>>) => Object.assign(headers, given), given: headers }
}

/** A mail of the case with one attachment, as it was read. */
async function mailWith(house: House, caseId: string, name: string): Promise<string> {
  const server = { host: '127.0.0.1', userName: 'x', secret: 'x', enabled: false }
  const mailbox = NewMailbox.parse({ ...server, address: 'pensioni@ente.example', unitId: anna.unitId })
  const { id: mailboxId } = await createMailbox(house, administrator, mailbox)
  return inTransaction(house, system('test'), async work => {
    const { tx, now } = work
    const [rawMailId, interactionId] = [work.ids(), work.ids()]
    const blobId = await keepBlob(work, await bringBlob(house, png))
    await sql`
      insert into raw_mail (id, mailbox_id, sha256, size_bytes, is_whole, blob_id, received_at, fetched_at, state, settled_at)
      values (${rawMailId}, ${mailboxId}, ${Buffer.from(rawMailId)}, 1, true, ${blobId}, ${now}, ${now}, 'interaction', ${now})`.execute(
      tx,
    )
    await sql`
      insert into interaction (id, channel, case_id, question, notes, state, operator_path, opened_at)
      values (${interactionId}, 'email', ${caseId}, '', '', 'open', ${anna.unitPath}, ${now})`.execute(tx)
    await sql`
      insert into incoming_mail (raw_mail_id, mailbox_id, interaction_id, from_address, from_name, to_addresses, cc_addresses, subject, received_at,
                                 text, quoted)
      values (${rawMailId}, ${mailboxId}, ${interactionId}, 'giulia@example.org', 'Giulia', '{}', '{}', '', ${now}, '', '')`.execute(
      tx,
    )
    await sql`
      insert into incoming_attachment (id, raw_mail_id, n, name, declared_type, type, size_bytes, blob_id, scan)
      values (${work.ids()}, ${rawMailId}, 0, ${name}, 'image/png', 'image/png', ${png.length}, ${blobId}, 'unchecked')`.execute(
      tx,
    )
    return interactionId
  })
}

onOneSession(open => {
  test('a file is put to a case, seen by who sees the case, shown or downloaded, taken away and put back; each is told', async () => {
    const { house } = await open()
    const caseId = await opened(house, await contact(house))
    const { fileId } = await addCaseFile(house, anna, { caseId, name: '../Ricorso "1".pdf', bytes: pdf })
    await addCaseFile(house, paola, { caseId, name: 'foto.png', bytes: png })
    const view = await caseFilesView(house, luca, caseId, 'it')
    expect(view.keep.allowed).toBe(true)
    expect(view.files).toMatchObject([
      { name: 'foto.png', type: 'image/png', sizeBytes: png.length, scan: 'unchecked', byName: paola.name, removed: null },
      { name: 'Ricorso 1.pdf', type: 'application/pdf', byName: anna.name },
    ])
    // Sent again by who does not know whether it arrived.
    expect((await addCaseFile(house, luca, { caseId, name: 'Ricorso 1.pdf', bytes: pdf })).fileId).toBe(fileId)
    expect((await seen(house, anna, caseId)).there).toHaveLength(2)

    // Given out under its name; shown only what shows nothing else.
    const [asDownload, asShown] = [reply(), reply()]
    const one = { caseId, fileId }
    expect((await downloadCaseFile(house, luca, { ...one, reply: asDownload }, { show: 'false' })).equals(pdf)).toBe(true)
    expect(asDownload.given).toMatchObject({ 'x-content-type-options': 'nosniff' })
    expect(asDownload.given['content-disposition']).toMatch(/^attachment; filename="Ricorso 1\.pdf"/)
    await downloadCaseFile(house, luca, { ...one, reply: asShown }, { show: 'true' })
    expect(asShown.given).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-type': 'application/pdf' })
    expect(asShown.given['content-security-policy']).toContain("default-src 'none'")
    expect(asShown.given['content-disposition']).toMatch(/^inline;/)
    const page = Buffer.from('<!doctype html><script>alert(1)</script>')
    const html = await addCaseFile(house, anna, { caseId, name: 'pagina.png', bytes: page })
    const asPage = reply()
    await downloadCaseFile(house, luca, { ...html, reply: asPage }, { show: 'true' })
    expect(asPage.given['content-disposition']).toMatch(/^attachment;/)
    expect(asPage.given).not.toHaveProperty('content-type')

    // Who sees it not is told that it is not there; who only looks says why it cannot be.
    for (const who of [milan, administrator]) {
      expect(await refusalLine(caseFilesView(house, who, caseId, 'it'))).toBe('404 platform.notFound')
      expect(await refusalLine(downloadCaseFile(house, who, { ...one, reply: reply() }, { show: 'false' }))).toBe(
        '404 platform.notFound',
      )
      expect(await refusalLine(addCaseFile(house, who, { caseId, name: 'x', bytes: pdf }))).toBe('404 platform.notFound')
      expect(await refusalLine(removeCaseFile(house, who, one))).toBe('404 platform.notFound')
    }
    expect(await refusalLine(addCaseFile(house, headquarters, { caseId, name: 'x', bytes: pdf }))).toBe(
      '403 cases.file.notYourTask',
    )
    expect(await refusalLine(removeCaseFile(house, headquarters, one))).toBe('403 cases.file.notYourTask')
    expect(await refusalLine(addCaseFile(house, directorate, { caseId, name: 'x', bytes: pdf }))).toBe('404 platform.notFound')

    await removeCaseFile(house, paola, one)
    await removeCaseFile(house, luca, one)
    expect(await seen(house, anna, caseId)).toMatchObject({ there: ['pagina.png', 'foto.png'], removed: ['Ricorso 1.pdf'] })
    expect(await refusalLine(downloadCaseFile(house, anna, { ...one, reply: reply() }, { show: 'false' }))).toBe(
      '404 platform.notFound',
    )
    expect(await printedCase(house, headquarters, caseId, 'it')).not.toContain('<p>Ricorso 1.pdf</p></li><li>')
    await restoreCaseFile(house, anna, one)
    await restoreCaseFile(house, luca, one)
    const printed = await printedCase(house, headquarters, caseId, 'it')
    expect(printed).toContain('<h2>Allegati</h2>')
    expect(printed).toContain('<p>foto.png</p>')
    expect(await told(house, caseId)).toEqual([
      ['Aggiunto un file', 'Ricorso 1.pdf', anna.name],
      ['Aggiunto un file', 'foto.png', paola.name],
      ['Aggiunto un file', 'pagina.png', anna.name],
      ['Tolto un file', 'Ricorso 1.pdf', paola.name],
      ['Rimesso un file che era stato tolto', 'Ricorso 1.pdf', anna.name],
    ])
  })

  test('a case has a bound, which two who add at once do not pass; what was erased takes nothing more', async () => {
    const { house } = await open()
    const db = house.database.kysely
    const caseId = await opened(house, await contact(house))
    expect(await refusalLine(addCaseFile(house, anna, { caseId, name: 'vuoto', bytes: Buffer.alloc(0) }))).toBe(
      '422 channels.file.empty',
    )
    expect(await refusalLine(addCaseFile(house, anna, { caseId, name: 'x', bytes: Buffer.alloc(10 * 1_048_576 + 1) }))).toBe(
      '413 channels.file.tooLarge',
    )
    const { fileId } = await addCaseFile(house, anna, { caseId, name: 'grande', bytes: pdf })
    const size = (bytes: number) => db.updateTable('case_file').set({ size_bytes: bytes }).where('id', '=', fileId).execute()
    await size(maxCaseFilesBytes)
    await removeCaseFile(house, anna, { caseId, fileId })
    expect(await refusalLine(addCaseFile(house, anna, { caseId, name: 'altro', bytes: png }))).toBe('413 cases.file.tooMuch')
    await size(1)
    for (let n = 2; n < maxCaseFiles; n++) await addCaseFile(house, anna, { caseId, name: `${n}`, bytes: Buffer.from(`${n}`) })
    const both = ['a', 'b'].map(name => addCaseFile(house, luca, { caseId, name, bytes: Buffer.from(name) }))
    expect(await outcomesOf(both)).toEqual(['413 cases.file.tooMany', 'done'])
    await sql`update "case" set status = 'closed', outcome = 'answered', closed_at = now(), erased_at = now() where id = ${caseId}`.execute(
      db,
    )
    expect(await refusalLine(restoreCaseFile(house, anna, { caseId, fileId }))).toBe('409 cases.file.erased')
    expect(await refusalLine(addCaseFile(house, anna, { caseId, name: 'c', bytes: png }))).toBe('409 cases.file.erased')
  })

  test('files of mails lead to their mail; joined cases show the files of both, and each has its own when they are parted', async () => {
    const { house } = await open()
    const person = await contact(house)
    const [one, other] = [await opened(house, person), await opened(house, person)]
    const mail = await mailWith(house, one, 'carta.png')
    expect((await seen(house, anna, one)).fromMails).toMatchObject([
      { interactionId: mail, name: 'carta.png', from: 'Giulia', channel: 'email', scan: 'unchecked', mayOpen: true },
    ])
    // The second level reads of it, and opens it with who works on the mails there.
    expect((await seen(house, paola, one)).fromMails).toMatchObject([{ name: 'carta.png', mayOpen: false }])
    const first = await addCaseFile(house, anna, { caseId: one, name: 'uno.pdf', bytes: pdf })
    await addCaseFile(house, anna, { caseId: other, name: 'altro.png', bytes: png })
    await sql`update ticket set claimed_by = ${paola.personId}, claimed_by_name = ${paola.name}, state = 'claimed'`.execute(
      house.database.kysely,
    )
    const { code } = await caseView(house, headquarters, other)
    const { linkId } = await linkCase(house, anna, { caseId: one, kind: 'joined', code, why: 'La stessa domanda.' })
    expect(await seen(house, paola, other)).toMatchObject({ there: ['altro.png', 'uno.pdf'], fromMails: [{ name: 'carta.png' }] })
    expect(
      (await downloadCaseFile(house, anna, { caseId: other, fileId: first.fileId, reply: reply() }, { show: 'false' })).equals(
        pdf,
      ),
    ).toBe(true)
    // Put to the number that was joined, it lies where everybody goes on.
    expect((await addCaseFile(house, anna, { caseId: one, name: 'dopo.pdf', bytes: pdf })).caseId).toBe(other)
    await removeCaseFile(house, anna, { caseId: other, fileId: first.fileId })
    await undoLink(house, anna, { caseId: one, linkId })
    expect(await seen(house, anna, one)).toMatchObject({ there: [], removed: ['uno.pdf'] })
    expect(await seen(house, anna, other)).toMatchObject({ there: ['dopo.pdf', 'altro.png'], removed: [], fromMails: [] })
    expect(await refusalLine(restoreCaseFile(house, anna, { caseId: other, fileId: first.fileId }))).toBe('404 platform.notFound')
  })
})
