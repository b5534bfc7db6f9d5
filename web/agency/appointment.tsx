/** One appointment: why the citizen comes, what is known, what we have prepared, how it ended. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment, AppointmentOutcome } from '../../src/agenda/model.ts'
import { ApiProblem, api, sentenceOf } from '../shared/api.ts'
import { CaseHistory } from '../shared/case/history.tsx'
import { PersonLink } from '../shared/case/person.tsx'
import { useDraft, useSettled } from '../shared/forms.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { SlotPicker } from '../shared/slots.tsx'
import { clock, longDay, spokenCode } from '../shared/time.ts'
import {
  Ago,
  Button,
  Card,
  Dialog,
  ErrorState,
  Link,
  Loading,
  Menu,
  Notice,
  notify,
  Phone,
  Pill,
  Problem,
  Select,
  TextArea,
} from '../shared/ui/index.ts'
import { type StepName, stateTone, useAppointment, useStep } from './appointments.ts'

export function AppointmentWork({ appointmentId, onBack }: { appointmentId: string; onBack: () => void }) {
  const { t } = useTranslation('web-agency')
  const found = useAppointment(appointmentId)
  if (found.isPending) return <Loading lines={8} />
  if (found.isError && !found.data) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  return (
    <>
      <div className="back">
        <Button tone="quiet" icon="arrow-left" onPress={onBack}>
          {t('backToDay')}
        </Button>
      </div>
      <AppointmentPage appointment={found.data} />
    </>
  )
}

type Opened = 'conclude' | 'cancel' | 'move' | null

function AppointmentPage({ appointment }: { appointment: Appointment }) {
  const { t, i18n } = useTranslation('web-agency')
  const step = useStep(appointment.id)
  const [opened, setOpened] = useState<Opened>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])

  const run = async (name: StepName, body?: object): Promise<void> => {
    setProblem(null)
    await step.mutateAsync(body === undefined ? { name } : { name, body })
    notify(t(`done.${name}`))
  }
  const simply = (name: StepName) => void run(name).catch((error: unknown) => setProblem(error))
  const may = (name: keyof Appointment['actions']) => appointment.actions[name].allowed
  const why = (name: keyof Appointment['actions']) => (may(name) ? null : appointment.actions[name].sentence)
  const here = t('web:shortcuts.here')
  useShortcut({ keys: 'a', label: t('actions.check-in'), group: here }, () => simply('check-in'), may('check-in'))
  useShortcut({ keys: 'i', label: t('actions.start'), group: here }, () => simply('start'), may('start'))
  useShortcut({ keys: 'c', label: t('actions.conclude'), group: here }, () => setOpened('conclude'), may('conclude'))

  const start = Date.parse(appointment.start)
  const over = appointment.endedAt !== null || appointment.state === 'cancelled'
  const first: StepName | null = may('check-in') ? 'check-in' : may('start') ? 'start' : may('conclude') ? 'conclude' : null
  const tone = (name: StepName) => (name === first ? 'primary' : 'plain')
  return (
    <article className="appointment" aria-busy={step.isPending}>
      <header className="row top wrap">
        <div className="grow appointment-title">
          <h1 ref={heading} tabIndex={-1}>
            <PersonLink contact={appointment.contact} />
          </h1>
          <small>
            {longDay(start, i18n.language)}, <span className="num">{clock(start, i18n.language)}</span>–
            <span className="num">{clock(Date.parse(appointment.end), i18n.language)}</span> · {appointment.service.name}
            {appointment.officer && ` · ${appointment.officer.name}`}
          </small>
        </div>
        <Pill tone={stateTone[appointment.state]}>{t(`states.${appointment.state}`)}</Pill>
      </header>
      {!over && (
        <div className="row wrap steps">
          <Button tone={tone('check-in')} kbd="A" why={why('check-in')} onPress={() => simply('check-in')}>
            {t('actions.check-in')}
          </Button>
          <Button tone={tone('start')} kbd="I" why={why('start')} onPress={() => simply('start')}>
            {t('actions.start')}
          </Button>
          <Button tone={tone('conclude')} kbd="C" why={why('conclude')} onPress={() => setOpened('conclude')}>
            {t('actions.conclude')}
          </Button>
          <span className="grow" />
          <Button why={why('no-show')} onPress={() => simply('no-show')}>
            {t('actions.no-show')}
          </Button>
          <Menu
            label={t('more')}
            entries={(['move', 'cancel'] as const).map(name => ({
              id: name,
              label: t(`actions.${name}`),
              isDisabled: !may(name),
              detail: why(name) ?? undefined,
            }))}
            onAction={id => (id === 'move' || id === 'cancel') && setOpened(id)}
          >
            <Button icon="more-items" label={t('more')} />
          </Menu>
        </div>
      )}
      {problem !== null && (
        <Notice tone="wait" live title={sentenceOf(problem)}>
          {t('asItIs')}
        </Notice>
      )}
      {appointment.outcome && (
        <Card title={t('outcome')}>
          <b>{t(`outcomes.${appointment.outcome}`)}</b>
          <p className="prose">{appointment.outcomeText}</p>
        </Card>
      )}
      {appointment.cancelReason && (
        <Notice tone="wait" title={t('cancelled')}>
          {appointment.cancelReason}
        </Notice>
      )}
      <div className="appointment-columns">
        <div className="col">
          <Card title={t('why')}>
            <p className="prose">{appointment.reason}</p>
            <dl className="facts" style={{ marginTop: 12 }}>
              <dt>{t('case')}</dt>
              <dd>
                {appointment.title} · <span className="num">{spokenCode(appointment.code)}</span>
              </dd>
              <dt>{t('bookedBy')}</dt>
              <dd>
                {appointment.bookedBy.name}, {appointment.bookedBy.unit} · <Ago at={appointment.bookedBy.at} />
              </dd>
              {appointment.phone && (
                <>
                  <dt>{t('phone')}</dt>
                  <dd>
                    <Phone number={appointment.phone} />
                  </dd>
                </>
              )}
              {appointment.bring && (
                <>
                  <dt>{t('bring')}</dt>
                  <dd>{appointment.bring}</dd>
                </>
              )}
            </dl>
          </Card>
          <Preparation appointment={appointment} why={why('prepare')} />
        </div>
        <Card
          title={t('web:history.title')}
          aside={
            <Link to="/agency/cases/$caseId" params={{ caseId: appointment.caseId }}>
              {t('wholeCase')}
            </Link>
          }
        >
          <CaseHistory caseId={appointment.caseId} most={12} />
        </Card>
      </div>
      <ConcludeDialog appointment={appointment} isOpen={opened === 'conclude'} onClose={() => setOpened(null)} run={run} />
      <CancelDialog isOpen={opened === 'cancel'} onClose={() => setOpened(null)} run={run} />
      <MoveDialog appointment={appointment} isOpen={opened === 'move'} onClose={() => setOpened(null)} run={run} />
    </article>
  )
}

const settlesMs = 1_200

/** Notes before the appointment, saved while they are written. Two who write at once are told; neither loses a word. */
function Preparation({ appointment, why }: { appointment: Appointment; why: string | null }) {
  const { t } = useTranslation('web-agency')
  const client = useQueryClient()
  const kept = appointment.preparation ?? ''
  const draft = useDraft(`preparation:${appointment.id}`, kept)
  // What was kept here and never saved stands beside what the office has meanwhile, unless it goes on from it.
  const [other, setOther] = useState<string | null>(() => (kept !== '' && !draft.text.startsWith(kept) ? kept : null))
  const [problem, setProblem] = useState<unknown>(null)
  const [saving, setSaving] = useState(false)
  const version = useRef(appointment.version)
  const base = useRef(kept)
  const text = useRef(draft.text)
  text.current = draft.text

  // The appointment was read anew. Where we have written nothing of our own, its text is ours; a step elsewhere only moves the version.
  useEffect(() => {
    if (appointment.version < version.current) return
    version.current = appointment.version
    if (kept === base.current) return
    if (text.current === base.current) draft.clear(kept)
    else if (text.current !== kept) setOther(kept)
    base.current = kept
  }, [appointment.version, kept, draft.clear])

  const save = async (wanted: string) => {
    if (why !== null || wanted === base.current || other !== null) return
    setSaving(true)
    setProblem(null)
    try {
      const saved = await api.put<Appointment>(
        `/api/appointments/${appointment.id}/preparation`,
        { text: wanted },
        { version: version.current },
      )
      version.current = saved.version
      base.current = saved.preparation ?? ''
      client.setQueryData(['appointment', appointment.id], saved)
      if (text.current === wanted) draft.clear(base.current)
    } catch (error) {
      if (error instanceof ApiProblem && error.isConflict)
        await client.invalidateQueries({ queryKey: ['appointment', appointment.id] })
      else setProblem(error)
    } finally {
      setSaving(false)
    }
  }
  useSettled(draft.text, settlesMs, wanted => void save(wanted))

  return (
    <Card
      title={t('preparation')}
      aside={
        <span className="tiny" aria-live="polite">
          {saving
            ? t('web:saving')
            : appointment.preparedAt && (
                <>
                  {appointment.preparedBy} · <Ago at={appointment.preparedAt} />
                </>
              )}
        </span>
      }
    >
      <div className="col">
        {other !== null && (
          <Notice tone="wait" live title={t('preparedMeanwhile')}>
            <p className="prose">{other}</p>
            <div className="row wrap" style={{ marginTop: 8 }}>
              <Button
                onPress={() => {
                  draft.setText(`${other}\n\n${draft.text}`)
                  setOther(null)
                }}
              >
                {t('keepBoth')}
              </Button>
              <Button
                onPress={() => {
                  draft.setText(other)
                  setOther(null)
                }}
              >
                {t('keepTheirs')}
              </Button>
            </div>
          </Notice>
        )}
        <TextArea
          label={t('preparation')}
          hideLabel
          rows={5}
          value={draft.text}
          onChange={draft.setText}
          placeholder={t('preparationPlaceholder')}
          isReadOnly={why !== null}
        />
        {why !== null && <p className="small">{why}</p>}
        <Problem error={problem} />
      </div>
    </Card>
  )
}

