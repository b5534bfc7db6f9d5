/**
 * The kiosk: language, what somebody comes for, ticket. For fingers, keyboards and screen readers; after some time without a touch it begins anew, and
 * nothing of whoever was there is left.
 */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { CounterTicket, Kiosk } from '../../src/counters/machine-model.ts'
import type { CitizenWords, KioskQuestion } from '../../src/counters/model.ts'
import { ApiProblem, api } from '../shared/api.ts'
import { ConnectDevice, isUnknownDevice } from '../shared/device.tsx'
import { useIdempotencyKey } from '../shared/forms.ts'
import { expectedIn, type KioskLanguage, kioskLanguages, kioskWords } from '../shared/kiosk-words.ts'
import { QrCode } from '../shared/qr.tsx'
import { Icon, Loading } from '../shared/ui/index.ts'
import { Code, Said, Screen, type Take, Ticket, Unreachable } from './screens.tsx'
import './kiosk.css'

/** Whether it gives tickets is asked so often. */
const readIntervalMs = 15_000
/** Without a touch for so long, it begins anew. */
const idleMs = 45_000
/** The ticket is shown for so long. */
const ticketMs = 15_000

type Hall = Kiosk['halls'][number]
type Step =
  | { at: 'start' }
  | { at: 'code' }
  | { at: 'question'; hall: Hall; question: KioskQuestion; before: Step }
  | { at: 'ticket'; ticket: CounterTicket }

const start: Step = { at: 'start' }

export default function KioskPage() {
  const [language, setLanguage] = useState<KioskLanguage>('it')
  const [step, setStep] = useState<Step>(start)
  const words = kioskWords[language]
  const kiosk = useQuery({
    queryKey: ['device', 'kiosk'],
    queryFn: ({ signal }) => api.get('/api/device/kiosk', { signal }),
    refetchInterval: readIntervalMs,
    retry: false,
  })
  const again = () => {
    setStep(start)
    setLanguage('it')
  }
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  useIdle(step.at === 'ticket' ? ticketMs : idleMs, step !== start || language !== 'it', again)
  const take = useTicket(language, ticket => setStep({ at: 'ticket', ticket }))

  if (isUnknownDevice(kiosk.error)) return <ConnectDevice />
  if (kiosk.data === undefined) return kiosk.error ? <Unreachable /> : <Loading />
  if (kiosk.error) return <Unreachable />
  return (
    <main className="kiosk">
      <header>
        <b>{kiosk.data.unit}</b>
        <fieldset className="kiosk-languages" aria-label={words.languages}>
          {kioskLanguages.map(each => (
            <button key={each} type="button" lang={each} aria-pressed={each === language} onClick={() => setLanguage(each)}>
              {kioskWords[each].language}
            </button>
          ))}
        </fieldset>
      </header>
      {step.at === 'start' && <Start kiosk={kiosk.data} language={language} take={take} onStep={setStep} />}
      {step.at === 'question' && (
        <Screen title={spoken(step.question.text, language)}>
          <Choices step={step} language={language} take={take} onStep={setStep} />
          <Said take={take} language={language} />
        </Screen>
      )}
      {step.at === 'code' && <Code language={language} letters={kiosk.data.halls.map(({ letter }) => letter)} take={take} />}
      {step.at === 'ticket' && <Ticket ticket={step.ticket} language={language} />}
      <footer>
        {(step.at === 'question' || step.at === 'code') && (
          <button type="button" onClick={() => setStep(step.at === 'question' ? step.before : start)}>
            <Icon name="arrow-left" /> {words.back}
          </button>
        )}
        {step.at === 'ticket' && (
          <button type="button" onClick={again}>
            {words.done}
          </button>
        )}
      </footer>
    </main>
  )
}

/** Begins anew when nobody has touched anything for some time. */
function useIdle(ms: number, isActive: boolean, act: () => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!isActive) return
    let timer = setTimeout(() => latest.current(), ms)
    const touched = () => {
      clearTimeout(timer)
      timer = setTimeout(() => latest.current(), ms)
    }
    addEventListener('pointerdown', touched)
    addEventListener('keydown', touched)
    return () => {
      clearTimeout(timer)
      removeEventListener('pointerdown', touched)
      removeEventListener('keydown', touched)
    }
  }, [ms, isActive])
}

