/** An incident of an IT group, from the third ticket that proposes it, over its notice, to the closing that answers twenty. */
import { expect, test } from 'vitest'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { fitsWindow, idIn, pagesOf, patience, pressFor } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const { anna, itLazio } = staff
const narrow = { width: 390, height: 844 }
const wide = { width: 1440, height: 900 }
const said = 'Le domande online non partono. I tecnici sono al lavoro.'

onPostgres(open => {
  const pages = pagesOf(open, 'test')

  /** IT tickets about one procedure, for Lazio's group. */
  async function tickets(count: number, from: number): Promise<void> {
    const operator = await pages.at(anna)
    for (let n = from; n < from + count; n++) {
      const email = `cittadino${n}@example.org`
      const card = { kind: 'person', givenName: 'Giulia', familyName: `Ferri ${n}`, municipalityCode: '058091', emails: [email] }
      const contact = await operator.send('POST', '/api/contacts', card)
      const question = 'La domanda resta ferma dopo gli allegati.'
      const asked = { channel: 'counter', contactId: contact.id, typologyId: 'domanda-bloccata', question }
      const interaction = await operator.send('POST', '/api/interactions', asked)
      await operator.send('POST', `/api/interactions/${interaction.id}/linea`, {
        ...{ question, procedureId: 'domande-online', browser: 'Chrome su Windows', errorText: 'Servizio non disponibile' },
        replyTo: { email },
      })
    }
  }

  test('proposed, opened, told to everybody, and closed with one answer for twenty', async () => {
    const { page, complaints } = await pages.window({ as: itLazio, path: '/incidents' })
    await page.getByText('Nessun incidente in corso').waitFor()
    await tickets(2, 1)
    const proposal = page.getByRole('region', { name: 'Più quesiti del solito' })
    expect(await proposal.count()).toBe(0)
    await tickets(1, 3)
    await proposal.getByText('Domande di prestazione online').waitFor()
    await proposal.getByText(/3 quesiti dalle/).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'incidents-proposal')
    await page.setViewportSize(narrow)
    await picture(page, 'incidents-proposal-narrow')
    await page.setViewportSize(wide)

    await proposal.getByRole('button', { name: 'Apri un incidente' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Apri', exact: true }).click()
    const incident = page.getByRole('article')
    await incident.getByRole('heading', { name: 'Domande di prestazione online: malfunzionamento' }).waitFor()
    await incident.getByText('Quesiti collegati (3)').waitFor()
    await proposal.waitFor({ state: 'detached' })

    await tickets(17, 4)
    await incident.getByRole('button', { name: 'Collega quesiti' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Collega 17 quesiti' }).click()
    await incident.getByText('Quesiti collegati (20)').waitFor()

    // Told to everybody: the desk that is open hears of it, and the page that is open to all.
    const desk = await pages.window({ as: anna, path: '/desk' })
    await desk.page.getByRole('main').waitFor()
    await incident.getByRole('button', { name: 'Dai un avviso' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Testo in italiano').fill(said)
    await dialog.getByLabel(/inglese/).fill('Online applications cannot be sent. Our technicians are at work.')
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'incidents-notice')
    await page.setViewportSize(narrow)
    await picture(page, 'incidents-notice-narrow')
    await page.setViewportSize(wide)
    await dialog.getByRole('button', { name: 'Pubblica ora' }).click()
    await incident.getByText(said).waitFor()
    await desk.page.getByText(said).waitFor()
    await picture(desk.page, 'incidents-desk')
    await desk.page.setViewportSize(narrow)
    await picture(desk.page, 'incidents-desk-narrow')
    const everybody = await pages.window({ path: '/telephone' })
    await everybody.page.getByText(said).waitFor()
    await picture(everybody.page, 'incidents-public')

    // An answer may begin with it.
    const ticketId = idIn(await pages.db.selectFrom('ticket').select('id').limit(1).executeTakeFirst())
    const colleague = await pages.window({ as: itLazio, path: `/cric/tickets/${ticketId}` })
    await colleague.page.getByText('Servizio non disponibile').waitFor()
    const claim = colleague.page.getByRole('button', { name: 'Prendo in carico' })
    await claim.click()
    await claim.waitFor({ state: 'detached' })
    await colleague.page.getByRole('button', { name: 'Modello' }).click()
    await colleague.page.getByRole('menuitem', { name: /Avviso: Domande di prestazione online.*inglese/ }).waitFor()
    await picture(colleague.page, 'incidents-template')
    await colleague.context.close()

    await incident.getByRole('button', { name: 'Annota come errore noto' }).click()
    await dialog.getByLabel('Come si riconosce').fill('La pagina resta ferma dopo gli allegati.')
    await dialog.getByLabel('Come aggirarlo').fill('Salvare in bozza, uscire e rientrare.')
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await dialog.waitFor({ state: 'detached' })
    await incident.getByText(/Annotato come errore noto/).waitFor()
    await picture(page, 'incidents-one')
    await page.setViewportSize(narrow)
    await picture(page, 'incidents-one-narrow')
    await page.setViewportSize(wide)

    await incident.getByRole('button', { name: "Chiudi l'incidente" }).click()
    await dialog.getByLabel('Risposta ai cittadini').fill('Il servizio funziona di nuovo: può inviare la domanda.')
    await dialog.getByText('Quesiti: 20 di 20').waitFor()
    await dialog.getByRole('button', { name: 'Anteprima' }).first().click()
    await dialog
      .getByText(/Gentile Giulia Ferri/)
      .first()
      .waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'incidents-closing')
    await page.setViewportSize(narrow)
    await picture(page, 'incidents-closing-narrow')
    await page.setViewportSize(wide)
    await dialog.getByRole('button', { name: 'Chiudi e rispondi a 20' }).click()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => incident.getByText('risposta inviata').count(), patience).toBe(20)
    await incident.getByText('chiuso', { exact: true }).first().waitFor()
    await desk.page.getByText(said).waitFor({ state: 'detached' })
    const mails = await pages.db.selectFrom('mail').select('subject_id').execute()
    expect(new Set(mails.map(mail => mail.subject_id)).size).toBe(20)
    expect(mails).toHaveLength(20)

    await page.getByRole('radio', { name: 'Errori noti' }).click()
    await page.getByRole('row', { name: /Domande di prestazione online/ }).click()
    await page.getByText('Salvare in bozza, uscire e rientrare.').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'incidents-known')
    // What is open stays, also where the list does not have it: a link may lead to it.
    await page.getByPlaceholder('Cerca tra gli errori noti').fill('nessuno ne parla')
    await page.getByRole('row', { name: /Domande di prestazione online/ }).waitFor({ state: 'detached' })
    expect(await page.getByText('Salvare in bozza, uscire e rientrare.').count()).toBe(1)

    // The list from which procedures are chosen.
    await page.getByRole('radio', { name: 'Procedure' }).click()
    await page.getByRole('button', { name: 'Rinomina Bonus asilo nido' }).click()
    await dialog.getByLabel('Nome').fill('Bonus nido')
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Non usare più Bonus nido' }).click()
    await page.getByText('non più in uso', { exact: true }).waitFor()
    await pressFor(page, 'n', dialog)
    await dialog.getByLabel('Nome').fill('Portale dei medici')
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await page.getByText('Portale dei medici').waitFor()
    await page.getByRole('button', { name: 'Rinomina Bonus nido' }).click()
    await dialog.getByText('Rinominata: Bonus nido').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'incidents-procedure')
    // Nothing was changed: there is nothing to save, and the dialog is done with.
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByPlaceholder('Cerca una procedura').fill('bonus')
    await page.getByText('Portale dei medici').waitFor({ state: 'detached' })
    await picture(page, 'incidents-procedures')
    await page.setViewportSize(narrow)
    await fitsWindow(page)
    await picture(page, 'incidents-procedures-narrow')
    await page.setViewportSize(wide)
    expect(complaints).toEqual([])
  })
})
