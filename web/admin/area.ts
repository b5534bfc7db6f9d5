/** Keeping the institute in order: people, the number plan, the units. */
import type { Area } from '../shared/area.ts'
import { planners } from './roles.ts'

const admin = ['administrator'] as const
const lineKeepers = ['supervisor', 'headquarters', 'administrator'] as const
const auditors = ['headquarters'] as const
const flowKeepers = ['administrator', 'headquarters'] as const

export const area: Area = {
  rail: [
    { to: '/admin/people', label: 'web-admin:people.rail', icon: 'user', roles: admin, order: 10 },
    { to: '/admin/numbers', label: 'web-admin:numbers.rail', icon: 'telephone', roles: planners, order: 30 },
    { to: '/admin/flow', label: 'web-flow:rail', icon: 'list', roles: flowKeepers, order: 35 },
    { to: '/admin/lines', label: 'web-lines:rail', icon: 'list', roles: lineKeepers, order: 20 },
    { to: '/admin/access', label: 'web-admin:access.rail', icon: 'locked', roles: auditors, order: 50 },
    { to: '/admin/units', label: 'web-admin:units.rail', icon: 'pa', roles: planners, order: 40 },
  ],
  pages: [
    { path: '/admin', load: () => import('./home.tsx'), roles: planners, title: 'web-admin:units.title' },
    { path: '/admin/people/{-$personId}', load: () => import('./people.tsx'), roles: admin, title: 'web-admin:people.title' },
    { path: '/admin/numbers/{-$number}', load: () => import('./numbers.tsx'), roles: planners, title: 'web-admin:numbers.title' },
    { path: '/admin/flow/{-$view}', load: () => import('./flow/flow-page.tsx'), roles: flowKeepers, title: 'web-flow:title' },
    { path: '/admin/lines/{-$sectionId}', load: () => import('./lines/lines.tsx'), roles: lineKeepers, title: 'web-lines:title' },
    { path: '/admin/access', load: () => import('./access.tsx'), roles: auditors, title: 'web-admin:access.title' },
    // Hours and address of an office are for everybody who works: the search leads here.
    { path: '/admin/units/{-$unitId}', load: () => import('./units.tsx'), title: 'web-admin:units.title' },
  ],
}
