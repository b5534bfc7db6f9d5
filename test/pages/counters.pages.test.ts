/** The counters in real browsers: kiosk, desk and display at once; the kiosk by keyboard alone; a display without its network; what the manager sees. */
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { sampleDeviceCodes } from '../../sample/counters.ts'
import { holidays } from '../../src/organisation/index.ts'
import { addDays, dayAt, systemClock } from '../../src/platform/index.ts'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { fitsWindow, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const { agency } = staff
const portrait = { width: 1080, height: 1920 }
const wall = { width: 1920, height: 1080 }
const wide = { width: 1440, height: 900 }
const narrow = { width: 390, height: 844 }
const dayMs = 86_400_000

/** The program's clock: that of the machine, or some days ahead of it on a holiday. */
function onWorkingDay() {
  const isHoliday = (day: string) => holidays(Number(day.slice(0, 4)), 'RM', '058091').includes(day)
  const today = dayAt('Europe/Rome', Date.now())
  let ahead = 0
  while (isHoliday(addDays(today, ahead)) || isHoliday(addDays(today, ahead + 1))) ahead++
  return { now: () => systemClock.now() + ahead * dayMs, after: systemClock.after }
}

onPostgres(open => {
  const pages = pagesOf(open, 'test', {}, onWorkingDay())

  /** The office receives all day and every day. */
  const openOffice = async () => {
    await sql`delete from opening_hours where unit_id = 'ag-roma-eur'`.execute(pages.db)
    await sql`insert into opening_hours (unit_id, weekday, opens, closes)
              select 'ag-roma-eur', weekday, '00:00', '24:00' from generate_series(1, 7) weekday`.execute(pages.db)
  }

  /** A machine that has taken up its device. Prints are counted, not made. */
  async function machine(kind: 'kiosk' | 'display', size: { width: number; height: number }) {
    const window = await pages.window(size)
    await window.page.addInitScript('window.prints = 0; window.print = () => { window.prints++ }')
    await window.page.goto(`/${kind}`)
    await window.page.getByLabel('Codice').fill(sampleDeviceCodes[kind]('ROMA'))
    await window.page.keyboard.press('Enter')
    return window
  }
  const prints = (page: Page) => page.evaluate('window.prints')
  const ticketOn = async (page: Page) => {
    const number = page.locator('.kiosk-number')
    await number.waitFor()
    return (await number.textContent()) ?? ''
  }

  test('a ticket at the kiosk is called at a desk and shown on the display, with three browsers at once', async () => {
    await openOffice()
    const kiosk = await machine('kiosk', portrait)
    const display = await machine('display', wall)
    const desk = await pages.window({ as: agency, path: '/counter/desk' })
    await display.page.getByText('I numeri chiamati compaiono qui').waitFor()
    await kiosk.page.getByRole('heading', { name: 'Benvenuto' }).waitFor()
    await picture(kiosk.page, 'counters-kiosk-start')
    await picture(display.page, 'counters-display-empty')
    expect(await seriousFindings(kiosk.page)).toEqual([])

    // Sits down; there is nobody.
    await desk.page.getByRole('button', { name: 'Inizia qui' }).click()
    await desk.page.getByRole('heading', { name: 'Sportello 1' }).waitFor()
    await desk.page.getByRole('button', { name: /Chiama il prossimo/ }).click()
    await desk.page.getByText('Ora non c’è nessuno').or(desk.page.getByText("Ora non c'è nessuno da chiamare.")).first().waitFor()

    // In English, touched twice and long: one ticket, one print.
    await kiosk.page.getByRole('button', { name: 'English' }).click()
    await kiosk.page.getByRole('button', { name: /Hand in or collect/ }).dblclick({ delay: 200 })
    const code = await ticketOn(kiosk.page)
    expect(code).toBe('A001')
    await kiosk.page.locator('.kiosk-line', { hasText: 'You are next' }).waitFor()
    await picture(kiosk.page, 'counters-kiosk-ticket')
    expect(await prints(kiosk.page)).toBe(1)
    const { rows } = await sql<{ visits: number }>`select count(*)::int as visits from visit`.execute(pages.db)
    expect(rows).toEqual([{ visits: 1 }])

    // The desk hears of it, sees why, and calls.
    const main = desk.page.getByRole('main')
    await main.getByText('Sportello rapido.').waitFor()
    await picture(desk.page, 'counters-desk-next')
    await desk.page.getByRole('button', { name: /Chiama il prossimo/ }).click()
    await main.getByRole('button', { name: /È arrivato/ }).waitFor()
    await display.page.locator('.display-newest').getByText(code).waitFor()
    await expect.poll(() => display.page.locator('main').getAttribute('data-rung'), patience).toBe('1')
    await picture(display.page, 'counters-display-called')
    expect(await seriousFindings(display.page)).toEqual([])
    await picture(desk.page, 'counters-desk-called')
    await main.getByRole('button', { name: 'Chiama ancora' }).click()
    await expect.poll(() => display.page.locator('main').getAttribute('data-rung'), patience).toBe('2')

    // Received and concluded; the display is empty again.
    await main.getByRole('button', { name: /È arrivato/ }).click()
    await main.getByRole('button', { name: /Concludi/ }).click()
    const dialog = desk.page.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'Sì', exact: true }).click()
    await picture(desk.page, 'counters-desk-close')
    expect(await seriousFindings(desk.page)).toEqual([])
    await dialog.getByRole('button', { name: 'Concludi la visita' }).click()
    await main.getByRole('button', { name: /Chiama il prossimo/ }).waitFor()
    await display.page.getByText('I numeri chiamati compaiono qui').waitFor()
    const { rows: closed } = await sql`select state, call_enough, jsonb_array_length(delivered) as delivered from visit`.execute(
      pages.db,
    )
    expect(closed).toEqual([{ state: 'closed', call_enough: true, delivered: 1 }])
    expect([kiosk.complaints, display.complaints, desk.complaints]).toEqual([[], [], []])
  })

  test('the kiosk by keyboard alone, in German, and nothing of it is left', async () => {
    await openOffice()
    const { page } = await machine('kiosk', portrait)
    await page.getByRole('heading', { name: 'Benvenuto' }).waitFor()
    const press = async (key: string, times = 1) => {
      for (let n = 0; n < times; n++) await page.keyboard.press(key)
    }
    const onButton = (name: string | RegExp) =>
      expect.poll(() => page.getByRole('button', { name }).and(page.locator(':focus')).count(), patience).toBe(1)
    // The heading has the focus; the languages stand before it.
    await press('Shift+Tab', 2)
    await onButton('Deutsch')
    await press('Enter')
    await page.getByRole('heading', { name: 'Willkommen' }).and(page.locator(':focus')).waitFor()
    await press('Tab')
    await onButton(/Ich habe einen Termin/)
    await press('Enter')
    await page
      .getByRole('heading', { name: /Code der Anfrage/ })
      .and(page.locator(':focus'))
      .waitFor()
    await press('Tab')
    await page.keyboard.type('9999999999')
    await picture(page, 'counters-kiosk-code')
    await press('Enter')
    await page.getByText(/gibt es hier heute keinen Termin/).waitFor()
    await page.getByRole('button', { name: 'Zurück' }).focus()
    await press('Enter')
    await page.getByRole('heading', { name: 'Willkommen' }).and(page.locator(':focus')).waitFor()
    await press('Tab', 4)
    await onButton('Eine Beratung')
    await press('Enter')
    await page.getByRole('heading', { name: 'Worüber?' }).and(page.locator(':focus')).waitFor()
    await picture(page, 'counters-kiosk-question')
    await press('Tab')
    await onButton(/Renten/)
    await press('Enter')
    expect(await ticketOn(page)).toBe('B001')
    await press('Tab')
    await onButton('Fertig')
    await press('Enter')
    await page.getByRole('heading', { name: 'Benvenuto' }).waitFor()
    expect(await page.getByText('B001').count()).toBe(0)
    expect(await prints(page)).toBe(1)
  })

  test('a display that loses its network says so, keeps what it knew, and goes on by itself', async () => {
    await openOffice()
    const display = await machine('display', wall)
    await display.page.getByText('I numeri chiamati compaiono qui').waitFor()
    const officer = await pages.at(agency)
    const { halls } = await officer.send('GET', '/api/counters')
    const hall = (halls as { id: string; desks: { id: string }[]; services: { id: string }[] }[])[0]
    const [deskId, serviceId] = [hall?.desks[0]?.id, hall?.services[0]?.id]
    await officer.send('POST', `/api/counters/desks/${deskId}/take`)
    const add = () => officer.send('POST', '/api/visits', { hallId: hall?.id, serviceId })
    await add()
    await add()
    const { visit } = await officer.send('POST', `/api/counters/desks/${deskId}/next`)
    const newest = display.page.locator('.display-newest')
    await newest.getByText('A001').waitFor()
    await display.context.setOffline(true)
    await display.page.getByText(/Collegamento interrotto/).waitFor()
    await newest.getByText('A001').waitFor()
    await picture(display.page, 'counters-display-lost')
    const visitId = (visit as { id: string }).id
    await officer.send('POST', `/api/visits/${visitId}/came`)
    await officer.send('POST', `/api/visits/${visitId}/close`, {})
    await officer.send('POST', `/api/counters/desks/${deskId}/next`)
    await display.context.setOffline(false)
    await newest.getByText('A002').waitFor()
    await display.page.getByText(/Collegamento interrotto/).waitFor({ state: 'detached' })
    expect(display.complaints).toEqual([])
  })

  test('the reception desk writes somebody in with a priority; the manager sees the day, and gives a device a code', async () => {
    await openOffice()
    const { page, complaints } = await pages.window({ as: agency, path: '/counter/hall' })
    const main = page.getByRole('main')
    await main.getByRole('button', { name: 'Aggiungi una persona' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /Precedenza/ }).click()
    await page.getByRole('option', { name: 'gravidanza' }).click()
    await dialog.getByLabel('Nota per lo sportello').fill('Parla francese')
    await picture(page, 'counters-hall-add')
    await dialog.getByRole('button', { name: 'Aggiungi', exact: true }).click()
    await main.getByText('A001').waitFor()
    await main.getByText('gravidanza').waitFor()
    for (const size of [narrow, wide]) {
      await page.setViewportSize(size)
      await fitsWindow(page)
      await picture(page, `counters-hall-${size.width}`)
    }
    expect(await seriousFindings(page)).toEqual([])
    await page.goto('/counter/desk')
    await main.getByRole('button', { name: 'Inizia qui' }).click()
    await main.getByText('Parla francese').waitFor()
    await page.setViewportSize(narrow)
    await fitsWindow(page)
    await picture(page, 'counters-desk-390')
    await page.setViewportSize(wide)
    await page.goto('/counter/hall')
    await main.getByRole('button', { name: 'Chiudi la giornata' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Chiudi la giornata' }).click()
    await page.getByText('1 visita era aperta').waitFor()
    await main.getByText('In sala non c’è nessuno.').or(main.getByText("In sala non c'è nessuno.")).first().waitFor()

    await sql`update assignment set role = 'agency_manager' where person_id = ${agency.personId}`.execute(pages.db)
    const manager = await pages.window({ as: agency, path: '/counter/devices' })
    await manager.page.getByRole('button', { name: 'Nuovo codice' }).first().click()
    await manager.page.getByText('Codice da scrivere sul dispositivo').waitFor()
    for (const size of [narrow, wide]) {
      await manager.page.setViewportSize(size)
      await fitsWindow(manager.page)
      await picture(manager.page, `counters-devices-${size.width}`)
    }
    expect(await seriousFindings(manager.page)).toEqual([])
    expect([complaints, manager.complaints]).toEqual([[], []])
  })
})
