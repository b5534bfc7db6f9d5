/** The door of the kiosk: where somebody who comes to an office says for what, and is given a ticket. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  pages: [{ path: '/kiosk', load: () => import('./kiosk.tsx'), needs: 'public', title: 'web:device.kiosk' }],
}
