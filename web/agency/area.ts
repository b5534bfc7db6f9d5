/** An agency: the day's appointments, each prepared before and concluded after. */
import type { Area } from '../shared/area.ts'

const office = ['agency_officer', 'agency_manager'] as const

export const area: Area = {
  rail: [{ to: '/agency', label: 'web-agency:rail', icon: 'calendar', roles: office, order: 10 }],
  pages: [
    { path: '/agency/{-$appointmentId}', load: () => import('./day.tsx'), roles: office, title: 'web-agency:title' },
    { path: '/agency/cases/$caseId', load: () => import('./case-page.tsx'), title: 'web:case.window' },
  ],
}