/** Takes a ticket: one for one touch, however long it is and however often it slips. */
function useTicket(language: KioskLanguage, onTicket: (ticket: CounterTicket) => void): Take {
  const key = useIdempotencyKey()
  const asked = useRef(false)
  const send = useMutation({
    mutationFn: (wanted: { hallId: string; serviceId: string } | { code: string }) =>
      'code' in wanted
        ? api.post('/api/device/arrivals', { body: { ...wanted, language } })
        : api.post('/api/device/tickets', { body: { ...wanted, language }, key: key.keyFor(wanted) }),
    onSuccess(ticket) {
      key.renew()
      onTicket(ticket)
    },
    onSettled() {
      asked.current = false
    },
  })
  const once = (wanted: Parameters<typeof send.mutate>[0]) => {
    // What is drawn comes after the second touch: the first one is noted here.
    if (asked.current) return
    asked.current = true
    send.mutate(wanted)
  }
  return {
    isPending: send.isPending,
    problem: send.error ? problemIn(language, send.error) : null,
    service: (hallId, serviceId) => once({ hallId, serviceId }),
    appointment: code => once({ code }),
    forget: () => send.reset(),
  }
}

function problemIn(language: KioskLanguage, error: unknown): string {
  const words = kioskWords[language]
  if (!(error instanceof ApiProblem)) return words.refused
  if (error.status === 0) return words.offline
  return error.code === 'counters.appointmentUnknown' ? words.appointmentUnknown : words.refused
}

const spoken = (words: CitizenWords, language: KioskLanguage): string => words[language] ?? words.it

/** More do not stand on a screen. */
const maxChoices = 6

function Start({
  kiosk,
  language,
  take,
  onStep,
}: {
  kiosk: Kiosk
  language: KioskLanguage
  take: Take
  onStep: (step: Step) => void
}) {
  const words = kioskWords[language]
  const open = kiosk.halls.flatMap(hall => {
    const [question] = hall.questions
    return hall.open && question ? [{ hall, question }] : []
  })
  const shut = kiosk.halls.filter(hall => !hall.open)
  // The questions of all halls on one screen, where they are few: nobody need know which hall is theirs.
  const together = open.reduce((sum, { question }) => sum + question.answers.length, 0) <= maxChoices
  return (
    <Screen title={words.welcome}>
      <div className="kiosk-choices">
        <button
          type="button"
          className="kiosk-choice first"
          onClick={() => {
            take.forget()
            onStep({ at: 'code' })
          }}
        >
          <b>{words.appointment}</b>
          <span>{words.appointmentDetail}</span>
        </button>
      </div>
      {open.length > 0 && <h2>{words.noAppointment}</h2>}
      <div className="kiosk-choices">
        {open.map(({ hall, question }) =>
          together ? (
            <Choices
              key={hall.id}
              step={{ at: 'question', hall, question, before: start }}
              {...{ language, take, onStep }}
              isRoot
            />
          ) : (
            <button
              key={hall.id}
              type="button"
              className="kiosk-choice"
              onClick={() => onStep({ at: 'question', hall, question, before: start })}
            >
              <b>{hall.name}</b>
              {hall.expected && <span>{expectedIn(language, hall.expected)}</span>}
            </button>
          ),
        )}
      </div>
      {open.length === 0 && <p className="kiosk-closed">{words.allClosed}</p>}
      {shut.map(({ id, name, closedBecause }) => (
        <p key={id} className="kiosk-closed">
          <b>{name}</b> {closedBecause && words.closed[closedBecause]}
        </p>
      ))}
      <Said take={take} language={language} />
      {kiosk.here !== null && (
        <div className="kiosk-here">
          <QrCode text={new URL(kiosk.here, location.origin).href} label={words.here.title} />
          <p>{words.ownTelephone}</p>
        </div>
      )}
    </Screen>
  )
}

function Choices({
  step,
  language,
  take,
  onStep,
  isRoot = false,
}: {
  step: Extract<Step, { at: 'question' }>
  language: KioskLanguage
  take: Take
  onStep: (step: Step) => void
  /** Its choices stand on the first screen. */
  isRoot?: boolean
}) {
  return (
    <div className="kiosk-choices">
      {step.question.answers.map(({ label, to }) => (
        <button
          key={label.it}
          type="button"
          className="kiosk-choice"
          aria-disabled={take.isPending}
          onClick={() => {
            if ('serviceId' in to) return take.service(step.hall.id, to.serviceId)
            const question = step.hall.questions.find(({ id }) => id === to.questionId)
            if (question) onStep({ ...step, question, before: isRoot ? start : step })
          }}
        >
          <b>{spoken(label, language)}</b>
        </button>
      ))}
    </div>
  )
}
