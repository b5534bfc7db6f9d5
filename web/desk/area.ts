/** The door of the desk: where calls are answered. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [
    { to: '/desk', label: 'web-desk:rail', icon: 'telephone', needs: 'desk.work', order: 10 },
    { to: '/sent', label: 'web-desk:sent.rail', icon: 'share', needs: 'desk.work', order: 11 },
  ],
  pages: [
    { path: '/desk', load: () => import('./desk.tsx'), needs: 'desk.work', title: 'web-desk:title' },
    { path: '/sent', load: () => import('./sent.tsx'), needs: 'desk.work', title: 'web-desk:sent.title' },
  ],
  bar: { needs: 'desk.work', load: () => import('./bar.tsx') },
}
