/** The figures of now, for those who answer for the contact centre. */
import type { Area } from '../shared/area.ts'

const watching = ['supervisor', 'headquarters'] as const

export const area: Area = {
  rail: [{ to: '/monitoring', label: 'web-monitoring:rail', icon: 'chart-line', roles: watching, order: 10 }],
  pages: [{ path: '/monitoring', load: () => import('./live.tsx'), roles: watching, title: 'web-monitoring:title' }],
}
