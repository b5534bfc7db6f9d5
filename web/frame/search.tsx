/** Ctrl+K: one field that finds persons, cases by their code, and offices. Arrows choose, Enter opens. */
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { Autocomplete, Input, Menu, MenuItem, SearchField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Found } from '../../src/cases/model.ts'
import { api } from '../shared/api.ts'
import { Dialog, ErrorState, Icon, type IconName } from '../shared/ui/index.ts'

const icons: Readonly<Record<Found['kind'], IconName>> = { contact: 'user', case: 'folder', unit: 'pa' }

export function SearchDialog({ isOpen, onClose, go }: { isOpen: boolean; onClose: () => void; go: (url: string) => void }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('search.title')} isOpen={isOpen} onClose={onClose}>
      <Search
        go={url => {
          onClose()
          go(url)
        }}
      />
    </Dialog>
  )
}

function Search({ go }: { go: (url: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const found = useQuery({
    queryKey: ['search', wanted],
    queryFn: ({ signal }) => api.get<{ items: Found[] }>('/api/search', { q: wanted }, signal),
    enabled: wanted.length >= 2,
    placeholderData: earlier => earlier,
    staleTime: 5_000,
  })
  const items = wanted.length >= 2 ? (found.data?.items ?? []) : []
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
          items={items.map(item => ({ ...item, key: `${item.kind}:${item.id}` }))}
          onAction={key => {
            const hit = items.find(item => `${item.kind}:${item.id}` === key)
            if (hit) go(hit.url)
          }}
          renderEmptyState={() => (
            <p className="small" style={{ padding: '8px' }}>
              {wanted.length < 2 ? t('search.hint') : found.isFetching ? t('loading') : t('search.nothing', { text: wanted })}
            </p>
          )}
        >
          {item => (
            <MenuItem id={item.key} textValue={item.title} className="option line">
              <Icon name={icons[item.kind]} />
              <span className="grow">
                {item.title}
                <br />
                <small>{item.subtitle}</small>
              </span>
              <span className="tiny">{t(`search.kinds.${item.kind}`)}</span>
            </MenuItem>
          )}
        </Menu>
      )}
    </Autocomplete>
  )
}
