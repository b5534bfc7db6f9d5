/**
 * The telephone bar: my state, who calls or is talked to, what can be done with the call, how busy my sections are. It is in the header of
 * every page, so that one walks through the program while talking, and nothing of it changes its place when a call arrives.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallCard } from '../../src/telephony/model.ts'
import { goToStep } from '../shared/focus.ts'
import { OfferedMail } from '../shared/service/offered-mail.tsx'
import { OfferedTicket } from '../shared/service/offered-ticket.tsx'
import { Meter } from '../shared/telephone/meter.tsx'
import { Button, Countdown, Duration, notify, Pill, phoneText } from '../shared/ui/index.ts'
import { NumberMark } from './caller-notice.tsx'
import { callerOf, endOfRing, wayOf } from './caller-words.ts'
import { useBecomeAvailable, useCallAction, useEndWrapUp, useHangUp } from './calls.ts'
import { IncomingCall } from './incoming.tsx'
import { turnsOptions, useCard, useDesk, useInteraction, useRenew } from './queries.ts'
import { useDeskKey } from './shortcuts.ts'
import { type Stage, stageOf, tabTitle } from './stage.ts'
import { StateMenu } from './state-menu.tsx'
import { useTabSign } from './tab-sign.ts'
import { problemOf } from './telephone/state.ts'
import { telephone } from './telephone/telephone.ts'
import { useHandSet, useLevels, useTelephone } from './telephone/use-telephone.ts'
import { TransferDialog, useTransferDialog } from './transfer.tsx'
import '../shared/telephone/meter.css'
import '../shared/service/bar.css'

export default function TelephoneBar() {
  const { t } = useTranslation('web-desk')
  const desk = useDesk()
  const card = useCard().data ?? null
  const stage = stageOf({ agent: desk.data?.state, agentCallId: desk.data?.callId ?? null, card })
  const caller = useCaller(card, stage)
  useOpenedTelephone(desk.data?.state)
  useRenewWhenItRings()
  useRingThatEnds(card, stage)
  useTabSign(stage.name, tabTitle(stage, caller.title, { ringing: t('tab.ringing'), talking: t('tab.talking'), resting: '' }))

  return (
    <div className={`telephone ${stage.name}`}>
      <h2 className="sr">{t('bar.name')}</h2>
      {desk.data && <StateMenu desk={desk.data} stage={stage} />}
      {card ? <InCall card={card} stage={stage} caller={caller} /> : <AtRest stage={stage} />}
      <Queues />
      {stage.name !== 'ringing' && <OfferedTicket />}
      {stage.name !== 'ringing' && <OfferedMail />}
      {card && stage.name === 'ringing' && <IncomingCall key={card.offer ?? card.callId} card={card} caller={caller} />}
    </div>
  )
}

/** Who is at the other end: the contact that the operator has chosen, and before that the number. */
export function useCaller(card: CallCard | null, stage: Stage) {
  const { t } = useTranslation('web-desk')
  const interaction = useInteraction(card?.callId ?? null, stage.name === 'talking').data
  return callerOf(card ?? { from: null, contacts: [] }, interaction?.contact ?? null, {
    hidden: t('caller.hidden'),
    phone: phoneText,
    numberOf: name => t('caller.numberOf', { name }),
    numberOfSeveral: count => t('caller.numberOfSeveral', { count }),
  })
}

/** After a reload of the page, an operator in service gets the telephone back without a press. */
function useOpenedTelephone(state: string | undefined): void {
  const inService = state !== undefined && state !== 'signed-out'
  const { page } = useTelephone()
  useEffect(() => {
    // Also when the tab that had it is closed: the page is free then.
    if (inService && !telephone.snapshot().open && page !== 'elsewhere') void telephone.open()
  }, [inService, page])
}

/** The telephone rings before the live message comes: the card is asked for at once. */
function useRenewWhenItRings(): void {
  const renew = useRenew()
  const { call } = useTelephone()
  const { stage } = useHandSet()
  const leg = call?.leg
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the leg asks anew
  useEffect(renew, [leg, stage, renew])
}

/** A ring that ends by itself is explained: it would be gone without a word. */
function useRingThatEnds(card: CallCard | null, stage: Stage): void {
  const { t } = useTranslation('web-desk')
  const client = useQueryClient()
  const rang = useRef<CallCard | null>(null)
  const ringing = stage.name === 'ringing' ? card : null
  useEffect(() => {
    const before = rang.current
    rang.current = ringing
    if (before === null || (ringing ?? card)?.callId === before.callId) return
    client
      .fetchQuery({ ...turnsOptions, staleTime: 0 })
      .then(({ items }) => {
        const word = endOfRing(items.find(turn => turn.callId === before.callId && turn.offer === before.offer))
        if (word !== null) notify(t(`ring.${word}`))
      })
      // The list of today's calls says it too.
      .catch(() => undefined)
  }, [ringing, card, client, t])
}

