/**
 * The same citizen again: who knows an open case is called first, a second contact is marked and its cause said with one key, and the figures of the
 * month lead to the case.
 */
import { expect, test } from 'vitest'
import { onPostgres } from '../support/database.ts'
import { becomeAvailable, callForPensions, openAllDay } from '../support/desk.ts'
import { handAt } from '../support/hand.ts'
import { idIn, looker, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const known = '06 5959 4321'

const look = looker('again')

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  test('who knows the case answers first, why the citizen came again is said with one key, and the month leads to the case', async () => {
    await openAllDay(pages.url)
    const anna = await pages.at(staff.anna)
    const contact = await anna.send('POST', '/api/contacts', {
      ...{ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091', phones: [known] },
    })
    const talk = async (typologyId: string, question: string) =>
      idIn(
        await anna.send('POST', '/api/interactions', {
          ...{ channel: 'counter', contactId: idIn(contact), typologyId, question },
        }),
      )
    const closed = await talk('vecchiaia', 'Quando arriva la pensione?')
    await anna.send('POST', `/api/interactions/${closed}/answer`, { answer: 'Il primo del mese.' })
    const sent = await talk('naspi', 'Perché la domanda è ferma?')
    await anna.send('POST', `/api/interactions/${sent}/linea`, {
      ...{ question: 'Domanda ferma da 80 giorni: che cosa manca?', replyTo: { phone: known } },
    })

    const { page, complaints } = await pages.window({ as: staff.anna })
    const hand = handAt(page)
    await becomeAvailable(page)
    const citizen = await pages.window()
    await callForPensions(citizen.page, known)
    await hand.isAt('Rispondi')
    await page.getByText('Viene prima a te').waitFor()
    await look(page, 'rings')
    await hand.answer()
    await hand.isAt('Chi chiama è Giulia Ferri')
    await page.getByText('La segui tu').first().waitFor()
    await hand.press('Enter')
    await hand.isAt('Tipologia')
    await hand.choose('pensione di vecchiaia', 'Pensione di vecchiaia')
    await page.getByText('Secondo contatto').waitFor()
    // It is proposed how one goes on: a new case that is linked, or the closed one again.
    const isChosen = (name: string) => page.getByRole('button', { name }).getAttribute('aria-pressed')
    await expect.poll(() => isChosen('Nuova pratica collegata'), patience).toBe('true')
    expect(await isChosen('Riapri la pratica')).toBe('false')
    await look(page, 'marked')
    await hand.isAt('Quesito, con parole')
    await hand.write('Non è arrivata.')
    await hand.press('Alt+1')
    await hand.isAt('Che cosa hai risposto')
    await hand.write('Arriva il 30.')
    await hand.press('Control+Enter')
    await hand.isAt('Risposto e chiuso al primo contatto.')
    await page.getByText('Perché il cittadino è tornato?').waitFor()
    await look(page, 'why')
    await hand.press('2')
    await expect.poll(() => page.getByText('Perché il cittadino è tornato?').count(), patience).toBe(0)
    await page.getByText(/Non risolto/).waitFor()
    await hand.press('F9')

    const boss = await pages.window({ as: staff.supervisor, path: '/results' })
    await boss.page.getByText('1 su 2 pratiche concluse').waitFor()
    await boss.page.getByRole('button', { name: 'Non risolto' }).click()
    await boss.page
      .getByText(/tornato/)
      .first()
      .waitFor()
    await boss.page.getByRole('cell', { name: 'Ha risposto' }).or(boss.page.getByText('Chi conosce la pratica')).first().waitFor()
    await look(boss.page, 'results')
    expect([...complaints, ...boss.complaints]).toEqual([])
  })
})
