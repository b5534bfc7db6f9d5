/** The second level: regional centres, IT groups, and the central directorates that they ask. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [
    {
      to: '/cric/tickets',
      under: '/cric',
      label: 'web-cric:rail',
      icon: 'inbox',
      needs: ['tickets.work', 'tickets.advise'],
      order: 10,
    },
    { to: '/cric/board', label: 'web-cric-board:rail', icon: 'list', needs: 'tickets.coordinate', order: 11 },
    { to: '/cric/absences', label: 'web-cric-board:absences.rail', icon: 'calendar', needs: 'absences.enter', order: 12 },
  ],
  bar: { needs: 'work.receive', load: () => import('./bar.tsx') },
  pages: [
    { path: '/cric', load: () => import('./home.tsx'), title: 'web-cric:pool' },
    { path: '/cric/tickets/{-$ticketId}', load: () => import('./pool.tsx'), title: 'web-cric:pool' },
    { path: '/cric/board', load: () => import('./board.tsx'), needs: 'tickets.coordinate', title: 'web-cric-board:title' },
    {
      path: '/cric/absences',
      load: () => import('./absences.tsx'),
      needs: 'absences.enter',
      title: 'web-cric-board:absences.title',
    },
    { path: '/cric/cases/$caseId', load: () => import('./case-page.tsx'), title: 'web:case.window' },
  ],
}
