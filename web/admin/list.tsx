/** A list of the administration: its head, the lines that were found, and the one that is open beside it. */
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { GridList, GridListItem } from 'react-aria-components'
import { classes, EmptyState, type IconName, PagedList, type Pages } from '../shared/ui/index.ts'

export interface AdminListProps<T> {
  title: string
  /** Beside the title: what can be made. */
  make?: ReactNode
  /** Fields that narrow the list. */
  filters: ReactNode
  /** Between the fields and the list: what must be seen first. */
  above?: ReactNode
  query: UseInfiniteQueryResult<Pages<T>>
  empty: { title: string; text?: string | undefined; icon: IconName }
  idOf: (item: T) => string
  /** What a line is called: said by screen readers, and found by its first letters. */
  nameOf: (item: T) => string
  openId: string | undefined
  onOpen: (id: string) => void
  /** What stands in a line. */
  children: (item: T) => ReactNode
}

export function AdminList<T>({
  title,
  make,
  filters,
  above,
  query,
  empty,
  idOf,
  nameOf,
  openId,
  onOpen,
  children,
}: AdminListProps<T>) {
  return (
    <>
      <div className="admin-head">
        <div className="row wrap">
          <h1 className="grow">{title}</h1>
          {make}
        </div>
        <div className="filters">{filters}</div>
      </div>
      {above}
      <PagedList
        query={query}
        empty={
          <EmptyState title={empty.title} icon={empty.icon}>
            {empty.text}
          </EmptyState>
        }
      >
        {items => (
          <GridList
            aria-label={title}
            items={items.map(item => ({ id: idOf(item), item, isOpen: idOf(item) === openId }))}
            onAction={key => onOpen(String(key))}
          >
            {({ id, item, isOpen }) => (
              <GridListItem id={id} textValue={nameOf(item)} className={classes('admin-line', isOpen && 'on')}>
                {children(item)}
              </GridListItem>
            )}
          </GridList>
        )}
      </PagedList>
    </>
  )
}
