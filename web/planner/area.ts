/** Who is needed when, and what a change would do: for those who answer for staff. */
import type { Area } from '../shared/area.ts'

const planning = ['supervisor', 'headquarters', 'regional_director'] as const

export const area: Area = {
  rail: [{ to: '/planner', label: 'web-planner:rail', icon: 'clock', roles: planning, order: 40 }],
  pages: [{ path: '/planner', load: () => import('./planner.tsx'), roles: planning, title: 'web-planner:title' }],
}
