/** The pool: what is due first on the left, the question that is open on the right. */

import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { sentenceOf } from '../shared/api.ts'
import { csvOf, download } from '../shared/csv.ts'
import { goToStep } from '../shared/focus.ts'
import { may, useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { age, spokenCode } from '../shared/time.ts'
import {
  Button,
  classes,
  Due,
  EmptyState,
  notify,
  PagedList,
  Pill,
  Select,
  SortedHead,
  Tabs,
  TextField,
  useNow,
} from '../shared/ui/index.ts'
import { arranged, asItComes, byAge, type TicketColumn, type TicketOrder } from './arrange.ts'
import { ChooseBox, ChosenTickets } from './chosen.tsx'
import { Deadlines } from './deadlines.tsx'
import { type Filter, filterIn, narrowedBy } from './filter.ts'
import { type TicketLine, TicketView } from './model.ts'
import { NarrowFields } from './narrow.tsx'
import { SharingSettings } from './sharing.tsx'
import { TicketWork } from './ticket.tsx'
import { TicketLists } from './ticket-lists.tsx'
import { type ActionName, readWholeList, useTicketCounts, useTicketList } from './tickets.ts'
import './cric.css'

const isView = (text: unknown): text is TicketView => TicketView.some(view => view === text)

interface Shown {
  ticketId?: string | undefined
  view?: TicketView
  section?: string | undefined
  filter?: Filter
}

const nobodyChosen: ReadonlySet<string> = new Set()

export default function PoolPage() {
  const { t } = useTranslation('web-cric')
  const { acting } = useSession()
  const { ticketId } = useParams({ strict: false })
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const counts = useTicketCounts()
  const view = isView(search.view) ? search.view : 'pool'
  const section = typeof search.section === 'string' ? search.section : undefined
  const filter = view === 'closed' ? {} : filterIn(search)
  const [isNarrowing, setNarrowing] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(nobodyChosen)
  const [text, setText] = useState('')
  const [order, setOrder] = useState<TicketOrder>(asItComes)
  const wanted = useDeferredValue(text.trim())
  const asked = { view, sectionId: section, ...filter }
  const tickets = useTicketList(asked, wanted !== '' || (order !== asItComes && order !== byAge))
  const lines = arranged(tickets.data?.pages.flatMap(page => page.items) ?? [], wanted, order)

  const show = (change: Shown) =>
    void navigate({
      to: '/cric/tickets/{-$ticketId}',
      params: { ticketId: 'ticketId' in change ? change.ticketId : ticketId },
      search: {
        view: change.view ?? view,
        ...('section' in change ? (change.section ? { section: change.section } : {}) : section ? { section } : {}),
        ...(change.filter ?? filter),
      },
    })
  // Where the last key led to: the page may still be on its way there when the next one comes.
  const aim = useRef(ticketId)
  useEffect(() => {
    aim.current = ticketId
  }, [ticketId])
  const moveTo = (id: string) => {
    aim.current = id
    show({ ticketId: id })
  }
  const move = (by: 1 | -1) => {
    const at = lines.findIndex(line => line.id === aim.current)
    const next = lines[at === -1 ? 0 : at + by]
    if (next) moveTo(next.id)
    // Past what has been read so far, the list is read on.
    else if (by === 1 && tickets.hasNextPage && !tickets.isFetchingNextPage)
      void tickets.fetchNextPage().then(({ data }) => {
        // Where a change in the list has cut the reading short, nothing has come.
        const read = data?.pages.flatMap(page => page.items) ?? []
        const following = read[read.findIndex(line => line.id === aim.current) + 1]
        if (following) moveTo(following.id)
      })
  }
  // The list goes along with the line that is open, once the table has drawn it: it draws what is new in a second step.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is open, and whether its line is there yet
  useEffect(() => {
    const inSight = () => document.querySelector('.tickets tr.on')?.scrollIntoView({ block: 'nearest' })
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(inSight)
    })
    return () => cancelAnimationFrame(frame)
  }, [ticketId, lines.length])

  /** What is mine now is among mine; after what is done comes the next one, and where there is none the page stays with what was done. */
  const goOn = (done: ActionName) => {
    if (done === 'notes') return
    const isMine = done === 'claim' || done === 'take-over'
    const at = lines.findIndex(line => line.id === ticketId)
    const next = at === -1 ? undefined : (lines[at + 1] ?? lines[at - 1])
    if (isMine) show({ view: 'mine', section: undefined })
    else if (done !== 'forward' && next) return moveTo(next.id)
    goToStep('ticket')
  }
  const here = t('web:shortcuts.here')
  const directorate = may(acting, 'tickets.advise')
  useShortcut({ keys: 'j', label: t('keys.next'), group: here }, () => move(1))
  useShortcut({ keys: 'k', label: t('keys.previous'), group: here }, () => move(-1))
  useShortcut({ keys: '/', label: t('filter'), group: here }, () => goToStep('pool-filter'))

  const viewNames = directorate ? 'directorateViews' : 'views'
  TicketView.forEach((id, n) => {
    // One key for each list, in their order; there are always the same ones.
    // biome-ignore lint/correctness/useHookAtTopLevel: the lists are a constant
    useShortcut({ keys: String(n + 1), label: t(`${viewNames}.${id}`), group: here }, () => show({ view: id }))
  })

  const [writing, setWriting] = useState(false)
  /** The whole list, narrowed and sorted as it is shown, as a file. */
  const write = async () => {
    setWriting(true)
    try {
      const all = await readWholeList(asked)
      const head = ['due', 'code', 'question', 'contact', 'from', 'with', 'opened'].map(id => t(`columns.${id}`))
      const rows = arranged(all, wanted, order).map(line => [
        line.dueAt,
        spokenCode(line.code),
        line.title,
        line.contact.name,
        line.office ?? line.sentByUnit,
        line.claimedBy?.name ?? null,
        line.openedAt,
      ])
      download('quesiti.csv', csvOf([head, ...rows]))
    } catch (error) {
      notify(sentenceOf(error), 'late')
    } finally {
      setWriting(false)
    }
  }
  const sections = counts.data?.sections ?? []
  const sharingSections = may(acting, 'tickets.coordinate') ? sections : []
  return (
    <div className={classes('columns', 'cric', ticketId !== undefined && 'has-ticket')}>
      <section className="pool" aria-label={t('pool')}>
        <div className="pool-head">
          {ticketId === undefined && <h1 className="sr">{t('pool')}</h1>}
          <Tabs
            label={t('pool')}
            value={view}
            onChange={id => isView(id) && show({ view: id })}
            tabs={TicketView.map(id => ({
              id,
              label: t(directorate ? `directorateViews.${id}` : `views.${id}`),
              count: section === undefined || id === 'mine' ? counts.data?.counts[id] : undefined,
            }))}
          />
          <TextField
            label={t('filter')}
            hideLabel
            icon="funnel"
            type="search"
            className="pool-filter"
            value={text}
            onChange={setText}
            placeholder={t('filter')}
            autoComplete="off"
            step="pool-filter"
          />
          <TicketLists
            wanted={{ view, ...filter }}
            isPlain={!('view' in search)}
            onOpen={({ view, ...filter }) => show({ view, filter })}
          />
          {view !== 'closed' && (
            <Button icon="funnel" aria-expanded={isNarrowing} onPress={() => setNarrowing(!isNarrowing)} step="pool-narrow">
              {narrowedBy(filter) === 0 ? t('narrow.open') : t('narrow.some', { count: narrowedBy(filter) })}
            </Button>
          )}
          {narrowedBy(filter) > 0 && (
            <Button
              tone="quiet"
              icon="close"
              onPress={() => {
                show({ filter: filter.order ? { order: filter.order } : {} })
                goToStep('pool-narrow')
              }}
            >
              {t('narrow.clear')}
            </Button>
          )}
          <Button tone="quiet" icon="file" onPress={() => void write()} isPending={writing}>
            {t('web:table.csv')}
          </Button>
          <SharingSettings sections={sharingSections} />
          {sections.length > 1 && view !== 'mine' && (
            <Select
              label={t('section')}
              hideLabel
              className="pool-section"
              value={section ?? '-'}
              onChange={id => show({ section: id === '-' ? undefined : (id ?? undefined) })}
              choices={[
                { id: '-', label: t('ownSection', { unit: counts.data?.unit.name }) },
                ...sections
                  .filter(each => each.id !== counts.data?.unit.id)
                  .map(each => ({ id: each.id, label: each.name, detail: t('inPool', { count: each.pool }) })),
              ]}
            />
          )}
        </div>
        {isNarrowing && view !== 'closed' && <NarrowFields filter={filter} onChange={next => show({ filter: next })} />}
        <ChosenTickets chosen={chosen} lines={lines} onDone={() => setChosen(nobodyChosen)} />
        <Deadlines view={view} section={view === 'mine' ? undefined : section} />
        <PagedList
          query={tickets}
          empty={
            <EmptyState title={t(`empty.${view}.title`)} icon={view === 'pool' ? 'check-circle' : 'inbox'}>
              {t(`empty.${view}.text`)}
            </EmptyState>
          }
        >
          {items => (
            <TicketTable
              lines={arranged(items, wanted, order)}
              order={filter.order === 'age' && order === asItComes ? byAge : order}
              onOrder={next => {
                setOrder(next === byAge ? asItComes : next)
                const { order: _, ...others } = filter
                show({ filter: next === byAge ? { ...others, order: 'age' } : others })
              }}
              chosen={chosen}
              onChoose={directorate || view === 'closed' ? undefined : setChosen}
              open={ticketId}
              label={t(`views.${view}`)}
              showClaimed={view !== 'pool' && view !== 'mine'}
              onOpen={id => show({ ticketId: id })}
            />
          )}
        </PagedList>
      </section>
      <section className="ticket-place">
        {ticketId ? (
          <TicketWork key={ticketId} ticketId={ticketId} onBack={() => show({ ticketId: undefined })} onDone={goOn} />
        ) : (
          <EmptyState title={t('choose.title')} icon="inbox">
            {t('choose.text')}
          </EmptyState>
        )}
      </section>
    </div>
  )
}