// --- in a call ------------------------------------------------------------------------------------------------------

function InCall({ card, stage, caller }: { card: CallCard; stage: Stage; caller: { title: string; hint: string | null } }) {
  const { t } = useTranslation('web-desk')
  const talking = stage.name === 'talking'
  const way = wayOf(card)
  return (
    <>
      <div className="who">
        <div className="clip">
          {card.callback && <Pill tone="wait">{t('callback.title')}</Pill>} <b>{caller.title}</b>{' '}
          {caller.hint && <span>· {caller.hint}</span>} <NumberMark card={card} />
        </div>
        <div className="clip sub">
          {[way.section, way.from ? t(`before.${way.from.how}`, { ...way.from }) : way.path && t('bar.path', { path: way.path })]
            .filter(Boolean)
            .join(', ')}
          {stage.name === 'dialling' ? (
            <span role="status"> · {t('callback.rings')}</span>
          ) : (
            talking && <> · {t('bar.waited', { wait: shortDuration(card.waitedMs) })}</>
          )}
        </div>
      </div>
      {talking && card.connectedAt && (
        <div className="timer">
          <Duration since={card.connectedAt} />
        </div>
      )}
      {talking && <Meters />}
      <span className="grow" />
      {stage.name === 'dialling' && <Dialling callId={card.callId} />}
      {stage.name === 'talking' && (stage.interrupted ? <Interrupted /> : <CallButtons callId={card.callId} held={stage.held} />)}
    </>
  )
}

/** The line to this desk was lost: it rings here again as soon as the telephone is ready. Until then there is nothing to do with the call. */
function Interrupted() {
  const { t } = useTranslation('web-desk')
  const problem = problemOf(useTelephone())
  const open = useBecomeAvailable()
  return (
    <div className="row" role="status">
      <Pill tone="wait">{t('bar.interrupted')}</Pill>
      {problem ? (
        <>
          <span className="problem">{t(`problem.${problem}.short`)}</span>
          <Button className="go" onPress={() => open.mutate()} isPending={open.isPending}>
            {problem === 'elsewhere' ? t('problem.elsewhere.action') : t('bar.tryAgain')}
          </Button>
        </>
      ) : (
        <span className="small">{t('bar.ringsAgain')}</span>
      )}
    </div>
  )
}

/** The citizen's telephone rings: one can only let it be. It is tried again later. */
function Dialling({ callId }: { callId: string }) {
  const { t } = useTranslation('web-desk')
  const hangUp = useHangUp()
  const end = () => hangUp.mutate(callId)
  useDeskKey('F9', t('callback.stop'), end)
  return (
    <fieldset className="call-buttons" aria-label={t('bar.actions')}>
      <Button kbd="F9" tone="danger" onPress={end} isPending={hangUp.isPending}>
        {t('callback.stop')}
      </Button>
    </fieldset>
  )
}

const shortDuration = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

function Meters() {
  const { t } = useTranslation('web-desk')
  const { stage, muted, where } = useHandSet()
  const levels = useLevels(where === 'here' && stage === 'talking')
  // The voices are in the tab that has the telephone.
  if (where !== 'here') return <Elsewhere where={where} />
  return (
    <span className="meters">
      <Meter level={levels.heard} label={t('bar.heard')} />
      <Meter level={levels.said} label={muted ? t('bar.mutedNow') : t('bar.said')} quiet />
    </span>
  )
}

/** Where the telephone is, when it is not in this tab. */
function Elsewhere({ where }: { where: 'other-tab' | 'none' }) {
  const { t } = useTranslation('web-desk')
  return (
    <span className="telephone-elsewhere" role="status">
      <Pill tone="info">{t(where === 'other-tab' ? 'bar.inOtherTab' : 'bar.onOtherMachine')}</Pill>
    </span>
  )
}

