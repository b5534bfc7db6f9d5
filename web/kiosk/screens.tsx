/** The screens of the kiosk on which nothing is chosen from a list: the code, the ticket, and when nothing works. */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { CounterTicket } from '../../src/counters/machine-model.ts'
import { filled } from '../../src/platform/filled.ts'
import { aheadIn, expectedIn, type KioskLanguage, kioskLanguages, kioskWords } from '../shared/kiosk-words.ts'
import { clock } from '../shared/time.ts'
import { Icon } from '../shared/ui/index.ts'

/** The number of the day, or the ten digits of the request. */
const isCode = (typed: string) => /^([A-Z]\d{3,4}|\d{10})$/.test(typed)
const longest = 10

export interface Take {
  isPending: boolean
  problem: string | null
  service(hallId: string, serviceId: string): void
  appointment(code: string): void
  forget(): void
}

/** One screen: its question has the focus, so that screen readers say it and the first key leads to the first choice. */
export function Screen({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it is another question
  useEffect(() => heading.current?.focus(), [title])
  return (
    <section className="kiosk-screen">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </section>
  )
}

export function Said({ take, language }: { take: Take; language: KioskLanguage }) {
  return (
    <p className="kiosk-said" role="status">
      {take.isPending ? kioskWords[language].wait : take.problem}
    </p>
  )
}

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0'] as const

/** @param letters with which the numbers of this office begin */
export function Code({ language, letters, take }: { language: KioskLanguage; letters: readonly string[]; take: Take }) {
  const words = kioskWords[language]
  const [code, setCode] = useState('')
  const type = (key: string) => setCode(typed => (typed.length < longest ? typed + key : typed))
  const confirm = () => isCode(code) && take.appointment(code)
  return (
    <Screen title={words.typeCode}>
      <form
        className="kiosk-code"
        onSubmit={event => {
          event.preventDefault()
          confirm()
        }}
      >
        <input
          aria-label={words.typeCode}
          aria-describedby="kiosk-code-hint"
          inputMode="none"
          autoComplete="off"
          maxLength={longest}
          value={code}
          onChange={event => setCode(event.target.value.toUpperCase().replace(/[^A-Z\d]/g, ''))}
        />
        <p id="kiosk-code-hint">{words.codeHint}</p>
        <div className="kiosk-keys letters">
          {letters.map(letter => (
            <button key={letter} type="button" onClick={() => type(letter)}>
              {letter}
            </button>
          ))}
        </div>
        <div className="kiosk-keys">
          {keys.map(key =>
            key === '' ? (
              <span key="gap" />
            ) : (
              <button key={key} type="button" onClick={() => type(key)}>
                {key}
              </button>
            ),
          )}
          <button type="button" aria-label={words.delete} onClick={() => setCode(typed => typed.slice(0, -1))}>
            <Icon name="arrow-left" size={40} />
          </button>
        </div>
        <button type="submit" className="kiosk-choice first" disabled={!isCode(code)}>
          <b>{words.confirm}</b>
        </button>
      </form>
      <Said take={take} language={language} />
    </Screen>
  )
}

export function Ticket({ ticket, language }: { ticket: CounterTicket; language: KioskLanguage }) {
  const words = kioskWords[language]
  const printed = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (printed.current === ticket.code) return
    printed.current = ticket.code
    window.print()
  }, [ticket.code])
  const due = ticket.dueAt === null ? null : filled(words.due, { time: clock(Date.parse(ticket.dueAt), language) })
  return (
    <Screen title={words.yourNumber}>
      <p className="kiosk-number">{ticket.code}</p>
      <p className="kiosk-line">{ticket.service}</p>
      {due && <p className="kiosk-line">{due}</p>}
      <p className="kiosk-line">{aheadIn(language, ticket.ahead)}</p>
      <p className="kiosk-line">{expectedIn(language, ticket.expected)}</p>
      <p>{words.takeTicket}</p>
      <div className="kiosk-print" aria-hidden="true">
        <p>{ticket.unit}</p>
        <p>{ticket.hall}</p>
        <p className="code">{ticket.code}</p>
        <p>{ticket.service}</p>
        {due && <p>{due}</p>}
        <p>{aheadIn(language, ticket.ahead)}</p>
        <p>{expectedIn(language, ticket.expected)}</p>
        <p>{clock(Date.parse(ticket.at), language)}</p>
      </div>
    </Screen>
  )
}

/** The server does not answer: said in all languages, since nobody can choose one. */
export function Unreachable() {
  return (
    <main className="kiosk" role="alert">
      {kioskLanguages.map(each => (
        <p key={each} lang={each} className="kiosk-closed">
          {kioskWords[each].offline}
        </p>
      ))}
    </main>
  )
}