const columns: readonly TicketColumn[] = ['due', 'question', 'from', 'age']

function TicketTable({
  lines,
  order,
  onOrder,
  chosen,
  onChoose,
  open,
  label,
  showClaimed,
  onOpen,
}: {
  lines: TicketLine[]
  order: TicketOrder
  onOrder: (order: TicketOrder) => void
  chosen: ReadonlySet<string>
  /** Missing where nothing is done with several at once. */
  onChoose: ((ids: ReadonlySet<string>) => void) | undefined
  open: string | undefined
  label: string
  showClaimed: boolean
  onOpen: (id: string) => void
}) {
  const { t } = useTranslation('web-cric')
  const now = useNow()
  const { person } = useSession()
  const units = { minutes: t('web:ageUnits.minutes'), hours: t('web:ageUnits.hours'), days: t('web:ageUnits.days') }
  return (
    <Table
      aria-label={label}
      className="table tickets"
      onRowAction={key => onOpen(String(key))}
      sortDescriptor={order}
      onSortChange={({ column: pressed, direction }) => {
        const column = columns.find(each => each === pressed)
        if (column === undefined) return
        if (column === 'due' && direction === 'ascending') onOrder(asItComes)
        else if (column === 'age' && direction === 'descending') onOrder(byAge)
        else onOrder({ column, direction })
      }}
      selectionMode={onChoose ? 'multiple' : 'none'}
      selectionBehavior="toggle"
      selectedKeys={chosen}
      onSelectionChange={keys => onChoose?.(new Set(keys === 'all' ? lines.map(line => line.id) : [...keys].map(String)))}
    >
      <TableHeader>
        {onChoose && (
          <Column className="choose">
            <ChooseBox label={t('chosen.all')} />
          </Column>
        )}
        <Column id="due" className="due" allowsSorting>
          <SortedHead id="due">{t('columns.due')}</SortedHead>
        </Column>
        <Column id="question" isRowHeader allowsSorting>
          <SortedHead id="question">{t('columns.question')}</SortedHead>
        </Column>
        <Column id="from" className="from" allowsSorting>
          <SortedHead id="from">{t('columns.from')}</SortedHead>
        </Column>
        <Column id="age" className="right age" allowsSorting>
          <SortedHead id="age">{t('columns.age')}</SortedHead>
        </Column>
      </TableHeader>
      <TableBody
        items={lines}
        dependencies={[now, open, showClaimed, onChoose !== undefined, t]}
        renderEmptyState={() => <p className="muted small">{t('filterNone')}</p>}
      >
        {line => (
          <Row id={line.id} textValue={line.title} className={line.id === open ? 'on' : ''}>
            {onChoose && (
              <Cell>
                <ChooseBox label={t('chosen.one', { title: line.title })} />
              </Cell>
            )}
            <Cell>
              <Due at={line.dueAt} done={line.state === 'closed' || line.state === 'answered'} />
            </Cell>
            <Cell className="question">
              <b>{line.title}</b>
              <small className="excerpt">{line.excerpt}</small>
              <span className="row wrap tiny-row">
                <small>
                  {line.contact.name} · <span className="num">{spokenCode(line.code)}</span>
                </small>
                {line.priority === 'urgent' && (
                  <Pill small tone="late">
                    {t('priority.urgent')}
                  </Pill>
                )}
                {line.secondContact && (
                  <Pill small tone="wait">
                    {t('secondContact')}
                  </Pill>
                )}
                {line.state === 'returned' && (
                  <Pill small tone="info">
                    {t('states.returned')}
                  </Pill>
                )}
                {line.state === 'forwarded' && line.directorate && <Pill small>{line.directorate.name}</Pill>}
                {line.offeredTo && (
                  <Pill small tone={line.offeredTo.id === person.id ? 'ok' : 'plain'}>
                    {line.offeredTo.id === person.id ? t('offeredToMe') : t('offeredTo', { name: line.offeredTo.name })}
                  </Pill>
                )}
                {line.suspended && (
                  <Pill small tone="wait">
                    {t('suspended')}
                  </Pill>
                )}
                {showClaimed && line.claimedBy && <small>{t('with', { name: line.claimedBy.name })}</small>}
              </span>
            </Cell>
            <Cell className="from">
              <small>
                {line.sentBy}
                <br />
                {line.office ?? line.sentByUnit}
              </small>
            </Cell>
            <Cell className="right num age">{age(now - Date.parse(line.openedAt), units)}</Cell>
          </Row>
        )}
      </TableBody>
    </Table>
  )
}
