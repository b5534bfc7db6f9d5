/**
 * Ctrl+K: one field that finds persons, cases by their code, offices, and what can be done here. Arrows choose, Enter opens or does it. With
 * nothing typed it shows what can be done.
 */
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { Autocomplete, Input, Menu, MenuItem, SearchField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { SearchResult } from '../../src/cases/model.ts'
import { type Action, actionsFor } from '../shared/actions.ts'
import { api } from '../shared/api.ts'
import { Dialog, ErrorState, Icon, type IconName } from '../shared/ui/index.ts'

const icons: Readonly<Record<SearchResult['kind'], IconName>> = { contact: 'user', case: 'folder', unit: 'pa' }

const actionsShown = 8

interface Line {
  key: string
  icon: IconName
  title: string
  subtitle: string
  kind: string
  open: () => void
}

export function SearchDialog({
  isOpen,
  onClose,
  go,
  actions,
}: {
  isOpen: boolean
  onClose: () => void
  go: (url: string) => void
  /** What can be done here. */
  actions: readonly Action[]
}) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('search.title')} isOpen={isOpen} onClose={onClose}>
      <Search
        actions={actions}
        go={url => {
          onClose()
          go(url)
        }}
        run={action => {
          onClose()
          action.act()
        }}
      />
    </Dialog>
  )
}

function Search({ actions, go, run }: { actions: readonly Action[]; go: (url: string) => void; run: (action: Action) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const found = useQuery({
    queryKey: ['search', wanted],
    queryFn: ({ signal }) => api.get('/api/search', { query: { q: wanted }, signal }),
    enabled: wanted.length >= 2,
    placeholderData: earlier => earlier,
    staleTime: 5_000,
  })
  const lines: Line[] = [
    ...actionsFor(actions, wanted)
      .slice(0, actionsShown)
      .map(action => ({
        key: `action:${action.label}`,
        icon: 'arrow-right' as const,
        title: action.label,
        subtitle: '',
        kind: t('search.kinds.action'),
        open: () => run(action),
      })),
    ...(wanted.length >= 2 ? (found.data?.items ?? []) : []).map(hit => ({
      key: `${hit.kind}:${hit.id}`,
      icon: icons[hit.kind],
      title: hit.title,
      subtitle: hit.subtitle,
      kind: t(`search.kinds.${hit.kind}`),
      open: () => go(hit.url),
    })),
  ]
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField aria-label={t('search.title')} autoFocus>
        <div className="input with-icon">
          <Icon name="search" />
          <Input placeholder={t('search.placeholder')} />
        </div>
      </SearchField>
      {found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Menu
          className="search-results"
          aria-label={t('search.results')}
          items={lines}
          dependencies={[lines]}
          onAction={key => lines.find(line => line.key === key)?.open()}
          renderEmptyState={() => (
            <p className="small" style={{ padding: '8px' }}>
              {wanted.length < 2 ? t('search.hint') : found.isFetching ? t('loading') : t('search.nothing', { text: wanted })}
            </p>
          )}
        >
          {line => (
            <MenuItem id={line.key} textValue={line.title} className="option line">
              <Icon name={line.icon} />
              <span className="grow">
                {line.title}
                {line.subtitle !== '' && (
                  <>
                    <br />
                    <small>{line.subtitle}</small>
                  </>
                )}
              </span>
              <span className="tiny">{line.kind}</span>
            </MenuItem>
          )}
        </Menu>
      )}
    </Autocomplete>
  )
}
