/** A page worked with the keyboard alone. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { patience, pressKey } from './pages.ts'

/** What has the focus, as a screen reader would call it; `body` when nothing has. */
const focused = `(() => {
  const element = document.activeElement
  if (!element || element === document.body) return 'body'
  const text = each => (each?.textContent ?? '').trim()
  const names = (element.getAttribute('aria-labelledby') ?? '').split(' ').map(id => text(document.getElementById(id)))
  return [element.getAttribute('aria-label'), ...names, text(element.labels?.[0]), text(element)].find(Boolean) ?? element.outerHTML
})()`

/** Letters and keys that the page has given a meaning; Tab, Enter and the like always have one. */
const isShortcut = (key: string): boolean => /^(Alt\+)?.$|^F\d+$/.test(key)

/** Two hands on a keyboard: they count what they press beside the text. */
export function handAt(page: Page) {
  let pressed = 0
  const press = async (key: string) => {
    pressed++
    await (isShortcut(key) ? pressKey(page, key) : page.keyboard.press(key))
  }
  return {
    pressed: () => pressed,
    press,
    write: (text: string) => page.keyboard.type(text),
    /** The focus comes to what is called so, or begins so. */
    async isAt(name: string | RegExp) {
      const wanted = typeof name === 'string' ? expect.stringMatching(new RegExp(`^${name}`)) : expect.stringMatching(name)
      await expect.poll(() => page.evaluate(focused), patience).toEqual(wanted)
    },
    /** Enter on the card that rings: in its first moment it belongs to who was typing. */
    async answer() {
      pressed++
      const answer = page.getByRole('button', { name: 'Rispondi' })
      await expect
        .poll(async () => {
          if (await answer.isVisible()) await page.keyboard.press('Enter')
          return answer.isVisible()
        }, patience)
        .toBe(false)
    },
    /** Writes into a field that searches, and takes the first that is found. */
    async choose(text: string, found: string) {
      await page.keyboard.type(text)
      await expect.poll(() => page.getByRole('option').first().textContent(), patience).toContain(found)
      await press('ArrowDown')
      await press('Enter')
    },
  }
}
