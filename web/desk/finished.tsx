/** The conversation has its end: what became of it, in one sentence to say aloud, and the code that the citizen is told. */
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Interaction } from '../../src/cases/model.ts'
import { useCase } from '../shared/case/case-view.tsx'
import { CaseFiles } from '../shared/case/files.tsx'
import { SecondContact } from '../shared/case/second-contact.tsx'
import { stepAt } from '../shared/focus.ts'
import { addressText } from '../shared/reply.ts'
import { clock, longDay, spokenCode } from '../shared/time.ts'
import { Button, Card, Link, Notice, notify } from '../shared/ui/index.ts'
import { type Booked, bookedKey, useExplainRepeat } from './queries.ts'

export function Finished({ interaction, onClose }: { interaction: Interaction; onClose: (() => void) | null }) {
  const { t } = useTranslation('web-desk')
  const { code } = interaction
  const booked = useQueryClient().getQueryData<Booked>(bookedKey(interaction.id))
  const matter = useCase(interaction.caseId)
  const explain = useExplainRepeat(interaction.id)
  const copy = () => {
    if (code === null) return
    navigator.clipboard.writeText(code).then(
      () => notify(t('finished.copied')),
      () => notify(t('finished.notCopied'), 'late'),
    )
  }
  // A second contact about what is open elsewhere closes nothing.
  const staysOpen = interaction.state === 'answered' && matter.data?.status === 'open'
  return (
    <div className="col finished" role="status">
      <Card>
        <div className="col">
          <h3 className="finished-what" tabIndex={-1} {...stepAt('finished')}>
            {t(staysOpen ? 'finished.answeredAgain' : `finished.${interaction.state}`)}
          </h3>
          <ToSay interaction={interaction} booked={booked} />
          {code !== null && (
            <div className="row wrap top codes">
              <div>
                <div className="label">{t('finished.code')}</div>
                <div className="code num">{spokenCode(code)}</div>
              </div>
              {booked && booked.dayCode !== null && (
                <div>
                  <div className="label">{t('finished.dayCode')}</div>
                  <div className="code num">{booked.dayCode}</div>
                </div>
              )}
              <span className="grow" />
              <Button icon="copy" onPress={copy}>
                {t('finished.copy')}
              </Button>
              {interaction.caseId && (
                <Link className="button" to="/cric/cases/$caseId" params={{ caseId: interaction.caseId }}>
                  {t('finished.open')}
                </Link>
              )}
            </div>
          )}
          <dl className="facts">
            {interaction.contact && (
              <>
                <dt>{t('finished.contact')}</dt>
                <dd>{interaction.contact.name}</dd>
              </>
            )}
            {interaction.typology && (
              <>
                <dt>{t('typology.label')}</dt>
                <dd>{interaction.typology}</dd>
              </>
            )}
            {interaction.question && (
              <>
                <dt>{t('finished.question')}</dt>
                <dd className="prose">{interaction.question}</dd>
              </>
            )}
            {interaction.answer && (
              <>
                <dt>{t('finished.answer')}</dt>
                <dd className="prose">{interaction.answer}</dd>
              </>
            )}
          </dl>
        </div>
      </Card>
      {interaction.linea?.isItMatter && interaction.caseId && <CaseFiles matter={{ id: interaction.caseId }} />}
      <SecondContact repeats={interaction.repeats} onSay={explain} />
      {onClose && (
        <div className="row">
          <Button onPress={onClose}>{t('work.close')}</Button>
        </div>
      )}
    </div>
  )
}

/** What the citizen must hear before the call ends: who answers, until when and where; or when and where to come. */
function ToSay({ interaction: { linea }, booked }: { interaction: Interaction; booked: Booked | undefined }) {
  const { t, i18n } = useTranslation('web-desk')
  const at = (instant: string) => longDay(Date.parse(instant), i18n.language)
  if (booked) {
    const time = clock(Date.parse(booked.start), i18n.language)
    return (
      <blockquote className="to-say">
        {t(`finished.say.${booked.dayCode === null ? 'appointment' : 'appointmentNumber'}`, {
          ...{ day: at(booked.start), time, office: booked.unit.name, service: booked.service.name },
          dayCode: booked.dayCode,
        })}
      </blockquote>
    )
  }
  if (!linea) return null
  const { kind, address } = linea.replyTo
  const where = addressText(address)
  return (
    <>
      <blockquote className="to-say">
        {t(`finished.say.${kind}`, {
          centre: linea.centre,
          day: linea.dueAt === null ? t('finished.say.afterReply') : at(linea.dueAt),
          where,
        })}
      </blockquote>
      {!linea.mailLeaves && <Notice tone="late">{t('finished.noMail')}</Notice>}
    </>
  )
}
