/** One appointment: why the citizen comes, what is known, what we have prepared, how it ended. */
import { useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '../../src/agenda/model.ts'
import { addressOf, api, sentenceOf } from '../shared/api.ts'
import { useCase } from '../shared/case/case-view.tsx'
import { CaseHistory } from '../shared/case/history.tsx'
import { MailMending } from '../shared/case/mail-mending.tsx'
import { PersonLink } from '../shared/case/person.tsx'
import { ReferenceCard } from '../shared/case/reference.tsx'
import { goToStep, stepAt } from '../shared/focus.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { clock, longDay, spokenCode } from '../shared/time.ts'
import { Ago, Button, Card, Link, Menu, Notice, notify, Opened, Phone, Pill, Time } from '../shared/ui/index.ts'
import { CancelDialog, ConcludeDialog, MoveDialog } from './appointment-dialogs.tsx'
import { type Step, type StepName, stateTone, useAppointment, useStep } from './appointments.ts'
import { CallCard } from './call-card.tsx'
import { GroupCard } from './group-card.tsx'
import { Preparation } from './preparation.tsx'
import { WaitingCard } from './waiting-card.tsx'

export function AppointmentWork({
  appointmentId,
  onBack,
  onDone,
}: {
  appointmentId: string
  onBack: () => void
  /** It is dealt with: the day goes on. */
  onDone: () => void
}) {
  const { t } = useTranslation('web-agency')
  const found = useAppointment(appointmentId)
  return (
    <Opened query={found} back={t('backToDay')} onBack={onBack}>
      {appointment => <AppointmentPage appointment={appointment} onDone={onDone} />}
    </Opened>
  )
}

type Question = 'conclude' | 'cancel' | 'move' | null

/** After these nothing is left to do with it here. */
const endings: readonly StepName[] = ['conclude', 'no-show', 'leave', 'cancel']

function AppointmentPage({ appointment, onDone }: { appointment: Appointment; onDone: () => void }) {
  const { t, i18n } = useTranslation('web-agency')
  const step = useStep(appointment.id)
  const [opened, setOpened] = useState<Question>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const search: { day?: string } = useSearch({ strict: false })
  const heading = useRef<HTMLHeadingElement>(null)
  const matter = useCase(appointment.caseId)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])

  const run = async (wanted: Step): Promise<Appointment> => {
    setProblem(null)
    const after = await step.mutateAsync(wanted)
    notify(t(`done.${wanted.name}`))
    goToStep('appointment')
    if (endings.includes(wanted.name)) onDone()
    return after
  }
  const simply = (name: 'check-in' | 'call-in' | 'start' | 'no-show' | 'leave' | 'take-back') =>
    void run({ name }).catch((error: unknown) => setProblem(error))
  const may = (name: keyof Appointment['actions']) => appointment.actions[name].allowed
  const why = (name: keyof Appointment['actions']) => (may(name) ? null : appointment.actions[name].sentence)
  const here = t('web:shortcuts.here')
  useShortcut({ keys: 'a', label: t('actions.check-in'), group: here }, () => simply('check-in'), may('check-in'))
  useShortcut({ keys: 'i', label: t('actions.start'), group: here }, () => simply('start'), may('start'))
  useShortcut({ keys: 'c', label: t('actions.conclude'), group: here }, () => setOpened('conclude'), may('conclude'))

  const start = Date.parse(appointment.start)
  const over = (appointment.endedAt !== null && !may('take-back')) || appointment.state === 'cancelled'
  const first: keyof Appointment['actions'] | null = may('check-in')
    ? 'check-in'
    : may('start')
      ? 'start'
      : may('conclude')
        ? 'conclude'
        : null
  const tone = (name: keyof Appointment['actions']) => (name === first ? 'primary' : 'plain')
  return (
    <article className="appointment" aria-busy={step.isPending}>
      <header className="row top wrap">
        <div className="grow appointment-title">
          <h1 ref={heading} tabIndex={-1} {...stepAt('appointment')}>
            <PersonLink contact={appointment.contact} />
          </h1>
          <small>
            {longDay(start, i18n.language)}, <span className="num">{clock(start, i18n.language)}</span>–
            <span className="num">{clock(Date.parse(appointment.end), i18n.language)}</span> · {appointment.service.name}
            {appointment.officer && ` · ${appointment.officer.name}`}
          </small>
        </div>
        {appointment.dayCode !== null && <Pill>{t('dayCode', { code: appointment.dayCode })}</Pill>}
        <Pill tone={stateTone[appointment.state]}>
          {appointment.ending === null ? t(`states.${appointment.state}`) : t(`endings.${appointment.ending}`)}
        </Pill>
      </header>
      <Steps appointment={appointment} />
      {!over && (
        <div className="row wrap steps">
          <Button tone={tone('check-in')} kbd="A" why={why('check-in')} onPress={() => simply('check-in')}>
            {t('actions.check-in')}
          </Button>
          {appointment.state === 'checked-in' && (
            <Button why={why('call-in')} onPress={() => simply('call-in')}>
              {t(appointment.calledAt === null ? 'actions.call-in' : 'callAgain')}
            </Button>
          )}
          <Button tone={tone('start')} kbd="I" why={why('start')} onPress={() => simply('start')}>
            {t('actions.start')}
          </Button>
          <Button tone={tone('conclude')} kbd="C" why={why('conclude')} onPress={() => setOpened('conclude')}>
            {t('actions.conclude')}
          </Button>
          <span className="grow" />
          {appointment.state === 'checked-in' ? (
            <Button why={why('leave')} onPress={() => simply('leave')}>
              {t('actions.leave')}
            </Button>
          ) : (
            <Button why={why('no-show')} onPress={() => simply('no-show')}>
              {t('actions.no-show')}
            </Button>
          )}
          <Menu
            label={t('more')}
            entries={(['move', 'take-back', 'cancel'] as const).map(name => ({
              id: name,
              label: t(`actions.${name}`),
              isDisabled: !may(name),
              detail: why(name) ?? undefined,
            }))}
            onAction={id => {
              if (id === 'take-back') simply(id)
              else if (id === 'move' || id === 'cancel') setOpened(id)
            }}
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
      {appointment.mail && appointment.mail.why !== null && (
        <AppointmentMail appointmentId={appointment.id} mail={appointment.mail} />
      )}
      {appointment.cancelReason && (
        <Notice tone="wait" title={t('cancelled')}>
          {appointment.cancelReason}
        </Notice>
      )}
      <div className="appointment-columns">
        <div className="col">
          {appointment.group && <GroupCard appointmentId={appointment.id} group={appointment.group} search={search} run={run} />}
          <Card
            title={t('why')}
            aside={
              <a
                href={addressOf('/api/appointments/:appointmentId/letter', { path: { appointmentId: appointment.id } })}
                target="_blank"
                rel="noreferrer"
              >
                {t('letters.one')}
              </a>
            }
          >
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
              {appointment.askedBy && (
                <>
                  <dt>{t('askedBy')}</dt>
                  <dd>
                    {appointment.askedBy.name} · {t(`web-desk:mandate.kind.${appointment.askedBy.right}`)}
                  </dd>
                </>
              )}
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
          {appointment.state === 'booked' && <WaitingCard appointment={appointment} why={why('move')} run={run} />}
          {appointment.mode === 'telephone' && <CallCard appointmentId={appointment.id} />}
          {matter.data && <ReferenceCard matter={matter.data} />}
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
      <CancelDialog appointment={appointment} isOpen={opened === 'cancel'} onClose={() => setOpened(null)} run={run} />
      <MoveDialog appointment={appointment} isOpen={opened === 'move'} onClose={() => setOpened(null)} run={run} />
    </article>
  )
}

/** When each step was taken, as far as the appointment has come. */
function Steps({ appointment }: { appointment: Appointment }) {
  const { t, i18n } = useTranslation('web-agency')
  const { checkedInAt, calledAt, startedAt, endedAt, ending } = appointment
  const steps = [
    ['arrived', checkedInAt],
    ['called', calledAt],
    ['started', startedAt],
    [ending ?? 'served', endedAt],
  ] as const
  const taken = steps.flatMap(([name, at]) => (at === null ? [] : [{ name, at }]))
  if (taken.length === 0) return null
  return (
    <ol className="row wrap steps-taken" aria-label={t('steps.label')}>
      {taken.map(({ name, at }) => (
        <li key={name}>
          {t(`steps.${name}`)} <Time at={at}>{clock(Date.parse(at), i18n.language)}</Time>
        </li>
      ))}
    </ol>
  )
}

/** What the citizen was to be written and has not been: mended here, since the citizen is expected here. */
function AppointmentMail({ appointmentId, mail }: { appointmentId: string; mail: NonNullable<Appointment['mail']> }) {
  const { t } = useTranslation('web-agency')
  const client = useQueryClient()
  const keep = (appointment: Appointment) => {
    client.setQueryData(['appointment', appointmentId], appointment)
    void client.invalidateQueries({ queryKey: ['agenda-day'] })
  }
  return (
    <Card>
      <MailMending
        name={`appointment-mail:${appointmentId}`}
        mail={mail}
        elsewhere={mail.channel === 'sms'}
        words={{ withdraw: t('mail.withdraw'), withdrawn: t('mail.withdrawn') }}
        onReaddress={async email =>
          keep(await api.patch('/api/appointments/:appointmentId/mail', { path: { appointmentId }, body: { email } }))
        }
        onWithdraw={async () =>
          keep(await api.post('/api/appointments/:appointmentId/mail/withdraw', { path: { appointmentId } }))
        }
      />
    </Card>
  )
}
