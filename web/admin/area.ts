/** Keeping the institute in order: people, the number plan, the units. */
import type { Area } from '../shared/area.ts'
import type { Needed } from '../shared/session.tsx'

/** The callbacks of a section and the rules of its queue are one page. */
const lines: Needed = ['callbacks.follow', 'queues.set']

/** Who answers for a region reads the targets, too. */
const targets: Needed = ['deadlines.set', 'region.direct']

export const area: Area = {
  rail: [
    { to: '/admin/people', label: 'web-admin:people.rail', icon: 'user', needs: 'accounts.keep', order: 10 },
    { to: '/admin/numbers', label: 'web-admin:numbers.rail', icon: 'telephone', needs: 'numbers.watch', order: 30 },
    { to: '/admin/flow', label: 'web-flow:rail', icon: 'list', needs: 'flow.keep', order: 35 },
    { to: '/admin/lines', label: 'web-lines:rail', icon: 'list', needs: lines, order: 20 },
    { to: '/admin/mailboxes', label: 'web-mail:mailboxes.rail', icon: 'mail', needs: 'mailboxes.keep', order: 45 },
    { to: '/admin/access', label: 'web-admin:access.rail', icon: 'locked', needs: 'access.audit', order: 50 },
    { to: '/admin/retention', label: 'web-admin:retention.rail', icon: 'folder', needs: 'retention.set', order: 51 },
    { to: '/admin/competences', label: 'web-admin:competences.rail', icon: 'pa', needs: 'competences.set', order: 53 },
    { to: '/admin/rules', label: 'web-rules:rail', icon: 'check-circle', needs: 'rules.set', order: 52 },
    { to: '/admin/deadlines', label: 'web-admin:targets.rail', icon: 'calendar', needs: targets, order: 44 },
    { to: '/admin/units', label: 'web-admin:units.rail', icon: 'pa', needs: 'numbers.watch', order: 40 },
  ],
  pages: [
    { path: '/admin', load: () => import('./home.tsx'), needs: 'numbers.watch', title: 'web-admin:units.title' },
    {
      path: '/admin/people/{-$personId}',
      load: () => import('./people.tsx'),
      needs: 'accounts.keep',
      title: 'web-admin:people.title',
    },
    {
      path: '/admin/numbers/{-$number}',
      load: () => import('./numbers.tsx'),
      needs: 'numbers.watch',
      title: 'web-admin:numbers.title',
    },
    { path: '/admin/flow/{-$view}', load: () => import('./flow/flow-page.tsx'), needs: 'flow.keep', title: 'web-flow:title' },
    { path: '/admin/lines/{-$sectionId}', load: () => import('./lines/lines.tsx'), needs: lines, title: 'web-lines:title' },
    { path: '/admin/access', load: () => import('./access.tsx'), needs: 'access.audit', title: 'web-admin:access.title' },
    { path: '/admin/deadlines', load: () => import('./deadlines.tsx'), needs: targets, title: 'web-admin:targets.title' },
    {
      path: '/admin/retention',
      load: () => import('./retention.tsx'),
      needs: 'retention.set',
      title: 'web-admin:retention.title',
    },
    {
      path: '/admin/competences',
      load: () => import('./competences.tsx'),
      needs: 'competences.set',
      title: 'web-admin:competences.title',
    },
    { path: '/admin/rules', load: () => import('./rules/rules-page.tsx'), needs: 'rules.set', title: 'web-rules:title' },
    {
      path: '/admin/mailboxes/{-$mailboxId}',
      load: () => import('./mailboxes.tsx'),
      needs: 'mailboxes.keep',
      title: 'web-mail:mailboxes.title',
    },
    // Hours and address of an office are for everybody who works: the search leads here.
    { path: '/admin/units/{-$unitId}', load: () => import('./units.tsx'), title: 'web-admin:units.title' },
  ],
}
