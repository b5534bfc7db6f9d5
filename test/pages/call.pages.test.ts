/**
 * What an operator does with a call in hand, and what becomes of it on a bad line: muted, held, handed to another section; a citizen whose
 * network drops, in the line and in the conversation. Two browsers that really hear each other.
 */
import type { Page, WebSocketRoute } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { hears, picture, seriousFindings, soundOf } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { answerWithEnter, becomeAvailable, callForPensions, openAllDay } from '../support/desk.ts'
import { fitsWindow, pagesOf, patience, pressKey } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const narrow = { width: 390, height: 844 }
const wide = { width: 1440, height: 900 }

onPostgres(open => {
  const pages = pagesOf(open, 'test')
  beforeEach(() => openAllDay(pages.url))

  /** Anna, and a citizen who talks with her. */
  async function conversation() {
    const operator = await pages.window({ as: staff.anna })
    await becomeAvailable(operator.page)
    const citizen = await pages.window()
    await callForPensions(citizen.page, '06 5959 4321')
    await answerWithEnter(operator.page)
    await citizen.page.getByText('In conversazione').waitFor()
    return { operator, citizen }
  }

  test('the operator mutes, holds and takes back', async () => {
    const { operator, citizen } = await conversation()
    const { page, complaints } = operator
    await hears(citizen.page, await soundOf(citizen.page))

    // Muted, no sound comes: the energy of what is received stands still.
    const mute = page.getByRole('button', { name: 'Muto' })
    await mute.click()
    const unmute = page.getByRole('button', { name: 'Riattiva il microfono' })
    await unmute.waitFor()
    expect(await unmute.getAttribute('aria-pressed')).toBe('true')
    await expect.poll(() => louderWithin(citizen.page, 1_000), patience).toBe(false)
    await picture(page, 'call-muted')
    await unmute.click()
    await hears(citizen.page, await soundOf(citizen.page))

    await page.getByRole('button', { name: 'Metti in attesa' }).click()
    await citizen.page.getByText('ti ha messo in attesa').waitFor()
    await page.getByRole('button', { name: 'Riprendi' }).waitFor()
    await picture(page, 'call-held')
    expect(await seriousFindings(page)).toEqual([])
    await page.setViewportSize(narrow)
    await picture(page, 'call-held-390')
    expect(await seriousFindings(page)).toEqual([])
    await fitsWindow(page)
    await page.setViewportSize(wide)
    await page.getByRole('button', { name: 'Riprendi' }).click()
    await citizen.page.getByText('In conversazione').waitFor()
    await hears(citizen.page, await soundOf(citizen.page))

    // A second tab says where the telephone is, and mutes the microphone of the first.
    const other = await operator.context.newPage()
    await other.goto('/desk')
    await other.getByText("Il telefono è in un'altra scheda").waitFor()
    await picture(other, 'call-other-tab')
    expect(await seriousFindings(other)).toEqual([])
    await other.getByRole('button', { name: 'Muto' }).click()
    await unmute.waitFor()
    await expect.poll(() => louderWithin(citizen.page, 1_000), patience).toBe(false)
    await unmute.click()
    await other.getByRole('button', { name: 'Muto' }).waitFor()
    await hears(citizen.page, await soundOf(citizen.page))
    expect(complaints).toEqual([])

    // The tab with the telephone is closed: the second one has it, and it rings there.
    await page.close()
    await citizen.page.getByText('È caduta la linea con chi le stava rispondendo').waitFor()
    await answerWithEnter(other)
    await citizen.page.getByText('In conversazione').waitFor()
    await hears(citizen.page, await soundOf(citizen.page))
    await expect.poll(() => other.getByText("Il telefono è in un'altra scheda").count(), patience).toBe(0)

    // A normal end says nothing in red.
    await pressKey(other, 'F9')
    await other.getByText('Tempo per concludere').first().waitFor()
    await picture(other, 'call-hung-up')
    expect(await other.getByRole('alertdialog').count()).toBe(0)
  })

  test('a call is passed on to another section, with a line for whoever takes it', async () => {
    const { operator, citizen } = await conversation()
    const { page, complaints } = operator
    await page.getByRole('button', { name: 'Trasferisci' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'call-transfer')
    await page.setViewportSize(narrow)
    await picture(page, 'call-transfer-390')
    await fitsWindow(page)
    await page.setViewportSize(wide)
    await dialog.getByText('Centralino', { exact: true }).click()
    await dialog.getByLabel('Una riga per chi riceve').fill('Vuole parlare con la sede di Trento.')
    // Nobody is there: it is said before, with what else can be done.
    await dialog.getByText("In «Centralino» ora non c'è nessuno").waitFor()
    await picture(page, 'call-transfer-nobody')
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Trasferisci lo stesso' }).click()
    await dialog.waitFor({ state: 'detached' })
    await citizen.page.getByText('In conversazione').waitFor({ state: 'detached' })
    await page.getByText('Tempo per concludere').first().waitFor()
    await page.getByRole('heading', { name: 'Trasferita a Centralino' }).waitFor()
    await page.getByText('La registrerà chi risponde').waitFor()
    expect(complaints).toEqual([])

    const switchboard = await pages.window({ as: staff.switchboard })
    await becomeAvailable(switchboard.page)
    const card = switchboard.page.getByRole('region', { name: 'Chiamata in arrivo' })
    await card.getByText('Vuole parlare con la sede di Trento.').waitFor()
    await expect.poll(() => card.textContent(), patience).toContain('la passa Anna Bianchi, da Pensioni')
    await picture(switchboard.page, 'call-transfer-rings')
    await answerWithEnter(switchboard.page)
    await citizen.page.getByText('In conversazione').waitFor()
    await hears(citizen.page, await soundOf(citizen.page))
    const notes = switchboard.page.getByRole('textbox', { name: 'Note per i colleghi' })
    await expect.poll(() => notes.inputValue(), patience).toContain('Vuole parlare con la sede di Trento.')
    await picture(switchboard.page, 'call-transferred')
    expect(switchboard.complaints).toEqual([])
    await page.getByText('La registra Sara Testa').waitFor()
    await expect.poll(() => page.getByLabel('Quesito').count(), patience).toBe(0)
    await picture(page, 'call-passed-on')
    expect(await seriousFindings(page)).toEqual([])
  })

  test('a citizen whose network drops keeps the place in the line, and the conversation', async () => {
    const { page } = await pages.window({ as: staff.anna })
    const citizen = await pages.window()
    const network = await networkOf(citizen.page)
    await callForPensions(citizen.page, '06 5959 4321')
    await citizen.page.getByText('In attesa di un operatore').waitFor()

    await network.drop()
    await citizen.page.getByText('Connessione persa').waitFor()
    await picture(citizen.page, 'telephone-lost')
    expect(await seriousFindings(citizen.page)).toEqual([])
    await network.mend()
    await citizen.page.getByText('Connessione persa').waitFor({ state: 'detached' })
    await citizen.page.getByText('In attesa di un operatore').waitFor()

    await becomeAvailable(page)
    await answerWithEnter(page)
    await citizen.page.getByText('In conversazione').waitFor()
    await hears(citizen.page, await soundOf(citizen.page))

    // The voice goes from browser to browser: it does not stop while the program is out of reach.
    await network.drop()
    await citizen.page.getByText('Connessione persa').waitFor()
    await hears(citizen.page, await soundOf(citizen.page))
    await network.mend()
    await citizen.page.getByText('Connessione persa').waitFor({ state: 'detached' })
    await hears(citizen.page, await soundOf(citizen.page))

    await citizen.page.setViewportSize(narrow)
    await picture(citizen.page, 'telephone-talking-390')
    expect(await seriousFindings(citizen.page)).toEqual([])
    await fitsWindow(citizen.page)

    // What the operator does reaches the page that has come back.
    await pressKey(page, 'F9')
    await citizen.page.getByText('Chiamata conclusa').waitFor()
    await picture(citizen.page, 'telephone-ended-390')
    expect(citizen.complaints).toEqual([])
  })

  test('a number that is none is told before anything is dialled, and one of nobody by the answerer', async () => {
    const { page, complaints } = await pages.window({ path: '/telephone', ...narrow })
    await page.getByLabel('Numero da chiamare').fill('123')
    await page.getByRole('button', { name: 'Chiama' }).click()
    await page.getByText('non può essere un numero di telefono').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'telephone-wrong-390')
    await page.getByLabel('Numero da chiamare').fill('06 9999 9999')
    await page.getByRole('button', { name: 'Chiama' }).click()
    await page.getByText('Numero inesistente').or(page.getByText('Il numero selezionato non è attivo')).first().waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Trial telephone' }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})

/** Whether something louder than silence comes in within so many milliseconds. */
async function louderWithin(page: Page, ms: number): Promise<boolean> {
  const before = await soundOf(page)
  await page.evaluate(`new Promise(resolve => setTimeout(resolve, ${ms}))`)
  const after = await soundOf(page)
  return after.energy > before.energy + 0.000_1
}

/**
 * The way from a telephone page to the program, which can be broken. Called before the page is opened. The program learns of the break when it is
 * mended, as of a line that breaks without a word: it keeps a leg for some seconds only, and what the page says of it may take longer to look at.
 */
async function networkOf(page: Page): Promise<{ drop(): Promise<void>; mend(): Promise<void> }> {
  let isDown = false
  const open = new Set<{ socket: WebSocketRoute; server: WebSocketRoute }>()
  await page.routeWebSocket('**/api/telephone/caller', async socket => {
    if (isDown) return socket.close({ code: 3000 })
    open.add({ socket, server: socket.connectToServer() })
  })
  return {
    async drop() {
      isDown = true
      for (const { socket } of open) await socket.close({ code: 3000 })
    },
    async mend() {
      for (const { server } of open) await server.close({ code: 3000 })
      open.clear()
      isDown = false
    },
  }
}
