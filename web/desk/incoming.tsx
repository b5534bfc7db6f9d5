/**
 * The call that rings. It lies over the page and moves nothing; it takes the keyboard focus, so that Enter answers, and gives it back to
 * where it was. An operator who was typing does not answer it by the Enter of that text: for a moment the key does nothing.
 */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallCard } from '../../src/telephony/model.ts'
import { serverNow } from '../shared/api.ts'
import { Ago, Button, Countdown, Duration, Icon, Kbd, Pill } from '../shared/ui/index.ts'
import { NumberMark } from './caller-notice.tsx'
import { wayOf } from './caller-words.ts'
import { useCallAction } from './calls.ts'
import { useRenew } from './queries.ts'
import { startRinging } from './telephone/ring.ts'
import { telephone } from './telephone/telephone.ts'
import { useHandSet, useTelephone } from './telephone/use-telephone.ts'

const guardMs = 500

export function IncomingCall({ card, caller }: { card: CallCard; caller: { title: string; hint: string | null } }) {
  const { t } = useTranslation('web-desk')
  const { answerUntil } = useTelephone()
  const { stage, where } = useHandSet()
  const decline = useCallAction()
  const renew = useRenew()
  const button = useRef<HTMLButtonElement>(null)
  const opened = useRef(performance.now())
  const answering = stage === 'answering' || stage === 'talking' || answerUntil !== null

  useEffect(() => {
    const before = document.activeElement
    button.current?.focus()
    return () => {
      if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body) before.focus()
    }
  }, [])
  // Where the telephone is, so that two tabs do not ring at once.
  const sounds = !answering && where !== 'other-tab'
  useEffect(() => (sounds ? startRinging() : undefined), [sounds])

  const answer = () => {
    if (performance.now() - opened.current < guardMs || answering) return
    telephone.answer()
    renew()
  }
  const office = card.office ? t('incoming.office', { office: card.office.name }) : null
  const place = [card.province?.name, card.region?.name].filter(Boolean).join(' · ')
  const way = wayOf(card)
  const waitingSince = useRef(new Date(serverNow() - card.waitedMs).toISOString()).current
  const { callback } = card
  const announced = t(callback ? 'callback.announced' : 'incoming.announced', {
    caller: caller.title,
    section: way.from ? `${card.section.name}, ${t(`before.${way.from.how}`, { ...way.from })}` : card.section.name,
    office: card.office?.name ?? '',
  })
  return (
    // Above every open menu and dialog, which let the focus go to what is marked so.
    <section className="incoming" aria-label={t(callback ? 'callback.title' : 'incoming.title')} data-react-aria-top-layer="true">
      <p className="sr" role="alert">
        {announced}
      </p>
      <div className="incoming-sign" aria-hidden="true">
        <Icon name="telephone" size={26} />
      </div>
      <div className="grow incoming-words">
        {callback && (
          <div>
            <Pill tone="wait">{t('callback.title')}</Pill>
          </div>
        )}
        <div className="incoming-name">{caller.title}</div>
        <NumberMark card={card} />
        {caller.hint && <div className="small">{caller.hint}</div>}
        <div className="small">
          {way.section}
          {way.path && <> · {t('bar.path', { path: way.path })}</>} · {t('incoming.waiting')}{' '}
          <Duration since={waitingSince} short />
        </div>
        {way.from && (
          <div className="incoming-transfer">
            {t(`before.${way.from.how}`, { ...way.from })}
            {card.before?.note && <p className="quote prose">{card.before.note}</p>}
          </div>
        )}
        {callback && (
          <div className="small">
            {t('callback.asked')} <Ago at={callback.requestedAt} /> ·{' '}
            {t('callback.attempt', { attempt: callback.attempt, of: callback.maxAttempts })}
          </div>
        )}
        {office && (
          <div className="small">
            {office}
            {place && ` · ${place}`}
          </div>
        )}
        {card.continuity && (
          <div className="small open-case">
            {card.continuity.forReader
              ? t('incoming.forYou')
              : t(`incoming.continuity.${card.continuity.outcome}`, { names: card.continuity.names.join(', ') })}
          </div>
        )}
        {card.openCases.length > 0 && (
          <div className="small open-case">{t('incoming.openCases', { count: card.openCases.length })}</div>
        )}
      </div>
      <div className="incoming-actions">
        {/* A plain button: it must answer on the key that goes down, and take the focus without waiting. */}
        <button ref={button} type="button" className="button answer" onClick={answer} aria-busy={answering}>
          <Icon name="telephone" />
          {answering ? t('incoming.answering') : t(callback ? 'callback.accept' : 'incoming.answer')}
          <Kbd keys="↵" />
        </button>
        <Button tone="quiet" onPress={() => decline.mutate({ callId: card.callId, action: 'decline' })}>
          {t('incoming.decline')}
        </Button>
        {card.until && !answering && (
          <span className="tiny">
            {t('incoming.until')} <Countdown until={card.until} />
          </span>
        )}
      </div>
    </section>
  )
}
