/** Cases: words above, what narrows them below, the rows, and the whole result as a file. The filter stands in the address, so that it can be sent and gone back to. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf, api } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { pagedOptions } from '../shared/query.ts'
import { useMay } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { Button, EmptyState, Menu, PagedList } from '../shared/ui/index.ts'
import { type Column, columns, inFile, useColumns } from './columns.ts'
import { FilterFields, WordsField } from './fields.tsx'
import { type Filter, filterIn, narrowedBy, withoutNothing } from './filter.ts'
import { SavedLists } from './saved.tsx'
import { CasesTable } from './table.tsx'
import './cases.css'

const pageSize = 40

export default function CasesPage() {
  const { t } = useTranslation('web-cases')
  const filter = filterIn(useSearch({ strict: false }))
  const navigate = useNavigate()
  const { shown, toggle } = useColumns()
  const narrowed = narrowedBy(filter)
  const [isOpen, setOpen] = useState(narrowed > 0)
  const mayExport = useMay('cases.export')
  const found = useInfiniteQuery({
    queryKey: ['cases', filter],
    queryFn: ({ pageParam: cursor, signal }) => api.get('/api/cases', { query: { ...filter, cursor, limit: pageSize }, signal }),
    ...pagedOptions,
    meta: { live: ['case.', 'ticket.'] },
  })
  const show = (next: Filter) => void navigate({ to: '/cases', search: { ...next } })
  const change = (part: { [K in keyof Filter]?: Filter[K] | null | undefined }) => show(withoutNothing({ ...filter, ...part }))
  useShortcut({ keys: '/', label: t('words'), group: t('web:shortcuts.here') }, () => goToStep('cases-words'))
  return (
    <section className="padded cases" aria-label={t('title')}>
      <header className="row wrap">
        <h1 className="grow">{t('title')}</h1>
        <SavedLists filter={filter} onOpen={show} />
        <Menu
          label={t('web:table.columns')}
          entries={columns
            .filter(id => id !== 'case')
            .map(id => ({ id, label: t(`columns.${id}`), isCurrent: shown.includes(id) }))}
          onAction={toggle}
        >
          <Button tone="quiet" icon="list">
            {t('web:table.columns')}
          </Button>
        </Menu>
        {mayExport && <ExportMenu filter={filter} shown={shown} />}
      </header>
      <div className="row wrap cases-head">
        <WordsField filter={filter} onChange={change} />
        <Button icon="funnel" onPress={() => setOpen(!isOpen)} aria-expanded={isOpen}>
          {narrowed === 0 ? t('narrow') : t('narrowed', { count: narrowed })}
        </Button>
        {narrowed > 0 && (
          <Button tone="quiet" icon="close" onPress={() => show(withoutNothing({ q: filter.q }))}>
            {t('clear')}
          </Button>
        )}
      </div>
      {isOpen && <FilterFields filter={filter} onChange={change} />}
      <PagedList
        query={found}
        empty={
          <EmptyState title={t('none.title')} icon="search">
            {filter.q === undefined ? t('none.text') : t('none.words')}
          </EmptyState>
        }
      >
        {items => (
          <CasesTable
            items={items}
            shown={shown}
            order={filter.order ?? 'newest'}
            onOrder={order => change({ order: order === 'newest' ? null : order })}
            onOpen={caseId => void navigate({ to: '/cases/$caseId', params: { caseId } })}
          />
        )}
      </PagedList>
    </section>
  )
}

/** The whole result, with the columns that are shown. The browser asks for the file by itself and shows how it comes. */
function ExportMenu({ filter, shown }: { filter: Filter; shown: readonly Column[] }) {
  const { t } = useTranslation('web-cases')
  const query = { ...filter, columns: shown.flatMap(each => inFile[each]).join(',') }
  return (
    <Menu
      label={t('export.label')}
      entries={[
        { id: 'csv', label: t('export.csv') },
        { id: 'ods', label: t('export.ods') },
      ]}
      onAction={id =>
        location.assign(
          id === 'csv' ? addressOf('/api/cases/export.csv', { query }) : addressOf('/api/cases/export.ods', { query }),
        )
      }
    >
      <Button tone="quiet" icon="file">
        {t('export.label')}
      </Button>
    </Menu>
  )
}
