/**
 * The page of the automatic answerer in a real browser: the tree by keyboard, a draft that is mended and published, two who write at once,
 * a try, the way back, and a recording that is uploaded, heard and taken away.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { writeWav } from '../../src/telephony/prompts/index.ts'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { fitsWindow, isRecord, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const { headquarters, administrator, supervisor } = staff

/** A second of a tone, as a file to upload. */
const wav = (name = 'menu.wav', seconds = 1) => ({
  name,
  mimeType: 'audio/wav',
  buffer: writeWav({
    rate: 16_000,
    samples: Int16Array.from({ length: 16_000 * seconds }, (_, n) => Math.round(8_000 * Math.sin(n / 5))),
  }),
})

onPostgres(open => {
  const pages = pagesOf(open, 'test')
  const windowOf = (person = headquarters, path = '/admin/flow') => pages.window({ as: person, path })
  const inForce = async () => {
    const flow = await (await pages.at(administrator)).send('GET', '/api/flow')
    return { number: Number(flow.version), text: JSON.stringify(flow.inForce) }
  }
  const chooseStep = (page: Page, name: RegExp) => page.getByRole('row', { name }).first().click()
  const menuText = (page: Page) => page.locator('.card', { hasText: 'Che cosa si sente' }).getByLabel('italiano')
  const beginDraft = async (page: Page) => {
    await page.getByRole('button', { name: 'Comincia una bozza' }).click()
    await page.getByText('salvato', { exact: true }).waitFor()
  }

  test('the flow is read by keyboard, a draft is changed, refused while it has an error, published; and one goes back', async () => {
    const { page, complaints } = await windowOf()
    const tree = page.getByRole('grid', { name: 'Flusso delle chiamate' })
    await tree.getByRole('row').first().focus()
    await page.keyboard.press('ArrowDown')
    await tree
      .getByRole('row', { name: /Menu «Per le pensioni/ })
      .first()
      .focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: /^Menu «Per le pensioni/ }).waitFor()
    expect(await seriousFindings(page)).toEqual([])

    await beginDraft(page)
    await menuText(page).fill('Per le pensioni, prema 1. Per un operatore, prema 0.')
    // Without the way to an operator it is not published, and says where and why.
    await page.getByRole('button', { name: 'Togli il tasto 0' }).click()
    await page
      .getByRole('list', { name: 'Da correggere o da guardare' })
      .getByText('il tasto 0 non porta a un operatore')
      .waitFor()
    const publish = page.getByRole('button', { name: 'Pubblica', exact: true })
    expect(await publish.getAttribute('aria-disabled')).toBe('true')
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'flow-error')
    // An edit is undone whole; a step that was taken away can be put back with all its texts.
    const findings = page.getByRole('list', { name: 'Da correggere o da guardare' })
    await page.getByRole('button', { name: "Annulla l'ultima modifica" }).click()
    await page.getByText('Nessun errore: si può pubblicare.').waitFor()
    await page.getByRole('button', { name: 'Togli il tasto 5' }).click()
    await findings.getByRole('button', { name: /non ci si arriva mai/ }).click()
    await page.getByRole('button', { name: 'Togli questo passo dal flusso' }).click()
    await page.getByText('salvato', { exact: true }).waitFor()
    await page.getByText('Hai tolto un passo').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'flow-removed')
    await page.getByRole('button', { name: 'Rimettilo' }).click()
    await findings.getByRole('button', { name: /non ci si arriva mai/ }).waitFor()
    await page.getByRole('button', { name: "Annulla l'ultima modifica" }).click()
    await page.getByText('Nessun errore: si può pubblicare.').waitFor()
    await chooseStep(page, /Menu «Per le pensioni/)
    // A step of another kind is made where a way leads to it, says what it does, and is undone as well.
    const five = page.locator('.flow-choices > li', { hasText: 'Togli il tasto 5' })
    await five.getByRole('button', { name: /Porta a/ }).click()
    await page.getByRole('option', { name: 'Nuovo: orario prima' }).click()
    await page.getByRole('heading', { level: 1, name: 'Orario prima' }).waitFor()
    await page.getByText(/digita il codice della richiesta/).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'flow-earlier-time')
    await page.getByRole('button', { name: "Annulla l'ultima modifica" }).click()
    await page.getByText('Nessun errore: si può pubblicare.').waitFor()
    await chooseStep(page, /Menu «Per le pensioni/)
    await page.getByRole('button', { name: 'Togli il tasto 0' }).click()

    await page.getByRole('button', { name: 'Aggiungi una scelta' }).click()
    const added = page.locator('.flow-choices > li', { hasText: 'Togli il tasto 6' })
    await added.getByRole('button', { name: /Tasto/ }).click()
    await page.getByRole('option', { name: '0', exact: true }).click()
    const zero = page.locator('.flow-choices > li', { hasText: 'Togli il tasto 0' })
    await zero.getByLabel('Che cosa si sceglie, in italiano').fill('Operatore')
    await zero.getByLabel('Che cosa si sceglie, in inglese').fill('Operator')
    await zero.getByLabel('Che cosa si sceglie, in tedesco').fill('Auskunft')
    await page.getByText('Nessun errore: si può pubblicare.').waitFor()
    await page.getByText('salvato', { exact: true }).waitFor()
    const before = await inForce()
    await publish.click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Perché').fill('Un menu più corto')
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Pubblica' }).click()
    await page.getByText('La versione 2 è in vigore.').waitFor()
    expect(await inForce()).toMatchObject({
      number: before.number + 1,
      text: expect.stringContaining('Per un operatore, prema 0.'),
    })

    await page.getByRole('button', { name: 'Versioni' }).click()
    await page.getByText('Un menu più corto').waitFor()
    await picture(page, 'flow-versions')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Torna alla versione 1' }).click()
    await page.getByRole('dialog').getByLabel('Perché').fill('Mancavano le altre sezioni')
    await page.getByRole('dialog').getByRole('button', { name: 'Torna a questa' }).click()
    await page.getByText('È di nuovo in vigore il contenuto della versione 1.').waitFor()
    expect(await inForce()).toMatchObject({ number: 3, text: expect.stringContaining('Per aziende e contributi, prema 3.') })
    expect(complaints).toEqual([])
  })

  test('two write in the draft at once: what does not meet is put together, what meets is asked', async () => {
    const one = await windowOf()
    await chooseStep(one.page, /Menu «Per le pensioni/)
    await beginDraft(one.page)
    // A page that hears of nothing, so that it writes on what it has read.
    const two = await pages.window({ as: administrator })
    await two.context.route('**/api/live', route => route.abort())
    await two.page.goto('/admin/flow/step.closed')
    const closing = two.page.locator('.card', { hasText: 'Che cosa si sente' }).getByLabel('italiano')
    await closing.waitFor()

    await menuText(one.page).fill('Prema 0.')
    await expect.poll(() => draftText(), patience).toContain('Prema 0.')
    await closing.fill('Siamo chiusi.')
    await two.page.getByText('Anche Nora Villa sta scrivendo nella bozza').waitFor()
    await expect.poll(() => draftText(), patience).toContain('Siamo chiusi.')
    expect(await draftText()).toContain('Prema 0.')

    await two.page.goto('/admin/flow/step.menu')
    await menuText(two.page).waitFor()
    await menuText(one.page).fill('Prema zero.')
    await expect.poll(() => draftText(), patience).toContain('Prema zero.')
    await menuText(two.page).fill('Prema il tasto 0.')
    await two.page.getByText('Nora Villa ha cambiato gli stessi campi').waitFor()
    expect(await seriousFindings(two.page)).toEqual([])
    await picture(two.page, 'flow-conflict')
    await two.page.getByRole('button', { name: 'Vale il mio' }).click()
    await expect.poll(() => draftText(), patience).toContain('Prema il tasto 0.')
    // And the other sees it, without a reload.
    await expect.poll(() => menuText(one.page).inputValue(), patience).toBe('Prema il tasto 0.')
  })

  async function draftText(): Promise<string> {
    const flow = await (await pages.at(administrator)).send('GET', '/api/flow')
    return JSON.stringify(isRecord(flow.draft) ? flow.draft.flow : null)
  }

  test('a try: keys of the keyboard, a silence, another situation', async () => {
    const { page, complaints } = await windowOf(headquarters, '/admin/flow/try')
    await page.getByRole('button', { name: 'Chiama', exact: true }).click()
    const heard = page.getByRole('list', { name: 'Che cosa si sente' })
    await heard.getByText('Per le pensioni, prema 1.').waitFor()
    await page.keyboard.press('9')
    await heard.getByText('Preme 9: Inglese').waitFor()
    await heard.getByText('For an operator, press 0 or stay on the line.').waitFor()
    await page.getByRole('button', { name: 'Non premere nulla' }).click()
    await heard.getByText('We have not received your choice.').waitFor()
    await page.getByRole('button', { name: 'Tasto 1' }).click()
    await heard.getByText('In coda per la sezione: Pensioni').waitFor()
    expect(await page.getByRole('button', { name: 'Tasto 1' }).count()).toBe(0)
    expect(await seriousFindings(page)).toEqual([])

    await page.getByRole('button', { name: /Il contact center è/ }).click()
    await page.getByRole('option', { name: 'chiuso per festa' }).click()
    await page.getByRole('button', { name: 'Chiama', exact: true }).click()
    await heard.getByText('giorno festivo').waitFor()
    await heard.getByText('La chiamata finisce').waitFor()
    expect(complaints).toEqual([])
  })

  test('a recording is uploaded, heard, replaced, taken away and brought back; what is none is refused with its reason', async () => {
    const { page, complaints } = await windowOf(headquarters, '/admin/flow/step.menu')
    const italian = page.locator('.flow-text', { hasText: 'Per le pensioni, prema 1' })
    await italian.getByText('voce del programma').waitFor()
    const upload = async (file: { name: string; mimeType: string; buffer: Buffer }) => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        italian.getByRole('button', { name: /Carica|Sostituisci/ }).click(),
      ])
      await chooser.setFiles(file)
    }
    await upload({ name: 'song.wav', mimeType: 'audio/wav', buffer: Buffer.from(`ID3${'x'.repeat(500)}`) })
    await italian.getByRole('alert').getByText('Questo è un file MP3').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await upload(wav())
    await italian.getByText('registrata · 0:01').waitFor()
    await page.getByText('Registrazione caricata (0:01)').waitFor()
    expect(await italian.getByRole('alert').count()).toBe(0)
    // Its sound really comes: a second of it, and then the button says again what it did.
    const came = page.waitForResponse(answer => answer.url().includes('/api/prompts/menu/it/recording'))
    await italian.getByRole('button', { name: /^Ascolta/ }).click()
    expect((await came).headers()['content-type']).toBe('audio/wav')
    await italian.getByRole('button', { name: /^Ferma/ }).waitFor()
    await italian.getByRole('button', { name: /^Ascolta/ }).waitFor()
    await upload(wav('again.wav', 2))
    await italian.getByText('registrata · 0:02').waitFor()
    await picture(page, 'flow-recorded')

    await italian.getByRole('button', { name: /^Torna alla voce/ }).click()
    await italian.getByText('voce del programma').waitFor()
    await italian.getByRole('button', { name: /^Storia/ }).click()
    const history = page.getByRole('dialog')
    await history.getByText('Tolta').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await history.getByRole('button', { name: 'Rimetti questa' }).last().click()
    await italian.getByText('registrata · 0:01').waitFor()
    // The text with the name of the office is for the voice of the program.
    await page.goto('/admin/flow/step.welcome')
    const barred = page.getByRole('button', { name: 'Carica una registrazione' }).first()
    expect(await barred.getAttribute('aria-disabled')).toBe('true')
    expect(complaints).toEqual([])
  })

  test('who may not change it finds neither the entry nor the page', async () => {
    const { page } = await windowOf(supervisor)
    await page.getByText('Questa pagina è di un altro ruolo').waitFor()
    expect(await page.getByRole('link', { name: 'Flusso' }).count()).toBe(0)
  })

  const views = ['', '/step.menu', '/step.hours', '/step.pensions', '/program', '/try', '/versions', '/step.gone']

  /** Nothing that axe finds serious, nothing wider than the window, no name of a text instead of the text. */
  async function look(page: Page, view: string, name: string): Promise<void> {
    await page.goto(`/admin/flow${view}`)
    await page.locator('.admin').waitFor()
    await expect.poll(() => page.locator('.bones').count(), patience).toBe(0)
    await picture(page, `flow${view.replace('/', '-')}-${name}`)
    expect(await seriousFindings(page), view).toEqual([])
    await fitsWindow(page, view)
    expect(await page.locator('body').textContent(), view).not.toMatch(/\b(web-flow|findings\.|kinds\.)/)
  }

  test.for([1440, 390])('every view at %i px is in order', { timeout: 600_000 }, async width => {
    const { page, complaints } = await pages.window({
      as: headquarters,
      path: '/admin/flow',
      width,
      height: width === 390 ? 844 : 900,
    })
    await beginDraft(page)
    for (const view of views) await look(page, view, String(width))
    expect(complaints).toEqual([])
  })

  test('the page speaks English', async () => {
    const { page, complaints } = await windowOf()
    await page.getByRole('button', { name: /ruolo, lingua, uscita/ }).click()
    await page.getByRole('menuitem', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Automatic answerer' }).waitFor()
    for (const view of ['/step.menu', '/try']) await look(page, view, 'en')
    expect(complaints).toEqual([])
  })
})
