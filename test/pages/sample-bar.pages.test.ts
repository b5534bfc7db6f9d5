/** As long as the institute is made up, every page says so: inside, before signing in, and where citizens call. */
import { expect, test } from 'vitest'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { fitsWindow, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  test.each([
    ['/sign-in', undefined],
    ['/telephone', undefined],
    ['/desk', staff.anna],
    ['/cric', staff.paola],
  ] as const)('%s', async (path, person) => {
    const { page, complaints } = await pages.window({ path, ...(person ? { as: person } : {}) })
    const bar = page.getByRole('complementary', { name: 'Istituto di prova' })
    await bar.waitFor()
    for (const size of sizes) {
      await page.setViewportSize(size)
      await expect.poll(() => page.locator('.bones').count(), patience).toBe(0)
      await picture(page, `sample-bar${path.replace('/', '-')}-${size.width}`)
      expect(await seriousFindings(page), `${path} at ${size.width}`).toEqual([])
      await fitsWindow(page, `${path} at ${size.width}`)
      await expect.poll(async () => (await bar.boundingBox())?.y, { ...patience, message: 'at the top' }).toBe(0)
    }
    expect(complaints).toEqual([])
  })

  test('speaks the language of the page', async () => {
    const { page } = await pages.window({ path: '/sign-in' })
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByText('Sample institute: offices, people and numbers are made up.').waitFor()
  })
})
