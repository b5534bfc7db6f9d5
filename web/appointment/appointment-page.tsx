/** One appointment, to its citizen: when and where it is, that it stands, or that nobody will come. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkedAppointment } from '../../src/agenda/links/model.ts'
import { ApiProblem, api } from '../shared/api.ts'
import { goToStep, stepAt } from '../shared/focus.ts'
import { languages, speak } from '../shared/texts.ts'
import { clock, keepOfficeTime, longDay } from '../shared/time.ts'
import { Button, ErrorState, Loading, Notice, Problem } from '../shared/ui/index.ts'
import { Earlier } from './earlier.tsx'
import './appointment-page.css'

const names: Readonly<Record<(typeof languages)[number], string>> = { it: 'Italiano', en: 'English' }

export default function AppointmentPage() {
  const { t, i18n } = useTranslation('web-appointment')
  const { token = '' } = useParams({ strict: false })
  const key = ['linked-appointment', token, i18n.language]
  const found = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get('/api/public/appointments/:token', { path: { token }, signal }),
    retry: false,
  })
  if (found.data?.appointment) keepOfficeTime(found.data.appointment.timeZone)
  const isUnknown = found.error instanceof ApiProblem && found.error.status === 404
  return (
    <main className="citizen-page">
      <header className="row wrap">
        <h1 className="grow">{t('title')}</h1>
        <nav className="row tight" aria-label={t('language')}>
          {languages.map(language => (
            <Button
              key={language}
              tone="quiet"
              why={language === i18n.language ? t('isSpoken') : null}
              onPress={() => void speak(language)}
            >
              <span lang={language}>{names[language]}</span>
            </Button>
          ))}
        </nav>
      </header>
      {found.isPending ? (
        <Loading lines={4} />
      ) : isUnknown ? (
        <Notice tone="wait" title={t('unknown.title')}>
          {t('unknown.text')}
        </Notice>
      ) : found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Shown token={token} linked={found.data} queryKey={key} />
      )}
    </main>
  )
}

function Shown({ token, linked, queryKey }: { token: string; linked: LinkedAppointment; queryKey: readonly string[] }) {
  const { t, i18n } = useTranslation('web-appointment')
  const client = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const act = useMutation({
    mutationFn: (what: 'confirm' | 'cancel') =>
      what === 'confirm'
        ? api.post('/api/public/appointments/:token/confirmation', { path: { token } })
        : api.post('/api/public/appointments/:token/cancellation', { path: { token } }),
    onSuccess(now) {
      client.setQueryData(queryKey, now)
      setAsking(false)
      goToStep('said')
    },
  })
  const { state, canArrive, appointment } = linked
  if (!appointment)
    return (
      <>
        <Notice tone="wait" title={t('over.title')}>
          {t('over.text')}
        </Notice>
        {canArrive && <Arrive token={token} />}
      </>
    )
  const start = Date.parse(appointment.start)
  const isOpen = state === 'booked' || state === 'confirmed'
  return (
    <>
      {state !== 'booked' && (
        <div {...stepAt('said')} tabIndex={-1}>
          <Notice tone={state === 'confirmed' ? 'ok' : 'wait'} live title={t(`${state}.title`)}>
            {t(`${state}.text`)}
          </Notice>
        </div>
      )}
      <dl className="citizen-facts">
        <div>
          <dt>{t('when')}</dt>
          <dd>
            <b>
              {longDay(start, i18n.language, Date.now())}, {clock(start, i18n.language)}
            </b>{' '}
            <small>{t('officeTime')}</small>
          </dd>
        </div>
        <div>
          <dt>{t('for')}</dt>
          <dd>{appointment.service}</dd>
        </div>
        <div>
          <dt>{t('where')}</dt>
          <dd>
            {appointment.mode === 'counter' ? (
              <>
                {appointment.unit.name}
                <br />
                {appointment.unit.address}
              </>
            ) : (
              <>
                {t(`modes.${appointment.mode}`)}
                <br />
                {appointment.unit.name}
              </>
            )}
          </dd>
        </div>
        {isOpen && appointment.dayCode !== null && (
          <div>
            <dt>{t('number')}</dt>
            <dd>
              <b className="num">{appointment.dayCode}</b> <small>{t('numberText')}</small>
            </dd>
          </div>
        )}
        {isOpen && appointment.bring !== '' && (
          <div>
            <dt>{t('bring')}</dt>
            <dd>{appointment.bring}</dd>
          </div>
        )}
      </dl>
      <Problem error={act.error} />
      {canArrive && !isAsking && <Arrive token={token} />}
      {isOpen && !isAsking && <Earlier token={token} waiting={linked.waiting} queryKey={queryKey} />}
      {isOpen && !isAsking && (
        <div className="row wrap">
          {state === 'booked' && (
            <Button
              tone={canArrive || linked.waiting?.offer ? 'plain' : 'primary'}
              isPending={act.isPending}
              onPress={() => act.mutate('confirm')}
            >
              {t('confirm')}
            </Button>
          )}
          <Button
            onPress={() => {
              setAsking(true)
              goToStep('sure')
            }}
          >
            {t('cancel')}
          </Button>
        </div>
      )}
      {isOpen && isAsking && (
        <section className="col" aria-label={t('sure.title')}>
          <p>{t('sure.text')}</p>
          <div className="row wrap">
            <Button tone="danger" step="sure" isPending={act.isPending} onPress={() => act.mutate('cancel')}>
              {t('sure.yes')}
            </Button>
            <Button onPress={() => setAsking(false)}>{t('sure.no')}</Button>
          </div>
        </section>
      )}
    </>
  )
}

/** On the day: whoever has come says so, and goes on to the page of the visit. */
function Arrive({ token }: { token: string }) {
  const { t } = useTranslation('web-appointment')
  const navigate = useNavigate()
  const arrive = useMutation({
    mutationFn: () => api.post('/api/public/appointments/:token/arrival', { path: { token } }),
    onSuccess: ({ visit }) => navigate({ to: '/here/visit/$token', params: { token: visit } }),
  })
  return (
    <section className="col tight">
      <Problem error={arrive.error} />
      <Button tone="primary" tall isPending={arrive.isPending} onPress={() => arrive.mutate()}>
        {t('here')}
      </Button>
      <small>{t('hereText')}</small>
    </section>
  )
}
