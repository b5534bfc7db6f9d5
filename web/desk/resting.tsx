/** The desk between two calls: am I available, how busy are we, what is left to do today. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Desk } from '../../src/distribution/model.ts'
import { goToStep, isFocusNowhere } from '../shared/focus.ts'
import { Button, Card, Duration, ErrorState, Loading, Notice, phoneText } from '../shared/ui/index.ts'
import { useBecomeAvailable, usePause } from './calls.ts'
import { figuresOf } from './figures.ts'
import { useDesk, useOwnInteractions, useTurns } from './queries.ts'
import { problemOf } from './telephone/state.ts'
import { useTelephone } from './telephone/use-telephone.ts'

/** @param isDialling the number of a callback rings: nothing to write yet, and nothing to press but to let it be */
export function Resting({ isDialling, onChoose }: { isDialling: boolean; onChoose: (callId: string) => void }) {
  const desk = useDesk()
  if (desk.isPending) return <Loading />
  if (!desk.data) return <ErrorState error={desk.error} onRetry={() => void desk.refetch()} />
  return (
    <div className="at-rest">
      <OwnState desk={desk.data} isDialling={isDialling} />
      <Busy desk={desk.data} />
      <LeftToDo onChoose={onChoose} />
    </div>
  )
}

function OwnState({ desk, isDialling }: { desk: Desk; isDialling: boolean }) {
  const { t } = useTranslation('web-desk')
  const telephone = useTelephone()
  const problem = problemOf(telephone)
  const available = useBecomeAvailable()
  const pause = usePause()
  const face = isDialling ? 'dialling' : desk.state === 'offered' && desk.offered === 'written' ? 'offered-work' : desk.state
  const isAvailable = desk.state === 'available'
  // The page begins, or what was pressed is done: on to the first thing to do, and then to where the next call comes.
  useEffect(() => {
    if (isFocusNowhere()) goToStep(isAvailable ? 'state' : 'available')
  }, [isAvailable])
  const isBusy = desk.state === 'offered' || desk.state === 'in-conversation'
  const silenced = desk.state === 'paused' && (desk.reason === 'no-answer' || desk.reason === 'failed')
  return (
    <section className={`own-state ${desk.state}`} aria-label={t('resting.state')}>
      <div className="row top wrap">
        <div className="grow">
          <h2 className="own-state-title">{t(`resting.title.${face}`)}</h2>
          <p className="muted">
            {isAvailable && desk.sections.length > 0
              ? t('resting.serving', { sections: desk.sections.map(section => section.name).join(', ') })
              : t(`resting.text.${face}`)}
            {desk.since && desk.state !== 'signed-out' && (
              <>
                {' '}
                {t('resting.since')} <Duration since={desk.since} short />
              </>
            )}
          </p>
        </div>
        {isAvailable ? (
          <Button key="pause" tall onPress={() => pause.mutate('break')} isPending={pause.isPending}>
            {t('resting.pause')}
          </Button>
        ) : isBusy ? null : (
          <Button
            key="available"
            step="available"
            tall
            tone="primary"
            onPress={() => available.mutate()}
            isPending={available.isPending}
          >
            {t('bar.becomeAvailable')}
          </Button>
        )}
      </div>
      {silenced && desk.sentence && (
        <Notice tone="wait" live>
          {desk.sentence}
        </Notice>
      )}
      {problem && (
        <Notice
          tone={problem === 'elsewhere' ? 'info' : 'late'}
          title={t(`problem.${problem}.title`)}
          live
          action={
            <Button onPress={() => available.mutate()} isPending={available.isPending}>
              {problem === 'elsewhere' ? t('problem.elsewhere.action') : t('bar.tryAgain')}
            </Button>
          }
        >
          {t(`problem.${problem}.text`)}
        </Notice>
      )}
      {telephone.microphone === 'asking' && (
        <Notice title={t('resting.asking.title')} live>
          {t('resting.asking.text')}
        </Notice>
      )}
    </section>
  )
}

function Busy({ desk }: { desk: Desk }) {
  const { t } = useTranslation('web-desk')
  const waiting = desk.queues.reduce((sum, queue) => sum + queue.waiting, 0)
  return (
    <Card title={waiting === 0 ? t('busy.calm') : t('busy.title', { count: waiting })} level="h2">
      {desk.queues.length === 0 ? (
        <p className="muted">{t('busy.noSections')}</p>
      ) : (
        <ul className="queue-list">
          {desk.queues.map(queue => (
            <li key={queue.sectionId}>
              <span className="grow clip">{queue.name}</span>
              <b className={queue.waiting > 0 ? 'num' : 'num muted'}>{t('queue.waiting', { count: queue.waiting })}</b>
              <span className="queue-longest muted">
                {queue.longestSince && (
                  <>
                    {t('queue.longest')} <Duration since={queue.longestSince} short />
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

/** Conversations that have no end yet: today's and those of the days before. */
function LeftToDo({ onChoose }: { onChoose: (callId: string) => void }) {
  const { t } = useTranslation('web-desk')
  const own = useOwnInteractions()
  const turns = useTurns().data?.items ?? []
  const items = own.data?.items ?? []
  const open = items.filter(item => item.state === 'open' && item.callId !== null)
  const figures = figuresOf(turns, items)
  return (
    <Card title={open.length === 0 ? t('left.none') : t('left.title', { count: open.length })} level="h2">
      {open.length === 0 ? (
        <p className="muted">{t('left.noneText')}</p>
      ) : (
        <ul className="left-list">
          {open.map(item => (
            <li key={item.id}>
              <button type="button" className="left-item" onClick={() => item.callId && onChoose(item.callId)}>
                <b className="clip">{item.contact?.name ?? (item.from ? phoneText(item.from) : t('caller.hidden'))}</b>
                <small className="clip">{item.typology ?? t('today.noTypology')}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
      {figures.answered > 0 && (
        <p className="figures muted">{t('left.figures', { count: figures.answered, closed: figures.closedAtOnce })}</p>
      )}
    </Card>
  )
}
