/** The day of an office: who comes when and why, on the left; the one that is open, on the right. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { GridList, GridListItem } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { AppointmentState, DayLine } from '../../src/agenda/model.ts'
import { axisOf } from '../shared/pictures/day-axis.ts'
import { DayAxis } from '../shared/pictures/day-axis.tsx'
import { useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { addDays, clock, dayOf, longDay } from '../shared/time.ts'
import { Button, classes, DateField, EmptyState, Link, Notice, PagedList, Pill, useNow } from '../shared/ui/index.ts'
import { AppointmentWork } from './appointment.tsx'
import { axisLook, isOver, nextOf, stateTone, useDay } from './appointments.ts'
import { ClosedDaysNotice } from './closed-days-notice.tsx'
import { isDay } from './day-address.ts'
import { LettersLink } from './letters-link.tsx'
import './agency.css'

/** Days before it are a year that is still being typed: 0002, 0020, 0202. */
const firstDay = '2000-01-01'

export default function DayPage() {
  const { t, i18n } = useTranslation('web-agency')
  const { appointmentId } = useParams({ strict: false })
  const search: { day?: unknown } = useSearch({ strict: false })
  const navigate = useNavigate()
  const now = useNow()
  const today = dayOf(now)
  const day = isDay(search.day) ? search.day : today
  const agenda = useDay(day, undefined)
  const lines = agenda.data?.pages.flatMap(page => page.items) ?? []
  const first = agenda.data?.pages[0]
  const next = day === today ? nextOf(lines, now) : undefined

  const show = (change: { day?: string; appointmentId?: string | undefined }) =>
    void navigate({
      to: '/agency/{-$appointmentId}',
      params: { appointmentId: 'appointmentId' in change ? change.appointmentId : undefined },
      search: (change.day ?? day) === today ? {} : { day: change.day ?? day },
    })
  const move = (by: 1 | -1) => {
    const at = lines.findIndex(line => line.id === appointmentId)
    const line = lines[at === -1 ? 0 : at + by]
    if (line) show({ appointmentId: line.id })
  }
  /** After what is dealt with comes the next one that is not; where there is none the page stays with what was done. */
  const goOn = () => {
    const at = lines.findIndex(line => line.id === appointmentId)
    const after = at === -1 ? undefined : lines.slice(at + 1).find(line => !isOver(line.state))
    if (after) show({ appointmentId: after.id })
  }
  const here = t('web:shortcuts.here')
  useShortcut({ keys: 'j', label: t('keys.next'), group: here }, () => move(1))
  useShortcut({ keys: 'k', label: t('keys.previous'), group: here }, () => move(-1))
  useShortcut({ keys: 't', label: t('today'), group: here }, () => show({ day: today }))
  useShortcut({ keys: 'ArrowLeft', label: t('dayBefore'), group: here }, () => show({ day: addDays(day, -1) }), !appointmentId)
  useShortcut({ keys: 'ArrowRight', label: t('dayAfter'), group: here }, () => show({ day: addDays(day, 1) }), !appointmentId)

  const name = longDay(Date.parse(`${day}T12:00:00Z`), i18n.language)
  return (
    <div className={classes('columns', 'agency', appointmentId !== undefined && 'has-appointment')}>
      <section className="day-list" aria-label={t('title')}>
        <div className="day-head">
          <div className="row">
            <Button icon="chevron-left" label={t('dayBefore')} onPress={() => show({ day: addDays(day, -1) })} />
            <h1 className="grow">{day === today ? t('todayNamed', { day: name }) : name}</h1>
            <Button icon="chevron-right" label={t('dayAfter')} onPress={() => show({ day: addDays(day, 1) })} />
          </div>
          <div className="row wrap">
            <small className="grow">{first && t('summary', summaryOf(first.counts))}</small>
            {day !== today && (
              <Button tone="quiet" onPress={() => show({ day: today })} kbd="T">
                {t('today')}
              </Button>
            )}
            <Link to="/agency/week" search={day === today ? {} : { day }}>
              {t('week.toWeek')}
            </Link>
            <DateField
              label={t('goTo')}
              hideLabel
              className="day-field"
              value={day}
              onChange={wanted => isDay(wanted) && wanted > firstDay && show({ day: wanted })}
            />
          </div>
        </div>
        {first?.closed && (
          <div style={{ padding: '12px 16px 0' }}>
            <Notice tone="wait">{t('closed', { reason: first.closed })}</Notice>
          </div>
        )}
        <ClosedDaysNotice />
        <LettersLink />
        {lines.length > 0 && (
          <div className="day-picture">
            <DayAxis
              axis={axisOf(lines, minutesOf, t('atTheDesk'))}
              label={t('axis', { count: lines.length })}
              now={day === today ? minutesOf(new Date(now).toISOString()) : null}
              open={appointmentId}
              lookOf={line => axisLook[line.state]}
              wordsOf={line =>
                `${clock(Date.parse(line.start), i18n.language)} ${line.contact.name}, ${t(`states.${line.state}`)}`
              }
              onOpen={id => show({ appointmentId: id })}
            />
          </div>
        )}
        <PagedList
          query={agenda}
          empty={
            <EmptyState title={t('empty.title')} icon="calendar">
              {t('empty.text')}
            </EmptyState>
          }
        >
          {items => (
            <GridList
              aria-label={name}
              className="appointments"
              items={items.map(item => ({ ...item, isNext: item.id === next?.id, isOpen: item.id === appointmentId }))}
              onAction={key => show({ appointmentId: String(key) })}
            >
              {line => (
                <GridListItem
                  id={line.id}
                  textValue={`${clock(Date.parse(line.start), i18n.language)} ${line.contact.name}`}
                  className={classes('appointment-line', line.isOpen && 'on', isOver(line.state) && 'over')}
                >
                  <Line line={line} isNext={line.isNext} />
                </GridListItem>
              )}
            </GridList>
          )}
        </PagedList>
      </section>
      <section className="appointment-place">
        {appointmentId ? (
          <AppointmentWork
            key={appointmentId}
            appointmentId={appointmentId}
            onBack={() => show({ appointmentId: undefined })}
            onDone={goOn}
          />
        ) : (
          <EmptyState
            title={
              next ? t('next', { name: next.contact.name, time: clock(Date.parse(next.start), i18n.language) }) : t('choose')
            }
            icon="calendar"
            action={
              next && (
                <Button tone="primary" onPress={() => show({ appointmentId: next.id })}>
                  {t('openNext')}
                </Button>
              )
            }
          >
            {next?.reason}
          </EmptyState>
        )}
      </section>
    </div>
  )
}

