/** Mails of citizens: those that wait for somebody, those that somebody has to look at. */
import type { Area } from '../shared/area.ts'

export const area: Area = {
  rail: [
    { to: '/mails', label: 'web-mail:rail', icon: 'mail', needs: 'mails.work', order: 25 },
    { to: '/mails-to-examine', label: 'web-mail:examine.rail', icon: 'help-circle', needs: 'mails.work', order: 26 },
    { to: '/unsent-mails', label: 'web-mail:unsent.rail', icon: 'warning-circle', needs: 'mails.work', order: 27 },
    { to: '/answer-templates', label: 'web-mail:templates.rail', icon: 'note', needs: 'templates.keep', order: 28 },
    {
      to: '/mail-reconciliation',
      label: 'web-mail:reconciliation.rail',
      icon: 'check-circle',
      needs: 'mails.reconcile',
      order: 46,
    },
  ],
  pages: [
    { path: '/mails/{-$interactionId}', load: () => import('./mails.tsx'), needs: 'mails.work', title: 'web-mail:title' },
    { path: '/mails-to-examine', load: () => import('./examine.tsx'), needs: 'mails.work', title: 'web-mail:examine.title' },
    { path: '/unsent-mails', load: () => import('./unsent.tsx'), needs: 'mails.work', title: 'web-mail:unsent.title' },
    {
      path: '/answer-templates/{-$templateId}',
      load: () => import('./templates.tsx'),
      needs: 'templates.keep',
      title: 'web-mail:templates.title',
    },
    {
      path: '/mail-reconciliation',
      load: () => import('./reconciliation.tsx'),
      needs: 'mails.reconcile',
      title: 'web-mail:reconciliation.title',
    },
  ],
}
