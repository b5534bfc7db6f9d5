/** Cases of the own territory: found by words and facts, listed, taken away as a file. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [{ to: '/cases', label: 'web-cases:rail', icon: 'folder', needs: 'cases.list', order: 30 }],
  pages: [
    { path: '/cases', load: () => import('./list-page.tsx'), needs: 'cases.list', title: 'web-cases:title' },
    { path: '/cases/$caseId', load: () => import('./case-page.tsx'), title: 'web:case.window' },
  ],
}
