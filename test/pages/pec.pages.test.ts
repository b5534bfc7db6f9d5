/**
 * A citizen who writes by PEC and then calls, from end to end: real mailbox, real provider, real pages. Whoever follows the citizen's case is offered
 * what comes, on whichever channel; the answer leaves by PEC, its receipts come back, and the proof of it agrees with what the provider was handed.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onPostgres } from '../support/database.ts'
import { becomeAvailable, callForPensions, openAllDay } from '../support/desk.ts'
import { type Dovecot, dovecotPassword, startDovecot } from '../support/dovecot.ts'
import { handAt } from '../support/hand.ts'
import { type Caller, hasFocus, idIn, isRecord, looker, pagesOf, patience } from '../support/pages.ts'
import { type PecProvider, startPecProvider } from '../support/pec-provider.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const ours = 'pensioni@pec.ente.example'
const giulia = 'giulia.ferri@pec.example'
const known = '06 5959 4321'

let dovecot: Dovecot
let provider: PecProvider
/** A provider whose authority is on no list of ours. */
let stranger: PecProvider
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'filo-pec-walk-'))
  dovecot = await startDovecot()
  const deliver = async (to: string, raw: Buffer) => (to === ours ? dovecot.deliver('pec', raw) : undefined)
  const at = () => new Date(now())
  provider = await startPecProvider({ now: at, deliver })
  stranger = await startPecProvider({ now: at, deliver, domain: 'altro-gestore.example' })
})
afterAll(async () => {
  await provider.close()
  await stranger.close()
  await dovecot.close()
  rmSync(folder, { recursive: true })
})

async function environment(): Promise<Record<string, string>> {
  const trusted = join(folder, 'authorities.pem')
  writeFileSync(trusted, provider.authority.pem)
  return { PEC_SMTP_URL: provider.url, PEC_FROM: ours, PEC_TRUST: trusted }
}

const letter = (from: string, subject: string, text: string, more: readonly string[] = []) =>
  Buffer.from(
    [
      ...[
        `From: ${from}`,
        `To: ${ours}`,
        `Subject: ${subject}`,
        `Message-ID: <${createHash('sha256')
          .update(from + subject)
          .digest('hex')
          .slice(0, 16)}@pec.example>`,
      ],
      ...more,
      ...['Content-Type: text/plain; charset=utf-8', '', text, ''],
    ].join('\r\n'),
  )

const look = looker('pec')

