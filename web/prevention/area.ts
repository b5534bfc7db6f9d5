/** Prevention: what IT groups do so that fewer questions come, for whom, and what came of it. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [{ to: '/prevention', label: 'web-prevention:rail', icon: 'presentation', needs: 'prevention.see', order: 26 }],
  pages: [
    {
      path: '/prevention/{-$activityId}',
      load: () => import('./prevention.tsx'),
      needs: 'prevention.see',
      title: 'web-prevention:title',
    },
    {
      path: '/addressees',
      load: () => import('./addressees.tsx'),
      needs: 'prevention.see',
      title: 'web-prevention:addressees.title',
    },
  ],
}
