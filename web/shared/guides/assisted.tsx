/** A guide that is followed together with the citizen of a conversation: chosen, gone through step by step, and ended. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { contactLanguages } from '../../../src/contacts/choices.ts'
import type { ContactLanguage } from '../../../src/contacts/model.ts'
import { sessionOutcomes } from '../../../src/guides/choices.ts'
import type { AssistedSession, SessionOutcome, StepState } from '../../../src/guides/model.ts'
import { api, missing } from '../api.ts'
import { goToStep } from '../focus.ts'
import { DraftNotice } from '../form/notices.tsx'
import { useDraft, useSending } from '../forms.ts'
import {
  Button,
  Card,
  ComboBox,
  ErrorState,
  FormDialog,
  Pill,
  Problem,
  Select,
  TextArea,
  TextField,
  type Tone,
} from '../ui/index.ts'
import './assisted.css'

type Step = AssistedSession['steps'][number]

const keyOf = (interactionId: string) => ['assisted-sessions', interactionId] as const

function useSessions(interactionId: string) {
  return useQuery({
    queryKey: keyOf(interactionId),
    queryFn: ({ signal }) => api.get('/api/interactions/:interactionId/assisted-sessions', { path: { interactionId }, signal }),
    meta: { live: ['assisted.'] },
  })
}

/** What the server answers of a session takes its place in those of the conversation. */
function useTakeIn(interactionId: string) {
  const client = useQueryClient()
  return (saved: AssistedSession) =>
    client.setQueryData<{ items: AssistedSession[] }>(keyOf(interactionId), before => ({
      items: [...(before?.items.filter(({ id }) => id !== saved.id) ?? []), saved],
    }))
}

/**
 * @param typologyId guides for this question are proposed first
 * @param isOpen whether the conversation still goes on: a guide is begun in one that does
 */
export function Assisted({
  interactionId,
  typologyId,
  isOpen,
}: {
  interactionId: string
  typologyId: string | null
  isOpen: boolean
}) {
  const { t } = useTranslation('web-guides')
  const sessions = useSessions(interactionId)
  if (sessions.error) return <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
  const items = sessions.data?.items ?? []
  const [ended, current] = [items.filter(({ endedAt }) => endedAt !== null), items.find(({ endedAt }) => endedAt === null)]
  return (
    <div className="col">
      {ended.map(session => (
        <p key={session.id} className="small">
          <b>{session.guide.title}</b> · {sayEnded(session, t)}
        </p>
      ))}
      {current ? (
        <Session session={current} interactionId={interactionId} />
      ) : (
        isOpen && sessions.data && <Choose interactionId={interactionId} typologyId={typologyId} isFirst={items.length === 0} />
      )}
    </div>
  )
}

const sayEnded = ({ outcome, steps }: AssistedSession, t: ReturnType<typeof useTranslation<'web-guides'>>['t']): string =>
  t('assisted.ended', {
    outcome: outcome === null ? '' : t(`assisted.outcomes.${outcome}`),
    done: steps.filter(({ state }) => state === 'done').length,
    steps: steps.length,
  })

