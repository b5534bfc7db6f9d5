/** One guide: its steps, the page for citizens, how it went, its versions; whoever keeps it changes it here. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Guide, GuideContent, GuideFigures, GuideVersion } from '../../src/guides/model.ts'
import { api } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { ReasonDialog } from '../shared/reason-dialog.tsx'
import { date } from '../shared/time.ts'
import { Ago, Button, Card, ErrorState, Link, Loading, notify, Pill, useNow } from '../shared/ui/index.ts'
import { VersionList } from '../shared/version-list.tsx'
import { GuideForm } from './guide-form.tsx'
import { useGuide, useGuideFigures, useGuideVersions, useTakeIn } from './queries.ts'

export function GuideDetail({ guideId }: { guideId: string }) {
  const guide = useGuide(guideId)
  /** What the form begins with, while it is open: the guide as it is, or an earlier version. */
  const [begins, setBegins] = useState<GuideContent | null>(null)
  if (guide.error) return <ErrorState error={guide.error} onRetry={() => void guide.refetch()} />
  if (!guide.data) return <Loading />
  const close = () => {
    setBegins(null)
    goToStep('change-guide')
  }
  if (begins) return <GuideForm guide={guide.data} begins={begins} onClose={close} onSaved={close} />
  return <Shown guide={guide.data} onChange={setBegins} />
}

function Shown({ guide, onChange }: { guide: Guide; onChange: (begins: GuideContent) => void }) {
  const { t } = useTranslation('web-guides')
  const [asking, setAsking] = useState(false)
  const { content, change } = guide
  return (
    <article className="guide">
      <header className="row top wrap">
        <div className="grow">
          <h2>{content.title}</h2>
          <small>
            {t('version', { version: guide.version })} · {t('changedBy', { name: guide.changedBy })} <Ago at={guide.changedAt} />
          </small>
        </div>
        {guide.retired && <Pill>{t('retiredPill')}</Pill>}
      </header>
      {change.allowed && (
        <div className="row wrap">
          <Button tone="primary" icon="pencil" step="change-guide" onPress={() => onChange(content)}>
            {t('change')}
          </Button>
          <Button onPress={() => setAsking(true)}>{t(guide.retired ? 'form.takeBack' : 'form.retire')}</Button>
        </div>
      )}
      <p className="prose">{content.summary}</p>
      <Card title={t('needs')}>
        <p className="prose">{content.needs || t('noNeeds')}</p>
        <p className="small">
          {t('for')}: {guide.typologies.map(({ name }) => name).join(', ') || t('forNothing')}
        </p>
      </Card>
      {!guide.retired && <PublicPage guideId={guide.id} />}
      <Card title={t('allSteps')}>
        <ol className="guide-steps">
          {content.steps.map(step => (
            <li key={step.id}>
              <h3>
                {step.title} {step.optional && <Pill small>{t('optional')}</Pill>}
              </h3>
              <Words label={t('help')} text={step.help} />
              <Words label={t('citizen')} text={step.citizen} />
              <Words label={t('otherwise')} text={step.otherwise} />
            </li>
          ))}
        </ol>
      </Card>
      <Figures guideId={guide.id} />
      <Versions guide={guide} onTake={change.allowed ? onChange : null} />
      {asking && <RetireDialog guide={guide} onClose={() => setAsking(false)} />}
    </article>
  )
}

const Words = ({ label, text }: { label: string; text: string }) =>
  text === '' ? null : (
    <div>
      <small>{label}</small>
      <p className="prose">{text}</p>
    </div>
  )

function PublicPage({ guideId }: { guideId: string }) {
  const { t } = useTranslation('web-guides')
  const address = `${location.origin}/guide/${guideId}`
  return (
    <Card title={t('public')}>
      <p className="small">{t('publicText')}</p>
      <p className="num guide-address">{address}</p>
      <div className="row wrap">
        <Button
          icon="copy"
          onPress={() =>
            void navigator.clipboard.writeText(address).then(
              () => notify(t('copied')),
              () => undefined,
            )
          }
        >
          {t('copy')}
        </Button>
        <Link to="/guide/$guideId" params={{ guideId }} target="_blank">
          {t('open')}
        </Link>
      </div>
    </Card>
  )
}

function Figures({ guideId }: { guideId: string }) {
  const { t } = useTranslation('web-guides')
  const figures = useGuideFigures(guideId)
  return (
    <Card title={t('figures.title')}>
      {figures.error ? (
        <ErrorState error={figures.error} onRetry={() => void figures.refetch()} />
      ) : !figures.data ? (
        <Loading lines={2} />
      ) : (
        <Numbers figures={figures.data} />
      )}
    </Card>
  )
}

function Numbers({ figures: { sessions, since, outcomes, medianMinutes, failed } }: { figures: GuideFigures }) {
  const { t, i18n } = useTranslation('web-guides')
  const now = useNow()
  if (since === null) return <p className="muted">{t('figures.none')}</p>
  return (
    <div className="col">
      <p>{t('figures.about', { count: sessions, since: date(Date.parse(since), i18n.language, now) })}</p>
      <ul className="guide-outcomes">
        {outcomes.map(each => (
          <li key={each.outcome} className="row">
            <span className="grow">{t(`outcomes.${each.outcome ?? 'going-on'}`)}</span>
            <b className="num">{each.sessions}</b>
          </li>
        ))}
      </ul>
      {medianMinutes !== null && <p className="small">{t('figures.median', { minutes: Math.round(medianMinutes) })}</p>}
      <h4>{t('figures.failed')}</h4>
      {failed.length === 0 ? (
        <p className="muted">{t('figures.failedNone')}</p>
      ) : (
        <ul className="guide-outcomes">
          {failed.map(each => (
            <li key={each.stepId} className="row">
              <span className="grow">{each.title}</span>
              <b className="num">{t('figures.times', { count: each.sessions })}</b>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Versions({ guide, onTake }: { guide: Guide; onTake: ((content: GuideContent) => void) | null }) {
  const { t } = useTranslation('web-guides')
  const versions = useGuideVersions(guide.id)
  return (
    <section>
      <h3>{t('history')}</h3>
      <VersionList
        query={versions}
        inForce={guide.version}
        onTake={onTake && ((version: GuideVersion) => onTake(version.content))}
      />
    </section>
  )
}

/** Retires a guide, or takes it back, with the reason. */
function RetireDialog({ guide, onClose }: { guide: Guide; onClose: () => void }) {
  const { t } = useTranslation('web-guides')
  const takeIn = useTakeIn()
  const retired = !guide.retired
  const { title } = guide.content
  return (
    <ReasonDialog
      name={`guide-retired:${guide.id}`}
      texts={{
        title: t(retired ? 'form.retireTitle' : 'form.takeBackTitle', { title }),
        act: t(retired ? 'form.retire' : 'form.takeBack'),
        reason: t('form.reason'),
        missing: t('form.writeReason'),
        done: t(retired ? 'form.retired' : 'form.takenBack', { title }),
      }}
      onSave={async reason => {
        const body = { content: guide.content, retired, reason }
        takeIn(await api.put('/api/guides/:guideId', { path: { guideId: guide.id }, body, version: guide.version }))
        return 'saved'
      }}
      onClose={onClose}
    >
      {null}
    </ReasonDialog>
  )
}
