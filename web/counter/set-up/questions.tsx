/** What the kiosk asks in a hall: questions, each answer of which leads to a service or to another question. */
import { useTranslation } from 'react-i18next'
import type { KioskQuestion } from '../../../src/counters/model.ts'
import type { SetUpHall } from '../../../src/counters/set-up/model.ts'
import { goToStep } from '../../shared/focus.ts'
import { Button, Card, Notice, Pill, Select } from '../../shared/ui/index.ts'
import { type HallPart, WordsField } from './parts.tsx'

type Answer = KioskQuestion['answers'][number]
const maxAnswers = 6
const newQuestion = 'new'

export function QuestionsCard({ hall, language, onChange, wrong }: HallPart) {
  const { t } = useTranslation('web-counter')
  const { questions, services } = hall
  const [service] = services
  const add = (others: KioskQuestion[], id: string = crypto.randomUUID()) => {
    if (!service) return
    const answers = [{ label: service.words, to: { serviceId: service.id } }]
    onChange({ questions: [...others, { id, text: { it: '' }, answers }] })
    goToStep(`question-${id}`)
  }
  const put = (changed: KioskQuestion) =>
    onChange({ questions: questions.map(each => (each.id === changed.id ? changed : each)) })
  const lead = (question: KioskQuestion, at: number, chosen: string) => {
    const isNew = chosen === newQuestion
    const id = isNew ? crypto.randomUUID() : chosen
    const to = services.some(each => each.id === id) ? { serviceId: id } : { questionId: id }
    const changed = { ...question, answers: question.answers.map((each, n) => (n === at ? { ...each, to } : each)) }
    if (isNew)
      add(
        questions.map(each => (each.id === question.id ? changed : each)),
        id,
      )
    else put(changed)
  }
  const ends = [
    ...services.map(({ id, words }) => ({ id, label: words.it || t('setUp.unnamed'), detail: t('setUp.toService') })),
    ...questions.map(({ id, text }) => ({ id, label: text.it || t('setUp.unnamedQuestion'), detail: t('setUp.toQuestion') })),
    { id: newQuestion, label: t('setUp.newQuestion') },
  ]
  return (
    <Card title={t('setUp.questions')}>
      <p className="small">{t('setUp.questionsText')}</p>
      {questions.map((question, at) => (
        <fieldset key={question.id} className="counter-part">
          <legend className="sr">{question.text.it || t('setUp.unnamedQuestion')}</legend>
          {at === 0 && (
            <div className="row">
              <Pill small tone="info">
                {t('setUp.first')}
              </Pill>
            </div>
          )}
          {wrong(`questions.${at}`) && <Notice tone="late">{wrong(`questions.${at}`)}</Notice>}
          <WordsField
            label={t('setUp.question')}
            words={question.text}
            language={language}
            error={wrong(`questions.${at}.text.${language}`)}
            step={`question-${question.id}`}
            onChange={text => put({ ...question, text })}
          />
          {question.answers.map((answer, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: answers have nothing but their place
            <div key={n} className="counter-answer">
              <WordsField
                label={t('setUp.answer', { n: n + 1 })}
                words={answer.label}
                language={language}
                error={wrong(`questions.${at}.answers.${n}.label.${language}`)}
                onChange={label => put({ ...question, answers: answersWith(question.answers, n, { ...answer, label }) })}
              />
              <Select
                label={t('setUp.leadsTo', { n: n + 1 })}
                value={'serviceId' in answer.to ? answer.to.serviceId : answer.to.questionId}
                onChange={id => id !== null && lead(question, n, id)}
                choices={ends.filter(({ id }) => id !== question.id)}
              />
              <Button
                icon="delete"
                label={t('setUp.removeAnswer', { n: n + 1 })}
                why={question.answers.length === 1 ? t('setUp.oneAnswer') : null}
                onPress={() => put({ ...question, answers: question.answers.filter((_, other) => other !== n) })}
              />
            </div>
          ))}
          <div className="row wrap">
            <Button
              icon="plus"
              className="small-button"
              label={t('setUp.addAnswerTo', { question: question.text.it || t('setUp.unnamedQuestion') })}
              why={question.answers.length >= maxAnswers ? t('setUp.sixAnswers') : service ? null : t('setUp.serviceFirst')}
              onPress={() =>
                service &&
                put({ ...question, answers: [...question.answers, { label: { it: '' }, to: { serviceId: service.id } }] })
              }
            >
              {t('setUp.addAnswer')}
            </Button>
            <Button
              className="small-button"
              label={t('setUp.removeNamed', { name: question.text.it || t('setUp.unnamedQuestion') })}
              onPress={() => onChange({ questions: questions.filter(({ id }) => id !== question.id) })}
            >
              {t('setUp.remove')}
            </Button>
          </div>
        </fieldset>
      ))}
      {questions.length === 0 && (
        <div className="row">
          <Button icon="plus" why={service ? null : t('setUp.serviceFirst')} onPress={() => add([])}>
            {t('setUp.addQuestion')}
          </Button>
        </div>
      )}
    </Card>
  )
}

const answersWith = (answers: readonly Answer[], at: number, answer: Answer): Answer[] =>
  answers.map((each, n) => (n === at ? answer : each))

/** The questions as a tree, from the first one on: what somebody at the kiosk is led through. */
export function Outline({ hall }: { hall: SetUpHall }) {
  const [first] = hall.questions
  return first ? <Branch hall={hall} question={first} above={[]} /> : null
}

function Branch({ hall, question, above }: { hall: SetUpHall; question: KioskQuestion; above: readonly string[] }) {
  const { t } = useTranslation('web-counter')
  return (
    <div className="counter-branch">
      <b>{question.text.it || t('setUp.unnamedQuestion')}</b>
      <ul className="counter-outline">
        {question.answers.map(({ label, to }, n) => {
          const next = 'questionId' in to ? hall.questions.find(({ id }) => id === to.questionId) : undefined
          const service = 'serviceId' in to ? hall.services.find(({ id }) => id === to.serviceId) : undefined
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: answers have nothing but their place
            <li key={n}>
              <span>
                {label.it || '…'}
                {service && ` → ${service.words.it || t('setUp.unnamed')}`}
              </span>
              {service?.visitClass === 'fast' && <Pill small>{t('classes.fast')}</Pill>}
              {next && !above.includes(next.id) && next.id !== question.id && (
                <Branch hall={hall} question={next} above={[...above, question.id]} />
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
