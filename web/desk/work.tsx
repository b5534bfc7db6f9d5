/** The conversation: what is asked, and how it ends. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { Radio, RadioGroup } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Interaction } from '../../src/cases/model.ts'
import type { Contact } from '../../src/contacts/model.ts'
import type { CallCard } from '../../src/telephony/model.ts'
import { SecondContact } from '../shared/case/second-contact.tsx'
import { goToStep, isFocusNowhere, stepAt } from '../shared/focus.ts'
import { ClashNotices, DraftNotice } from '../shared/form/notices.tsx'
import { Assisted } from '../shared/guides/assisted.tsx'
import { spokenCode } from '../shared/time.ts'
import { TypologyField } from '../shared/typology.tsx'
import { Button, Card, Icon, type IconName, Kbd, Notice, Pill, TextArea } from '../shared/ui/index.ts'
import { type Ending, endings } from './ending.ts'
import { AnswerEnding } from './ending-answer.tsx'
import { AppointmentEnding } from './ending-appointment.tsx'
import { LineaEnding } from './ending-linea.tsx'
import { Finished } from './finished.tsx'
import { KnownErrors } from './known-errors.tsx'
import { PassedOn } from './passed-on.tsx'
import { useExplainRepeat } from './queries.ts'
import type { ConversationForm } from './sheet.ts'
import type { Saved } from './sheet-fields.ts'
import { atTheDesk, useDeskKey } from './shortcuts.ts'
import { nextStep, stepOfEnding } from './steps.ts'
import { Why } from './why.tsx'

export interface WorkProps {
  interaction: Interaction
  sheet: ConversationForm
  /** The call, while it goes on. */
  card: CallCard | null
  live: boolean
  onClose: () => void
  onShowPerson: () => void
}

export function Work({ interaction, sheet, card, live, onClose, onShowPerson }: WorkProps) {
  const { t } = useTranslation('web-desk')
  const { passedOn } = interaction
  const finished = interaction.state !== 'open' && passedOn === null
  useFocusOnTheWay(live, finished || passedOn !== null, sheet)
  return (
    <div className="work">
      <header className="work-head">
        <div className="grow">
          <h2 className="work-title">{passedOn ? t('passedOn.title') : finished ? t('work.finishedTitle') : t('work.title')}</h2>
          <p className="small">
            <Origin interaction={interaction} card={card} />
          </p>
        </div>
        <Button
          tone="quiet"
          icon="user"
          className="show-person"
          step={interaction.contact ? undefined : 'person'}
          onPress={onShowPerson}
        >
          {interaction.contact?.name ?? t('person.who')}
        </Button>
        {finished || passedOn ? null : <SaveState sheet={sheet} />}
        {!live && <Button tone="quiet" icon="close" label={t('work.close')} onPress={onClose} />}
      </header>
      {passedOn ? (
        <PassedOn interaction={interaction} passedOn={passedOn} sheet={sheet} />
      ) : finished ? (
        <Finished interaction={interaction} onClose={live ? null : onClose} />
      ) : (
        <OpenWork interaction={interaction} sheet={sheet} />
      )}
      {/* Last, so that on the way to the sheet nobody passes it. */}
      {interaction.callId !== null && <Why callId={interaction.callId} />}
    </div>
  )
}

/**
 * Answered: the first thing that is not known yet. Ended: what is said to the citizen, or, when nobody is on the line, being ready again. Hung
 * up: on with the sheet, unless the hand is somewhere in it.
 */
function useFocusOnTheWay(live: boolean, finished: boolean, { fields }: ConversationForm): void {
  const before = useRef({ live: false, finished })
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what happens to the call and to the sheet moves the focus, not what is written
  useEffect(() => {
    const was = before.current
    before.current = { live, finished }
    if (finished) {
      if (!was.finished) goToStep('ready', 'finished')
      else if (was.live && !live) goToStep('ready')
    } else if (live && !was.live) goToStep(nextStep(fields))
    else if (!live && was.live && (isFocusNowhere() || isAtTelephone())) goToStep(nextStep(fields))
  }, [live, finished])
}

const isAtTelephone = (): boolean => document.activeElement?.closest('.telephone') != null

/** Which office was called, from where. */
function Origin({ interaction, card }: { interaction: Interaction; card: CallCard | null }) {
  const { t } = useTranslation('web-desk')
  const office = card?.office?.name ?? interaction.office?.name
  if (!office) return t('work.noOffice')
  const places = [card?.province && t('work.province', { name: card.province.name }), card?.region?.name].filter(Boolean)
  return (
    <>
      {t('work.called')} <b>{office}</b>
      {places.length > 0 && ` · ${places.join(' · ')}`}
    </>
  )
}

function SaveState({ sheet }: { sheet: ConversationForm }) {
  const { t } = useTranslation('web-desk')
  if (sheet.state === 'failed' || sheet.state === 'refused')
    return (
      <Pill tone="wait" small>
        {t(`save.${sheet.state}`)}
      </Pill>
    )
  return <span className="tiny save-state">{t(`save.${sheet.state}`)}</span>
}

