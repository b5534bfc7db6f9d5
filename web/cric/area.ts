/** The second level: regional centres, IT groups, and the central directorates that they ask. */
import type { Area } from '../shared/area.ts'

const secondLevel = ['cric_member', 'cric_coordinator', 'gai_member', 'central_member'] as const

export const area: Area = {
  rail: [{ to: '/cric/tickets', under: '/cric', label: 'web-cric:rail', icon: 'inbox', roles: secondLevel, order: 10 }],
  bar: { roles: ['cric_member'], load: () => import('./bar.tsx') },
  pages: [
    { path: '/cric', load: () => import('./home.tsx'), title: 'web-cric:pool' },
    { path: '/cric/tickets/{-$ticketId}', load: () => import('./pool.tsx'), title: 'web-cric:pool' },
    { path: '/cric/cases/$caseId', load: () => import('./case-page.tsx'), title: 'web:case.window' },
  ],
}
