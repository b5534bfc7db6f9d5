/**
 * The planner in a real browser on weeks of history: a day as it was, run again, cancelled, with a change, before and after; who is needed
 * when; what channelling a region brings; and a new institute that has no history yet.
 */
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { followSums } from '../../src/monitoring/index.ts'
import { addDays, dayAt, weekdayOf } from '../../src/platform/index.ts'
import { calendarDayOf } from '../../src/simulation/history.ts'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { writeHistory } from '../support/history.ts'
import { fitsWindow, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const weeks = 4
const today = dayAt('Europe/Rome', now())
/** The last day but today on which the contact centre had its usual calls. */
const day = [1, 2, 3].map(back => addDays(today, -back)).find(each => weekdayOf(each) <= 5) ?? today
const sunday = addDays(today, -weekdayOf(today))
/** A Monday to come that is no holiday. */
const monday = [8, 15, 22].map(ahead => addDays(sunday, ahead)).find(each => calendarDayOf(each).kind === 'ordinary') ?? sunday
/** The journal of made-up days must not be distributed again. */
const onlyPages = { ROLES: 'web' }

async function choose(page: Page, label: string, option: string | RegExp, nth = 0): Promise<void> {
  await page
    .getByRole('button', { name: new RegExp(`${label}$`) })
    .nth(nth)
    .click()
  await page.getByRole('option', { name: option }).click()
}

/** Writes a day part by part, as one does. */
async function writeDay(page: Page, label: string, day: string): Promise<void> {
  const [year = '', month = '', date = ''] = day.split('-')
  await page.getByRole('group', { name: label, exact: true }).getByRole('spinbutton').first().click()
  await page.keyboard.type(`${date}${month}${year}`)
}

/** Nothing serious for axe, and nothing wider than the window. */
async function isSound(page: Page): Promise<void> {
  expect(await seriousFindings(page)).toEqual([])
  await fitsWindow(page)
}

onPostgres(open => {
  describe('after four weeks', () => {
    const pages = pagesOf(
      async options => {
        const opened = await open(options)
        const path = 'inps/dr-trentino-alto-adige/'
        await writeHistory(opened.house, { from: addDays(today, -7 * weeks), days: 7 * weeks, direct: { path, callsADay: 60 } })
        // The program of this test has no worker that would follow the journal.
        await opened.house.database.script('analyze event')
        await followSums(opened.house)
        return opened
      },
      'file',
      onlyPages,
    )

    async function planner(width = 1440) {
      const { page, complaints } = await pages.window({
        as: staff.headquarters,
        path: '/planner',
        width,
        height: width === 390 ? 844 : 900,
      })
      await writeDay(page, 'Giorno', day)
      await page.getByRole('heading', { name: /delle risposte entro 20 secondi/ }).waitFor()
      return { page, complaints }
    }

    test.for([1440, 390])('a day as it was, run again and with two more people, at %i px', async width => {
      const { page, complaints } = await planner(width)
      await page.getByText('Occupazione').first().waitFor()
      await isSound(page)
      await picture(page, `planner-day-${width}`)
      await choose(page, 'Sezione', 'Pensioni')
      await page.getByRole('heading', { name: /Pensioni: .*delle risposte/ }).waitFor()

      await page.getByRole('textbox', { name: 'Operatori' }).fill('2')
      await page.getByRole('button', { name: 'Aggiungi' }).click()
      await page.getByText('2 operatori in più in Pensioni dalle 09:00 alle 11:00').waitFor()
      await page.getByRole('button', { name: 'Simula' }).click()
      await page.getByRole('heading', { name: /Con le modifiche, Pensioni/ }).waitFor()
      await page.getByText('Media di 10 giorni simulati').waitFor()
      // Before and after, for screen readers too.
      await page
        .getByRole('cell', { name: /simulato com'è .* con le modifiche/ })
        .first()
        .waitFor()
      await page.getByText(/L'attesa annunciata all'ingresso .* sbaglia in media/).waitFor()
      await isSound(page)
      await page.getByRole('heading', { name: /Con le modifiche, Pensioni/ }).scrollIntoViewIfNeeded()
      await picture(page, `planner-before-after-${width}`)
      await page.locator('summary', { hasText: 'Con quali durate e quale pazienza' }).click()
      await page
        .getByText(/chiamate del giorno/)
        .first()
        .waitFor()
      await isSound(page)
      expect(complaints).toEqual([])
    })

    test('a run shows how far it is and can be cancelled; another one then starts', async () => {
      const { page } = await planner()
      await choose(page, 'Parti da', 'Un giorno di esempio')
      await page.getByRole('button', { name: 'Aggiungi' }).click()
      await page.getByRole('button', { name: 'Simula' }).click()
      const bar = page.getByRole('progressbar')
      await expect.poll(async () => Number(await bar.getAttribute('value')), patience).toBeGreaterThan(0)
      await picture(page, 'planner-running')
      await page.getByRole('button', { name: 'Annulla' }).click()
      await page.getByText('Simulazione annullata.').waitFor()
      await bar.waitFor({ state: 'detached' })
      await isSound(page)
      await choose(page, 'Parti da', 'Un giorno vero')
      await page.getByRole('button', { name: 'Simula' }).click()
      await page.getByRole('heading', { name: /Con le modifiche, tutte le sezioni/ }).waitFor()
    })

    test('one section helps another, and a region is channelled: said in words, and run', async () => {
      const { page } = await planner()
      await choose(page, 'Modifica', 'Una sezione ne aiuta un')
      await page.getByLabel('Dopo secondi').fill('60')
      await page.getByRole('button', { name: 'Aggiungi' }).click()
      await page.getByText('Pensioni aiuta Prestazioni a sostegno del reddito dopo 60 secondi').waitFor()
      await choose(page, 'Modifica', 'Canalizzare degli uffici')
      await page.getByRole('combobox', { name: 'Territorio o ufficio' }).fill('Calabria')
      await page.getByRole('option', { name: /Direzione regionale Calabria/ }).click()
      await page.getByRole('button', { name: 'Aggiungi' }).click()
      await page.getByText(/Direzione regionale Calabria nel contact center dal giorno/).waitFor()
      await picture(page, 'planner-changes')
      await page.getByRole('button', { name: 'Simula' }).click()
      await page.getByRole('heading', { name: /Con le modifiche, tutte le sezioni/ }).waitFor()
      await page.getByRole('button', { name: /Togli: Pensioni aiuta/ }).click()
      await page.getByText('dopo 60 secondi').waitFor({ state: 'detached' })
    })

    test.for([1440, 390])('who is needed when, how sure that is and on what it stands, at %i px', async width => {
      const { page, complaints } = await planner(width)
      await page.getByRole('radio', { name: 'Chi serve, quando' }).click()
      await writeDay(page, 'Giorno da pianificare', monday)
      await page.getByRole('heading', { name: /chiamate previste: servono \d+ persone/ }).waitFor()
      await page.getByText(/Mediana degli ultimi \d stessi giorni della settimana/).waitFor()
      await page.getByText(/Provata su \d+ giorni passati, ha sbagliato del/).waitFor()
      await isSound(page)
      await picture(page, `planner-forecast-${width}`)
      await choose(page, 'Obiettivo', 'meno del 5 % di abbandoni')
      await page.getByRole('heading', { name: /chiamate previste/ }).waitFor()
      await writeDay(page, 'Giorno da pianificare', addDays(sunday, 14))
      await page.getByText('Quel giorno non si prevede nessuna chiamata').waitFor()
      expect(complaints).toEqual([])
    })

    test.for([1440, 390])('what channelling brings, from what it is known, and the staff for it, at %i px', async width => {
      const { page, complaints } = await planner(width)
      await page.getByRole('radio', { name: 'Canalizzare' }).click()
      await page.getByText('Quali uffici entrano nel contact center?').waitFor()
      await page.getByRole('combobox', { name: 'Territorio o ufficio' }).fill('Trentino')
      await page.getByRole('option', { name: /Direzione regionale Trentino/ }).click()
      await page.getByRole('heading', { name: /chiamate e \d+ ore di operatore in più/ }).waitFor()
      await page.getByText(/numeri si conoscono le chiamate/).waitFor()
      await isSound(page)
      await picture(page, `planner-channelling-${width}`)
      expect(complaints).toEqual([])
    })

    test('a Sunday says that nobody called, a day to come that it has not come, and neither can be run', async () => {
      const { page } = await planner()
      await writeDay(page, 'Giorno', sunday)
      await page.getByText(/nessuna chiamata$/).waitFor()
      const run = page.getByRole('button', { name: 'Simula' })
      await expect.poll(() => run.getAttribute('aria-disabled'), patience).toBe('true')
      await isSound(page)
      await writeDay(page, 'Giorno', addDays(today, 30))
      await page
        .getByText(/deve ancora venire: scegline uno passato/)
        .first()
        .waitFor()
      await isSound(page)
      await writeDay(page, 'Giorno', day)
      await expect.poll(() => run.getAttribute('aria-disabled'), patience).not.toBe('true')
    })

    test('what cannot be read says so, and can be read again', async () => {
      const { page } = await pages.window({ as: staff.supervisor, path: '/' })
      await page.context().route('**/api/planner/day*', route => route.abort())
      await page.goto('/planner')
      await page.getByRole('button', { name: 'Riprova' }).waitFor()
      await isSound(page)
      await page.context().unroute('**/api/planner/day*')
      await page.getByRole('button', { name: 'Riprova' }).click()
      await page.getByRole('heading', { name: 'Quale giorno?' }).waitFor()
    })
  })

  describe('without a history', () => {
    const pages = pagesOf(open, 'file', onlyPages)

    test('the example day is offered, and the forecast says what it needs', async () => {
      const { page, complaints } = await pages.window({ as: staff.director, path: '/planner' })
      await page.getByText("20.000 chiamate e 400 operatori, con l'andamento tipico").waitFor()
      await isSound(page)
      await page.getByRole('radio', { name: 'Chi serve, quando' }).click()
      await page.getByText("Non c'è ancora una storia su cui prevedere").waitFor()
      await isSound(page)
      expect(complaints).toEqual([])
    })
  })
})
