/** What became of a message that left as registered mail: a line of states with the instants that count in law, and the proof of it. */
import { useTranslation } from 'react-i18next'
import type { RegisteredLine } from '../../../src/channels/registered/model.ts'
import { exact } from '../time.ts'
import { Notice, Pill } from '../ui/index.ts'

type Step = RegisteredLine['steps'][number]

const good: readonly Step['kind'][] = ['accepted', 'taken-in-charge', 'delivered']
const bad: readonly Step['kind'][] = ['not-accepted', 'not-delivered', 'virus']

/** What nobody whom we trust has signed is neither good nor bad. */
const toneOf = ({ kind, verdict }: Step) =>
  verdict !== null && verdict !== 'valid' ? 'wait' : good.includes(kind) ? 'ok' : bad.includes(kind) ? 'late' : 'plain'

/** @param proof where the proof of the message is downloaded */
export function RegisteredSteps({ line, proof }: { line: RegisteredLine; proof: string }) {
  const { t, i18n } = useTranslation()
  return (
    <div className="registered">
      {line.silenceHours !== null && <Notice tone="late">{t('pec.missing', { hours: line.silenceHours })}</Notice>}
      <ol aria-label={t('pec.line')}>
        {line.steps.map((step, number) => (
          // The same kind may come for several recipients, and at the same second.
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added, and in order
          <li key={number}>
            <Pill small tone={toneOf(step)}>
              {t(`pec.step.${step.kind}`)}
            </Pill>{' '}
            <small>
              {exact(new Date(step.at), i18n.language)}
              {step.to.length > 0 && ` · ${step.to.join(', ')}`}
              {step.verdict !== null && step.verdict !== 'valid' && ` · ${t(`pec.verdict.${step.verdict}`)}`}
              {step.detail && ` · ${step.detail}`}
            </small>
          </li>
        ))}
      </ol>
      <a className="link small" href={proof} download>
        {t('pec.proof')}
      </a>
    </div>
  )
}
