/** The call to the citizen of an appointment by telephone: pressed here, answered at the officer's own telephone, and how each attempt went. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { useIdempotencyKey, useSending } from '../shared/forms.ts'
import { clock } from '../shared/time.ts'
import { Button, Card, ErrorState, Loading, notify, Phone, Pill, Problem, TextField, Time } from '../shared/ui/index.ts'

export function CallCard({ appointmentId }: { appointmentId: string }) {
  const { t, i18n } = useTranslation('web-agency')
  const client = useQueryClient()
  const queryKey = ['appointment-calls', appointmentId]
  const path = { appointmentId }
  const calls = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get('/api/appointments/:appointmentId/calls', { path, signal }),
    meta: { live: ['appointment.'] },
  })
  const [typed, setTyped] = useState<string | null>(null)
  const sending = useSending()
  const key = useIdempotencyKey()
  if (calls.isPending) return <Loading lines={2} />
  if (!calls.data) return <ErrorState error={calls.error} onRetry={() => void calls.refetch()} />
  const { items, number, from: last, left, call } = calls.data
  const from = typed ?? last
  const send = () =>
    void sending.send(async () => {
      const body = { from }
      const after = await api.post('/api/appointments/:appointmentId/calls', { path, body, key: key.keyFor(body) })
      key.renew()
      client.setQueryData(queryKey, after)
      notify(t('calls.asked'))
    })
  return (
    <Card title={t('calls.title')} aside={number === null ? null : <Phone number={number} />}>
      <div className="row top wrap call-row">
        <TextField
          label={t('calls.from')}
          hint={t('calls.fromHint')}
          inputMode="tel"
          value={from}
          onChange={setTyped}
          error={sending.fields.from}
          className="grow"
        />
        <Button
          tone="primary"
          icon="telephone"
          isPending={sending.pending}
          why={call.allowed ? null : call.sentence}
          onPress={send}
        >
          {t('calls.call')}
        </Button>
      </div>
      {Object.keys(sending.fields).length === 0 && <Problem error={sending.error} />}
      <ul className="calls" aria-live="polite">
        {items.map(each => (
          <li key={each.id} className="row wrap">
            <Time at={each.askedAt}>{clock(Date.parse(each.askedAt), i18n.language)}</Time>
            <span className="grow">
              {each.officer} · <Phone number={each.number} />
            </span>
            <Pill small tone={each.outcome === null ? 'info' : each.outcome === 'talked' ? 'ok' : 'late'}>
              {each.outcome === null
                ? t(`calls.stage.${each.stage === 'ended' ? 'talking' : each.stage}`)
                : t(`calls.outcome.${each.outcome}`)}
            </Pill>
          </li>
        ))}
      </ul>
      <p className="small">{t('calls.left', { count: left })}</p>
    </Card>
  )
}
