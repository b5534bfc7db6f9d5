/** An agency: the day's appointments, each prepared before and concluded after; its week; and how its agenda is set up. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [
    { to: '/agency', label: 'web-agency:rail', icon: 'calendar', needs: 'appointments.handle', order: 10 },
    { to: '/agenda', label: 'web-agenda:rail', icon: 'settings', needs: 'agenda.keep', order: 12 },
  ],
  pages: [
    {
      path: '/agency/{-$appointmentId}',
      load: () => import('./day.tsx'),
      needs: 'appointments.handle',
      title: 'web-agency:title',
    },
    { path: '/agency/week', load: () => import('./week.tsx'), needs: 'appointments.handle', title: 'web-agency:week.title' },
    {
      path: '/agency/letters',
      load: () => import('./letters.tsx'),
      needs: 'appointments.handle',
      title: 'web-agency:letters.title',
    },
    {
      path: '/agency/closed-days',
      load: () => import('./closed-days.tsx'),
      needs: 'agenda.keep',
      title: 'web-agenda:closedDays.title',
    },
    { path: '/agenda', load: () => import('./set-up/set-up-page.tsx'), needs: 'agenda.keep', title: 'web-agenda:title' },
    { path: '/agency/cases/$caseId', load: () => import('./case-page.tsx'), title: 'web:case.window' },
  ],
}
