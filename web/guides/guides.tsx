/** Guides on the left, one of them on the right. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { may, useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { Button, EmptyState, LinesToOpen, ListAndDetail, PagedList, Tabs, TextField } from '../shared/ui/index.ts'
import { GuideDetail } from './guide.tsx'
import { GuideForm } from './guide-form.tsx'
import { type GuideView, useGuides } from './queries.ts'
import './guides.css'

const views: readonly GuideView[] = ['current', 'retired']
/** In the place of an identifier: the form of one that is not there yet. */
const newGuide = 'new'

export default function GuidesPage() {
  const { t } = useTranslation('web-guides')
  const { acting } = useSession()
  const { guideId } = useParams({ strict: false })
  const navigate = useNavigate()
  const search: { view?: unknown } = useSearch({ strict: false })
  const view: GuideView = search.view === 'retired' ? 'retired' : 'current'
  const [q, setQ] = useState('')
  const isKeeper = may(acting, 'guides.keep')
  const guides = useGuides({ view, q })
  const open = (id: string | undefined, as = view) =>
    void navigate({ to: '/guides/{-$guideId}', params: { guideId: id }, search: { view: as } })
  useShortcut({ keys: 'n', label: t('new'), group: t('web:shortcuts.here') }, () => open(newGuide), isKeeper)
  const isFiltered = q.trim() !== ''
  return (
    <ListAndDetail
      label={t('title')}
      isOpen={guideId !== undefined}
      head={
        <>
          <div className="row wrap">
            <h1 className="grow">{t('title')}</h1>
            {isKeeper && (
              <Button tone="primary" icon="plus" kbd="N" onPress={() => open(newGuide)}>
                {t('new')}
              </Button>
            )}
          </div>
          {isKeeper && (
            <Tabs
              label={t('title')}
              value={view}
              onChange={id =>
                open(
                  undefined,
                  views.find(each => each === id),
                )
              }
              tabs={views.map(id => ({ id, label: t(`views.${id}`) }))}
            />
          )}
          <TextField
            label={t('search')}
            hideLabel
            type="search"
            icon="search"
            placeholder={t('search')}
            value={q}
            onChange={setQ}
          />
        </>
      }
      list={
        <PagedList
          query={guides}
          empty={
            <EmptyState title={t(isFiltered ? 'nothingFound' : `none.${view}`)} icon="note">
              {t(isFiltered ? 'nothingFoundText' : `noneText.${view}`)}
            </EmptyState>
          }
        >
          {items => (
            <LinesToOpen label={t('title')} items={items} openId={guideId} onOpen={open} textOf={({ title }) => title}>
              {item => (
                <>
                  <b>{item.title}</b>
                  <small className="clip">{item.summary}</small>
                  <small>
                    {t('steps', { count: item.steps })} · {item.languages.map(each => t(`languageNames.${each}`)).join(', ')}
                  </small>
                </>
              )}
            </LinesToOpen>
          )}
        </PagedList>
      }
      detail={
        guideId === newGuide && isKeeper ? (
          <GuideForm onClose={() => open(undefined)} onSaved={saved => open(saved.id, 'current')} />
        ) : (
          guideId !== undefined && <GuideDetail key={guideId} guideId={guideId} />
        )
      }
      nothing={<EmptyState title={t('choose')} icon="note" />}
      back={t('back')}
      onBack={() => open(undefined)}
    />
  )
}
