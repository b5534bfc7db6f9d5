/** The pool: what is due first on the left, the question that is open on the right. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { age, spokenCode } from '../shared/time.ts'
import { classes, Due, EmptyState, PagedList, Pill, Select, Tabs, useNow } from '../shared/ui/index.ts'
import { type TicketLine, TicketView } from './model.ts'
import { SharingSettings } from './sharing.tsx'
import { TicketWork } from './ticket.tsx'
import { useTicketCounts, useTicketList } from './tickets.ts'
import './cric.css'

const isView = (text: unknown): text is TicketView => TicketView.some(view => view === text)

export default function PoolPage() {
  const { t } = useTranslation('web-cric')
  const { acting } = useSession()
  const { ticketId } = useParams({ strict: false })
  const search: { view?: unknown; section?: unknown } = useSearch({ strict: false })
  const navigate = useNavigate()
  const counts = useTicketCounts()
  const view = isView(search.view) ? search.view : 'pool'
  const section = typeof search.section === 'string' ? search.section : undefined
  const tickets = useTicketList(view, section)
  const lines = tickets.data?.pages.flatMap(page => page.items) ?? []

  const show = (change: { ticketId?: string | undefined; view?: TicketView; section?: string | undefined }) =>
    void navigate({
      to: '/cric/tickets/{-$ticketId}',
      params: { ticketId: 'ticketId' in change ? change.ticketId : ticketId },
      search: {
        view: change.view ?? view,
        ...('section' in change ? (change.section ? { section: change.section } : {}) : section ? { section } : {}),
      },
    })
  const move = (by: 1 | -1) => {
    const at = lines.findIndex(line => line.id === ticketId)
    const next = lines[at === -1 ? 0 : at + by]
    if (next) show({ ticketId: next.id })
  }
  const here = t('web:shortcuts.here')
  useShortcut({ keys: 'j', label: t('keys.next'), group: here }, () => move(1))
  useShortcut({ keys: 'k', label: t('keys.previous'), group: here }, () => move(-1))

  const directorate = acting.role === 'central_member'
  const sections = counts.data?.sections ?? []
  const sharingSections = acting.role === 'cric_coordinator' ? sections : []
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
              lines={items}
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
          <TicketWork key={ticketId} ticketId={ticketId} onBack={() => show({ ticketId: undefined })} />
        ) : (
          <EmptyState title={t('choose.title')} icon="inbox">
            {t('choose.text')}
          </EmptyState>
        )}
      </section>
    </div>
  )
}

function TicketTable({
  lines,
  open,
  label,
  showClaimed,
  onOpen,
}: {
  lines: TicketLine[]
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
    <Table aria-label={label} className="table tickets" onRowAction={key => onOpen(String(key))}>
      <TableHeader>
        <Column id="due">{t('columns.due')}</Column>
        <Column id="question" isRowHeader>
          {t('columns.question')}
        </Column>
        <Column id="from" className="from">
          {t('columns.from')}
        </Column>
        <Column id="age" className="right age">
          {t('columns.age')}
        </Column>
      </TableHeader>
      <TableBody items={lines} dependencies={[now, open, showClaimed, t]}>
        {line => (
          <Row id={line.id} textValue={line.title} className={line.id === open ? 'on' : ''}>
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
