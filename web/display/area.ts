/** The door of the display: who is called to which desk. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  pages: [{ path: '/display', load: () => import('./display.tsx'), needs: 'public', title: 'web:device.display' }],
}
