/** The hall as the reception desk and the office manager see it: how it stands, who is in it, how the day went. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CounterFigures } from '../../src/counters/figures-model.ts'
import type { CounterQueue, Counters } from '../../src/counters/model.ts'
import { api } from '../shared/api.ts'
import { may, useSession } from '../shared/session.tsx'
import { duration } from '../shared/time.ts'
import { Button, Card, EmptyState, ErrorState, FormDialog, Link, Loading, notify } from '../shared/ui/index.ts'
import { AddDialog } from './dialogs.tsx'
import { HelpCalls } from './help.tsx'
import { useCounters, useFigures, useQueue } from './queries.ts'
import { VisitList } from './visit-list.tsx'
import './counter.css'

export default function HallPage() {
  const { t } = useTranslation('web-counter')
  const { acting } = useSession()
  const [counters, queue] = [useCounters(), useQueue()]
  const [open, setOpen] = useState<'add' | 'close-day' | null>(null)
  const error = counters.error ?? queue.error
  if (error) return <ErrorState error={error} onRetry={() => void Promise.all([counters.refetch(), queue.refetch()])} />
  if (!counters.data || !queue.data) return <Loading />
  const receives = may(acting, 'counters.receive')
  const isSetUp = counters.data.halls.length > 0
  return (
    <div className="counter">
      <div className="row wrap counter-head">
        <h1 className="grow">{t('hall.named', { unit: counters.data.unit.name })}</h1>
        {may(acting, 'counters.keep') && <Link to="/counter/set-up">{t('setUp.title')}</Link>}
        {receives && isSetUp && (
          <>
            <Button onPress={() => setOpen('close-day')}>{t('closeDay.act')}</Button>
            <Button tone="primary" icon="plus" onPress={() => setOpen('add')}>
              {t('add.title')}
            </Button>
          </>
        )}
      </div>
      {isSetUp ? (
        <Standing counters={counters.data} queue={queue.data} />
      ) : (
        <EmptyState
          title={t('noHalls.title')}
          icon="horn"
          action={may(acting, 'counters.keep') && <Link to="/counter/set-up">{t('setUp.title')}</Link>}
        >
          {t('noHalls.text')}
        </EmptyState>
      )}
      {open === 'add' && <AddDialog counters={counters.data} onClose={() => setOpen(null)} />}
      {open === 'close-day' && <CloseDayDialog unitId={counters.data.unit.id} onClose={() => setOpen(null)} />}
    </div>
  )
}

function Standing({ counters, queue }: { counters: Counters; queue: CounterQueue }) {
  const { t } = useTranslation('web-counter')
  const { acting } = useSession()
  const figures = useFigures()
  return (
    <>
      {may(acting, 'counters.receive') && <HelpCalls calls={queue.help} />}
      {counters.halls.map(hall => {
        const load = queue.loads.find(({ hallId }) => hallId === hall.id)
        const visits = queue.visits.filter(({ hallId }) => hallId === hall.id)
        return (
          <Card key={hall.id} title={hall.name} level="h2">
            {load && (
              <dl className="counter-numbers">
                <Figure label={t('load.waiting')} value={String(load.waiting)} />
                <Figure
                  label={t('load.longest')}
                  value={load.longestSeconds === null ? '–' : duration(load.longestSeconds * 1000)}
                />
                <Figure label={t('load.desks')} value={`${load.desks} / ${hall.desks.length}`} />
                <Figure label={t('load.serving')} value={String(load.serving)} />
                <Figure label={t('load.expected')} value={String(load.expected)} />
                <Figure
                  label={t('load.newcomer')}
                  value={
                    load.newcomer === null
                      ? t('load.notKnown')
                      : t('load.range', { min: load.newcomer.minMinutes, max: load.newcomer.maxMinutes })
                  }
                />
              </dl>
            )}
            {visits.length === 0 ? (
              <p className="small">{t('nobodyHere')}</p>
            ) : (
              <VisitList
                visits={visits}
                deskId={null}
                corrects={may(acting, 'counters.receive')}
                lastOfficers={queue.lastOfficers}
              />
            )}
          </Card>
        )
      })}
      {figures.data && <DayFigures figures={figures.data} />}
      {figures.error && <ErrorState error={figures.error} onRetry={() => void figures.refetch()} />}
    </>
  )
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="num">{value}</dd>
    </div>
  )
}

/** How the day went until now. */
function DayFigures({ figures }: { figures: CounterFigures }) {
  const { t } = useTranslation('web-counter')
  const minutes = (seconds: number | null) => (seconds === null ? '–' : duration(seconds * 1000))
  return (
    <Card title={t('figures.title')} level="h2">
      <dl className="counter-numbers">
        <Figure label={t('figures.persons')} value={String(figures.persons)} />
        <Figure label={t('figures.served')} value={`${figures.served} / ${figures.visits}`} />
        <Figure label={t('figures.withAppointment')} value={String(figures.withAppointment)} />
        <Figure label={t('figures.wait')} value={minutes(figures.averageWaitSeconds)} />
        <Figure label={t('figures.way')} value={minutes(figures.averageWaySeconds)} />
        <Figure label={t('figures.service')} value={minutes(figures.averageServiceSeconds)} />
        <Figure label={t('figures.fast')} value={`${figures.fastWithin} / ${figures.fast}`} />
        <Figure label={t('figures.missed')} value={String(figures.missed)} />
        <Figure label={t('figures.left')} value={String(figures.left)} />
        <Figure label={t('figures.unserved')} value={String(figures.unserved)} />
        <Figure label={t('figures.transferred')} value={String(figures.transferred)} />
        <Figure label={t('figures.notDelivered')} value={String(figures.notDelivered)} />
        <Figure label={t('figures.notRecorded')} value={String(figures.notRecorded)} />
        <Figure label={t('figures.callEnough')} value={`${figures.callEnough} / ${figures.callAnswered}`} />
        <Figure label={t('figures.returned', { days: figures.returnDays })} value={`${figures.returned} / ${figures.known}`} />
        <Figure label={t('figures.toldWithin')} value={`${figures.toldWithin} / ${figures.told}`} />
        <Figure
          label={t('figures.toldError')}
          value={figures.toldErrorMinutes === null ? '–' : t('figures.minutes', { minutes: figures.toldErrorMinutes })}
        />
        <Figure label={t('figures.booked')} value={`${figures.bookedMinutes} / ${figures.plannedMinutes} min`} />
      </dl>
      {figures.byHour.length > 0 && (
        <table className="table">
          <caption className="sr">{t('figures.byHour')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('figures.hour')}</th>
              <th scope="col" className="right">
                {t('figures.called')}
              </th>
              <th scope="col" className="right">
                {t('figures.wait')}
              </th>
            </tr>
          </thead>
          <tbody>
            {figures.byHour.map(({ hour, visits, averageWaitSeconds }) => (
              <tr key={hour}>
                <td className="num">{t('figures.hourNamed', { hour })}</td>
                <td className="num right">{visits}</td>
                <td className="num right">{minutes(averageWaitSeconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {figures.cameBecause.length > 0 && (
        <>
          <h3>{t('figures.came')}</h3>
          <ul>
            {figures.cameBecause.map(({ reason, visits }) => (
              <li key={reason}>
                {t(`came.${reason}`)}: <span className="num">{visits}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  )
}

function CloseDayDialog({ unitId, onClose }: { unitId: string; onClose: () => void }) {
  const { t } = useTranslation('web-counter')
  const client = useQueryClient()
  const close = useMutation({
    mutationFn: () => api.post('/api/counters/close-day', { body: { unitId } }),
    onSuccess({ visits }) {
      notify(t('closeDay.done', { count: visits }))
      onClose()
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  })
  return (
    <FormDialog
      title={t('closeDay.title')}
      act={t('closeDay.act')}
      tone="danger"
      isOpen
      onClose={onClose}
      sending={close.isPending}
      error={close.error}
      onSubmit={() => close.mutate()}
    >
      <p>{t('closeDay.text')}</p>
    </FormDialog>
  )
}
