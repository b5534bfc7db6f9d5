/** One appointment, to its citizen: when and where it is, that it stands, or that nobody will come. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { LinkedAppointment } from '../../src/agenda/links/model.ts'
import { ApiProblem, api, serverNow } from '../shared/api.ts'
import { goToStep, stepAt } from '../shared/focus.ts'
import { clock, keepOfficeTime, longDay } from '../shared/time.ts'
import { Button, Notice } from '../shared/ui/index.ts'
import { Earlier } from './earlier.tsx'
import {
  browserLanguage,
  type CitizenLanguage,
  chosenLanguage,
  citizenLanguages,
  citizenWords,
  problemIn,
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
  const { state, canArrive, appointment } = linked
  if (!appointment)
    return (
      <>
        <Notice tone="wait" title={words.over.title}>
          {words.over.text}
        </Notice>
        {canArrive && <Arrive token={token} language={language} />}
      </>
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
              {longDay(start, language, serverNow())}, {clock(start, language)}
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
        {isOpen && appointment.dayCode !== null && (
          <div>
            <dt>{words.number}</dt>
            <dd>
              <b className="num">{appointment.dayCode}</b> <small>{words.numberText}</small>
            </dd>
          </div>
        )}
        {isOpen && appointment.bring !== '' && (
          <div>
            <dt>{words.bring}</dt>
            <dd>{appointment.bring}</dd>
          </div>
        )}
      </dl>
      {act.isError && <Notice tone="late" live title={problemIn(language, act.error)} />}
      {canArrive && !isAsking && <Arrive token={token} language={language} />}
      {isOpen && !isAsking && <Earlier token={token} waiting={linked.waiting} language={language} queryKey={queryKey} />}
      {isOpen && !isAsking && (
        <div className="row wrap">
          {state === 'booked' && (
            <Button
              tone={canArrive || linked.waiting?.offer ? 'plain' : 'primary'}
              isPending={act.isPending}
              onPress={() => act.mutate('confirm')}
            >
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

/** On the day: whoever has come says so, and goes on to the page of the visit. */
function Arrive({ token, language }: { token: string; language: CitizenLanguage }) {
  const words = citizenWords[language]
  const navigate = useNavigate()
  const arrive = useMutation({
    mutationFn: () => api.post('/api/public/appointments/:token/arrival', { path: { token } }),
    onSuccess: ({ visit }) => navigate({ to: '/here/visit/$token', params: { token: visit } }),
  })
  return (
    <section className="col tight">
      {arrive.isError && <Notice tone="late" live title={problemIn(language, arrive.error)} />}
      <Button tone="primary" tall isPending={arrive.isPending} onPress={() => arrive.mutate()}>
        {words.here}
      </Button>
      <small>{words.hereText}</small>
    </section>
  )
}
