/**
 * What is around the work: signing in when it does not work, finding a person, a case or an office, the citizen's card, an office for
 * everybody, one thing of each list of the administration, another language.
 */
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { PersonActor } from '../../src/platform/index.ts'
import { userOf } from '../support/accounts.ts'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { fitsWindow, idIn, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const narrow = { width: 390, height: 844 }
const wide = { width: 1440, height: 900 }

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  const secondNames = ['Bertani', 'Cantoni']
  let citizens = 0

  /** A citizen with all that can be known of one, and a question of theirs at the second level. */
  async function citizen() {
    const operator = await pages.at(staff.anna)
    const familyName = `Colangelo ${secondNames[citizens++]}`
    const contact = await operator.send('POST', '/api/contacts', {
      kind: 'person',
      givenName: 'Maria Annunziata',
      familyName,
      birthDate: '1958-03-21',
      municipalityCode: '058091',
      phones: ['06 5555 0147', '333 555 0147'],
      emails: ['maria.annunziata.colangelo.di.villanova@posta-personale.example.org'],
      notes: 'Sente poco: parlare piano.',
    })
    const interaction = await operator.send('POST', '/api/interactions', {
      channel: 'counter',
      contactId: idIn(contact),
      typologyId: 'vecchiaia',
      question: 'Domanda di vecchiaia: dal sito risulta in lavorazione da 80 giorni.',
    })
    const sent = await operator.send('POST', `/api/interactions/${interaction.id}/linea`, {
      question: 'Domanda di vecchiaia: dal sito risulta in lavorazione da 80 giorni.',
      replyTo: { phone: '06 5555 0147' },
    })
    return { id: idIn(contact), name: `Maria Annunziata ${familyName}`, caseId: idIn(sent.case) }
  }

  /** Looks at a page, wide and narrow: pictures, nothing serious for axe, nothing wider than the window. */
  async function look(page: Page, name: string): Promise<void> {
    for (const size of [wide, narrow]) {
      await page.setViewportSize(size)
      await expect.poll(() => page.locator('.bones').count(), patience).toBe(0)
      await picture(page, `${name}-${size.width}`)
      expect(await seriousFindings(page), `${name} at ${size.width}`).toEqual([])
      await fitsWindow(page, `${name} at ${size.width}`)
    }
    await page.setViewportSize(wide)
  }

  test('signing in tells what is missing and what is wrong, in words', async () => {
    const { page, complaints } = await pages.window({ path: '/sign-in' })
    await page.getByRole('heading', { name: 'Accedi' }).waitFor()
    await look(page, 'sign-in')
    await page.getByRole('button', { name: 'Entra', exact: true }).click()
    await page.getByText('Scrivi la password.').waitFor()
    await look(page, 'sign-in-empty')
    await page.getByLabel('Nome utente').fill(userOf(staff.luca))
    await page.getByLabel('Password').fill('non è questa')
    await page.keyboard.press('Enter')
    await page.getByText('Nome utente o password non corretti.').waitFor()
    await look(page, 'sign-in-wrong')
    expect(complaints).toEqual([])
  })

  test('one field finds a person, a case by its code, an office; the keyboard is enough', async () => {
    const { id, name, caseId } = await citizen()
    const code = String((await (await pages.at(staff.paola)).send('GET', `/api/cases/${caseId}`)).code)
    const { page, complaints } = await pages.window({ as: staff.paola, path: '/cric/tickets' })
    await page.getByRole('heading', { name: 'Quesiti' }).first().waitFor()
    const find = async (text: string, result: string | RegExp) => {
      await page.getByRole('button', { name: 'Cerca una persona' }).click()
      await page.getByRole('searchbox', { name: 'Cerca' }).fill(text)
      const found = page.getByRole('menuitem', { name: result }).first()
      await found.waitFor()
      return found
    }
    await find(name.split(' ').at(-1) ?? name, name)
    await look(page, 'find')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/contacts/${id}`)

    await (await find(code, 'Pensione di vecchiaia')).click()
    await page.waitForURL(`**/cric/cases/${caseId}`)
    await (await find('roma eur', /Roma EUR/)).click()
    await page.waitForURL('**/admin/units/ag-roma-eur')

    await page.getByRole('button', { name: 'Cerca una persona' }).click()
    await page.getByRole('searchbox', { name: 'Cerca' }).fill('zzzzzz qqqq')
    await page.getByText('Niente per «zzzzzz qqqq»').waitFor()
    await look(page, 'find-nothing')
    expect(complaints).toEqual([])
  })

  test('the citizen’s card says how to reach them and what is open, and leads there', async () => {
    const { id, name, caseId } = await citizen()
    const { page, complaints } = await pages.window({ as: staff.anna, path: `/contacts/${id}` })
    await page.getByText(name).first().waitFor()
    await page.getByText('21 marzo 1958').waitFor()
    await look(page, 'contact')
    await page.getByRole('link', { name: 'Pensione di vecchiaia' }).click()
    await page.waitForURL(`**/cric/cases/${caseId}`)
    await page.locator('.timeline').first().waitFor()
    await look(page, 'case')
    expect(complaints).toEqual([])
  })

  test('a card that is not there says so, and how to go on', async () => {
    const { page } = await pages.window({ as: staff.anna, path: '/contacts/00000000-0000-7000-8000-00000000dead' })
    await page.getByRole('alert').getByText("Questa pagina non c'è").waitFor()
    await look(page, 'contact-none')
  })

  test('an office is there for everybody: hours, address, telephone', async () => {
    const { page, complaints } = await pages.window({ as: staff.paola, path: '/admin/units/ag-roma-eur' })
    await page
      .getByRole('heading', { name: /Roma EUR/ })
      .first()
      .waitFor()
    await page.getByText('lunedì').waitFor()
    await look(page, 'office')
    expect(complaints).toEqual([])
  })

  describe('one of each list of the administration', () => {
    const details: { name: string; path: string; ready: string }[] = [
      { name: 'person', path: `/admin/people/${staff.anna.personId}`, ready: 'Anna Bianchi' },
      { name: 'number', path: '/admin/numbers/+390600000001', ready: '06 0000 0001' },
      { name: 'numbers-list', path: '/admin/numbers', ready: 'Piano dei numeri' },
      { name: 'people-list', path: '/admin/people', ready: 'Persone' },
      { name: 'units-list', path: '/admin/units', ready: 'Strutture' },
      { name: 'unit', path: '/admin/units/cric-lazio-pensioni', ready: 'Pensioni' },
    ]
    for (const { name, path, ready } of details)
      test(name, async () => {
        const { page, complaints } = await pages.window({ as: staff.administrator, path })
        await page
          .getByRole('heading', { name: new RegExp(ready) })
          .first()
          .waitFor()
        await look(page, `admin-${name}`)
        expect(complaints).toEqual([])
      })

    const dialogs: { name: string; path: string; button: string }[] = [
      { name: 'new-person', path: '/admin/people', button: 'Nuova persona' },
      { name: 'assign', path: `/admin/people/${staff.anna.personId}`, button: 'Aggiungi un incarico' },
      { name: 'plan-territory', path: '/admin/numbers', button: 'Pianifica un territorio' },
    ]
    for (const { name, path, button } of dialogs)
      test(`dialog ${name}`, async () => {
        const as: PersonActor = name === 'plan-territory' ? staff.headquarters : staff.administrator
        const { page, complaints } = await pages.window({ as, path })
        await page.getByRole('button', { name: button }).click()
        await page.getByRole('dialog').waitFor()
        await look(page, `admin-${name}`)
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        expect(complaints).toEqual([])
      })
  })

  test('a day is typed in the order of the reader’s language, or chosen in a calendar', async () => {
    const { page, complaints } = await pages.window({ as: staff.administrator, path: `/admin/people/${staff.luca.personId}` })
    await page.getByRole('button', { name: 'Aggiungi un incarico' }).click()
    const day = page.getByRole('group', { name: 'Fino al giorno' })
    await day.getByRole('spinbutton').first().click()
    await page.keyboard.type('24122027')
    await expect.poll(async () => (await day.textContent())?.replaceAll(/[^\d/]/g, ''), patience).toBe('24/12/2027')
    await day.getByRole('button').click()
    await page.getByRole('grid', { name: 'dicembre 2027' }).waitFor()
    await picture(page, 'admin-calendar')
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await day.textContent())?.replaceAll(/[^\d/]/g, ''), patience).toBe('25/12/2027')
    expect(complaints).toEqual([])
  })

  describe('in English', () => {
    const areas: { name: string; person: PersonActor; path: string; ready: string | RegExp }[] = [
      { name: 'desk', person: staff.luca, path: '/desk', ready: /You are/ },
      { name: 'pool', person: staff.marco, path: '/cric/tickets?view=all', ready: 'Questions' },
      { name: 'agency', person: staff.agency, path: '/agency', ready: 'Today' },
      { name: 'monitoring', person: staff.supervisor, path: '/monitoring', ready: 'Live' },
      { name: 'people', person: staff.administrator, path: '/admin/people', ready: 'People' },
      { name: 'numbers', person: staff.headquarters, path: '/admin/numbers', ready: 'Number plan' },
    ]
    for (const { name, person, path, ready } of areas)
      test(name, async () => {
        const here = await pages.window({ as: person, path })
        await here.page.getByRole('button', { name: /(ruolo, lingua, uscita|role, language, sign out)/ }).click()
        const english = here.page.getByRole('menuitem', { name: 'English' })
        // A try before this one may have chosen it already.
        await english.or(here.page.getByRole('menuitem', { name: 'Italiano' })).waitFor()
        if (await english.isVisible()) {
          const kept = here.page.waitForResponse(answer => answer.url().endsWith('/api/session/language'))
          await english.click()
          await kept
        }
        // On another computer, which has never seen this person.
        const there = await pages.window({ as: person, path })
        await there.page.getByRole('heading', { name: ready }).first().waitFor()
        expect(await there.page.locator('html').getAttribute('lang')).toBe('en')
        await look(there.page, `english-${name}`)
        expect([...here.complaints, ...there.complaints]).toEqual([])
      })
  })
})
