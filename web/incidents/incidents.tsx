/** Incidents: the list on the left, what is proposed above it; the one that is open on the right. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { IncidentLine } from '../../src/incidents/model.ts'
import { may, useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { Ago, Button, EmptyState, LinesToOpen, ListAndDetail, PagedList, Pill, Select } from '../shared/ui/index.ts'
import { type IncidentView, ListTabs } from './heads.tsx'
import { IncidentDetail } from './incident.tsx'
import { IncidentDialog } from './incident-dialog.tsx'
import { Proposals } from './proposals.tsx'
import { useIncidents, useProcedures } from './queries.ts'
import { toneOf } from './tones.ts'
import './incidents.css'

export default function IncidentsPage() {
  const { t } = useTranslation('web-incidents')
  const { acting } = useSession()
  const { incidentId } = useParams({ strict: false })
  const navigate = useNavigate()
  const search: { view?: unknown } = useSearch({ strict: false })
  const view: IncidentView = search.view === 'closed' ? 'closed' : 'current'
  const [procedureId, setProcedureId] = useState<string | null>(null)
  const [making, setMaking] = useState(false)
  const isKeeper = may(acting, 'incidents.keep')
  const incidents = useIncidents(view, procedureId)
  const procedures = useProcedures().data?.items ?? []
  const open = (id: string | undefined) =>
    void navigate({ to: '/incidents/{-$incidentId}', params: { incidentId: id }, search: { view } })
  useShortcut({ keys: 'n', label: t('new'), group: t('web:shortcuts.here') }, () => setMaking(true), isKeeper)
  return (
    <>
      <ListAndDetail
        label={t('title')}
        isOpen={incidentId !== undefined}
        head={
          <>
            <div className="row wrap">
              <h1 className="grow">{t('title')}</h1>
              {isKeeper && (
                <Button tone="primary" icon="plus" kbd="N" onPress={() => setMaking(true)}>
                  {t('new')}
                </Button>
              )}
            </div>
            <ListTabs value={view} />
            {procedures.length > 0 && (
              <Select
                label={t('procedure')}
                hideLabel
                value={procedureId ?? 'all'}
                onChange={id => setProcedureId(id === 'all' ? null : id)}
                choices={[{ id: 'all', label: t('anyProcedure') }, ...procedures.map(({ id, name }) => ({ id, label: name }))]}
              />
            )}
          </>
        }
        list={
          <>
            {isKeeper && view === 'current' && <Proposals onMade={open} />}
            <PagedList
              query={incidents}
              empty={
                <EmptyState title={t(`none.${view}`)} icon="check-circle">
                  {t(`noneText.${view}`)}
                </EmptyState>
              }
            >
              {items => <Lines items={items} openId={incidentId} onOpen={open} />}
            </PagedList>
          </>
        }
        detail={incidentId !== undefined && <IncidentDetail key={incidentId} incidentId={incidentId} />}
        nothing={<EmptyState title={t('choose')} icon="warning-circle" />}
        back={t('back')}
        onBack={() => open(undefined)}
      />
      {isKeeper && (
        <IncidentDialog
          isOpen={making}
          onClose={() => setMaking(false)}
          onSaved={made => {
            setMaking(false)
            open(made.id)
          }}
        />
      )}
    </>
  )
}

function Lines({
  items,
  openId,
  onOpen,
}: {
  items: readonly IncidentLine[]
  openId: string | undefined
  onOpen: (id: string) => void
}) {
  const { t } = useTranslation('web-incidents')
  return (
    <LinesToOpen label={t('title')} items={items} openId={openId} onOpen={onOpen} textOf={({ title }) => title}>
      {item => (
        <>
          <div className="row top">
            <b className="grow">{item.title}</b>
            <Pill small tone={toneOf[item.state]}>
              {t(`states.${item.state}`)}
            </Pill>
          </div>
          <small>
            <span className="num">#{item.number}</span> · {item.procedure ?? t('noProcedure')} · {item.region ?? t('country')}
            {item.section && ` · ${item.section}`}
          </small>
          <small className="row wrap">
            <span className="grow">
              {t('tickets', { count: item.tickets })} · <Ago at={item.openedAt} />
            </span>
            {item.notice && (
              <Pill small tone="info" icon="horn">
                {t('noticeOn')}
              </Pill>
            )}
          </small>
        </>
      )}
    </LinesToOpen>
  )
}