function CallButtons({ callId, held }: { callId: string; held: boolean }) {
  const { t } = useTranslation('web-desk')
  const { muted, reconnecting, where } = useHandSet()
  const action = useCallAction()
  const hangUp = useHangUp()
  const transfer = useTransferDialog()
  const mute = () => telephone.mute(!muted)
  const hold = () => action.mutate({ callId, action: held ? 'resume' : 'hold' })
  const end = () => hangUp.mutate(callId)
  useDeskKey('m', muted ? t('bar.unmute') : t('bar.mute'), mute)
  useDeskKey('h', held ? t('bar.resume') : t('bar.hold'), hold)
  useDeskKey('t', t('bar.transfer'), transfer.open)
  useDeskKey('F9', t('bar.hangUp'), end)
  return (
    <fieldset className="call-buttons" aria-label={t('bar.actions')}>
      {reconnecting && <Pill tone="wait">{t('bar.reconnecting')}</Pill>}
      <Button
        kbd="M"
        onPress={mute}
        aria-pressed={muted}
        className={muted ? 'on' : ''}
        label={muted ? t('bar.unmute') : t('bar.mute')}
        why={where === 'none' ? t('bar.muteThere') : null}
      >
        {muted ? t('bar.muted') : t('bar.mute')}
      </Button>
      <Button kbd="H" onPress={hold} aria-pressed={held} className={held ? 'on' : ''} isPending={action.isPending}>
        {held ? t('bar.resume') : t('bar.hold')}
      </Button>
      <Button kbd="T" icon="exchange-circle" onPress={transfer.open}>
        {t('bar.transfer')}
      </Button>
      <Button kbd="F9" tone="danger" onPress={end} isPending={hangUp.isPending}>
        {t('bar.hangUp')}
      </Button>
      <TransferDialog callId={callId} isOpen={transfer.isOpen} onClose={transfer.close} />
    </fieldset>
  )
}

// --- at rest --------------------------------------------------------------------------------------------------------

function AtRest({ stage }: { stage: Stage }) {
  const { t } = useTranslation('web-desk')
  const desk = useDesk().data
  const state = useTelephone()
  const problem = problemOf(state)
  const available = useBecomeAvailable()
  const endWrapUp = useEndWrapUp()
  const ready = () => {
    endWrapUp.mutate()
    goToStep('state')
  }
  useDeskKey('p', t('bar.ready'), ready, stage.name === 'finishing')
  if (!desk) return <span className="grow" />
  const inService = desk.state !== 'signed-out'
  // Available, or with a call whose card comes in a moment.
  const isTaken = desk.state === 'available' || desk.state === 'offered' || desk.state === 'in-conversation'
  return (
    <>
      <div className="who" role="status">
        {problem ? (
          <div className="clip2 problem">{t(`problem.${problem}.short`)}</div>
        ) : stage.name === 'finishing' ? (
          <div className="clip">
            {t('bar.finishing')}{' '}
            {desk.until && (
              <b>
                <Countdown until={desk.until} />
              </b>
            )}
          </div>
        ) : (
          <div className="clip2">
            {desk.state === 'paused'
              ? (desk.sentence ?? t(desk.reason ? `web:service.onPause.${desk.reason}` : 'bar.paused'))
              : t(`bar.rest.${desk.state === 'offered' && desk.offered === 'written' ? 'offered-work' : desk.state}`)}
          </div>
        )}
      </div>
      <span className="grow" />
      {problem === 'elsewhere' && inService ? (
        <Button onPress={() => available.mutate()} isPending={available.isPending}>
          {t('problem.elsewhere.action')}
        </Button>
      ) : stage.name === 'finishing' ? (
        <Button kbd="P" step="ready" className="go" onPress={ready} isPending={endWrapUp.isPending}>
          {t('bar.ready')}
        </Button>
      ) : isTaken && !problem ? null : (
        <Button className="go" onPress={() => available.mutate()} isPending={available.isPending}>
          {desk.state === 'available' ? t('bar.tryAgain') : t('bar.becomeAvailable')}
        </Button>
      )}
    </>
  )
}

/** The section of mine where most wait; when nobody waits, the one that I know best. */
function Queues() {
  const { t } = useTranslation('web-desk')
  const desk = useDesk().data
  const levelOf = (sectionId: string) => desk?.sections.find(section => section.id === sectionId)?.level ?? 0
  const [worst] = [...(desk?.queues ?? [])].sort((a, b) => b.waiting - a.waiting || levelOf(b.sectionId) - levelOf(a.sectionId))
  if (!worst) return null
  return (
    <div className="queues">
      <div className="clip">
        {worst.name}: <b className="num">{t('queue.waiting', { count: worst.waiting })}</b>
      </div>
      {worst.longestSince && (
        <div>
          {t('queue.longest')}{' '}
          <b>
            <Duration since={worst.longestSince} short />
          </b>
        </div>
      )}
    </div>
  )
}
