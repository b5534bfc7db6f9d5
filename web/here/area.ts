/** "I am here" on the own telephone: the page of a hall's QR code, and that of the own visit. For whoever has the link. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  pages: [
    { path: '/here/$token', load: () => import('./here.tsx'), needs: 'public', title: 'web:device.here' },
    { path: '/here/visit/$token', load: () => import('./visit.tsx'), needs: 'public', title: 'web:device.here' },
  ],
}
