/** A list of the administration: its head, the lines that were found, and the one that is open beside it. */
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { GridList, GridListItem } from 'react-aria-components'
import type { Page } from '../shared/api.ts'
import { classes, type DataColumn, DataTable, EmptyState, type IconName, PagedList, type Pages } from '../shared/ui/index.ts'
import { useIsWide } from '../shared/wide.ts'

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
  /** The same as a table over the whole page, while nothing is open; `all` reads everything for the file. */
  table?: { columns: readonly DataColumn<T>[]; file: string; all: () => Promise<readonly T[]> } | undefined
}

/** More than this is not written into a file from a page. */
const maxInFile = 20_000

/** Reads a list to its end, page by page. */
export async function readAll<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  for (let cursor: string | undefined; items.length < maxInFile; ) {
    const page = await read(cursor)
    items.push(...page.items)
    if (page.next === null) break
    cursor = page.next
  }
  return items
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
  table,
}: AdminListProps<T>) {
  const asTable = useIsWide() && openId === undefined && table !== undefined
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
        {items =>
          asTable ? (
            <div className="admin-table">
              <DataTable
                label={title}
                columns={table.columns}
                items={items}
                idOf={idOf}
                onOpen={onOpen}
                file={table.file}
                onAll={table.all}
              />
            </div>
          ) : (
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
          )
        }
      </PagedList>
    </>
  )
}
