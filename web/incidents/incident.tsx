/** One incident: how it stands, what is said of it, its tickets, and what was done. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident, IncidentState } from '../../src/incidents/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { endOf } from '../shared/public-notices.tsx'
import { Ago, Button, Card, EmptyState, ErrorState, Loading, Menu, notify, PagedList, Pill } from '../shared/ui/index.ts'
import { AnswerDialog } from './answer-dialog.tsx'
import { IncidentDialog } from './incident-dialog.tsx'
import { IncidentTickets } from './incident-tickets.tsx'
import { KnownErrorDialog } from './known-error-dialog.tsx'
import { NoticeCard } from './notice.tsx'
import { useIncident, useSteps } from './queries.ts'
import { toneOf } from './tones.ts'

type Opened = 'change' | 'answer' | 'close' | 'known' | null

export function IncidentDetail({ incidentId }: { incidentId: string }) {
  const incident = useIncident(incidentId)
  if (incident.data) return <IncidentPage incident={incident.data} />
  if (incident.error) return <ErrorState error={incident.error} onRetry={() => void incident.refetch()} />
  return <Loading />
}

function IncidentPage({ incident }: { incident: Incident }) {
  const { t, i18n } = useTranslation('web-incidents')
  const client = useQueryClient()
  const [opened, setOpened] = useState<Opened>(null)
  const close = () => setOpened(null)
  const become = useMutation({
    mutationFn: (state: IncidentState) =>
      api.patch('/api/incidents/:incidentId', {
        path: { incidentId: incident.id },
        body: { state },
        version: incident.version,
      }),
    onSuccess: saved => client.setQueryData(['incident', saved.id], saved),
    onError: error => notify(sentenceOf(error), 'late'),
  })
  const next = (['open', 'workaround-known', 'solved'] as const).filter(state => state !== incident.state)
  return (
    <article className="incident">
      <header className="row top wrap">
        <div className="grow">
          <h2>{incident.title}</h2>
          <small>
            <span className="num">#{incident.number}</span> · {incident.procedure ?? t('noProcedure')} ·{' '}
            {incident.region ?? t('country')} · {incident.section ?? t('allSections')}
          </small>
          <div>
            <small>
              {incident.unit.name} · {t('openedBy', { name: incident.openedBy })} <Ago at={incident.openedAt} />
            </small>
          </div>
        </div>
        <Pill tone={toneOf[incident.state]}>{t(`states.${incident.state}`)}</Pill>
      </header>
      {incident.change.allowed && (
        <div className="row wrap">
          <Button tone="primary" icon="check" onPress={() => setOpened('close')}>
            {t('close')}
          </Button>
          <Menu
            label={t('become')}
            entries={next.map(id => ({ id, label: t(`states.${id}`) }))}
            onAction={id => {
              const state = next.find(each => each === id)
              if (state) become.mutate(state)
            }}
          >
            <Button icon="exchange-circle" isPending={become.isPending}>
              {t('become')}
            </Button>
          </Menu>
          <Button icon="pencil" onPress={() => setOpened('change')}>
            {t('change')}
          </Button>
          <Button icon="tool" onPress={() => setOpened('known')}>
            {t('asKnownError')}
          </Button>
        </div>
      )}
      <Card title={t('workaround')}>
        <p className={incident.workaround === '' ? 'muted' : 'prose'}>{incident.workaround || t('noWorkaround')}</p>
        <small>{incident.expectedEnd ? t('expectedEnd', endOf(incident.expectedEnd, i18n.language)) : t('endUnknown')}</small>
      </Card>
      <NoticeCard incident={incident} />
      <IncidentTickets incident={incident} onAnswer={() => setOpened('answer')} />
      <Steps incidentId={incident.id} />
      {incident.change.allowed && (
        <>
          <IncidentDialog incident={incident} isOpen={opened === 'change'} onClose={close} onSaved={close} />
          <KnownErrorDialog
            incident={incident}
            isOpen={opened === 'known'}
            onClose={close}
            onSaved={() => {
              close()
              notify(t('known.kept'))
            }}
          />
        </>
      )}
      {incident.link.allowed && (
        <AnswerDialog
          incident={incident}
          closes={opened === 'close'}
          isOpen={opened === 'answer' || opened === 'close'}
          onClose={close}
        />
      )}
    </article>
  )
}

function Steps({ incidentId }: { incidentId: string }) {
  const { t } = useTranslation('web-incidents')
  const steps = useSteps(incidentId)
  return (
    <Card title={t('history')}>
      <PagedList query={steps} empty={<EmptyState title={t('noHistory')} icon="clock" />}>
        {items => (
          <ol className="incident-steps">
            {items.map(step => (
              <li key={step.id}>
                {step.what}{' '}
                <small>
                  {step.by} · <Ago at={step.at} />
                </small>
              </li>
            ))}
          </ol>
        )}
      </PagedList>
    </Card>
  )
}