function Choose({ interactionId, typologyId, isFirst }: { interactionId: string; typologyId: string | null; isFirst: boolean }) {
  const { t } = useTranslation('web-guides')
  const takeIn = useTakeIn(interactionId)
  const sending = useSending()
  const [typed, setTyped] = useState('')
  const [guideId, setGuideId] = useState<string | null>(null)
  const [language, setLanguage] = useState<ContactLanguage>('it')
  const found = useQuery({
    queryKey: ['guides-for', typologyId, typed],
    queryFn: ({ signal }) =>
      api.get('/api/guides', {
        query: { limit: 20, ...(typologyId === null ? {} : { typologyId }), ...(typed.trim() === '' ? {} : { q: typed }) },
        signal,
      }),
    placeholderData: before => before,
    meta: { live: ['guide.'] },
  })
  const begin = () =>
    guideId === null
      ? sending.refuse(missing({ guideId: t('assisted.pick') }))
      : void sending.send(async () => {
          const session = await api.post('/api/interactions/:interactionId/assisted-sessions', {
            path: { interactionId },
            body: { guideId, language },
          })
          takeIn(session)
          const [first] = session.steps
          if (first) goToStep(stepName(first))
        })
  return (
    <details className="assisted-choice">
      <summary>{t(isFirst ? 'assisted.title' : 'assisted.newOne')}</summary>
      <div className="col">
        <ComboBox
          label={t('assisted.choose')}
          value={guideId}
          onChange={setGuideId}
          onSearch={setTyped}
          isLoading={found.isFetching}
          choices={(found.data?.items ?? []).map(({ id, title, summary }) => ({ id, label: title, detail: summary }))}
          error={sending.fields.guideId}
        />
        <div className="row wrap end">
          <Select
            label={t('assisted.language')}
            value={language}
            onChange={id => setLanguage(contactLanguages.find(each => each === id) ?? 'it')}
            choices={contactLanguages.map(id => ({ id, label: t(`languageNames.${id}`) }))}
          />
          <Button tone="primary" isPending={sending.pending} onPress={begin}>
            {t('assisted.begin')}
          </Button>
        </div>
        <Problem error={sending.error} />
      </div>
    </details>
  )
}

const stepName = ({ id }: Pick<Step, 'id'>) => `guided-${id}`

function Session({ session, interactionId }: { session: AssistedSession; interactionId: string }) {
  const { t } = useTranslation('web-guides')
  const takeIn = useTakeIn(interactionId)
  const [isEnding, setEnding] = useState(false)
  const say = useMutation({
    mutationFn: ({ id, state, note }: { id: string; state: StepState; note: string }) =>
      api.put('/api/assisted-sessions/:sessionId/steps/:stepId', {
        path: { sessionId: session.id, stepId: id },
        body: { state, note },
      }),
    onSuccess(saved) {
      takeIn(saved)
      const next = saved.steps.find(({ state }) => state === 'open')
      goToStep(next ? stepName(next) : 'end-guide')
    },
  })
  const done = session.steps.filter(({ state }) => state === 'done').length
  const current = session.steps.find(({ state }) => state === 'open')
  return (
    <Card title={session.guide.title} aside={<small>{t('assisted.progress', { done, steps: session.steps.length })}</small>}>
      <div className="col">
        {session.guide.needs !== '' && (
          <p className="small">
            <b>{t('assisted.needs')}:</b> {session.guide.needs}
            {session.guide.otherNeeds && <span lang={session.language}> · {session.guide.otherNeeds}</span>}
          </p>
        )}
        <ol className="assisted-steps">
          {session.steps.map((step, n) => (
            <li
              key={step.id}
              className={step.id === current?.id ? 'current' : ''}
              aria-current={step.id === current?.id ? 'step' : undefined}
            >
              <StepHead step={step} n={n} />
              {step.id === current?.id ? (
                <CurrentStep
                  key={step.id}
                  step={step}
                  language={session.language}
                  isPending={say.isPending}
                  onSay={(state, note) => say.mutate({ id: step.id, state, note })}
                />
              ) : (
                step.state !== 'open' && (
                  <>
                    {step.note !== '' && <p className="small">{step.note}</p>}
                    <Button
                      tone="quiet"
                      className="small-button"
                      icon="restore"
                      label={`${t('assisted.takeBack')}: ${step.title}`}
                      onPress={() => say.mutate({ id: step.id, state: 'open', note: '' })}
                    >
                      {t('assisted.takeBack')}
                    </Button>
                  </>
                )
              )}
            </li>
          ))}
        </ol>
        <Problem error={say.error} />
        <div className="row wrap">
          <Button
            tone={current ? 'plain' : 'primary'}
            step="end-guide"
            why={session.work.allowed ? null : session.work.sentence}
            onPress={() => setEnding(true)}
          >
            {t('assisted.end')}
          </Button>
        </div>
      </div>
      {isEnding && <EndDialog session={session} onClose={() => setEnding(false)} onEnded={takeIn} />}
    </Card>
  )
}

const tones: Readonly<Record<StepState, Tone>> = { open: 'plain', done: 'ok', skipped: 'plain', failed: 'late' }

