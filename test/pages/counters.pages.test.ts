/**
 * The counters in real browsers: set up from nothing; kiosk, desk and display at once; the kiosk by keyboard alone; the own telephone; a display without its
 * network, two beside each other, and for three days; what the manager sees.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { sampleDeviceCodes } from '../../sample/counters.ts'
import { openMatter } from '../support/agenda.ts'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { fitsWindow, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const { agency } = staff
const portrait = { width: 1080, height: 1920 }
const wall = { width: 1920, height: 1080 }
const wide = { width: 1440, height: 900 }
const narrow = { width: 390, height: 844 }

onPostgres(open => {
  const clock = { now }
  const pages = pagesOf(open, 'test')

  /** The office receives all day and every day. */
  const openOffice = async () => {
    await sql`delete from opening_hours where unit_id = 'ag-roma-eur'`.execute(pages.db)
    await sql`insert into opening_hours (unit_id, weekday, opens, closes)
              select 'ag-roma-eur', weekday, '00:00', '24:00' from generate_series(1, 7) weekday`.execute(pages.db)
  }

  /** A machine that has taken up its device. Prints are counted, not made. */
  async function machine(
    kind: 'kiosk' | 'display',
    size: { width: number; height: number },
    code = sampleDeviceCodes[kind]('ROMA'),
  ) {
    const window = await pages.window(size)
    await window.page.addInitScript('window.prints = 0; window.print = () => { window.prints++ }')
    await window.page.goto(`/${kind}`)
    await window.page.getByLabel('Codice').fill(code)
    await window.page.keyboard.press('Enter')
    return window
  }
  const asManager = () =>
    sql`update assignment set role = 'agency_manager' where person_id = ${agency.personId}`.execute(pages.db)
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
    await expect.poll(() => prints(kiosk.page), patience).toBe(1)
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
    await page.getByRole('heading', { name: 'Benvenuto' }).and(page.locator(':focus')).waitFor()
    const press = async (key: string, times = 1) => {
      for (let n = 0; n < times; n++) await page.keyboard.press(key)
    }
    const onButton = (name: string | RegExp) =>
      expect.poll(() => page.getByRole('button', { name }).and(page.locator(':focus')).count(), patience).toBe(1)
    // The heading has the focus; the languages stand before it.
    await press('Shift+Tab', 3)
    await onButton('Deutsch')
    await press('Enter')
    await page.getByRole('heading', { name: 'Willkommen' }).and(page.locator(':focus')).waitFor()
    await press('Tab')
    await onButton(/Ich habe einen Termin/)
    await press('Enter')
    await page
      .getByRole('heading', { name: /Nummer oder Code/ })
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
    await page.getByRole('heading').and(page.locator(':focus')).waitFor()
    await press('Tab')
    await onButton('Fertig')
    await press('Enter')
    await page.getByRole('heading', { name: 'Benvenuto' }).waitFor()
    await page.getByText('B001').waitFor({ state: 'detached' })
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
    // The visitor is known, and who served them last sits at a desk.
    const { contactId } = await openMatter({ database: { kysely: pages.db }, clock, ids: randomUUID })
    await sql`
      insert into visit select (jsonb_populate_record(visit, jsonb_build_object(
        'id', ${randomUUID()}::text, 'code', 'A900', 'state', 'closed', 'contact_id', ${contactId}::text, 'officer_id', ${agency.personId}::text,
        'ended_at', ${new Date(now())}::timestamptz))).* from visit`.execute(pages.db)
    await sql`update visit set contact_id = ${contactId} where code = 'A001'`.execute(pages.db)
    const officer = await pages.at(agency)
    const { halls } = await officer.send('GET', '/api/counters')
    await officer.send('POST', `/api/counters/desks/${(halls as { desks: { id: string }[] }[])[0]?.desks[1]?.id}/take`)
    await main.getByText(/L'altra volta l'ha seguito Lia Moro/).waitFor()
    for (const size of [narrow, wide]) {
      await page.setViewportSize(size)
      await fitsWindow(page)
      await picture(page, `counters-hall-${size.width}`)
    }
    expect(await seriousFindings(page)).toEqual([])
    await main.getByRole('button', { name: 'A001 aspetta Lia Moro' }).click()
    await main
      .getByText(/aspetta lo sportello 2/)
      .first()
      .waitFor()
    await page.goto('/counter/desk')
    await main.getByRole('heading', { name: 'Sportello 2' }).waitFor()
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

    await asManager()
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

  test('a manager sets up the counters of an office from nothing, and a kiosk gives a ticket in them', async () => {
    await openOffice()
    await asManager()
    for (const table of ['counter_device', 'counter_desk', 'counter_service', 'agenda_letter', 'counter_hall'])
      await sql`delete from ${sql.table(table)}`.execute(pages.db)
    const { page, complaints } = await pages.window({ as: agency, path: '/counter/set-up' })
    const main = page.getByRole('main')
    await main.getByText('Nessuna sala', { exact: true }).waitFor()
    await main.getByRole('button', { name: 'Aggiungi una sala' }).click()
    await main.getByLabel('Nome della sala').and(page.locator(':focus')).waitFor()
    await page.keyboard.type('Sala al piano terra')
    await main.getByRole('button', { name: 'Aggiungi un servizio' }).click()
    await main.getByLabel('Nome per i cittadini').and(page.locator(':focus')).waitFor()
    await page.keyboard.type('Pensioni')
    await main.getByRole('button', { name: 'Aggiungi uno sportello' }).click()
    await main.getByRole('textbox', { name: 'Sportello' }).and(page.locator(':focus')).waitFor()
    await main.getByRole('button', { name: 'Scrivi la prima domanda' }).click()
    await main.getByRole('textbox', { name: 'Domanda' }).and(page.locator(':focus')).waitFor()
    await page.keyboard.type('Che cosa le serve?')
    await main.getByRole('button', { name: 'Aggiungi una risposta a: Che cosa le serve?' }).click()
    await main.getByLabel('Risposta 2', { exact: true }).fill('Altro')
    // An answer leads to a new question, whose answer leads back: refused, and said where.
    await main.getByRole('button', { name: /La risposta 2 porta a/ }).click()
    await page.getByRole('option', { name: 'Una domanda nuova' }).click()
    const second = main.getByRole('textbox', { name: 'Domanda' }).nth(1)
    await second.and(page.locator(':focus')).waitFor()
    await page.keyboard.type('Su che cosa?')
    const leads = main.getByRole('button', { name: /La risposta 1 porta a/ }).nth(1)
    await leads.click()
    await page.getByRole('option', { name: 'Che cosa le serve?' }).click()
    await main.getByRole('heading', { name: 'Che cosa manca' }).waitFor()
    await main
      .getByText(/riporta a una domanda di prima/)
      .first()
      .waitFor()
    await picture(page, 'counters-set-up-refused')
    await leads.click()
    await page.getByRole('option', { name: 'Pensioni' }).click()
    await main.getByRole('heading', { name: 'Che cosa manca' }).waitFor({ state: 'detached' })
    await main.getByRole('heading', { name: 'Come lo chiede il totem' }).waitFor()
    // What citizens read, in another language.
    await main.getByRole('button', { name: /Lingua dei testi/ }).click()
    await page.getByRole('option', { name: 'sloveno' }).click()
    await main.getByLabel('Nome per i cittadini (sloveno)').fill('Pokojnine')
    for (const size of [narrow, wide]) {
      await page.setViewportSize(size)
      await fitsWindow(page)
      await picture(page, `counters-set-up-${size.width}`)
    }
    expect(await seriousFindings(page)).toEqual([])
    await main.getByRole('button', { name: 'Salva…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Perché').fill('Gli sportelli aprono')
    await dialog.getByRole('button', { name: 'Salva', exact: true }).click()
    await page.getByText('Sportelli salvati.').waitFor()
    await main.getByText('Versione 2').waitFor()
    await main.getByRole('radio', { name: 'Cronologia' }).click()
    await main.getByText('Gli sportelli aprono').waitFor()
    await main.getByRole('button', { name: 'Riprendi la versione 1' }).waitFor()
    await picture(page, 'counters-set-up-history')

    await main.getByRole('link', { name: 'Totem e schermi' }).click()
    await main.getByRole('button', { name: 'Aggiungi un dispositivo' }).click()
    await dialog.getByLabel('Nome').fill('Totem')
    await dialog.getByRole('button', { name: 'Aggiungi', exact: true }).click()
    const code = (await main.locator('.visit-code.large').textContent()) ?? ''
    await main.getByRole('link', { name: 'Foglio di Sala al piano terra' }).click()
    await main.locator('.counter-sheet .qr-code').waitFor()
    await picture(page, 'counters-sheet')
    const kiosk = await machine('kiosk', portrait, code)
    await kiosk.page.getByRole('button', { name: 'Pensioni' }).waitFor()
    await kiosk.page.getByRole('button', { name: 'Slovenščina' }).click()
    await picture(kiosk.page, 'counters-kiosk-set-up')
    await kiosk.page.getByRole('button', { name: 'Altro' }).click()
    await kiosk.page.getByRole('heading', { name: 'Su che cosa?' }).waitFor()
    await kiosk.page.getByRole('button', { name: 'Pensioni' }).click()
    expect(await ticketOn(kiosk.page)).toBe('A001')
    await kiosk.page.locator('.kiosk-line', { hasText: 'Pokojnine' }).waitFor()
    expect([complaints, kiosk.complaints]).toEqual([[], []])
  })

  test('who has an appointment says "I am here" with the own telephone, and is told of the call', async () => {
    await openOffice()
    const { caseId, code, contactId } = await openMatter({ database: { kysely: pages.db }, clock, ids: randomUUID })
    const appointmentId = randomUUID()
    await sql`
      insert into appointment (id, code, case_id, contact_id, title, state, sequence, calendar_id, starts_at, ends_at, unit_id, unit_name, unit_path,
                               service_id, service_name, bring, reason, preparation, booked_by_name, booked_by_unit, booked_by_path, booked_at)
      select ${appointmentId}, ${code}, ${caseId}, ${contactId}, 'x', 'booked', 0, calendar.id, ${new Date(now())}, ${new Date(now() + 60_000)},
             unit.id, unit.name, unit.path, service.id, service.name, '', '', '', '', '', '', now()
      from   agenda_calendar calendar join unit on unit.id = calendar.unit_id, agenda_letter letter join agenda_service service on service.id = letter.service_id
      where  unit.id = 'ag-roma-eur' and letter.unit_id = unit.id limit 1`.execute(pages.db)
    const kiosk = await machine('kiosk', portrait)
    await kiosk.page.locator('.kiosk-here .qr-code').waitFor()
    const officer = await pages.at(agency)
    const { halls } = await officer.send('GET', '/api/counters')
    const [hall] = (halls as { here: string; letter: string; desks: { id: string }[] }[]).filter(({ letter }) => letter === 'B')
    const phone = await pages.window({ ...narrow, path: hall?.here ?? '' })
    await phone.page.getByRole('button', { name: 'Italiano' }).click()
    await picture(phone.page, 'counters-here-390')
    await phone.page.getByLabel('Numero o codice').fill('B999')
    await phone.page.getByRole('button', { name: 'Sono qui' }).click()
    await phone.page.getByText(/Oggi qui non c'è un appuntamento/).waitFor()
    await phone.page.getByLabel('Numero o codice').fill(code)
    await phone.page.getByRole('button', { name: 'Sono qui' }).click()
    await phone.page.locator('.here-number', { hasText: 'B001' }).waitFor()
    await phone.page.getByText('È il prossimo').waitFor()
    await picture(phone.page, 'counters-here-waiting-390')
    expect(await seriousFindings(phone.page)).toEqual([])
    await fitsWindow(phone.page)
    const deskId = hall?.desks[0]?.id
    await officer.send('POST', `/api/counters/desks/${deskId}/take`)
    await officer.send('POST', `/api/counters/desks/${deskId}/next`)
    await phone.page.getByText('Tocca a lei: sportello 3').waitFor()
    await phone.page.getByRole('button', { name: 'Deutsch' }).click()
    await phone.page.getByText('Sie sind dran: Schalter 3').waitFor()
    await picture(phone.page, 'counters-here-called-390')
    expect([kiosk.complaints, phone.complaints]).toEqual([[], []])
  })

  test('two calls within two seconds are both told; a second display shows what no longer fits; a colleague is asked for help', async () => {
    await openOffice()
    await asManager()
    const officer = await pages.at(agency)
    const { halls, devices } = await officer.send('GET', '/api/counters')
    const all = halls as { id: string; desks: { id: string }[]; services: { id: string }[] }[]
    const [first] = (devices as { id: string; kind: string }[]).filter(({ kind }) => kind === 'display')
    await sql`update counter_device set rows = 1 where id = ${first?.id}`.execute(pages.db)
    const unitId = agency.unitId
    const beside = await officer.send('POST', '/api/counters/devices', {
      ...{ unitId, kind: 'display', name: 'Schermo accanto', hallIds: [all[0]?.id], goesOn: first?.id },
    })
    const display = await machine('display', wall)
    const second = await machine('display', wall, String(beside.code))
    await display.page.getByText('I numeri chiamati compaiono qui').waitFor()
    await second.page.getByText('I numeri chiamati compaiono qui').waitFor()
    const sounds: string[] = []
    display.page.on('request', request => {
      const [, call] = /calls\/(.+)\/sound/.exec(request.url()) ?? []
      if (call !== undefined) sounds.push(call)
    })
    // Two visits are called at one instant, as two desks do: ahead, because what was called more than ten seconds ago is not told any more.
    for (const hall of all) await officer.send('POST', '/api/visits', { hallId: hall.id, serviceId: hall.services[0]?.id })
    await sql`
      update visit set state = 'called', called_at = ${new Date(now() + 3_600_000)}, calls = 1,
                       desk_id = (select id from counter_desk desk where desk.hall_id = visit.hall_id order by position limit 1)`.execute(
      pages.db,
    )
    await expect.poll(() => display.page.locator('main').getAttribute('data-rung'), patience).toBe('1')
    await second.page.locator('.display-others tbody tr').first().waitFor()
    expect(await second.page.locator('main').getAttribute('data-rung')).toBe('0')
    await picture(display.page, 'counters-display-first')
    await picture(second.page, 'counters-display-beside')
    await sql`update counter_device set rows = 8 where id = ${first?.id}`.execute(pages.db)
    await expect.poll(() => display.page.locator('main').getAttribute('data-rung'), patience).toBe('2')
    await expect.poll(() => new Set(sounds).size, patience).toBe(2)
    await picture(display.page, 'counters-display-two')

    const desk = await pages.window({ as: agency, path: '/counter/desk' })
    await desk.page.getByRole('button', { name: 'Inizia qui' }).click()
    await desk.page.getByRole('button', { name: 'Chiedi aiuto' }).click()
    await desk.page.getByText(/Hai chiesto aiuto/).waitFor()
    await picture(desk.page, 'counters-desk-help')
    await desk.page.goto('/counter/hall')
    await desk.page.getByRole('button', { name: /risolto/ }).click()
    await desk.page.getByText(/Hai chiesto aiuto/).waitFor({ state: 'detached' })
    expect([display.complaints, second.complaints, desk.complaints]).toEqual([[], [], []])
  })

  test('a display that runs for three days keeps nothing: no nodes, no timers, no sounds that wait', async () => {
    await openOffice()
    const display = await pages.window(wall)
    const { page } = display
    await page.clock.install()
    await page.addInitScript(() => {
      const counted = { timers: new Set<number>(), audio: 0 }
      const [set, clear] = [window.setTimeout, window.clearTimeout]
      const later = (act: TimerHandler, ms?: number, ...rest: unknown[]) => {
        const id: number = set(
          (...given: unknown[]) => {
            counted.timers.delete(id)
            if (typeof act === 'function') act(...given)
          },
          ms,
          ...rest,
        )
        counted.timers.add(id)
        return id
      }
      Object.assign(window, {
        counted,
        setTimeout: later,
        clearTimeout: (id: number) => {
          counted.timers.delete(id)
          clear(id)
        },
        AudioContext: class {
          constructor() {
            counted.audio++
          }
          sampleRate = 8_000
          state = 'running'
          createBuffer = (_channels: number, length: number) => ({ getChannelData: () => new Float32Array(length) })
          createBufferSource = () => ({ connect: () => {}, start: () => {} })
        },
        // A voice that is never heard to its end.
        Audio: class {
          play = () => Promise.resolve()
        },
      })
    })
    let asked = 0
    await page.route('**/api/device/display', route => {
      asked++
      const at = new Date(Date.now()).toISOString()
      const calls = Array.from({ length: 12 }, (_, n) => {
        const number = asked + 12 - n
        return {
          id: String(number),
          code: `A${String(number % 1000).padStart(3, '0')}`,
          desk: String(1 + (number % 6)),
          hall: 'Sala',
          at,
        }
      })
      return route.fulfill({
        json: { unit: 'Roma EUR', at, continues: false, halls: [{ id: randomUUID(), name: 'Sala', waiting: 3 }], calls },
      })
    })
    await page.goto('/display')
    await page.locator('.display-newest .code').waitFor()
    await picture(page, 'counters-display-full')
    const last = await page.locator('.display-others tbody tr').last().boundingBox()
    expect((last?.y ?? wall.height) + (last?.height ?? 0)).toBeLessThan(wall.height)
    const cdp = await display.context.newCDPSession(page)
    const counts = async () => {
      await cdp.send('HeapProfiler.collectGarbage')
      const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters')
      const { timers, audio } = await page.evaluate(() => {
        const { counted } = window as unknown as { counted: { timers: Set<number>; audio: number } }
        return { timers: counted.timers.size, audio: counted.audio }
      })
      return { nodes, jsEventListeners, timers, audio }
    }
    /** So many looks at the server, with another call each, and the time between them. */
    const run = async (hours: number) => {
      for (let minute = 0; minute < hours * 60; minute += 30) {
        const before = asked
        await page.clock.fastForward(30 * 60_000)
        await expect.poll(() => asked, patience).toBeGreaterThan(before)
      }
    }
    await run(4)
    const early = await counts()
    await run(68)
    // What is kept alive for a moment only goes with one of the next collections.
    const more = async () => {
      const late = await counts()
      return {
        ...{ audio: late.audio, timers: late.timers > early.timers + 2, nodes: late.nodes > early.nodes + 50 },
        listeners: late.jsEventListeners > early.jsEventListeners + 10,
      }
    }
    await expect.poll(more, patience).toEqual({ audio: 1, timers: false, nodes: false, listeners: false })
    expect(asked).toBeGreaterThan(140)
  })
})
