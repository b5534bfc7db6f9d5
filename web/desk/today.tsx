/**
 * Today's calls, newest first; the one that is talked about on top. What has no end yet is marked, and one press away. A call that only rang
 * has no sheet: it opens to why it rang here.
 */
import { useTranslation } from 'react-i18next'
import { clock, duration } from '../shared/time.ts'
import { EmptyState, ErrorState, Icon, Loading, Pill, phoneText, type Tone } from '../shared/ui/index.ts'
import { figuresOf, type TodayLine, todayLines } from './figures.ts'
import { useOwnInteractions, useTurns } from './queries.ts'
import { Why } from './why.tsx'

export function Today({
  current,
  live,
  onChoose,
}: {
  current: string | null
  live: string | null
  onChoose: (callId: string) => void
}) {
  const { t } = useTranslation('web-desk')
  const turns = useTurns()
  const own = useOwnInteractions()
  const figures = figuresOf(turns.data?.items ?? [], own.data?.items ?? [])
  const lines = todayLines(turns.data?.items ?? [], own.data?.items ?? [])
  return (
    <section className="today" aria-label={t('today.title')}>
      <header>
        <h2 className="grow">{t('today.title')}</h2>
        {figures.answered > 0 && (
          <span className="tiny num">
            {t('today.calls', { count: figures.answered })}
            {figures.meanMs !== null && ` · ${t('today.mean', { length: duration(figures.meanMs, true) })}`}
          </span>
        )}
      </header>
      {turns.isPending ? (
        <Loading />
      ) : turns.error ? (
        <ErrorState error={turns.error} onRetry={() => void turns.refetch()} />
      ) : lines.length === 0 ? (
        <EmptyState title={t('today.none')} icon="telephone">
          {t('today.noneText')}
        </EmptyState>
      ) : (
        <ul>
          {lines.map(line => (
            <Line
              key={line.callId}
              line={line}
              isCurrent={line.callId === current}
              isLive={line.callId === live}
              onChoose={onChoose}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

function Line({
  line,
  isCurrent,
  isLive,
  onChoose,
}: {
  line: TodayLine
  isCurrent: boolean
  isLive: boolean
  onChoose: (callId: string) => void
}) {
  const { t, i18n } = useTranslation('web-desk')
  const { interaction } = line
  const content = (
    <>
      <b className="clip">{interaction?.contact?.name ?? (line.from ? phoneText(line.from) : t('caller.hidden'))}</b>
      <time className="num small" dateTime={line.at}>
        {clock(Date.parse(line.at), i18n.language)}
      </time>
      <small className="clip">{interaction?.typology ?? line.office ?? t('today.noTypology')}</small>
      <span className="end">
        <Outcome line={line} isLive={isLive} />
      </span>
    </>
  )
  if (!interaction && !isLive)
    return (
      <li>
        <Why callId={line.callId} className="today-why">
          <span className="today-item rang">
            {content}
            <span className="tiny today-ask">
              <Icon name="chevron-right" size={16} /> {t('why.title')}
            </span>
          </span>
        </Why>
      </li>
    )
  return (
    <li>
      <button
        type="button"
        className={isCurrent ? 'today-item on' : 'today-item'}
        aria-current={isCurrent ? 'true' : undefined}
        onClick={() => onChoose(line.callId)}
      >
        {content}
      </button>
    </li>
  )
}

const tones: Readonly<Record<string, Tone>> = { linea: 'wait', appointment: 'plain', open: 'late' }

function Outcome({ line, isLive }: { line: TodayLine; isLive: boolean }) {
  const { t } = useTranslation('web-desk')
  if (isLive)
    return (
      <Pill tone="info" small>
        {t('today.now')}
      </Pill>
    )
  const state = line.interaction?.state
  if (!state) return <span className="tiny">{t(`today.outcome.${line.outcome}`)}</span>
  if (state === 'answered') return <span className="tiny">{t('today.state.answered')}</span>
  return (
    <Pill tone={tones[state] ?? 'plain'} small>
      {t(`today.state.${state}`)}
    </Pill>
  )
}