interface DialogProps {
  isOpen: boolean
  onClose: () => void
  run: (name: StepName, body?: object) => Promise<void>
}

const outcomes: readonly AppointmentOutcome[] = ['resolved', 'request-filed', 'referred']
const isOutcome = (text: string | null): text is AppointmentOutcome => outcomes.some(outcome => outcome === text)

function ConcludeDialog({ appointment, isOpen, onClose, run }: DialogProps & { appointment: Appointment }) {
  const { t } = useTranslation('web-agency')
  const draft = useDraft(`conclude:${appointment.id}`)
  const [outcome, setOutcome] = useState<AppointmentOutcome>('resolved')
  const [error, setError] = useState<unknown>(null)
  const [sending, setSending] = useState(false)
  const fields = error instanceof ApiProblem ? error.errors : {}
  const send = async () => {
    if (draft.text.trim() === '') return setError(new ApiProblem(422, 'web.empty', '', {}, { text: t('writeWhat') }))
    setSending(true)
    setError(null)
    try {
      await run('conclude', { outcome, text: draft.text })
      draft.clear()
      onClose()
    } catch (problem) {
      setError(problem)
    } finally {
      setSending(false)
    }
  }
  return (
    <Dialog
      title={t('concludeTitle')}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() => void send()}
      footer={
        <>
          <Button onPress={onClose}>{t('web:cancel')}</Button>
          <Button tone="primary" type="submit" isPending={sending}>
            {t('concludeSend')}
          </Button>
        </>
      }
    >
      <Select
        label={t('outcome')}
        value={outcome}
        onChange={id => isOutcome(id) && setOutcome(id)}
        choices={outcomes.map(id => ({ id, label: t(`outcomes.${id}`), detail: t(`outcomeDetails.${id}`) }))}
      />
      <TextArea label={t('whatWasDone')} value={draft.text} onChange={draft.setText} error={fields.text} autoFocus />
      <p className="small">{t('concludeNote')}</p>
      {Object.keys(fields).length === 0 && <Problem error={error} />}
    </Dialog>
  )
}

