/** What tests of the desk have in common: the contact centre open at any hour, an operator who is signed in, a call that is answered. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { password, userOf } from './accounts.ts'
import { browserAt } from './browser.ts'
import { staff } from './staff.ts'

/** The machine may be busy: what takes a moment may take some. */
export const slowly = { timeout: 20_000, interval: 200 }

/** The contact centre is open at any hour, so that the test does not depend on when it runs. */
export async function openAllDay(url: string): Promise<void> {
  const admin = browserAt(url)
  await admin.send('POST', '/api/session', { user: userOf(staff.administrator), password })
  const { body } = await admin.send('GET', '/api/units/ccm')
  const version = typeof body === 'object' && body !== null && 'version' in body ? body.version : undefined
  const spans = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: '00:00', closes: '24:00' }))
  const set = await admin.send('PUT', '/api/units/ccm/hours', { spans }, { 'if-match': `"${version}"` })
  if (set.status !== 200) throw new Error(`The hours of the contact centre could not be set: ${JSON.stringify(set.body)}`)
}

/** Signs in and answers the cookie. */
export async function signedIn(url: string, user: string): Promise<string> {
  const person = browserAt(url)
  const { status } = await person.send('POST', '/api/session', { user, password })
  if (status >= 300 || person.cookie === undefined) throw new Error(`${user} could not sign in: ${status}`)
  return person.cookie
}

/** Opens the desk and becomes available, unless the operator is that already: the state belongs to the person, not to the page. */
export async function becomeAvailable(page: Page): Promise<void> {
  await page.goto('/desk')
  const isAvailable = page.getByRole('heading', { name: 'Sei disponibile' })
  const become = page.getByRole('button', { name: 'Disponibile', exact: true }).first()
  await isAvailable.or(become).first().waitFor()
  if (!(await isAvailable.isVisible())) await become.click()
  await isAvailable.waitFor()
}

/** Calls the agency of Roma EUR and chooses pensions. */
export async function callForPensions(page: Page, from: string): Promise<void> {
  await page.goto('/telephone')
  await page.getByLabel('Il tuo numero').fill(from)
  await page.getByRole('button', { name: 'Chiama' }).click()
  await page.getByText('Benvenuto. Questo è il contact center').waitFor()
  await page.keyboard.press('1')
}

/** Answers what rings, with the key. */
export async function answerWithEnter(page: Page): Promise<void> {
  const answer = page.getByRole('button', { name: 'Rispondi' })
  await answer.waitFor()
  await expect.poll(() => page.evaluate('document.activeElement?.textContent'), slowly).toContain('Rispondi')
  await expect
    .poll(async () => {
      // The first moment after the card has come belongs to who was typing: Enter does nothing yet.
      if (await answer.isVisible()) await page.keyboard.press('Enter')
      // The sheet of a conversation that broke off stands there already while it rings again.
      return !(await answer.isVisible()) && (await page.getByRole('heading', { name: 'Che cosa chiede?' }).isVisible())
    }, slowly)
    .toBe(true)
}
