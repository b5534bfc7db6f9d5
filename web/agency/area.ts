/** An agency: the day's appointments, each prepared before and concluded after. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [{ to: '/agency', label: 'web-agency:rail', icon: 'calendar', needs: 'appointments.handle', order: 10 }],
  pages: [
    {
      path: '/agency/{-$appointmentId}',
      load: () => import('./day.tsx'),
      needs: 'appointments.handle',
      title: 'web-agency:title',
    },
    { path: '/agency/cases/$caseId', load: () => import('./case-page.tsx'), title: 'web:case.window' },
  ],
}
