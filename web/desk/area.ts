/** The door of the desk: where calls are answered. */
import type { Area } from '../shared/area.ts'
import type { Role } from '../shared/session.tsx'

const answering: readonly Role[] = ['operator', 'switchboard']

export const area: Area = {
  rail: [{ to: '/desk', label: 'web-desk:rail', icon: 'telephone', roles: answering, order: 10 }],
  pages: [{ path: '/desk', load: () => import('./desk.tsx'), roles: answering, title: 'web-desk:title' }],
  bar: { roles: answering, load: () => import('./bar.tsx') },
}
