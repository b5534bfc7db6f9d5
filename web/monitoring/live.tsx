/** The live page: where does it hurt now? It moves with the journal, and reads nothing anew that has not changed. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AgentCounts, DayFigures, LiveFigures, SectionFigures } from '../../src/monitoring/model.ts'
import { api } from '../shared/api.ts'
import { useLiveState } from '../shared/live-context.tsx'
import { Sparkline } from '../shared/pictures/sparkline.tsx'
import { useSession } from '../shared/session.tsx'
import { clock, longDay, spokenDuration, told } from '../shared/time.ts'
import { Card, classes, Duration, EmptyState, ErrorState, Link, Loading, Pill, useNow } from '../shared/ui/index.ts'
import { Arrivals } from './arrivals.tsx'
import { DayChart } from './day-chart.tsx'
import { headlinesOf, target, thresholdSeconds, waitTone } from './headline.ts'
import './monitoring.css'
import type { LiveFilter } from '../shared/query.ts'

/** What looks back half an hour changes by the passing of time too. */
const renewMs = 15_000
const live: LiveFilter[] = ['call.', 'offer.', 'agent.', 'conversation.']

export default function LivePage() {
  const { t } = useTranslation('web-monitoring')
  const { acting } = useSession()
  const figures = useQuery({
    queryKey: ['monitoring', 'live'],
    queryFn: ({ signal }) => api.get('/api/monitoring/live', { signal }),
    refetchInterval: renewMs,
    meta: { live },
  })
  const day = useQuery({
    queryKey: ['monitoring', 'day'],
    queryFn: ({ signal }) => api.get('/api/monitoring/day', { signal }),
    refetchInterval: renewMs,
    meta: { live: ['call.queued'] },
  })
  return (
    <div className="padded monitoring">
      <header className="row wrap">
        <div className="grow live-title">
          <h1>{t('title')}</h1>
          <small>{acting.unitName}</small>
        </div>
        <Clock />
        <LivePill />
      </header>
      {figures.isPending ? (
        <Loading lines={8} />
      ) : figures.isError && !figures.data ? (
        <ErrorState error={figures.error} onRetry={() => void figures.refetch()} />
      ) : (
        <>
          {figures.data.behindSeconds > 0 && <Behind seconds={figures.data.behindSeconds} />}
          <Tiles figures={figures.data} />
          <Sections sections={figures.data.sections} total={figures.data.total} day={day.data} />
        </>
      )}
      {day.data && <DayChart figures={day.data} />}
      {day.isError && !day.data && (
        <Card>
          <ErrorState error={day.error} onRetry={() => void day.refetch()} />
        </Card>
      )}
      <Arrivals />
    </div>
  )
}

function Clock() {
  const { i18n } = useTranslation()
  const now = useNow('second')
  const seconds = told(now, i18n.language, { timeStyle: 'medium' })
  return (
    <span className="muted num live-clock" aria-hidden="true">
      {longDay(now, i18n.language)}, {seconds}
    </span>
  )
}

/** Figures that look back are honest about their age. */
function Behind({ seconds }: { seconds: number }) {
  const { t } = useTranslation('web-monitoring')
  return (
    <p role="status">
      <Pill tone="wait">{t('behind', { count: Math.round(seconds / 60) })}</Pill>
    </p>
  )
}

function LivePill() {
  const { t } = useTranslation('web-monitoring')
  const state = useLiveState()
  return (
    <Pill tone={state === 'live' ? 'ok' : 'wait'} dot>
      {t(`live.${state}`)}
    </Pill>
  )
}

const percent = (share: number | null, language: string): string =>
  share === null ? '–' : new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share)

const sum = (agents: AgentCounts): number => agents.available + agents.offered + agents.talking + agents.wrapUp + agents.paused

function Tiles({ figures: { total, sections } }: { figures: LiveFigures }) {
  const { t, i18n } = useTranslation('web-monitoring')
  const { share, answeredWithin20, offered } = total.serviceLevel30
  const longest = sections.find(section => section.longestSince !== null && section.longestSince === total.longestSince)
  return (
    <div className="tiles">
      <Card title={t('tiles.level')}>
        <div className={classes('big', share !== null && (share >= target ? 'good' : 'bad'))}>
          {percent(share, i18n.language)}
        </div>
        <small>
          {offered === 0
            ? t('tiles.noCalls')
            : t('tiles.levelOf', { answered: answeredWithin20, offered, target: percent(target, i18n.language) })}
        </small>
      </Card>
      <Card title={t('tiles.waiting')}>
        <div className="big">{total.waiting}</div>
        <small>
          {total.longestSince ? (
            <>
              {t('tiles.longest')} <Waited since={total.longestSince} />
              {longest && `, ${longest.name}`}
            </>
          ) : (
            t('tiles.nobodyWaits')
          )}
          {total.callbacks > 0 && ` · ${t('tiles.callbacks', { count: total.callbacks })}`}
        </small>
      </Card>
      <Card title={t('tiles.talking')}>
        <div className="big">{total.inConversation}</div>
        <small>{t('tiles.abandoned', { count: total.abandoned30 })}</small>
      </Card>
      <Card title={t('tiles.free')}>
        <div className="big">{total.agents.available}</div>
        <small>{t('tiles.present', { count: sum(total.agents), paused: total.agents.paused })}</small>
      </Card>
    </div>
  )
}

function Waited({ since }: { since: string }) {
  const now = useNow('second')
  return (
    <b className={classes('waited', waitTone(now - Date.parse(since)))}>
      <Duration since={since} short />
    </b>
  )
}

