/** One appointment, to its citizen: when and where it is, that it stands, or that nobody will come. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { LinkedAppointment } from '../../src/agenda/links/model.ts'
import { ApiProblem, api } from '../shared/api.ts'
import { goToStep, stepAt } from '../shared/focus.ts'
import { clock, keepOfficeTime, longDay } from '../shared/time.ts'
import { Button, Notice } from '../shared/ui/index.ts'
import {
  browserLanguage,
  type CitizenLanguage,
  chosenLanguage,
  citizenLanguages,
  citizenWords,
  rememberLanguage,
} from './words.ts'
import './appointment-page.css'

export default function AppointmentPage() {
  const { token = '' } = useParams({ strict: false })
  const [chosen, choose] = useState(chosenLanguage)
  const key = ['linked-appointment', token, chosen ?? null] as const
  const found = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      api.get('/api/public/appointments/:token', { path: { token }, query: chosen ? { language: chosen } : {}, signal }),
    retry: false,
    placeholderData: before => before,
  })
  if (found.data?.appointment) keepOfficeTime(found.data.appointment.timeZone)
  const language = chosen ?? found.data?.language ?? browserLanguage()
  const words = citizenWords[language]
  const isUnknown = found.error instanceof ApiProblem && found.error.status === 404
  return (
    <main className="citizen-page" lang={language}>
      <header className="row wrap">
        <h1 className="grow">{words.title}</h1>
        <nav className="row wrap tight" aria-label={words.languages}>
          {citizenLanguages.map(each => (
            <Button
              key={each}
              tone="quiet"
              why={each === language ? words.isSpoken : null}
              onPress={() => {
                rememberLanguage(each)
                choose(each)
              }}
            >
              <span lang={each}>{citizenWords[each].language}</span>
            </Button>
          ))}
        </nav>
      </header>
      {found.isPending ? (
        <p aria-busy="true">{words.loading}</p>
      ) : isUnknown ? (
        <Notice tone="wait" title={words.unknown.title}>
          {words.unknown.text}
        </Notice>
      ) : !found.data ? (
        <Notice tone="late" title={words.failed} action={<Button onPress={() => void found.refetch()}>{words.again}</Button>} />
      ) : (
        <Shown token={token} linked={found.data} language={language} queryKey={key} />
      )}
    </main>
  )
}

function Shown({
  token,
  linked,
  language,
  queryKey,
}: {
  token: string
  linked: LinkedAppointment
  language: CitizenLanguage
  queryKey: readonly unknown[]
}) {
  const words = citizenWords[language]
  const client = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const act = useMutation({
    mutationFn: (what: 'confirm' | 'cancel') =>
      what === 'confirm'
        ? api.post('/api/public/appointments/:token/confirmation', { path: { token }, query: { language } })
        : api.post('/api/public/appointments/:token/cancellation', { path: { token }, query: { language } }),
    onSuccess(now) {
      client.setQueryData(queryKey, now)
      setAsking(false)
      goToStep('said')
    },
  })
  const { state, appointment } = linked
  if (!appointment)
    return (
      <Notice tone="wait" title={words.over.title}>
        {words.over.text}
      </Notice>
    )
  const start = Date.parse(appointment.start)
  const isOpen = state === 'booked' || state === 'confirmed'
  return (
    <>
      {state !== 'booked' && (
        <div {...stepAt('said')} tabIndex={-1}>
          <Notice tone={state === 'confirmed' ? 'ok' : 'wait'} live title={words[state].title}>
            {words[state].text}
          </Notice>
        </div>
      )}
      <dl className="citizen-facts">
        <div>
          <dt>{words.when}</dt>
          <dd>
            <b>
              {longDay(start, language, Date.now())}, {clock(start, language)}
            </b>{' '}
            <small>{words.officeTime}</small>
          </dd>
        </div>
        <div>
          <dt>{words.for}</dt>
          <dd>{appointment.service}</dd>
        </div>
        <div>
          <dt>{words.where}</dt>
          <dd>
            {appointment.mode === 'counter' ? (
              <>
                {appointment.unit.name}
                <br />
                {appointment.unit.address}
              </>
            ) : (
              <>
                {words.modes[appointment.mode]}
                <br />
                {appointment.unit.name}
              </>
            )}
          </dd>
        </div>
        {isOpen && appointment.bring !== '' && (
          <div>
            <dt>{words.bring}</dt>
            <dd>{appointment.bring}</dd>
          </div>
        )}
      </dl>
      {act.isError && <Notice tone="late" live title={words.failed} />}
      {isOpen && !isAsking && (
        <div className="row wrap">
          {state === 'booked' && (
            <Button tone="primary" isPending={act.isPending} onPress={() => act.mutate('confirm')}>
              {words.confirm}
            </Button>
          )}
          <Button
            onPress={() => {
              setAsking(true)
              goToStep('sure')
            }}
          >
            {words.cancel}
          </Button>
        </div>
      )}
      {isOpen && isAsking && (
        <section className="col" aria-label={words.sure.title}>
          <p>{words.sure.text}</p>
          <div className="row wrap">
            <Button tone="danger" step="sure" isPending={act.isPending} onPress={() => act.mutate('cancel')}>
              {words.sure.yes}
            </Button>
            <Button onPress={() => setAsking(false)}>{words.sure.no}</Button>
          </div>
        </section>
      )}
    </>
  )
}
