/** Activities of prevention by day on the left, one of them on the right. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { activityKinds } from '../../src/prevention/choices.ts'
import type { ActivityKind, ActivityLine } from '../../src/prevention/model.ts'
import { may, useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { Button, EmptyState, LinesToOpen, ListAndDetail, PagedList, Pill, Select, TextField } from '../shared/ui/index.ts'
import { ActivityDetail } from './activity.tsx'
import { ActivityDialog } from './activity-dialog.tsx'
import { daysOf } from './days.ts'
import { type ActivityView, ListTabs } from './heads.tsx'
import { useActivities, useRegions } from './queries.ts'
import { toneOf } from './tones.ts'
import './prevention.css'

const any = 'any'

export default function PreventionPage() {
  const { t } = useTranslation('web-prevention')
  const { acting } = useSession()
  const { activityId } = useParams({ strict: false })
  const navigate = useNavigate()
  const search: { view?: unknown } = useSearch({ strict: false })
  const view: ActivityView = search.view === 'over' ? 'over' : 'ahead'
  const [q, setQ] = useState('')
  const [kind, setKind] = useState<ActivityKind | null>(null)
  const [regionCode, setRegionCode] = useState<string | null>(null)
  const [making, setMaking] = useState(false)
  const isKeeper = may(acting, 'prevention.keep')
  const activities = useActivities({ view, q, kind, regionCode })
  const regions = useRegions().data?.items
  const open = (id: string | undefined) =>
    void navigate({ to: '/prevention/{-$activityId}', params: { activityId: id }, search: { view } })
  useShortcut({ keys: 'n', label: t('new'), group: t('web:shortcuts.here') }, () => setMaking(true), isKeeper)
  const isFiltered = q.trim() !== '' || kind !== null || regionCode !== null
  return (
    <>
      <ListAndDetail
        label={t('title')}
        isOpen={activityId !== undefined}
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
            <TextField
              label={t('search')}
              hideLabel
              type="search"
              icon="search"
              placeholder={t('search')}
              value={q}
              onChange={setQ}
            />
            <div className="activity-filters">
              <Select
                label={t('fields.kind')}
                hideLabel
                value={kind ?? any}
                onChange={id => setKind(activityKinds.find(each => each === id) ?? null)}
                choices={[{ id: any, label: t('anyKind') }, ...activityKinds.map(id => ({ id, label: t(`kinds.${id}`) }))]}
              />
              <Select
                label={t('fields.regionCode')}
                hideLabel
                value={regionCode ?? any}
                onChange={id => setRegionCode(id === any ? null : id)}
                choices={
                  regions && [{ id: any, label: t('anyRegion') }, ...regions.map(({ code, name }) => ({ id: code, label: name }))]
                }
              />
            </div>
          </>
        }
        list={
          <PagedList
            query={activities}
            empty={
              <EmptyState title={t(isFiltered ? 'nothingFound' : `none.${view}`)} icon="presentation">
                {t(isFiltered ? 'nothingFoundText' : `noneText.${view}`)}
              </EmptyState>
            }
          >
            {items => <Lines items={items} openId={activityId} onOpen={open} />}
          </PagedList>
        }
        detail={activityId !== undefined && <ActivityDetail key={activityId} activityId={activityId} />}
        nothing={<EmptyState title={t('choose')} icon="presentation" />}
        back={t('back')}
        onBack={() => open(undefined)}
      />
      {isKeeper && (
        <ActivityDialog
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
  items: readonly ActivityLine[]
  openId: string | undefined
  onOpen: (id: string) => void
}) {
  const { t, i18n } = useTranslation('web-prevention')
  return (
    <LinesToOpen label={t('title')} items={items} openId={openId} onOpen={onOpen} textOf={({ title }) => title}>
      {item => (
        <>
          <small className="row">
            <b className="grow">{daysOf(item, i18n.language, days => t('span', days)) ?? t('noDay')}</b>
            <Pill small tone={toneOf[item.state]}>
              {t(`states.${item.state}`)}
            </Pill>
          </small>
          <b>{item.title}</b>
          <small>
            {t(`kinds.${item.kind}`)} · {item.region ?? t('country')}
          </small>
          {item.addressees.length > 0 && <small className="clip">{item.addressees.map(({ name }) => name).join(', ')}</small>}
        </>
      )}
    </LinesToOpen>
  )
}
