/** What the sections of a region have to do and who works in them, for the director who staffs them. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [
    { to: '/staffing/workload', label: 'web-staffing:rail', icon: 'chart-line', needs: 'region.staff', order: 3 },
    { to: '/staffing/members', label: 'web-staffing:members.rail', icon: 'user', needs: 'region.staff', order: 4 },
  ],
  pages: [
    { path: '/staffing/workload', load: () => import('./workload.tsx'), needs: 'region.staff', title: 'web-staffing:title' },
    {
      path: '/staffing/members',
      load: () => import('./members.tsx'),
      needs: 'region.staff',
      title: 'web-staffing:members.title',
    },
  ],
}
