/** The door of the public telephone: a plain telephone in the browser, for trying the way of a call without any other. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  pages: [{ path: '/telephone', load: () => import('./telephone-page.tsx'), needs: 'public', title: 'web-telephone:title' }],
}
