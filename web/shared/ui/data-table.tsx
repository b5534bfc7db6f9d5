/**
 * A table of things: its head sorts, its columns can be left out, and it goes into a file (CSV) as it is shown. What has been read is what is
 * sorted and written; where there is more to read, `onAll` reads it first.
 */
import { type ReactNode, useState } from 'react'
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { csvOf, download } from '../csv.ts'
import { Button, classes } from './button.tsx'
import { Menu } from './overlays.tsx'
import { SortedHead } from './sorted-head.tsx'

export interface DataColumn<T> {
  id: string
  label: string
  /** By what it is sorted, and what stands in the file. */
  value: (item: T) => string | number | null
  /** What stands in the cell; the value when left out. */
  cell?: (item: T) => ReactNode
  /** Numbers stand at the right. */
  right?: boolean
}

export interface DataTableProps<T> {
  label: string
  columns: readonly DataColumn<T>[]
  items: readonly T[]
  idOf: (item: T) => string
  onOpen?: (id: string) => void
  /** Name of the file, without its ending. */
  file: string
  /** Everything there is, for the file, when `items` are only its beginning. */
  onAll?: (() => Promise<readonly T[]>) | undefined
}

interface Order {
  column: string
  direction: 'ascending' | 'descending'
}

/** Items in the order of a column: numbers as numbers, words as the language has them, nothing last. Pure. */
export function sortedBy<T>(items: readonly T[], column: DataColumn<T> | undefined, direction: Order['direction']): T[] {
  if (!column) return [...items]
  const sign = direction === 'ascending' ? 1 : -1
  return items.toSorted((one, other) => {
    const [a, b] = [column.value(one), column.value(other)]
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
    return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)))
  })
}

export function DataTable<T>({ label, columns, items, idOf, onOpen, file, onAll }: DataTableProps<T>) {
  const { t, i18n } = useTranslation()
  const number = new Intl.NumberFormat(i18n.language)
  const said = (value: string | number | null) => (typeof value === 'number' ? number.format(value) : value)
  const [order, setOrder] = useState<Order | null>(null)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [writing, setWriting] = useState(false)
  const shown = columns.filter(column => !left.has(column.id))
  const inOrder = (all: readonly T[]) =>
    order
      ? sortedBy(
          all,
          columns.find(column => column.id === order.column),
          order.direction,
        )
      : [...all]
  const write = async () => {
    setWriting(true)
    try {
      const rows = inOrder(onAll ? await onAll() : items).map(item => shown.map(column => column.value(item)))
      download(`${file}.csv`, csvOf([shown.map(column => column.label), ...rows]))
    } finally {
      setWriting(false)
    }
  }
  const toggle = (id: string) => {
    const next = new Set(left)
    // One column stays: a table without any could not be brought back.
    if (!next.delete(id) && shown.length > 1) next.add(id)
    setLeft(next)
  }
  return (
    <div className="data-table">
      <div className="row table-tools">
        <span className="grow" />
        <Menu
          label={t('table.columns')}
          entries={columns.map(column => ({ id: column.id, label: column.label, isCurrent: !left.has(column.id) }))}
          onAction={toggle}
        >
          <Button tone="quiet" icon="list">
            {t('table.columns')}
          </Button>
        </Menu>
        <Button tone="quiet" icon="file" onPress={() => void write()} isPending={writing}>
          {t('table.csv')}
        </Button>
      </div>
      <Table
        aria-label={label}
        className="table"
        {...(onOpen ? { onRowAction: key => onOpen(String(key)) } : {})}
        {...(order ? { sortDescriptor: order } : {})}
        onSortChange={({ column, direction }) => setOrder({ column: String(column), direction })}
      >
        <TableHeader columns={shown} dependencies={[shown]}>
          {column => (
            <Column id={column.id} isRowHeader={column === shown[0]} allowsSorting className={column.right ? 'right' : ''}>
              <SortedHead id={column.id}>{column.label}</SortedHead>
            </Column>
          )}
        </TableHeader>
        <TableBody items={inOrder(items).map(item => ({ id: idOf(item), item }))} dependencies={[shown, order, t]}>
          {({ id, item }) => (
            <Row id={id} columns={shown} dependencies={[shown, item]}>
              {column => (
                <Cell className={classes(column.right && 'right num')}>
                  {column.cell ? column.cell(item) : said(column.value(item))}
                </Cell>
              )}
            </Row>
          )}
        </TableBody>
      </Table>
    </div>
  )
}
