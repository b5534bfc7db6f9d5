/** Pages that are not there, not ours, or that broke. */
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { sentenceOf } from '../shared/api.ts'
import { may, type Needed, useSession } from '../shared/session.tsx'
import { Button, EmptyState, Link } from '../shared/ui/index.ts'
import { useActAs } from './session.ts'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <EmptyState
      title={t('notFound.title')}
      icon="search"
      action={
        <Link className="button primary" to="/">
          {t('notFound.home')}
        </Link>
      }
    >
      {t('notFound.text')}
    </EmptyState>
  )
}

/** The page is for those who may do something else. If the reader may in another role, one press is enough. */
export function NoRightsPage({ needs }: { needs: Needed }) {
  const { t } = useTranslation()
  const session = useSession()
  const actAs = useActAs()
  const possible = session.assignments.filter(assignment => may(assignment, needs))
  return (
    <EmptyState
      title={t('noRights.title')}
      icon="locked"
      action={
        <div className="row wrap">
          {possible.map(assignment => (
            <Button key={assignment.assignmentId} tone="primary" onPress={() => actAs(assignment.assignmentId)}>
              {t('noRights.actAs', { role: t(`roles.${assignment.role}`), unit: assignment.unitName })}
            </Button>
          ))}
          <Link className="button" to="/">
            {t('notFound.home')}
          </Link>
        </div>
      }
    >
      {t('noRights.text', { role: t(`roles.${session.acting.role}`) })}
    </EmptyState>
  )
}

export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  return (
    <EmptyState
      title={t('broken.title')}
      icon="warning-circle"
      action={
        <div className="row">
          <Button tone="primary" icon="refresh" onPress={() => (isOldPage(error) ? location.reload() : reset())}>
            {t('retry')}
          </Button>
          <Link className="button" to="/">
            {t('notFound.home')}
          </Link>
        </div>
      }
    >
      {isOldPage(error) ? t('broken.newVersion') : sentenceOf(error)} {t('broken.drafts')}
    </EmptyState>
  )
}

/** The program was renewed while the page was open: its files have other names now. */
const isOldPage = (error: unknown): boolean => error instanceof TypeError && /import|module/i.test(error.message)
