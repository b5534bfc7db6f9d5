/** Keeping the institute in order: people, the number plan, the units. */
import type { Area } from '../shared/area.ts'
import { planners } from './roles.ts'

const admin = ['administrator'] as const

export const area: Area = {
  rail: [
    { to: '/admin/people', label: 'web-admin:people.rail', icon: 'user', roles: admin, order: 10 },
    { to: '/admin/numbers', label: 'web-admin:numbers.rail', icon: 'telephone', roles: planners, order: 30 },
    { to: '/admin/units', label: 'web-admin:units.rail', icon: 'pa', roles: planners, order: 40 },
  ],
  pages: [
    { path: '/admin', load: () => import('./home.tsx'), roles: planners, title: 'web-admin:units.title' },
    { path: '/admin/people/{-$personId}', load: () => import('./people.tsx'), roles: admin, title: 'web-admin:people.title' },
    { path: '/admin/numbers/{-$number}', load: () => import('./numbers.tsx'), roles: planners, title: 'web-admin:numbers.title' },
    // Hours and address of an office are for everybody who works: the search leads here.
    { path: '/admin/units/{-$unitId}', load: () => import('./units.tsx'), title: 'web-admin:units.title' },
  ],
}
