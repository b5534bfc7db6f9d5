import { expect, test } from 'vitest'
import { z } from 'zod'
import { documentationPage, documentationScriptPath } from './documentation.ts'
import { openApi } from './openapi.ts'
import { route, Uuid } from './route.ts'

const publisher = {
  version: '1.2.3',
  PUBLIC_URL: undefined,
  API_CONTACT_NAME: 'a',
  API_CONTACT_EMAIL: 'a@b.c',
  API_TERMS_URL: undefined,
}
const Bell = z.object({ loud: z.boolean(), tunes: z.array(z.enum(['ding', 'dong'])).optional() }).meta({ id: 'Bell' })
const page = documentationPage(
  openApi(
    [
      route({
        method: 'PUT',
        url: '/api/bells/:bellId',
        operation: 'tuneBell',
        summary: 'Tune a <bell> & let it ring',
        tag: 'bells of the house',
        access: 'signed-in',
        params: z.object({ bellId: Uuid }),
        body: z.object({
          note: z.string().max(40).describe('what it "sings"'),
          at: z.union([z.object({ hour: z.int() }), z.object({ sunrise: z.boolean() })]),
        }),
        answer: Bell,
        handle: async () => ({ loud: true }),
      }),
    ],
    publisher,
  ),
)

test('an operation stands with its parameters, its body and its answer', () => {
  expect(page).toContain('id="tuneBell"')
  expect(page).toContain('<code>/bells/{bellId}</code>')
  expect(page).toContain('identifier of the bell')
  expect(page).toContain('what it &#34;sings&#34;')
  expect(page).toContain('at most 40 characters')
  for (const field of ['note', 'hour', 'sunrise']) expect(page).toContain(`<td><code>${field}</code></td>`)
  expect(page).toContain('<a href="#Bell">Bell</a>')
  expect(page).toContain('list of &#34;ding&#34; | &#34;dong&#34;')
})

test('words of a route are text, never markup; sections have addresses without spaces', () => {
  expect(page).toContain('Tune a &#60;bell&#62; &#38; let it ring')
  expect(page).not.toContain('<bell>')
  expect(page).toContain('<section id="bells-of-the-house">')
})

test('the page runs one script, and that from our own address: the content policy lets no other run', () => {
  expect(page.match(/<script[^>]*>/g)).toEqual([`<script src="${documentationScriptPath}" defer>`])
  expect(page).not.toMatch(/\son\w+=|javascript:|https?:\/\//)
})