/** Minutes since the midnight of office time. */
function minutesOf(instant: string): number {
  const [hours = 0, minutes = 0] = clock(Date.parse(instant), 'it').split(':').map(Number)
  return hours * 60 + minutes
}

function summaryOf(counts: Readonly<Record<AppointmentState, number>>) {
  const { booked, 'checked-in': arrived, 'in-progress': inside, concluded, 'no-show': missing, left } = counts
  return { count: booked + arrived + inside + concluded + missing + left, arrived, concluded }
}

function Line({ line, isNext }: { line: DayLine; isNext: boolean }) {
  const { t, i18n } = useTranslation('web-agency')
  const { person } = useSession()
  return (
    <>
      <div className="col tight">
        <b className="num">{clock(Date.parse(line.start), i18n.language)}</b>
        {line.dayCode !== null && (
          <span className="tiny num" title={t('dayCode', { code: line.dayCode })}>
            {line.dayCode}
          </span>
        )}
      </div>
      <div className="grow">
        <b className="clip block">{line.contact.name}</b>
        <small className="clip block">{line.reason}</small>
        <span className="tiny clip block">
          {line.service.name}
          {line.mode !== 'counter' && ` · ${t(`web:slots.modes.${line.mode}`)}`}
          {line.officer && ` · ${line.officer.name}`}
          {line.isGroup && ` · ${t('group.line')}`}
        </span>
        {line.followedBy && (
          <span className="tiny clip block">
            {line.followedBy.id === person.id ? t('web:reference.you') : `${t('web:reference.by')} ${line.followedBy.name}`}
          </span>
        )}
      </div>
      <div className="col tight line-state">
        {line.state !== 'booked' ? (
          <Pill small tone={stateTone[line.state]}>
            {t(`states.${line.state}`)}
          </Pill>
        ) : (
          isNext && (
            <Pill small tone="info">
              {t('isNext')}
            </Pill>
          )
        )}
        {line.mailTrouble && (
          <Pill small tone={line.mailTrouble === 'failed' ? 'late' : 'wait'} icon="mail">
            {t(`mail.${line.mailTrouble}`)}
          </Pill>
        )}
        {line.state === 'booked' && line.confirmedAt && <span className="tiny">{t('confirmed')}</span>}
        {!isOver(line.state) && <span className="tiny">{line.prepared ? t('prepared') : t('toPrepare')}</span>}
      </div>
    </>
  )
}
