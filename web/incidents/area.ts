/** What does not work: incidents and their notices, and errors that are known with a way around them. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [{ to: '/incidents', label: 'web-incidents:rail', icon: 'horn', needs: 'incidents.see', order: 24 }],
  pages: [
    {
      path: '/incidents/{-$incidentId}',
      load: () => import('./incidents.tsx'),
      needs: 'incidents.see',
      title: 'web-incidents:title',
    },
    {
      path: '/known-errors/{-$knownErrorId}',
      load: () => import('./known-errors.tsx'),
      needs: 'incidents.see',
      title: 'web-incidents:known.title',
    },
    {
      path: '/procedures',
      load: () => import('./procedures.tsx'),
      needs: 'incidents.see',
      title: 'web-incidents:procedures.title',
    },
  ],
}