function Sections({
  sections,
  total,
  day,
}: {
  sections: readonly SectionFigures[]
  total: LiveFigures['total']
  day: DayFigures | undefined
}) {
  const { t, i18n } = useTranslation('web-monitoring')
  const maxWaitSeconds = Math.max(
    thresholdSeconds,
    ...(day?.waits.flatMap(({ seconds }) => seconds.map(each => each ?? 0)) ?? []),
  )
  const headline = headlinesOf(sections, total.agents)
    .map(each => t(`headline.${each.kind}`, each))
    .join(' · ')
  if (sections.length === 0) return <EmptyState title={t('noSections')} icon="chart-line" />
  return (
    <Card flush level="h2" title={<span aria-live="polite">{headline}</span>}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroll" aria-label={t('caption')} tabIndex={0}>
        <table className="table sections">
          <caption className="sr">{t('caption')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('columns.section')}</th>
              <th scope="col" className="right">
                {t('columns.waiting')}
              </th>
              <th scope="col" className="right">
                {t('columns.longest')}
              </th>
              <th scope="col">{t('columns.waits')}</th>
              <th scope="col" className="right">
                {t('columns.callbacks')}
              </th>
              <th scope="col" className="right">
                {t('columns.within')}
              </th>
              <th scope="col" className="right">
                {t('columns.abandoned')}
              </th>
              <th scope="col" className="right">
                {t('columns.inConversation')}
              </th>
              <th scope="col" className="agents">
                {t('columns.agents')}{' '}
                {(['available', 'talking', 'wrapUp', 'paused'] as const).map(state => (
                  <span key={state} className="legend">
                    <i className={state} />
                    {t(`columns.${state}`)}
                  </span>
                ))}
              </th>
            </tr>
          </thead>
          <tbody>
            {sections.map(section => (
              <tr key={section.id}>
                <th scope="row">
                  {section.name}
                  {!section.isOpen && <small> · {t('closed')}</small>}
                </th>
                <td className="right num" data-label={t('columns.waiting')}>
                  {section.waiting > 0 && section.agents.available === 0 ? (
                    <Pill tone="wait">{section.waiting}</Pill>
                  ) : (
                    section.waiting
                  )}
                </td>
                <td className="right num" data-label={t('columns.longest')}>
                  {section.longestSince ? <Waited since={section.longestSince} /> : '–'}
                </td>
                <td data-label={t('columns.waits')}>{day && <Waits day={day} sectionId={section.id} most={maxWaitSeconds} />}</td>
                <td className="right num" data-label={t('columns.callbacks')}>
                  {section.callbacks > 0 ? (
                    <Link to="/admin/lines/{-$sectionId}" params={{ sectionId: section.id }}>
                      {section.callbacks}
                    </Link>
                  ) : (
                    0
                  )}
                </td>
                <td className="right num" data-label={t('columns.within')}>
                  {percent(section.serviceLevel30.share, i18n.language)}
                </td>
                <td className="right num" data-label={t('columns.abandoned')}>
                  {section.abandoned30}
                </td>
                <td className="right num" data-label={t('columns.inConversation')}>
                  {section.inConversation}
                </td>
                <td className="agents" data-label={t('columns.agents')}>
                  <Agents agents={section.agents} />
                </td>
              </tr>
            ))}
          </tbody>
          {/* The people of all sections, each once: who serves three sections stands in three of the rows above. */}
          <tfoot>
            <tr>
              <th scope="row" colSpan={8}>
                {t('together')}
              </th>
              <td className="agents" data-label={t('columns.agents')}>
                <Agents agents={total.agents} />
              </td>
            </tr>
          </tfoot>
        </table>
      </section>
    </Card>
  )
}

/** How long callers waited for a section through the day, as a small line. */
function Waits({ day, sectionId, most }: { day: DayFigures; sectionId: string; most: number }) {
  const { t, i18n } = useTranslation('web-monitoring')
  const own = day.waits.find(each => each.sectionId === sectionId)?.seconds ?? []
  const known = own.flatMap((seconds, i) => (seconds === null ? [] : [{ seconds, start: day.slots[i]?.start ?? '' }]))
  const longest = known.toSorted((a, b) => b.seconds - a.seconds)[0]
  const last = known.at(-1)
  if (!longest || !last) return <span className="muted">–</span>
  const said = (seconds: number) => spokenDuration(Math.round(seconds) * 1_000, i18n.language)
  const at = (start: string) => clock(Date.parse(start), i18n.language)
  const [from, until] = [own.findIndex(each => each !== null), own.findLastIndex(each => each !== null)]
  return (
    <Sparkline
      values={own.slice(from, until + 1)}
      most={most}
      label={t('waitsSaid', {
        ...{ last: said(last.seconds), lastAt: at(last.start) },
        ...{ longest: said(longest.seconds), longestAt: at(longest.start) },
      })}
    />
  )
}

/** Agents by state: a bar for the eye, the figures beside it, words for screen readers. */
function Agents({ agents }: { agents: AgentCounts }) {
  const { t } = useTranslation('web-monitoring')
  const parts = [
    { name: 'available', count: agents.available },
    { name: 'talking', count: agents.talking + agents.offered },
    { name: 'wrapUp', count: agents.wrapUp },
    { name: 'paused', count: agents.paused },
  ]
  const all = sum(agents)
  return (
    <div className="row">
      <div className="agent-bar" aria-hidden="true">
        {all > 0 &&
          parts.map(part => <i key={part.name} className={part.name} style={{ width: `${(part.count / all) * 100}%` }} />)}
      </div>
      <span className="small num figures" aria-hidden="true">
        {parts.map(part => part.count).join(' · ')}
      </span>
      <span className="sr">{parts.map(part => t(`agents.${part.name}`, { count: part.count })).join(', ')}</span>
    </div>
  )
}