function CancelDialog({ isOpen, onClose, run }: DialogProps) {
  const { t } = useTranslation('web-agency')
  const [reason, setReason] = useState('')
  const [error, setError] = useState<unknown>(null)
  const fields = error instanceof ApiProblem ? error.errors : {}
  return (
    <Dialog
      title={t('actions.cancel')}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() =>
        void run('cancel', { reason }).then(onClose, (problem: unknown) => {
          setError(problem)
        })
      }
      footer={
        <>
          <Button onPress={onClose}>{t('keepIt')}</Button>
          <Button tone="danger" type="submit">
            {t('actions.cancel')}
          </Button>
        </>
      }
    >
      <p>{t('cancelText')}</p>
      <TextArea label={t('cancelReason')} rows={2} value={reason} onChange={setReason} error={fields.reason} autoFocus />
      {Object.keys(fields).length === 0 && <Problem error={error} />}
    </Dialog>
  )
}

function MoveDialog({ appointment, isOpen, onClose, run }: DialogProps & { appointment: Appointment }) {
  const { t } = useTranslation('web-agency')
  const [hold, setHold] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  return (
    <Dialog
      title={t('actions.move')}
      isOpen={isOpen}
      onClose={onClose}
      wide
      onSubmit={() => {
        if (hold === null) setError(new ApiProblem(422, 'web.empty', t('chooseTime')))
        else void run('move', { holdId: hold }).then(onClose, (problem: unknown) => setError(problem))
      }}
      footer={
        <>
          <Button onPress={onClose}>{t('web:cancel')}</Button>
          <Button tone="primary" type="submit">
            {t('moveSend')}
          </Button>
        </>
      }
    >
      <SlotPicker
        near={appointment.unit.id}
        serviceId={appointment.service.id}
        hold={hold}
        onHold={id => {
          setHold(id)
          setError(null)
        }}
      />
      <Problem error={error} />
    </Dialog>
  )
}
