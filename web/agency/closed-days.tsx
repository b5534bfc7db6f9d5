/** Who is booked at the office on days on which it is closed: each with a proposal, all dealt with by one press. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DisplacedList as Displaced } from '../../src/agenda/set-up/model.ts'
import { api } from '../shared/api.ts'
import { goToStep, stepAt } from '../shared/focus.ts'
import { useIdempotencyKey, useSending } from '../shared/forms.ts'
import { useSession } from '../shared/session.tsx'
import { Button, Card, EmptyState, ErrorState, Link, Loading, notify, Problem } from '../shared/ui/index.ts'
import { DecidedSummary, DisplacedList, useDecisions } from './set-up/displaced.tsx'
import './agency.css'

const keyOf = (unitId: string) => ['agenda-displaced', unitId] as const
const toAppointments = { to: '/agency/{-$appointmentId}', params: { appointmentId: undefined } } as const

export default function ClosedDaysPage() {
  const { t } = useTranslation('web-agenda')
  const { acting } = useSession()
  const { unitId } = acting
  const found = useQuery({
    queryKey: keyOf(unitId),
    queryFn: ({ signal }) => api.get('/api/units/:unitId/agenda/displaced', { path: { unitId }, signal }),
    meta: { live: ['unit.', 'agenda.', 'appointment.'] },
  })
  return (
    <div className="padded closed-days">
      <header className="row wrap">
        <div className="grow">
          <h1>{t('closedDays.title')}</h1>
          <p className="small">{acting.unitName}</p>
        </div>
        <Link {...toAppointments}>{t('closedDays.back')}</Link>
      </header>
      {found.isPending ? (
        <Loading />
      ) : !found.data ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data.items.length === 0 ? (
        <div {...stepAt('closed-days-done')}>
          <EmptyState
            title={t('closedDays.none')}
            icon="check-circle"
            action={<Link {...toAppointments}>{t('closedDays.back')}</Link>}
          >
            {t('closedDays.noneText')}
          </EmptyState>
        </div>
      ) : (
        <People unitId={unitId} list={found.data} />
      )}
    </div>
  )
}

function People({ unitId, list: { items, more } }: { unitId: string; list: Displaced }) {
  const { t } = useTranslation('web-agenda')
  const client = useQueryClient()
  const sending = useSending()
  const key = useIdempotencyKey()
  const decisions = useDecisions(items)
  const act = () =>
    void sending.send(async () => {
      const body = { rebookings: decisions.rebookings() }
      try {
        await api.post('/api/units/:unitId/agenda/rebookings', { path: { unitId }, body, key: key.keyFor(body) })
        key.renew()
        notify(t('closedDays.done'))
      } finally {
        // Somebody else may have decided, or taken a place: the list is read anew before the button can be pressed again.
        await client.invalidateQueries({ queryKey: keyOf(unitId) })
        void client.invalidateQueries({ queryKey: ['booked', unitId], refetchType: 'all' })
      }
      // What is read says where it goes on: on a slow machine the list of before may still stand there.
      const left = client.getQueryData<Displaced>(keyOf(unitId))?.items.length ?? 0
      goToStep(left > 0 ? 'closed-days-act' : 'closed-days-done')
    })
  const label = decisions.cancelled === 0 ? 'act' : decisions.moved === 0 ? 'actCancel' : 'actMixed'
  return (
    <Card title={t('displaced.title', { count: items.length })}>
      <p className="small">{t('closedDays.text')}</p>
      <DisplacedList displaced={items} decisions={decisions} />
      {more && <p className="small">{t('closedDays.more')}</p>}
      <Problem error={sending.error} />
      <div className="row wrap closed-days-act">
        <Button tone="primary" step="closed-days-act" isPending={sending.pending} onPress={act}>
          {t(`closedDays.${label}`)}
        </Button>
        <small role="status">
          <DecidedSummary decisions={decisions} />
        </small>
      </div>
    </Card>
  )
}
