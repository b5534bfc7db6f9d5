/** The week of an office: who receives whom, what is free, and moving somebody from one time to another. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgendaWeek, WeekLine } from '../../src/agenda/model.ts'
import { ApiProblem, api, sentenceOf } from '../shared/api.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { addDays, clock, dayOf, longDay, shortDay } from '../shared/time.ts'
import { Button, DateField, EmptyState, ErrorState, Link, Loading, Notice, Pill, Select, useNow } from '../shared/ui/index.ts'
import { useIsWide } from '../shared/wide.ts'
import { CancelDialog } from './appointment-dialogs.tsx'
import { stateTone, useStep } from './appointments.ts'
import { BookDialog } from './book-dialog.tsx'
import { ClosedDaysNotice } from './closed-days-notice.tsx'
import { isDay } from './day-address.ts'
import { Outcomes } from './outcomes.tsx'
import { freeKey, isMovable, type WeekSlot, weekTable } from './week-model.ts'
import { type Followed, Week } from './week-table.tsx'
import './agency.css'
import './week.css'

const everybody = 'all'

export default function WeekPage() {
  const { t } = useTranslation('web-agency')
  const search: { day?: unknown; who?: unknown; service?: unknown } = useSearch({ strict: false })
  const today = dayOf(useNow())
  const day = isDay(search.day) ? search.day : today
  const who = typeof search.who === 'string' ? search.who : null
  const service = typeof search.service === 'string' ? search.service : null
  const monday = mondayOf(day)
  const week = useQuery({
    queryKey: ['agenda-week', monday, who],
    queryFn: ({ signal }) => api.get('/api/agenda/week', { query: { day: monday, ...(who ? { calendarId: who } : {}) }, signal }),
    placeholderData: before => before,
    meta: { live: ['appointment.', 'agenda.', 'mail.'] },
  })
  if (week.isPending) return <Loading />
  if (!week.data) return <ErrorState error={week.error} onRetry={() => void week.refetch()} />
  return (
    <section className="padded week" aria-label={t('week.title')}>
      <WeekOf week={week.data} day={day} today={today} who={who} service={service} isReading={week.isPlaceholderData} />
    </section>
  )
}

const mondayOf = (day: string): string => addDays(day, -((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7))

function WeekOf({
  week,
  day,
  today,
  who,
  service,
  isReading,
}: {
  week: AgendaWeek
  day: string
  today: string
  who: string | null
  service: string | null
  isReading: boolean
}) {
  const { t, i18n } = useTranslation('web-agency')
  const navigate = useNavigate()
  const isWide = useIsWide()
  const [current, setCurrent] = useState<string | null>(null)
  const [taken, setTaken] = useState<WeekLine | null>(null)
  const [followed, setFollowed] = useState<Followed | null>(null)
  const [asked, setAsked] = useState<{ what: 'cancel' | 'book'; slot: WeekSlot } | null>(null)
  const move = useMove(week)

  const show = (change: { day?: string; who?: string | null; service?: string | null }) => {
    const next = { day, who, service, ...change }
    void navigate({
      to: '/agency/week',
      search: {
        ...(next.day === today ? {} : { day: next.day }),
        ...(next.who === null ? {} : { who: next.who }),
        ...(next.service === null ? {} : { service: next.service }),
      },
    })
  }
  const page = (by: 1 | -1) => show({ day: addDays(day, by * (isWide ? 7 : 1)) })
  const here = t('web:shortcuts.here')
  useShortcut({ keys: 't', label: t('today'), group: here }, () => show({ day: today }))

  // Who was taken up may have been moved, or be gone, meanwhile: then there is nobody to put down.
  const moving = taken && (week.items.find(({ id }) => id === taken.id) ?? null)
  const times = { dayOf, clockOf: (at: number) => clock(at, i18n.language).padStart(5, '0') }
  const table = weekTable(week, { calendarId: who, serviceId: service, day: isWide ? null : day, moving }, times)
  const slots = new Map(table.rows.flatMap(row => row.cells.flat().map(slot => [slot.key, slot] as const)))
  const selected = current === null ? undefined : slots.get(current)

  const place = (slot: WeekSlot, despiteOther = false) => {
    if (!moving || 'line' in slot) return
    const { calendarId, start } = slot
    move.mutate(
      { line: moving, free: slot.free, despiteOther },
      { onSuccess: () => setFollowed({ key: moving.id, calendarId, start }) },
    )
    setTaken(null)
  }
  const acts = {
    onOpen: (slot: WeekSlot) => {
      if ('line' in slot)
        void navigate({
          to: '/agency/{-$appointmentId}',
          params: { appointmentId: slot.line.id },
          search: dayOfLine(slot.line, today),
        })
      else if (week.changes) setAsked({ what: 'book', slot })
    },
    onTake: (slot: WeekSlot | null) => {
      // What was refused before stays on the page: nothing moves under the hand that drags.
      setTaken(slot !== null && 'line' in slot && week.changes && isMovable(slot.line) ? slot.line : null)
    },
    onPlace: (slot: WeekSlot) => place(slot),
    onCancel: (slot: WeekSlot) => {
      if ('line' in slot && week.changes && slot.line.state === 'booked') setAsked({ what: 'cancel', slot })
    },
    onPage: page,
  }
  const name = isWide
    ? t('week.from', {
        from: shortDay(Date.parse(`${mondayOf(day)}T12:00:00Z`), i18n.language),
        to: longDay(Date.parse(`${addDays(mondayOf(day), 6)}T12:00:00Z`), i18n.language),
      })
    : longDay(Date.parse(`${day}T12:00:00Z`), i18n.language)
  const whoIs = [...week.calendars, ...week.others].find(({ id }) => id === who)
  const busy = move.isPending ? freeKey(move.variables.free) : null
  return (
    <>
      <header className="row wrap week-head">
        <div className="row grow">
          <Button icon="chevron-left" label={t(isWide ? 'week.before' : 'dayBefore')} onPress={() => page(-1)} />
          <h1>{name}</h1>
          <Button icon="chevron-right" label={t(isWide ? 'week.after' : 'dayAfter')} onPress={() => page(1)} />
        </div>
        {day !== today && (
          <Button tone="quiet" kbd="T" onPress={() => show({ day: today })}>
            {t('today')}
          </Button>
        )}
        <DateField
          label={t('goTo')}
          hideLabel
          className="day-field"
          value={day}
          onChange={wanted => isDay(wanted) && wanted > '2000-01-01' && show({ day: wanted })}
        />
        <Link to="/agency/{-$appointmentId}" params={{ appointmentId: undefined }} search={day === today ? {} : { day }}>
          {t('week.toDay')}
        </Link>
      </header>
      <div className="row wrap week-filters">
        <Select
          label={t('week.who')}
          value={who ?? everybody}
          onChange={id => show({ who: id === everybody ? null : id })}
          choices={[
            { id: everybody, label: t('week.everybody') },
            ...(who === null ? [...week.calendars, ...week.others] : whoIs ? [whoIs] : []).map(each => ({
              id: each.id,
              label: each.name,
            })),
            ...(who === null ? [] : week.others.filter(({ id }) => id !== who).map(each => ({ id: each.id, label: each.name }))),
          ]}
        />
        <Select
          label={t('week.service')}
          value={service ?? everybody}
          onChange={id => show({ service: id === everybody ? null : id })}
          choices={[
            { id: everybody, label: t('week.allServices') },
            ...week.services.map(each => ({ id: each.id, label: each.name })),
          ]}
        />
      </div>
      <ClosedDaysNotice />
      {week.others.length > 0 && who === null && <Notice>{t('week.others', { count: week.others.length })}</Notice>}
      {move.error !== null && (
        <Notice
          tone="wait"
          live
          title={sentenceOf(move.error)}
          action={
            move.error instanceof ApiProblem &&
            move.error.code === 'agenda.citizenElsewhere' &&
            move.variables && (
              <Button onPress={() => move.variables && move.mutate({ ...move.variables, despiteOther: true })}>
                {t('moveDespite')}
              </Button>
            )
          }
        >
          {t('week.stays', {
            name: move.variables?.line.contact.name ?? '',
            time: timeOf(move.variables?.line.start, i18n.language),
          })}
        </Notice>
      )}
      <Chosen {...{ week, moving, isWide }} slot={selected} onTake={acts.onTake} onOpen={acts.onOpen} onCancel={acts.onCancel} />
      {table.rows.length === 0 ? (
        <EmptyState title={t('week.empty')} icon="calendar">
          {t('week.emptyText')}
        </EmptyState>
      ) : (
        <div className="week-frame" aria-busy={isReading}>
          <Week
            {...{ table, today, current, busy, acts }}
            onCurrent={slot => setCurrent(slot?.key ?? null)}
            moving={moving?.id ?? null}
            followed={followed}
            onFollowed={() => setFollowed(null)}
            changes={week.changes}
            byTime={who !== null}
            label={who === null ? name : `${name}, ${whoIs?.name ?? ''}`}
          />
        </div>
      )}
      <Outcomes day={addDays(mondayOf(day), 6)} />
      {asked?.what === 'book' && 'free' in asked.slot && (
        <BookDialog week={week} free={asked.slot.free} serviceId={service} onClose={() => setAsked(null)} />
      )}
      {asked?.what === 'cancel' && 'line' in asked.slot && <CancelOf line={asked.slot.line} onClose={() => setAsked(null)} />}
    </>
  )
}

const timeOf = (instant: string | undefined, language: string): string =>
  instant === undefined ? '' : clock(Date.parse(instant), language)
const dayOfLine = ({ start }: WeekLine, today: string) => {
  const day = dayOf(Date.parse(start))
  return day === today ? {} : { day }
}

/** Moves somebody: the new time is held first, so that nobody else gets it meanwhile, and let go when the move is refused. */
function useMove(week: AgendaWeek) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({
      line,
      free,
      despiteOther,
    }: {
      line: WeekLine
      free: AgendaWeek['free'][number]
      despiteOther: boolean
    }) => {
      const hold = await api.post('/api/agenda/holds', {
        body: {
          unitId: week.unit.id,
          serviceId: line.service.id,
          start: free.start,
          calendarId: free.calendarId,
          mode: line.mode,
        },
      })
      try {
        return await api.post('/api/appointments/:appointmentId/move', {
          path: { appointmentId: line.id },
          body: { holdId: hold.id, despiteOther, from: { calendarId: line.calendarId, start: line.start } },
        })
      } catch (refused) {
        await api.delete('/api/agenda/holds/:holdId', { path: { holdId: hold.id } })
        throw refused
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['agenda-week'] }),
  })
}