function StepHead({ step, n }: { step: Step; n: number }) {
  const { t } = useTranslation('web-guides')
  return (
    <div className="row">
      <b className="grow">
        {n + 1}. {step.title} {step.optional && <small>({t('assisted.optional')})</small>}
      </b>
      {step.state !== 'open' && (
        <Pill small tone={tones[step.state]}>
          {t(`assisted.states.${step.state}`)}
        </Pill>
      )}
    </div>
  )
}

function CurrentStep({
  step,
  language,
  isPending,
  onSay,
}: {
  step: Step
  language: ContactLanguage
  isPending: boolean
  onSay: (state: Exclude<StepState, 'open'>, note: string) => void
}) {
  const { t } = useTranslation('web-guides')
  const [isFailing, setFailing] = useState(false)
  const [note, setNote] = useState('')
  return (
    <div className="col">
      {step.help !== '' && <Said label={t('assisted.help')} text={step.help} />}
      {step.citizen !== '' && <Said label={t('assisted.citizen')} text={step.citizen} />}
      {step.other && step.other.citizen !== '' && (
        <Said label={t(`languageNames.${language}`)} text={`${step.other.title}: ${step.other.citizen}`} lang={language} />
      )}
      {isFailing && step.otherwise !== '' && <Said label={t('assisted.otherwise')} text={step.otherwise} />}
      {isFailing ? (
        <>
          <TextField label={t('assisted.note')} hint={t('assisted.noteHint')} value={note} onChange={setNote} autoFocus />
          <div className="row wrap">
            <Button tone="primary" isPending={isPending} onPress={() => onSay('failed', note)}>
              {t('assisted.sayFailed')}
            </Button>
            <Button onPress={() => setFailing(false)}>{t('form.cancel')}</Button>
          </div>
        </>
      ) : (
        <div className="row wrap">
          <Button tone="primary" icon="check" step={stepName(step)} isPending={isPending} onPress={() => onSay('done', '')}>
            {t('assisted.done')}
          </Button>
          <Button onPress={() => setFailing(true)}>{t('assisted.failed')}</Button>
          {step.optional && <Button onPress={() => onSay('skipped', '')}>{t('assisted.skip')}</Button>}
        </div>
      )}
    </div>
  )
}

const Said = ({ label, text, lang }: { label: string; text: string; lang?: string }) => (
  <div>
    <small>{label}</small>
    <p className="prose" lang={lang}>
      {text}
    </p>
  </div>
)

function EndDialog({
  session,
  onClose,
  onEnded,
}: {
  session: AssistedSession
  onClose: () => void
  onEnded: (saved: AssistedSession) => void
}) {
  const { t } = useTranslation('web-guides')
  const sending = useSending()
  const draft = useDraft(`guide-ended:${session.id}`)
  const isAllDone = session.steps.every(({ state, optional }) => state === 'done' || (optional && state !== 'failed'))
  const [outcome, setOutcome] = useState<SessionOutcome>(isAllDone ? 'completed' : 'goes-on-alone')
  return (
    <FormDialog
      title={t('assisted.endTitle', { guide: session.guide.title })}
      act={t('assisted.end')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={() =>
        outcome === 'not-possible' && draft.text.trim() === ''
          ? sending.refuse(missing({ why: t('assisted.writeWhy') }))
          : void sending.send(async () => {
              const saved = await api.post('/api/assisted-sessions/:sessionId/end', {
                path: { sessionId: session.id },
                body: { outcome, why: draft.text },
              })
              draft.clear()
              onEnded(saved)
              onClose()
            })
      }
    >
      <Select
        label={t('assisted.outcome')}
        value={outcome}
        onChange={id => setOutcome(sessionOutcomes.find(each => each === id) ?? outcome)}
        choices={sessionOutcomes.map(id => ({ id, label: t(`assisted.outcomes.${id}`) }))}
      />
      <DraftNotice form={draft.form} />
      <TextArea label={t('assisted.why')} value={draft.text} onChange={draft.setText} error={sending.fields.why} rows={3} />
    </FormDialog>
  )
}