function OpenWork({ interaction, sheet }: { interaction: Interaction; sheet: ConversationForm }) {
  const { t } = useTranslation('web-desk')
  const { fields, change } = sheet
  const words = useWords(interaction, fields.typologyLabel)
  const explain = useExplainRepeat(interaction.id)
  const goOn = (ending: Ending) => {
    change({ ending })
    goToStep(stepOfEnding[ending])
  }
  return (
    <>
      {sheet.problem && (
        <Notice tone="wait" live>
          {t('save.problem', { reason: sheet.problem })}
        </Notice>
      )}
      <ClashNotices
        form={sheet.form}
        labels={{
          contactId: t('person.column'),
          caseId: t('person.matter'),
          typologyId: t('typology.label'),
          question: t('work.question'),
          notes: t('work.notes'),
        }}
        show={words}
        prose={['question', 'notes']}
      />
      <DraftNotice form={sheet.ending} />
      <Card className="question">
        <div className="col question-fields">
          <TypologyField
            value={fields.typologyId}
            label={fields.typologyLabel || interaction.typology || ''}
            onChange={(typologyId, typologyLabel) => {
              change({ typologyId, typologyLabel })
              if (typologyId !== null) goToStep(nextStep({ ...fields, typologyId }))
            }}
          />
          {fields.typologyId !== null && <KnownErrors typologyId={fields.typologyId} />}
          <TextArea
            label={t('work.question')}
            step="question"
            value={fields.question}
            onChange={question => change({ question })}
            rows={3}
          />
          <details className="notes" open={fields.notes !== ''}>
            <summary>{t('work.notes')}</summary>
            <TextArea
              label={t('work.notes')}
              hideLabel
              value={fields.notes}
              onChange={notes => change({ notes })}
              rows={2}
              hint={t('work.notesHint')}
            />
          </details>
        </div>
      </Card>
      <Assisted interactionId={interaction.id} typologyId={fields.typologyId} isOpen />
      <SecondContact
        repeats={interaction.repeats}
        onSay={explain}
        goesOn={{ caseId: fields.caseId, onCase: caseId => change({ caseId }) }}
      />
      <h3 id="ending-question">{t('ending.title')}</h3>
      <EndingChoice value={fields.ending} onLook={ending => change({ ending })} onChoose={goOn} />
      {fields.ending && (
        <div>
          {fields.ending === 'answer' && <AnswerEnding interaction={interaction} sheet={sheet} />}
          {fields.ending === 'linea' && <LineaEnding interaction={interaction} sheet={sheet} />}
          {fields.ending === 'appointment' && <AppointmentEnding interaction={interaction} sheet={sheet} />}
        </div>
      )}
    </>
  )
}

/** What the sheet says in words where it holds an identifier. */
function useWords(interaction: Interaction, typologyLabel: string): (field: keyof Saved, value: unknown) => string {
  const client = useQueryClient()
  return (field, value) => {
    if (value === null) return ''
    if (field === 'contactId') return client.getQueryData<Contact>(['contact', value])?.name ?? interaction.contact?.name ?? ''
    if (field === 'caseId') return interaction.caseId === value ? spokenCode(interaction.code ?? '') : String(value)
    if (field === 'typologyId') return (interaction.typologyId === value ? interaction.typology : typologyLabel) ?? ''
    return String(value)
  }
}

const icons: Readonly<Record<Ending, IconName>> = { answer: 'check-circle', linea: 'share', appointment: 'calendar' }

/** The arrow keys go from one ending to the next and show it; a click, a digit or Enter goes on into it. */
function EndingChoice({
  value,
  onLook,
  onChoose,
}: {
  value: Ending | null
  onLook: (ending: Ending) => void
  onChoose: (ending: Ending) => void
}) {
  const { t } = useTranslation('web-desk')
  const byArrow = useRef(false)
  useDeskKey('1', t('ending.answer.title'), () => onChoose('answer'), true, atTheDesk)
  useDeskKey('2', t('ending.linea.title'), () => onChoose('linea'), true, atTheDesk)
  useDeskKey('3', t('ending.appointment.title'), () => onChoose('appointment'), true, atTheDesk)
  const onKeyDownCapture = ({ key }: { key: string }) => {
    byArrow.current = key.startsWith('Arrow')
    if (key === 'Enter' && value !== null) onChoose(value)
  }
  return (
    <div {...stepAt('endings')} onKeyDownCapture={onKeyDownCapture} onPointerDownCapture={() => (byArrow.current = false)}>
      <RadioGroup
        className="endings"
        aria-labelledby="ending-question"
        value={value}
        onChange={chosen => {
          const ending = endings.find(each => each === chosen)
          if (ending) (byArrow.current ? onLook : onChoose)(ending)
        }}
        orientation="horizontal"
      >
        {endings.map((ending, place) => (
          <Radio key={ending} value={ending} className="ending">
            <span className="ending-title">
              <Icon name={icons[ending]} />
              <b className="grow">{t(`ending.${ending}.title`)}</b>
              <Kbd keys={String(place + 1)} />
            </span>
            <small>{t(`ending.${ending}.text`)}</small>
          </Radio>
        ))}
      </RadioGroup>
    </div>
  )
}
