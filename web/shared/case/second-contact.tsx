/** The citizen has come again about what was closed some days ago: said while the conversation goes on, and asked why, once, when it has ended. */
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RepeatCause, Repeats } from '../../../src/cases/model.ts'
import { useShortcut } from '../shortcuts.ts'
import { spokenCode } from '../time.ts'
import { Ago, Button, Link, Notice, Problem } from '../ui/index.ts'
import './case.css'

const causes: readonly RepeatCause[] = ['unclear', 'unsolved', 'new-fact', 'other']

/**
 * Marks what is a second contact, and leads to the case that it comes back to.
 * @param onSay keeps why the citizen came again, as one of the causes
 * @param goesOn the case of a conversation that goes on: the closed one, which is opened again, or none, for a new one that is linked with it
 */
export function SecondContact({
  repeats,
  onSay,
  goesOn,
}: {
  repeats: Repeats | null
  onSay: (cause: RepeatCause) => Promise<unknown>
  goesOn?: { caseId: string | null; onCase: (caseId: string | null) => void } | undefined
}) {
  const { t } = useTranslation()
  if (!repeats) return null
  return (
    <Notice tone="info" title={t('again.title')}>
      <p className="small">
        {repeats.title} · {t('again.closed')} <Ago at={repeats.closedAt} /> ·{' '}
        <Link to="/cases/$caseId" params={{ caseId: repeats.caseId }}>
          {spokenCode(repeats.code)}
        </Link>
        {repeats.cause && ` · ${t(`again.cause.${repeats.cause}`)}`}
      </p>
      {goesOn && (
        <fieldset className="again" aria-label={t('again.goOn')}>
          <p>{t('again.goOn')}</p>
          <div className="row wrap">
            <Button
              aria-pressed={goesOn.caseId === repeats.caseId}
              tone={goesOn.caseId === repeats.caseId ? 'primary' : 'plain'}
              onPress={() => goesOn.onCase(repeats.caseId)}
            >
              {t('again.reopen')}
            </Button>
            <Button
              aria-pressed={goesOn.caseId === null}
              tone={goesOn.caseId === null ? 'primary' : 'plain'}
              onPress={() => goesOn.onCase(null)}
            >
              {t('again.follow')}
            </Button>
          </div>
        </fieldset>
      )}
      {repeats.asks && <Why onSay={onSay} />}
    </Notice>
  )
}

function Why({ onSay }: { onSay: (cause: RepeatCause) => Promise<unknown> }) {
  const { t } = useTranslation()
  const say = useMutation({ mutationFn: onSay })
  return (
    <fieldset className="again" aria-label={t('again.why')}>
      <p>{t('again.why')}</p>
      <div className="row wrap">
        {causes.map((cause, index) => (
          <Cause key={cause} keys={String(index + 1)} label={t(`again.cause.${cause}`)} onChoose={() => say.mutate(cause)} />
        ))}
      </div>
      <Problem error={say.error} />
    </fieldset>
  )
}

function Cause({ keys, label, onChoose }: { keys: string; label: string; onChoose: () => void }) {
  const { t } = useTranslation()
  useShortcut({ keys, label, group: t('shortcuts.here') }, onChoose)
  return (
    <Button kbd={keys} onPress={onChoose}>
      {label}
    </Button>
  )
}
