/** The telephone on which one calls an office's number: dial, listen, press keys, talk. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { PublicNotices } from '../shared/public-notices.tsx'
import { Meter } from '../shared/telephone/meter.tsx'
import { speak as speakLanguage } from '../shared/texts.ts'
import { Button, Duration, Icon, Notice, phoneText, TextField } from '../shared/ui/index.ts'
import { type CallState, displayOf } from './call.ts'
import { handset } from './handset.ts'
import { numberOf } from './number.ts'
import { hasVoice, wakeVoices } from './speech.ts'
import './telephone-page.css'

const keys = [...'123456789*0#']
const letters: Readonly<Record<string, string>> = {
  '2': 'ABC',
  '3': 'DEF',
  '4': 'GHI',
  '5': 'JKL',
  '6': 'MNO',
  '7': 'PQRS',
  '8': 'TUV',
  '9': 'WXYZ',
}
export default function TelephonePage() {
  const { t, i18n } = useTranslation('web-telephone')
  const state = useSyncExternalStore(handset.subscribe, handset.snapshot)
  const isOn = state.stage !== 'idle' && state.stage !== 'ended'
  useEffect(wakeVoices, [])
  useKeys(isOn)
  useEffect(() => () => handset.leave(), [])
  return (
    <div className="phone-page">
      <header className="phone-head">
        <span className="phone-brand" aria-hidden="true">
          Fd
        </span>
        <div className="grow">
          <h1>{t('title')}</h1>
          <p className="small">{t('subtitle')}</p>
        </div>
        <Button tone="quiet" onPress={() => speakLanguage(i18n.language === 'it' ? 'en' : 'it')}>
          {t('otherLanguage')}
        </Button>
      </header>
      <PublicNotices />
      <main className="phone-main">
        <section className="handset" aria-label={t('handset')}>
          <Display state={state} />
          {state.stage === 'ended' && state.cause === 'called-back' && (
            <Notice tone="ok" live>
              {t('calledBack')}
            </Notice>
          )}
          {state.stage === 'rung' ? <Rung /> : isOn ? <InCall state={state} /> : <Dial ended={state.stage === 'ended'} />}
        </section>
        <Transcript state={state} />
      </main>
    </div>
  )
}

/** What the telephone is doing, in one line; said to screen readers when it changes. */
function Display({ state }: { state: CallState }) {
  const { t } = useTranslation('web-telephone')
  const shown = displayOf(state)
  return (
    <div className={`display ${state.stage}`}>
      <p className="display-number num">{state.number ? phoneText(state.number) : t('noNumber')}</p>
      <p className="display-state" role="status">
        {t(`state.${shown}`)}
      </p>
      {state.talkingSince !== null && state.stage !== 'ended' && (
        <p className="display-clock">
          <Duration since={new Date(state.talkingSince).toISOString()} />
        </p>
      )}
      {state.lost && (
        <p className="display-lost" role="alert">
          {t('lost')}
        </p>
      )}
    </div>
  )
}

/** The own number as it was written for the last call: whoever calls again need not write it again. */
let ownNumber = ''

