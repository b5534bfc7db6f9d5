/** The card of a citizen as a page of its own: where the search leads. Who may see which card, the server decides. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  pages: [{ path: '/contacts/$contactId', load: () => import('./contact-page.tsx'), title: 'web:person.window' }],
}