/** What can be done with the slot that the reader is at; always in one place, so that nothing moves under the hand. */
function Chosen({
  slot,
  moving,
  week,
  onTake,
  onOpen,
  onCancel,
  isWide,
}: {
  slot: WeekSlot | undefined
  moving: WeekLine | null
  week: AgendaWeek
  onTake: (slot: WeekSlot | null) => void
  onOpen: (slot: WeekSlot) => void
  onCancel: (slot: WeekSlot) => void
  isWide: boolean
}) {
  const { t, i18n } = useTranslation('web-agency')
  if (moving)
    return (
      <div className="row wrap week-chosen moving" role="status">
        <span className="grow">
          {t('week.moving', {
            name: moving.contact.name,
            time: timeOf(moving.start, i18n.language),
            service: moving.service.name,
          })}
        </span>
        <Button onPress={() => onTake(null)} kbd="Esc">
          {t('week.leave')}
        </Button>
      </div>
    )
  if (!slot)
    return (
      <div className="row wrap week-chosen">
        <span className="grow muted">{t(isWide ? 'week.hint' : 'week.hintNarrow')}</span>
      </div>
    )
  if ('free' in slot)
    return (
      <div className="row wrap week-chosen">
        <span className="grow">
          <b>{t('week.freeTime', { time: timeOf(slot.start, i18n.language), count: slot.free.places })}</b> ·{' '}
          {week.services.flatMap(({ id, name }) => (slot.free.services.includes(id) ? [name] : [])).join(', ')}
        </span>
        {week.changes && <Button onPress={() => onOpen(slot)}>{t('week.book')}</Button>}
      </div>
    )
  const { line } = slot
  return (
    <div className="row wrap week-chosen">
      <span className="grow">
        <b>
          <span className="num">{timeOf(line.start, i18n.language)}</span> {line.contact.name}
        </b>{' '}
        · {line.service.name}
        {line.mode !== 'counter' && ` · ${t(`web:slots.modes.${line.mode}`)}`} · <span className="muted">{line.reason}</span>
      </span>
      <Pill small tone={stateTone[line.state]}>
        {t(`states.${line.state}`)}
      </Pill>
      <Button onPress={() => onOpen(slot)}>{t('openNext')}</Button>
      {week.changes && isMovable(line) && (
        <Button kbd="X" onPress={() => onTake(slot)}>
          {t('actions.move')}
        </Button>
      )}
      {week.changes && line.state === 'booked' && <Button onPress={() => onCancel(slot)}>{t('week.cancel')}</Button>}
    </div>
  )
}

function CancelOf({ line, onClose }: { line: WeekLine; onClose: () => void }) {
  const step = useStep(line.id)
  return <CancelDialog appointment={line} isOpen onClose={onClose} run={wanted => step.mutateAsync(wanted)} />
}
