/** The figures of now, for those who answer for the contact centre. */
import type { Area } from '../shared/area.ts'

const directors = ['regional_director'] as const
const watching = ['supervisor', 'headquarters'] as const

export const area: Area = {
  rail: [
    { to: '/region', label: 'web-monitoring:region.rail', icon: 'inbox', roles: directors, order: 5 },
    { to: '/monitoring', label: 'web-monitoring:rail', icon: 'chart-line', roles: watching, order: 10 },
  ],
  pages: [
    { path: '/region', load: () => import('./region.tsx'), roles: directors, title: 'web-monitoring:region.title' },
    { path: '/monitoring', load: () => import('./live.tsx'), roles: watching, title: 'web-monitoring:title' },
  ],
}
