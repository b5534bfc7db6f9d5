/** The first page of every role in the light, in the dark, and in the forced colours of a system, wide and narrow: axe finds nothing in any. */
import { expect, test } from 'vitest'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]
const looks = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const
const roles = {
  operator: staff.anna,
  switchboard: staff.switchboard,
  supervisor: staff.supervisor,
  member: staff.paola,
  coordinator: staff.coordinator,
  itGroup: staff.itLazio,
  directorate: staff.directorate,
  agency: staff.agency,
  director: staff.director,
  headquarters: staff.headquarters,
  administrator: staff.administrator,
}

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  test('first pages of all roles', async () => {
    for (const [role, as] of [...Object.entries(roles), ['nobody', undefined] as const]) {
      const { page, context, complaints } = await pages.window(as ? { as } : {})
      await page.goto(as ? '/' : '/sign-in')
      await page
        .locator(as ? 'main#page h1, main#page h2' : 'main h1')
        .first()
        .waitFor({ state: 'attached' })
      await expect.poll(() => page.locator('.bones').count(), patience).toBe(0)
      for (const [name, media] of Object.entries(looks)) {
        await page.emulateMedia(media)
        for (const size of sizes) {
          await page.setViewportSize(size)
          await picture(page, `first-${role}-${name}-${size.width}`)
          expect(await seriousFindings(page), `${role}, ${name}, ${size.width}`).toEqual([])
        }
      }
      expect(complaints, role).toEqual([])
      await context.close()
    }
  })

  test('the colours that one has chosen are kept', async () => {
    const { page } = await pages.window({ as: staff.administrator, path: '/' })
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.getByRole('button', { name: 'Aldo Serra' }).click()
    await page.getByRole('menuitem', { name: 'Colori scuri' }).click()
    await expect.poll(ground, patience).toBe('rgb(17, 28, 39)')
    await page.reload()
    await page.getByRole('button', { name: 'Aldo Serra' }).click()
    await expect.poll(ground, patience).toBe('rgb(17, 28, 39)')
    await page.getByRole('menuitem', { name: 'Colori del sistema' }).click()
    await expect.poll(ground, patience).toBe('rgb(245, 247, 249)')
  })
})
