/** The rows of the list of cases. */
import type { ReactNode } from 'react'
import { Cell, Column as Head, Row, Table, TableBody, TableHeader } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Excerpt, FoundCase } from '../../src/cases/finding/model.ts'
import { Level } from '../shared/contact/level.tsx'
import { fullDate, spokenCode, startOfDay } from '../shared/time.ts'
import { Ago, Due, Pill, SortedHead, type Tone } from '../shared/ui/index.ts'
import type { Column } from './columns.ts'

type Order = 'newest' | 'oldest'

export function CasesTable({
  items,
  shown,
  order,
  onOrder,
  onOpen,
}: {
  items: readonly FoundCase[]
  shown: readonly Column[]
  order: Order
  onOrder: (order: Order) => void
  onOpen: (caseId: string) => void
}) {
  const { t, i18n } = useTranslation('web-cases')
  const heads = shown.map(id => ({ id }))
  return (
    <Table
      aria-label={t('title')}
      className="table cases-table"
      onRowAction={key => onOpen(String(key))}
      sortDescriptor={{ column: 'openedAt', direction: order === 'newest' ? 'descending' : 'ascending' }}
      onSortChange={({ direction }) => onOrder(direction === 'descending' ? 'newest' : 'oldest')}
    >
      <TableHeader columns={heads} dependencies={[heads, t]}>
        {({ id }) => (
          <Head id={id} isRowHeader={id === 'case'} allowsSorting={id === 'openedAt'} className={`of-${id}`}>
            {id === 'openedAt' ? <SortedHead id={id}>{t(`columns.${id}`)}</SortedHead> : t(`columns.${id}`)}
          </Head>
        )}
      </TableHeader>
      <TableBody items={items} dependencies={[shown, i18n.language]}>
        {item => (
          <Row id={item.id} textValue={item.title} columns={heads} dependencies={[heads, item]}>
            {({ id }) => <Cell className={`of-${id}`}>{cellOf(id, item, t, i18n.language)}</Cell>}
          </Row>
        )}
      </TableBody>
    </Table>
  )
}

const tones: Readonly<Record<FoundCase['standing'], Tone>> = {
  open: 'info',
  closed: 'ok',
  joined: 'plain',
  pool: 'wait',
  claimed: 'info',
  forwarded: 'plain',
  returned: 'wait',
  answered: 'ok',
}

function cellOf(column: Column, item: FoundCase, t: (key: string) => string, language: string): ReactNode {
  switch (column) {
    case 'case':
      return (
        <>
          <b>{item.title}</b>
          {item.excerpt && <Marked excerpt={item.excerpt} />}
          <small className="num">{spokenCode(item.code)}</small>
        </>
      )
    case 'contact':
      return (
        <>
          {item.contact.name} <Level small level={item.contact.level} />
        </>
      )
    case 'standing':
      return (
        <Pill small tone={tones[item.standing]}>
          {t(`standings.${item.standing}`)}
        </Pill>
      )
    case 'channel':
      return item.channel && t(`web:channels.${item.channel}`)
    case 'holder':
      return (
        <>
          {item.holder}
          {item.unit && <small className="block">{item.unit}</small>}
        </>
      )
    case 'openedAt':
      return <Ago at={item.openedAt} />
    case 'dueAt':
      return item.dueAt && <Due at={item.dueAt} />
    case 'followUp':
      return (
        item.followUp && <span title={item.followUp.note}>{fullDate(Date.parse(startOfDay(item.followUp.day)), language)}</span>
      )
  }
}

/** The words that were looked for, marked where they stand. */
function Marked({ excerpt: { text, marks } }: { excerpt: Excerpt }) {
  const ends = [0, ...marks.map(mark => mark.to)]
  return (
    <small className="excerpt">
      {marks.map(({ from, to }, n) => (
        <span key={from}>
          {text.slice(ends[n], from)}
          <mark>{text.slice(from, to)}</mark>
        </span>
      ))}
      {text.slice(ends.at(-1))}
    </small>
  )
}
