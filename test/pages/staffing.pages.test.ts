/** A regional director sees what the sections have to do, plans three more members and sees the effect; takes somebody from an agency, with the reason. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { addDays, dayAt, weekdayOf } from '../../src/platform/index.ts'
import { onPostgres } from '../support/database.ts'
import { looker, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const zone = 'Europe/Rome'
const section = staff.paola.unitId
const weeks = 12
/** Forty questions a week that take three hours each are too many for three people. */
const [arrived, closed] = [40, 34]

const look = looker('staffing')

onPostgres(open => {
  const pages = pagesOf(async options => {
    const opened = await open(options)
    const { kysely } = opened.house.database
    const today = dayAt(zone, now())
    const monday = addDays(today, 1 - weekdayOf(today))
    for (let n = 1; n <= weeks; n++)
      await sql`
          insert into workload_week (section_id, week, arrived, closed, closed_in_time, backlog, backlog_since_s, steps, worked_ms, worked_squares)
          values (${section}, ${addDays(monday, -7 * n)}, ${arrived}, ${closed}, ${closed - 12}, ${arrived - closed},
                  ${(arrived - closed) * Math.floor(now() / 1_000 - n * 7 * 86_400)}, ${closed}, ${closed * 3 * 3_600_000}, ${closed * 45_000})`.execute(
        kysely,
      )
    await sql`
        insert into workload_ticket (ticket_id, section_id, state, started_at, is_late)
        select gen_random_uuid(), ${section}, 'here', ${new Date(now())}::timestamptz - make_interval(days => 1 + n % 6), false from generate_series(1, ${weeks * (arrived - closed)}) n`.execute(
      kysely,
    )
    return opened
  }, 'file')

  test('a director plans three more members and sees the effect, by keyboard', async () => {
    const { page, complaints } = await pages.window({ as: staff.director, path: '/' })
    // The first page of a director.
    await page.getByRole('heading', { name: /Pensioni.* risolve in tempo il 65/ }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/staffing/workload')
    await look(page, 'workload')
    // A section leads to its weeks.
    for (const name of ['GAI Lazio', 'CRIC Lazio – Pensioni']) {
      await page.getByRole('row', { name: new RegExp(name) }).press('Enter')
      await expect
        .poll(() => page.evaluate('document.activeElement?.textContent'), patience)
        .toBe(`Settimana per settimana: ${name}`)
    }
    await page.getByText('Come tabella').press('Enter')
    await page
      .getByRole('table', { name: 'Settimana per settimana' })
      .getByRole('cell', { name: '34', exact: true })
      .first()
      .waitFor()

    await page.getByRole('button', { name: /E con…/ }).press('Enter')
    await page.getByRole('option', { name: '+3 persone' }).press('Enter')
    await page.getByRole('button', { name: 'Calcola' }).press('Enter')
    await page.getByText(/serv(e|ono) \d+ person[ae] in più/).waitFor()
    await page.getByText(/Con \+3 a tempo pieno i quesiti risolti in tempo passano dal/).waitFor()
    const effect = page.getByRole('row', { name: /Risolti in tempo/ })
    await effect.getByText(/^tra \+/).waitFor()
    await page.getByText('Parte da 40 arrivi a settimana').waitFor()
    await look(page, 'plan', page.getByText('Parte da 40 arrivi a settimana'))
    expect(complaints).toEqual([])
  })

  test('somebody of an agency is taken with the reason, while others could be had; who comes from where is kept with its history', async () => {
    const { page, complaints } = await pages.window({ as: staff.director, path: '/staffing/members' })
    await page.getByRole('heading', { name: 'Persone delle sezioni' }).waitFor()
    await page.getByText('Provenienza da indicare').first().waitFor()
    await page.getByText('Livia Serra').waitFor()
    await look(page, 'members')

    const add = page.getByRole('button', { name: /Aggiungi una persona a .*Pensioni/ })
    await add.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Nome e cognome').fill('Tina Orsi')
    await dialog.getByRole('button', { name: /Provenienza/ }).press('Enter')
    await page.getByRole('option', { name: 'Agenzia' }).press('Enter')
    await dialog.getByLabel('Quale team, provincia o agenzia').fill('Roma EUR')
    await page.keyboard.press('Control+Enter')
    await dialog.getByText(/2 persone sono disponibili \(.*Livia Serra/).waitFor()
    await look(page, 'reason')
    await dialog.getByLabel('Perché').fill('Conosce i fondi speciali come nessun altro.')
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'hidden' })
    const row = page.getByRole('listitem').filter({ hasText: 'Tina Orsi' })
    await row.getByText('Perché: Conosce i fondi speciali come nessun altro.').waitFor()
    await row.getByText('Ruolo da dare').waitFor()

    await page.getByRole('button', { name: 'Cambia Tina Orsi' }).press('Enter')
    await dialog.getByRole('button', { name: /Parte del tempo/ }).press('Enter')
    await page.getByRole('option', { name: '50%' }).press('Enter')
    await dialog.getByRole('button', { name: 'Salva' }).press('Enter')
    await dialog.waitFor({ state: 'hidden' })
    await row.getByText(/^50% ·/).waitFor()
    await page.getByRole('button', { name: 'Storia di Tina Orsi' }).press('Enter')
    await dialog.getByText(/· 50% ·/).waitFor()
    await dialog.getByText(/· 100% ·/).waitFor()
    await look(page, 'history')
    expect(complaints).toEqual([])
  })
})
