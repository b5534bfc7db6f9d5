/** Who is needed when, and what a change would do: for those who answer for staff. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [{ to: '/planner', label: 'web-planner:rail', icon: 'clock', needs: 'staff.plan', order: 40 }],
  pages: [{ path: '/planner', load: () => import('./planner.tsx'), needs: 'staff.plan', title: 'web-planner:title' }],
}
