/** The manager's week: by keyboard and by mouse somebody is moved, cancelled, booked; who is not quick enough is told, and nothing has moved. */
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { addDays, dayAt, type PersonActor } from '../../src/platform/index.ts'
import { onPostgres } from '../support/database.ts'
import { looker, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const eur = 'ag-roma-eur'

const look = looker('week')

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  async function manager(): Promise<PersonActor> {
    const { id, name } = await pages.db
      .selectFrom('person')
      .innerJoin('assignment', 'assignment.person_id', 'person.id')
      .select(['person.id', 'person.name'])
      .where('assignment.role', '=', 'agency_manager')
      .where('assignment.unit_id', '=', eur)
      .executeTakeFirstOrThrow()
    return { ...staff.agency, personId: id, name, role: 'agency_manager' }
  }

  /** Books a citizen as the operator; returns the appointment, and who receives. */
  async function book(serviceId: string, start: string, familyName: string) {
    const operator = await pages.at(staff.anna)
    const contact = await operator.send('POST', '/api/contacts', { kind: 'person', givenName: 'Nora', familyName })
    const interaction = await operator.send('POST', '/api/interactions', { channel: 'telephone' })
    const sheet = { contactId: contact.id, typologyId: 'vecchiaia' }
    await operator.send('PATCH', `/api/interactions/${interaction.id}`, sheet, { 'if-match': `"${interaction.version}"` })
    const hold = await operator.send('POST', '/api/agenda/holds', { unitId: eur, serviceId, start })
    const booked = await operator.send('POST', `/api/interactions/${interaction.id}/appointment`, {
      ...{ holdId: hold.id, reason: 'Vuole capire la pensione.' },
    })
    return String(booked.appointmentId)
  }
  const rowOf = (id: string) =>
    pages.db
      .selectFrom('appointment')
      .select(['starts_at', 'calendar_id', 'state', 'cancelled_by'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()

  /** The week after the next one: whoever looks is not in the midst of it. */
  const monday = (() => {
    const today = dayAt('Europe/Rome', now())
    const weekday = (new Date(`${today}T12:00:00Z`).getUTCDay() + 6) % 7
    return addDays(today, 14 - weekday)
  })()

  const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
  const isFocused = async (slot: Locator) => {
    await slot.focus()
    await expect.poll(() => slot.evaluate(element => element === document.activeElement), patience).toBe(true)
  }

  test('somebody is moved by keys and by mouse, cancelled and booked; a place that is taken meanwhile moves nobody', async () => {
    const { service_id: serviceId } = await pages.db
      .selectFrom('agenda_service_of_unit')
      .select('service_id')
      .where('unit_id', '=', eur)
      .orderBy('position')
      .executeTakeFirstOrThrow()
    const operator = await pages.at(staff.anna)
    const { days } = (await operator.send(
      'GET',
      `/api/agenda/slots?unitId=${eur}&serviceId=${serviceId}&from=${monday}&days=5`,
    )) as {
      days: { date: string; slots: { start: string }[] }[]
    }
    const day = days.find(({ slots }) => slots.length >= 4)
    const [first, second] = day?.slots ?? []
    if (!day || !first || !second) throw new Error('there are free times')
    const moved = await book(serviceId, first.start, 'Aldini')
    const other = await book(serviceId, second.start, 'Borsi')

    const boss = await manager()
    const { page, complaints } = await pages.window({ as: boss, path: `/agency/week?day=${day.date}&service=${serviceId}` })
    const slot = (name: string) => page.getByRole('button', { name: new RegExp(name) }).first()
    await slot('Nora Aldini').waitFor()
    await look(page, 'all')

    // By keys: taken up, put down on the next free time below.
    await isFocused(slot('Nora Aldini'))
    await page.keyboard.press('x')
    await page.getByText(/^Sposti Nora Aldini/).waitFor()
    await look(page, 'moving')
    await isFocused(slot('Nora Aldini'))
    let steps = 0
    while (!(await focused(page)).includes('metti qui')) {
      if (++steps > 20) throw new Error('no free time was reached by the arrow')
      const before = await focused(page)
      await page.keyboard.press('ArrowDown')
      await expect.poll(() => focused(page), patience).not.toBe(before)
    }
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await rowOf(moved)).starts_at.toISOString() === first.start, patience).toBe(false)
    await expect.poll(() => focused(page), patience).toContain('Nora Aldini')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowRight')

    // A time that somebody else takes in the last moment: said why, and nobody has moved.
    const before = await rowOf(other)
    const lia = await pages.at(staff.agency)
    await page.route(
      '**/api/agenda/holds',
      async route => {
        await lia.send('POST', '/api/agenda/holds', route.request().postDataJSON())
        await route.continue()
      },
      { times: 1 },
    )
    await slot('Nora Borsi').dragTo(await slotFor(page, 'libero'))
    await page.getByText(/Nora Borsi resta alle/).waitFor()
    await look(page, 'refused')
    expect(await rowOf(other)).toEqual(before)

    // By mouse.
    await slot('Nora Borsi').dragTo(await slotFor(page, 'libero', 4))
    await expect.poll(async () => (await rowOf(other)).starts_at.toISOString(), patience).not.toBe(before.starts_at.toISOString())

    // By touch, on a narrow screen: chosen, taken up in the bar, put where it is touched.
    await page.setViewportSize({ width: 390, height: 844 })
    const byMouse = await rowOf(other)
    await slot('Nora Borsi').click()
    await look(page, 'chosen')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('button', { name: /^Sposta/ }).click()
    await (await slotFor(page, 'libero', 3)).click()
    await expect
      .poll(async () => (await rowOf(other)).starts_at.toISOString(), patience)
      .not.toBe(byMouse.starts_at.toISOString())
    await page.setViewportSize({ width: 1440, height: 900 })

    // One who receives, a row for each time.
    const { calendar_id: calendar } = await rowOf(moved)
    await page.goto(`${pages.url}/agency/week?day=${day.date}&who=${calendar}`)
    await slot('Nora Aldini').waitFor()
    await look(page, 'one')

    await isFocused(slot('Nora Aldini'))
    await page.keyboard.press('Delete')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /Chi annulla/ }).press('Enter')
    await page.getByRole('option', { name: /La sede/ }).press('Enter')
    await dialog.getByLabel('Perché').fill('Il funzionario è assente.')
    await look(page, 'cancel')
    await page.keyboard.press('Control+Enter')
    await expect.poll(async () => rowOf(moved), patience).toMatchObject({ state: 'cancelled', cancelled_by: 'office' })
    await page
      .getByRole('row', { name: /Consulenza pensioni/ })
      .getByRole('cell', { name: '1', exact: true })
      .first()
      .waitFor()

    await isFocused(await slotFor(page, 'libero'))
    await page.keyboard.press('Enter')
    await dialog.getByLabel('Cittadino').fill('Borsi')
    await page.getByRole('option', { name: /Borsi/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: /Pratica$/ }).waitFor()
    await dialog.getByLabel('Perché viene').fill('Vuole un estratto conto.')
    await dialog.getByRole('checkbox', { name: /Serie/ }).press('Space')
    await expect
      .poll(() => dialog.getByRole('list', { name: 'Gli orari proposti' }).getByRole('listitem').count(), patience)
      .toBe(3)
    await look(page, 'book')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Serie prenotata.').waitFor()
    await expect
      .poll(
        () => pages.db.selectFrom('appointment').select('state').where('reason', '=', 'Vuole un estratto conto.').execute(),
        patience,
      )
      .toEqual([{ state: 'booked' }, { state: 'booked' }, { state: 'booked' }])

    await isFocused(slot('Nora Borsi'))
    await page.keyboard.press('PageDown')
    await expect.poll(() => page.url(), patience).toContain(`day=${addDays(day.date, 7)}`)
    expect(complaints.filter(each => !each.includes('409'))).toEqual([])
  })

  test('the officer sees each step with its time, may call by telephone, and books the next appointment with the conclusion', async () => {
    const { service_id: serviceId } = await pages.db
      .selectFrom('agenda_service_of_unit')
      .select('service_id')
      .where('unit_id', '=', eur)
      .orderBy('position')
      .executeTakeFirstOrThrow()
    const operator = await pages.at(staff.anna)
    const { days } = (await operator.send(
      'GET',
      `/api/agenda/slots?unitId=${eur}&serviceId=${serviceId}&from=${monday}&days=5`,
    )) as {
      days: { slots: { start: string }[] }[]
    }
    const free = days.flatMap(({ slots }) => slots)
    const id = await book(serviceId, free.at(-1)?.start ?? '', 'Cellini')
    // As if it were today.
    const [from, to] = [new Date(now() - 120_000), new Date(now() + 1_680_000)]
    await pages.db
      .updateTable('appointment')
      .set({ starts_at: from, ends_at: to, mode: 'telephone' })
      .where('id', '=', id)
      .execute()
    const { page, complaints } = await pages.window({ as: staff.agency, path: `/agency/${id}` })
    await page.getByRole('heading', { name: 'Nora Cellini' }).waitFor()
    await page.getByText('Chiamata al cittadino').waitFor()
    await look(page, 'officer')
    await page.getByRole('button', { name: 'È arrivato' }).press('Enter')
    await page.getByRole('button', { name: 'Chiama allo sportello' }).press('Enter')
    await page.getByRole('list', { name: 'Come è andato, con le ore' }).getByText('chiamato').waitFor()
    await page.getByRole('button', { name: /^Inizia/ }).press('Enter')
    await page.getByRole('list', { name: 'Come è andato, con le ore' }).getByText('iniziato').waitFor()
    await page
      .getByRole('button', { name: /^Concludi/ })
      .first()
      .press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Che cosa si è fatto').fill('Manca un documento.')
    await dialog.getByRole('checkbox', { name: /Deve tornare/ }).press('Space')
    await dialog.locator('button.slot').first().press('Enter')
    await dialog.getByText(/orario tenuto per/).waitFor()
    await dialog.getByLabel('Per che cosa torna').fill('Porta il documento che manca.')
    await look(page, 'conclude')
    await page.keyboard.press('Control+Enter')
    await expect.poll(async () => (await rowOf(id)).state, patience).toBe('concluded')
    expect(
      await pages.db
        .selectFrom('appointment')
        .select(['state', 'unit_id'])
        .where('reason', '=', 'Porta il documento che manca.')
        .execute(),
    ).toEqual([{ state: 'booked', unit_id: eur }])
    expect(complaints).toEqual([])
  })

  const slotFor = async (page: Page, name: string, n = 0): Promise<Locator> => {
    const slots = page.getByRole('button', { name: new RegExp(`, ${name}`) })
    await slots.nth(n).waitFor()
    return slots.nth(n)
  }
})
