/** Guides that are followed step by step with a citizen: read, kept in versions, and a page of each for citizens. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [{ to: '/guides', label: 'web-guides:rail', icon: 'note', needs: 'guides.see', order: 28 }],
  pages: [
    { path: '/guides/{-$guideId}', load: () => import('./guides.tsx'), needs: 'guides.see', title: 'web-guides:title' },
    { path: '/guide/$guideId', load: () => import('./public-guide.tsx'), needs: 'public', title: 'web-guides:title' },
  ],
}
