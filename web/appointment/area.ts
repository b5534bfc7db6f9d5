/** The page behind the link of a mail, on which a citizen confirms or cancels an appointment. For everybody who has the link. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  pages: [
    {
      path: '/appointment/$token',
      load: () => import('./appointment-page.tsx'),
      needs: 'public',
      title: 'web-appointment:title',
    },
  ],
}
