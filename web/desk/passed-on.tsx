/** The call went on to a colleague: where it is and who writes it down now. What stands here is only to be read. */
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Interaction } from '../../src/cases/model.ts'
import { stepAt } from '../shared/focus.ts'
import { Card, Notice } from '../shared/ui/index.ts'
import type { ConversationForm } from './sheet.ts'

export function PassedOn({
  interaction,
  passedOn,
  sheet,
}: {
  interaction: Interaction
  passedOn: NonNullable<Interaction['passedOn']>
  sheet: ConversationForm
}) {
  const { t } = useTranslation('web-desk')
  const { section, by } = passedOn
  const told = [
    [t('finished.contact'), interaction.contact?.name],
    [t('typology.label'), interaction.typology],
    [t('finished.question'), interaction.question],
    [t('work.notes'), interaction.notes],
  ].filter(([, value]) => value)
  // Typed in the last moment, and too late for the colleague's sheet: it is not lost, and not sent either.
  const unsent = [sheet.fields.question, sheet.fields.notes, sheet.fields.answer].filter(
    text => text.trim() !== '' && ![interaction.question, interaction.notes, interaction.answer].includes(text),
  )
  return (
    <div className="col" role="status">
      <Card>
        <div className="col">
          <h3 tabIndex={-1} {...stepAt('finished')}>
            {section ? t('passedOn.to', { section: section.name }) : t('passedOn.elsewhere')}
          </h3>
          <p>{by ? t('passedOn.by', { name: by.name }) : t('passedOn.nobodyYet')}</p>
          {told.length > 0 && (
            <dl className="facts">
              {told.map(([label, value]) => (
                <Fragment key={label}>
                  <dt>{label}</dt>
                  <dd className="prose">{value}</dd>
                </Fragment>
              ))}
            </dl>
          )}
        </div>
      </Card>
      {by !== null && unsent.length > 0 && (
        <Notice tone="wait" title={t('passedOn.unsent')}>
          {unsent.map(text => (
            <p key={text} className="prose">
              {text}
            </p>
          ))}
        </Notice>
      )}
    </div>
  )
}