onPostgres(open => {
  const pages = pagesOf(open, 'file', environment)

  test('who follows the case is offered the PEC and the call, the answer’s receipts come, and its proof agrees with the provider', async () => {
    await openAllDay(pages.url)
    const [admin, luca] = [await pages.at(staff.administrator), await pages.at(staff.luca)]
    await admin.send('POST', '/api/mailboxes', {
      ...{ address: ours, unitId: 'ccm-pensioni', kind: 'pec', host: '127.0.0.1', port: dovecot.port, security: 'none' },
      ...{ userName: 'pec', secret: dovecotPassword, signature: 'Sezione Pensioni' },
    })
    const contact = await luca.send('POST', '/api/contacts', {
      ...{ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091', phones: [known] },
      emails: [{ address: giulia, kind: 'pec' }],
    })
    const begun = await luca.send('POST', '/api/interactions', {
      ...{ channel: 'counter', contactId: idIn(contact), typologyId: 'naspi', question: 'Perché la domanda è ferma?' },
    })
    await luca.send('POST', `/api/interactions/${idIn(begun)}/linea`, {
      ...{ question: 'Domanda ferma da 80 giorni: che cosa manca?', replyTo: { phone: known } },
    })

    // Anna has been free longer, but it is Luca who follows the case.
    const other = await pages.window({ as: staff.anna })
    await becomeAvailable(other.page)
    const { page, complaints } = await pages.window({ as: staff.luca })
    const hand = handAt(page)
    await becomeAvailable(page)
    await provider.sendFrom(giulia, ours, letter(`Giulia Ferri <${giulia}>`, 'La mia pensione', 'Quando arriva la pensione?'))
    const offer = page.getByRole('region', { name: 'PEC per te' })
    await offer.waitFor()
    expect(await other.page.getByRole('region', { name: 'PEC per te' }).count()).toBe(0)
    await look(page, 'offered')
    await hand.press('F8')
    await hasFocus(offer.getByRole('button').first())
    await hand.press('Enter')
    await page.getByLabel(`Testo per ${giulia}`).waitFor()
    // Another question than the open one: it stays with a case of its own, unless somebody says otherwise.
    await hand.isAt('Una pratica nuova')
    await page.getByText('PEC con firma del gestore valida').waitFor()
    await page.getByText('La segui tu').waitFor()
    await look(page, 'read')

    await answer(page, 'Gentile Giulia Ferri, arriva il 30.')
    await page.getByText('Aspetta di partire.').waitFor()
    await look(page, 'waits')
    await page.getByText('Inviata.').waitFor()
    await page.getByRole('link', { name: /^Pratica / }).click()
    await page.getByText('Consegnata', { exact: true }).waitFor()
    await look(page, 'delivered')
    const [caseId] = new URL(page.url()).pathname.split('/').slice(-1)
    const line = page.getByRole('list', { name: 'Che cosa è successo alla PEC' })
    await expect
      .poll(() => line.getByRole('listitem').allTextContents(), patience)
      .toMatchObject([/^Inviata/, /^Accettata/, /^Consegnata/].map(each => expect.stringMatching(each)))

    // The proof, checked with nothing of ours: unzip, sha256sum, openssl.
    const proof = await page.request.get((await page.getByRole('link', { name: /^Scarica la prova/ }).getAttribute('href')) ?? '')
    expect(proof.headers()['content-disposition']).toMatch(/^attachment; filename="/)
    const at = (name: string) => join(folder, name)
    writeFileSync(at('proof.zip'), await proof.body())
    execFileSync('unzip', ['-q', at('proof.zip'), '-d', at('proof')])
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: at('proof') })
    const files = readdirSync(at('proof')).toSorted()
    expect(files).toEqual(['00-messaggio.eml', '01-accettazione.eml', `02-consegna-${giulia}.eml`, 'LEGGIMI.txt', 'SHA256SUMS'])
    const bytes = (name: string) => readFileSync(join(at('proof'), name))
    const sha256 = (raw: Buffer | undefined) =>
      createHash('sha256')
        .update(raw ?? '')
        .digest('hex')
    expect(sha256(bytes('00-messaggio.eml'))).toBe(sha256(provider.taken()[0]))
    const receipts = files.filter(name => /^0[12]/.test(name)).map(bytes)
    for (const [n, sent] of provider.mailbox(ours).slice(1).entries()) {
      const kept = receipts[n] ?? Buffer.alloc(0)
      // The mailbox's server writes its trace above what the provider sent.
      expect(sha256(kept.subarray(kept.length - sent.length))).toBe(sha256(sent))
      expect(provider.authority.verify(kept, new Date(now()))).toBe(true)
    }

    // The citizen answers: the same case, the same person, a second contact, and why.
    const sent = /^Message-ID: (.*)$/im.exec(provider.taken()[0]?.toString() ?? '')?.[1] ?? ''
    await becomeAvailable(page)
    await provider.sendFrom(
      giulia,
      ours,
      letter(`Giulia Ferri <${giulia}>`, 'Re: La mia pensione', 'Non è arrivata.', [`In-Reply-To: ${sent}`]),
    )
    await offer.waitFor()
    await hand.press('F8')
    await hasFocus(offer.getByRole('button').first())
    await hand.press('Enter')
    await page.getByText('Secondo contatto').waitFor()
    await page.getByText('La segui tu').waitFor()
    await look(page, 'again')
    await answer(page, 'Gentile Giulia Ferri, arriva domani.')
    await page.getByText('Perché il cittadino è tornato?').waitFor()
    await look(page, 'why')
    await hand.press('2')
    await page.getByText(/Non risolto/).waitFor()
    await expect.poll(() => page.getByText('Perché il cittadino è tornato?').count(), patience).toBe(0)
    expect(new URL(page.url()).pathname).toMatch(/^\/mails\//)
    expect(caseId).toMatch(/^[0-9a-f-]{36}$/)

    // And calls: the same desk rings.
    await becomeAvailable(page)
    const citizen = await pages.window()
    await callForPensions(citizen.page, known)
    await hand.isAt('Rispondi')
    await page.getByText('Viene prima a te').waitFor()
    expect(await other.page.getByRole('button', { name: 'Rispondi' }).count()).toBe(0)
    await look(page, 'rings')
    await hand.answer()
    await page.getByText('La segui tu').first().waitFor()
    expect([...complaints, ...other.complaints]).toEqual([])
  })

  test('every state of a PEC can be told at a glance, and its proof is for those who see the case', async () => {
    const [boss, agency] = [await pages.at(staff.supervisor), await pages.at(staff.agency)]
    const { page, complaints } = await pages.window({ as: staff.supervisor, path: '/mails' })
    const fates = {
      'presa@pec.example': { becomes: 'delivered-by-another', form: 'sintetica' },
      'persa@pec.example': { becomes: 'failed', error: 'no-dest', detail: '5.1.1 - indirizzo non valido' },
      'lenta@pec.example': { becomes: 'delayed' },
      'malata@pec.example': { becomes: 'virus' },
      'muta@pec.example': { becomes: 'silent' },
    } as const
    for (const [address, fate] of Object.entries(fates)) {
      provider.treat(address, fate)
      await provider.sendFrom(address, ours, letter(address, `Domanda di ${address}`, 'Buongiorno.'))
    }
    const strange = 'ignoto@pec.example'
    await stranger.sendFrom(strange, ours, letter(strange, `Domanda di ${strange}`, 'Buongiorno.'))
    await provider.passOn('posta@example.org', ours, letter('posta@example.org', 'Posta ordinaria', 'Buongiorno.'))
    const whole = await stranger.sendFrom(
      'prima@pec.example',
      'nessuno@pec.example',
      letter('prima@pec.example', 'Cambiata', 'Buongiorno.'),
    )
    await dovecot.deliver(
      'pec',
      whole.toString('latin1').replace('Buongiorno.', 'Buonasera!!').replace('nessuno@pec.example', ours),
    )

    for (const [subject, words] of [
      [`Domanda di ${strange}`, 'PEC con firma del gestore non verificata'],
      ['Posta ordinaria', 'Posta ordinaria passata dal gestore'],
      ['Cambiata', 'PEC con firma del gestore non valida'],
    ] as const) {
      await page.getByRole('row', { name: subject }).click()
      await page.getByText(words).waitFor()
      expect(await page.getByText('accettata dal gestore del mittente').count()).toBe(0)
      await look(page, `envelope-${subject.split(' ')[0]}`)
      await page.goto('/mails')
    }

    const cases = new Map<string, string>()
    for (const address of Object.keys(fates)) cases.set(address, await answered(boss, page, address))
    for (const [address, words] of [
      ['presa@pec.example', 'Presa in carico'],
      ['persa@pec.example', 'Non consegnata'],
      ['lenta@pec.example', 'In ritardo'],
      ['malata@pec.example', 'Fermata per un virus'],
      ['muta@pec.example', 'Accettata'],
    ] as const) {
      await page.goto(`/cases/${cases.get(address)}`)
      await page.getByText(words, { exact: true }).first().waitFor()
      await look(page, `line-${address.split('@')[0]}`)
    }
    // Half a day later nothing has come.
    await sql`update registered_receipt set at = at - interval '13 hours'`.execute(pages.db)
    await sql`update registered_message set sent_at = sent_at - interval '13 hours', next_look_at = ${new Date(now())} where next_look_at is not null`.execute(
      pages.db,
    )
    await page.reload()
    await page.getByText(/^Da 12 ore manca la ricevuta/).waitFor()
    await look(page, 'silence')

    const href = (await page.getByRole('link', { name: /^Scarica la prova/ }).getAttribute('href')) ?? ''
    await expect(agency.send('GET', href)).rejects.toThrow(' 404 ')
    await page.goto('/mails')
    await page
      .getByRole('tab', { name: 'Concluse' })
      .or(page.getByRole('radio', { name: 'Concluse' }))
      .click()
    await page.getByRole('row').first().waitFor()
    await look(page, 'list')
    expect(complaints).toEqual([])
  })
})

/** Writes the answer of a mail in the form, and sends it. */
async function answer(page: Page, text: string): Promise<void> {
  const typology = page.getByRole('combobox', { name: 'Tipologia' })
  await page.getByLabel(/^Testo per/).fill(text)
  if ((await typology.count()) > 0) {
    await typology.fill('pensione di vecchiaia')
    await expect.poll(() => page.getByRole('option').first().textContent(), patience).toMatch(/Pensione di vecchiaia/)
    await typology.press('ArrowDown')
    await typology.press('Enter')
  }
  await page.keyboard.press('Control+Enter')
}

/** Answers the mail of a sender without a page, and waits until its line of states has more than one step. Returns its case. */
async function answered(as: Caller, page: Page, from: string): Promise<string> {
  const found = async () => {
    const { items } = await as.send('GET', '/api/mails?limit=50')
    return (Array.isArray(items) ? items : []).filter(isRecord).find(each => isRecord(each.from) && each.from.address === from)
  }
  await expect.poll(found, patience).toBeDefined()
  const id = idIn(await found())
  await as.send('POST', `/api/mails/${id}/take`)
  const mail = await as.send('POST', `/api/mails/${id}/answer`, {
    answer: 'Gentile signora, è in ordine.',
    typologyId: 'vecchiaia',
  })
  await page.evaluate(() => undefined)
  return String(mail.caseId)
}
