/** The counters for those who work at them: the own desk, the hall with its reception desk and live view, what is set up. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [
    { to: '/counter/desk', label: 'web-counter:rail', icon: 'user', needs: 'counters.receive', order: 20 },
    { to: '/counter/hall', label: 'web-counter:railHall', icon: 'list', needs: 'counters.see', order: 21 },
    { to: '/counter/set-up', label: 'web-counter:railSetUp', icon: 'settings', needs: 'counters.keep', order: 22 },
  ],
  pages: [
    { path: '/counter/desk', load: () => import('./desk.tsx'), needs: 'counters.receive', title: 'web-counter:title' },
    { path: '/counter/hall', load: () => import('./hall.tsx'), needs: 'counters.see', title: 'web-counter:hall.title' },
    {
      path: '/counter/set-up',
      load: () => import('./set-up/set-up-page.tsx'),
      needs: 'counters.keep',
      title: 'web-counter:setUp.title',
    },
    {
      path: '/counter/sheet/$hallId',
      load: () => import('./sheet.tsx'),
      needs: 'counters.keep',
      title: 'web-counter:sheet.title',
    },
    { path: '/counter/devices', load: () => import('./devices.tsx'), needs: 'counters.keep', title: 'web-counter:devices.title' },
  ],
}
