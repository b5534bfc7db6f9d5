/** What tests of the desk have in common: the contact centre open at any hour, an operator who is there, a call that is answered. */
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { PersonActor } from '../../src/platform/index.ts'
import { userOf } from './accounts.ts'
import { keepReporting } from './heartbeat.ts'
import { type Pages, patience, signedIn } from './pages.ts'
import { staff } from './staff.ts'

/** As a section rings when nobody says otherwise: for who waits until it has. */
export const usualRingMs = 20_000

/**
 * The contact centre is open at any hour, so that the test does not depend on when it runs; and a call for pensions rings for minutes, so that it does not
 * depend on how slow the machine is.
 */
export async function openAllDay(url: string, ringMs = 300_000): Promise<void> {
  const admin = await signedIn(url, userOf(staff.administrator))
  const { version } = await admin.send('GET', '/api/units/ccm')
  const spans = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: '00:00', closes: '24:00' }))
  await admin.send('PUT', '/api/units/ccm/hours', { spans }, { 'if-match': `"${version}"` })
  const line = '/api/sections/ccm-pensioni/line'
  const rules = await admin.send('GET', line)
  const changed = { routing: { offerTimeoutMs: ringMs }, callbacks: rules.callbacks }
  await admin.send('PUT', line, changed, { 'if-match': `"${rules.version}"` })
}

/** An operator at the desk without a page: available, and with a heart that beats until it is closed. */
export async function operatorAtDesk(pages: Pages, person: PersonActor): Promise<{ close(): Promise<void> }> {
  const operator = await pages.at(person)
  const pageId = randomUUID()
  const beat = () => operator.send('POST', '/api/desk/heartbeat', { pageId, telephoneReady: true })
  await beat()
  await operator.send('POST', '/api/desk/available', { pageId })
  const stopReporting = keepReporting(beat)
  return {
    async close() {
      stopReporting()
      await operator.send('POST', '/api/desk/sign-out', {})
    },
  }
}

/**
 * Opens the desk and becomes available, unless the operator is that already: the state belongs to the person, not to the page. Where
 * somebody waits, it rings at once.
 */
export async function becomeAvailable(page: Page): Promise<void> {
  await page.goto('/desk')
  const isAvailable = page.getByRole('heading', { name: 'Sei disponibile' })
  const become = page.getByRole('button', { name: 'Diventa disponibile', exact: true }).first()
  await isAvailable.or(become).first().waitFor()
  if (!(await isAvailable.isVisible())) await become.click()
  await isAvailable
    .or(page.getByRole('button', { name: /^(Rispondi|Accetta e chiama)/ }))
    .first()
    .waitFor()
}

/** Calls the agency of Roma EUR and chooses pensions, as soon as the menu is heard. */
export async function callForPensions(page: Page, from: string): Promise<void> {
  await page.goto('/telephone')
  await page.getByLabel('Il tuo numero').fill(from)
  await page.getByRole('button', { name: 'Chiama' }).click()
  await page.getByText('Benvenuto. Questo è il contact center').waitFor()
  await page.getByText('Per le pensioni, prema 1').waitFor()
  await page.keyboard.press('1')
  await page.getByText('La metto in contatto con la sezione pensioni').waitFor()
}

/** Answers what rings, with the key; `named` is the button that it presses. */
export async function answerWithEnter(page: Page, named = 'Rispondi'): Promise<void> {
  const answer = page.getByRole('button', { name: named })
  await answer.waitFor()
  await expect.poll(() => page.evaluate('document.activeElement?.textContent'), patience).toContain(named)
  const ofTheCall = page.getByRole('group', { name: 'Azioni sulla chiamata' })
  await expect
    .poll(async () => {
      // The first moment after the card has come belongs to who was typing: Enter does nothing yet.
      if (await answer.isVisible()) await page.keyboard.press('Enter')
      // The sheet of a conversation that broke off stands there already while it rings again: it is no sign.
      return !(await answer.isVisible()) && (await ofTheCall.isVisible())
    }, patience)
    .toBe(true)
}
