/** The figures of now, for those who answer for the contact centre. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [
    { to: '/region', label: 'web-monitoring:region.rail', icon: 'inbox', needs: 'region.direct', order: 5 },
    { to: '/results', label: 'web-monitoring:results.rail', icon: 'check-circle', needs: 'figures.watch', order: 15 },
    { to: '/monitoring', label: 'web-monitoring:rail', icon: 'chart-line', needs: 'figures.watch', order: 10 },
  ],
  pages: [
    { path: '/region', load: () => import('./region.tsx'), needs: 'region.direct', title: 'web-monitoring:region.title' },
    { path: '/results', load: () => import('./results.tsx'), needs: 'figures.watch', title: 'web-monitoring:results.title' },
    { path: '/monitoring', load: () => import('./live.tsx'), needs: 'figures.watch', title: 'web-monitoring:title' },
  ],
}