function Dial({ ended }: { ended: boolean }) {
  const { t } = useTranslation('web-telephone')
  const { data, isPending } = useQuery({
    queryKey: ['telephone', 'numbers'],
    queryFn: () => api.get('/api/telephone/numbers'),
  })
  const suggestions = data?.items ?? []
  const [typed, setTo] = useState<string | null>(null)
  // Until somebody types, the first of the plan.
  const to = typed ?? phoneText(suggestions[0]?.number ?? '')
  const [from, setFrom] = useState(() => ownNumber)
  const [wrong, setWrong] = useState<'to' | 'from' | null>(null)
  const call = () => {
    const number = numberOf(to)
    const own = from.trim() === '' ? null : numberOf(from)
    if (number === null) return setWrong('to')
    if (from.trim() !== '' && own === null) return setWrong('from')
    setWrong(null)
    ownNumber = from
    void handset.dial(number, own)
  }
  return (
    <form
      className="col dial"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        call()
      }}
    >
      <TextField
        label={t('to')}
        type="tel"
        value={to}
        onChange={setTo}
        error={wrong === 'to' ? t('wrongNumber') : undefined}
        autoComplete="off"
      />
      {suggestions.length > 0 && (
        <ul className="suggestions" aria-label={t('suggestions')}>
          {suggestions.map(({ number, mode, unitName }) => (
            <li key={number}>
              <button type="button" className="suggestion" onClick={() => setTo(phoneText(number))}>
                <b className="num">{phoneText(number)}</b>
                <small>{t(`suggestion.${mode}`, { office: unitName })}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
      <WhoAreYou number={from} onChoose={number => setFrom(phoneText(number))} />
      <TextField
        label={t('from')}
        type="tel"
        value={from}
        onChange={setFrom}
        hint={t('fromHint')}
        placeholder={t('fromPlaceholder')}
        error={wrong === 'from' ? t('wrongNumber') : undefined}
        autoComplete="off"
      />
      <button type="submit" className="call-button" disabled={isPending}>
        <Icon name="telephone" size={22} />
        {ended ? t('callAgain') : t('call')}
      </button>
    </form>
  )
}

/** Citizens of the sample institute whom one can be: the operator then sees who has this number, and what is open. Nothing without them. */
function WhoAreYou({ number, onChoose }: { number: string; onChoose: (number: string) => void }) {
  const { t } = useTranslation('web-telephone')
  const { data } = useQuery({
    queryKey: ['sample-citizens'],
    queryFn: () => api.get('/api/sample/citizens'),
  })
  const citizens = data?.citizens ?? []
  if (citizens.length === 0) return null
  return (
    <fieldset className="who">
      <legend>{t('who.title')}</legend>
      {citizens.map(each => (
        <label key={each.number} className="suggestion who-choice">
          <input type="radio" name="who" checked={numberOf(number) === each.number} onChange={() => onChoose(each.number)} />
          <b>{each.name}</b>
          <small>{t(`who.${each.waitsFor}`, { title: each.title })}</small>
        </label>
      ))}
      <label className="suggestion who-choice">
        <input
          type="radio"
          name="who"
          checked={!citizens.some(each => each.number === numberOf(number))}
          onChange={() => onChoose('')}
        />
        <b>{t('who.nobody')}</b>
      </label>
    </fieldset>
  )
}

/** The institute calls back. */
function Rung() {
  const { t } = useTranslation('web-telephone')
  return (
    <>
      <button type="button" className="call-button" onClick={() => void handset.answer()}>
        <Icon name="telephone" size={22} />
        {t('answer')}
      </button>
      <button type="button" className="call-button end" onClick={() => handset.hangUp()}>
        {t('decline')}
      </button>
    </>
  )
}

function InCall({ state }: { state: CallState }) {
  const { t } = useTranslation('web-telephone')
  return (
    <>
      <fieldset className="keypad" aria-label={t('keypad')}>
        {keys.map(key => (
          <button
            key={key}
            type="button"
            className="key"
            onClick={() => handset.press(key)}
            aria-label={t('key', { key: spoken(key, t) })}
          >
            <span className="num">{key}</span>
            <small aria-hidden="true">{letters[key] ?? ' '}</small>
          </button>
        ))}
      </fieldset>
      {state.talking && <Voices />}
      {handset.silent && (
        <Notice tone="wait" live>
          {t(`silent.${handset.silent}`)}
        </Notice>
      )}
      <button type="button" className="call-button end" onClick={() => handset.hangUp()}>
        <Icon name="telephone" size={22} />
        {t('hangUp')}
      </button>
    </>
  )
}

const spoken = (key: string, t: (key: string) => string): string => (key === '*' ? t('star') : key === '#' ? t('hash') : key)

const measureMs = 80

function Voices() {
  const { t } = useTranslation('web-telephone')
  const [levels, setLevels] = useState({ said: 0, heard: 0 })
  useEffect(() => {
    const timer = setInterval(() => setLevels(handset.levels()), measureMs)
    return () => clearInterval(timer)
  }, [])
  return (
    <div className="voices">
      <span>
        {t('operator')} <Meter level={levels.heard} label={t('heard')} />
      </span>
      <span>
        {t('you')} <Meter level={levels.said} label={t('said')} quiet />
      </span>
    </div>
  )
}

/** What was heard and pressed, in order; what is being said now is large. */
function Transcript({ state }: { state: CallState }) {
  const { t } = useTranslation('web-telephone')
  const end = useRef<HTMLLIElement>(null)
  const count = state.heard.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line is brought into sight
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' })
  }, [count])
  const isSpoken = state.saying !== null && hasVoice(state.saying.language)
  return (
    <section className="transcript" aria-label={t('transcript')}>
      <h2>{t('transcript')}</h2>
      {count === 0 ? (
        <div className="transcript-empty">
          <Icon name="hearing" size={28} />
          <p>{t('transcriptEmpty')}</p>
          {state.stage === 'idle' && (
            <ol>
              {(['one', 'two', 'three'] as const).map(step => (
                <li key={step}>{t(`steps.${step}`)}</li>
              ))}
            </ol>
          )}
        </div>
      ) : (
        // Where a voice says it, a screen reader need not say it again.
        <ol aria-live={isSpoken ? 'off' : 'polite'}>
          {state.heard.map((each, place) => {
            const isNow =
              state.saying !== null && each.kind === 'said' && place === state.heard.findLastIndex(one => one.kind === 'said')
            return (
              <li
                key={each.id}
                ref={place === count - 1 ? end : null}
                className={`heard ${each.kind}${isNow ? ' now' : ''}${each.cut ? ' cut' : ''}`}
                lang={each.language || undefined}
              >
                {each.kind === 'key' ? (
                  <>
                    {t('youPressed')} <kbd>{each.text}</kbd>
                  </>
                ) : (
                  each.text
                )}
              </li>
            )
          })}
        </ol>
      )}
      {state.music && !state.saying && <p className="music">♪ {t('music')}</p>}
    </section>
  )
}

/** Keys of the keyboard are keys of the telephone while one is in a call. */
function useKeys(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return
      if (!keys.includes(event.key)) return
      event.preventDefault()
      handset.press(event.key)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [isOn])
}
