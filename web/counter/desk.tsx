/** The desk of an officer: sit down, call whoever is next, receive, conclude. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallReason, LastOfficer, OwnDesk, Visit } from '../../src/counters/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { LastContacts } from '../shared/case/last-contacts.tsx'
import { goToStep } from '../shared/focus.ts'
import { Assisted } from '../shared/guides/assisted.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { clock } from '../shared/time.ts'
import {
  Button,
  Card,
  ComboBox,
  Duration,
  EmptyState,
  ErrorState,
  Link,
  Loading,
  Notice,
  notify,
  Select,
} from '../shared/ui/index.ts'
import { CloseDialog, ParkDialog, TransferDialog } from './dialogs.tsx'
import { AskForHelp, HelpCalls } from './help.tsx'
import { useOfficerWords, WaitForOfficer } from './officer.tsx'
import { useCall, useCounters, useFoundContacts, useOwnDesk, useQueue, useVisitStep } from './queries.ts'
import { Priority, VisitList } from './visit-list.tsx'
import './counter.css'

export default function DeskPage() {
  const { t } = useTranslation('web-counter')
  const own = useOwnDesk()
  if (own.isPending) return <Loading />
  if (own.error) return <ErrorState error={own.error} onRetry={() => void own.refetch()} />
  return (
    <div className="counter">
      <div className="row wrap counter-head">
        <h1 className="grow">{own.data.desk ? t('deskNamed', { desk: own.data.desk.label }) : t('title')}</h1>
        {own.data.desk && <AskForHelp deskId={own.data.desk.id} help={own.data.help} />}
        {own.data.desk && <LeaveButton isBusy={own.data.visit !== null} />}
      </div>
      {own.data.desk ? <AtDesk own={own.data} desk={own.data.desk} /> : <ChooseDesk />}
    </div>
  )
}

function LeaveButton({ isBusy }: { isBusy: boolean }) {
  const { t } = useTranslation('web-counter')
  const client = useQueryClient()
  const leave = useMutation({
    mutationFn: () => api.post('/api/counters/desk/leave'),
    onError: error => notify(sentenceOf(error), 'late'),
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  })
  return (
    <Button icon="logout" isPending={leave.isPending} why={isBusy ? t('leaveBusy') : null} onPress={() => leave.mutate()}>
      {t('leave')}
    </Button>
  )
}

/** Where somebody sits down: the free desks of the office. */
function ChooseDesk() {
  const { t } = useTranslation('web-counter')
  const client = useQueryClient()
  const counters = useCounters()
  const [chosen, setChosen] = useState<string | null>(null)
  const take = useMutation({
    mutationFn: (deskId: string) => api.post('/api/counters/desks/:deskId/take', { path: { deskId } }),
    onSuccess: () => goToStep('next-visit'),
    onError: error => notify(sentenceOf(error), 'late'),
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  })
  if (counters.error) return <ErrorState error={counters.error} onRetry={() => void counters.refetch()} />
  const halls = counters.data?.halls
  if (halls?.length === 0)
    return (
      <EmptyState title={t('noHalls.title')} icon="horn">
        {t('noHalls.text')}
      </EmptyState>
    )
  const choices = halls?.flatMap(hall =>
    hall.desks
      .filter(desk => desk.sitting === null)
      .map(desk => ({ id: desk.id, label: t('deskNamed', { desk: desk.label }), detail: hall.name })),
  )
  const deskId = chosen ?? choices?.[0]?.id ?? null
  return (
    <Card title={t('sitDown')} level="h2" className="counter-sit">
      <Select label={t('desk')} value={deskId} onChange={setChosen} choices={choices} />
      <Button
        tone="primary"
        tall
        isPending={take.isPending}
        why={deskId === null ? t('allTaken') : null}
        onPress={() => deskId !== null && take.mutate(deskId)}
      >
        {t('sit')}
      </Button>
    </Card>
  )
}

function AtDesk({ own, desk }: { own: OwnDesk; desk: NonNullable<OwnDesk['desk']> }) {
  const { t } = useTranslation('web-counter')
  const call = useCall()
  const { visit, next, parked } = own
  const callNext = () =>
    call.mutate(
      { deskId: desk.id },
      { onSuccess: ({ visit: called }) => (called ? goToStep('visit-came') : notify(t('nobodyToCall'))) },
    )
  useShortcut({ keys: 'n', label: t('next'), group: t('web:shortcuts.here') }, callNext, visit === null && !call.isPending)
  return (
    <div className="counter-columns">
      <div className="col">
        <HelpCalls calls={own.help} />
        {own.elsewhere && <Elsewhere officer={own.elsewhere} visit={visit ?? next?.visit ?? null} />}
        {visit ? (
          <AtTheDesk visit={visit} reason={own.reason} deskId={desk.id} />
        ) : (
          <Card title={t('nextTitle')} level="h2">
            {next ? <NextVisit visit={next.visit} reason={next.reason} /> : <p>{t('nobodyWaits')}</p>}
            <Button tone="primary" tall kbd="N" step="next-visit" isPending={call.isPending} onPress={callNext}>
              {t('next')}
            </Button>
          </Card>
        )}
        {parked.length > 0 && (
          <Card title={t('parkedOfYou')}>
            <VisitList visits={parked} deskId={desk.id} isDeskFree={visit === null} />
          </Card>
        )}
      </div>
      <HallQueue own={own} deskId={desk.id} isDeskFree={visit === null} />
    </div>
  )
}

/** Another officer knows the citizen: who has time waits for that one. */
function Elsewhere({ officer, visit }: { officer: LastOfficer; visit: Visit | null }) {
  const says = useOfficerWords()
  return <Notice action={visit && <WaitForOfficer officer={officer} visit={visit} />}>{says(officer)}</Notice>
}

/** Who would be next, and why: what is to be known before the call stands here. */
function NextVisit({ visit, reason }: { visit: Visit; reason: CallReason }) {
  return (
    <div className="col tight">
      <div className="row wrap">
        <b className="visit-code num">{visit.code}</b>
        <span className="grow">{visit.service.name}</span>
        <Priority visit={visit} />
      </div>
      {visit.contact && <b>{visit.contact.name}</b>}
      {visit.remark && <Notice>{visit.remark}</Notice>}
      <Why reason={reason} />
    </div>
  )
}

function Why({ reason }: { reason: CallReason }) {
  const { t, i18n } = useTranslation('web-counter')
  return (
    <p className="small">
      {t(`why.${reason.rule}`)} {t('why.callBy', { time: clock(Date.parse(reason.callBy), i18n.language) })}
      {reason.before && ` ${t('why.before', { code: reason.before })}`}
    </p>
  )
}

/** Who was called to the desk, or sits at it. */
function AtTheDesk({ visit, reason, deskId }: { visit: Visit; reason: CallReason | null; deskId: string }) {
  const { t } = useTranslation('web-counter')
  const step = useVisitStep()
  const [open, setOpen] = useState<'close' | 'park' | 'transfer' | null>(null)
  const visitId = visit.id
  const does = (name: 'call-again' | 'absent' | 'misclick' | 'came' | 'take-back', then?: string) =>
    step.mutate({ visitId, step: { name } }, { onSuccess: () => then !== undefined && goToStep(then) })
  const here = t('web:shortcuts.here')
  const isCalled = visit.state === 'called'
  useShortcut({ keys: 'a', label: t('steps.came'), group: here }, () => does('came', 'visit-close'), isCalled)
  useShortcut({ keys: 'c', label: t('steps.close'), group: here }, () => setOpen('close'), !isCalled && open === null)
  return (
    <Card title={t(isCalled ? 'called' : 'atDesk')} level="h2">
      <div className="row wrap">
        <b className="visit-code large num">{visit.code}</b>
        <div className="col tight grow">
          <span>{visit.service.name}</span>
          {visit.contact && <b>{visit.contact.name}</b>}
          <span className="small">{t('persons', { count: visit.persons })}</span>
        </div>
        <Priority visit={visit} />
        <span className="visit-clock num">
          <Duration since={(isCalled ? visit.calledAt : visit.cameAt) ?? visit.arrivedAt} />
        </span>
      </div>
      {visit.remark && <Notice>{visit.remark}</Notice>}
      {reason && <Why reason={reason} />}
      {isCalled && visit.calls > 1 && <p className="small">{t('calls', { count: visit.calls })}</p>}
      {visit.caseId && (
        <Link to="/agency/cases/$caseId" params={{ caseId: visit.caseId }}>
          {t('openCase')}
        </Link>
      )}
      <div className="row wrap steps">
        {isCalled ? (
          <>
            <Button
              tone="primary"
              tall
              kbd="A"
              step="visit-came"
              isPending={step.isPending}
              onPress={() => does('came', 'visit-close')}
            >
              {t('steps.came')}
            </Button>
            <Button icon="horn" onPress={() => does('call-again')}>
              {t('steps.call-again')}
            </Button>
            <Button onPress={() => does('absent', 'next-visit')}>{t('steps.absent')}</Button>
            <Button tone="quiet" onPress={() => does('misclick', 'next-visit')}>
              {t('steps.misclick')}
            </Button>
          </>
        ) : (
          <>
            <Button tone="primary" tall kbd="C" step="visit-close" onPress={() => setOpen('close')}>
              {t('steps.close')}
            </Button>
            <Button onPress={() => setOpen('park')}>{t('steps.park')}</Button>
            <Button onPress={() => setOpen('transfer')}>{t('steps.transfer')}</Button>
            <Button tone="quiet" onPress={() => does('take-back', 'visit-came')}>
              {t('steps.take-back')}
            </Button>
          </>
        )}
      </div>
      {!isCalled && visit.interactionId !== null && <Assisted interactionId={visit.interactionId} typologyId={null} isOpen />}
      {!isCalled && (visit.contact ? <LastContacts contactId={visit.contact.id} callId={null} /> : <NameVisitor visit={visit} />)}
      {open === 'close' && <CloseDialog visit={visit} onClose={() => setOpen(null)} />}
      {open === 'park' && <ParkDialog visit={visit} onClose={() => setOpen(null)} />}
      {open === 'transfer' && <TransferDialog visit={visit} deskId={deskId} onClose={() => setOpen(null)} />}
    </Card>
  )
}

/** Who it is, where there was no appointment: then the history opens, and the conversation stands in it. */
function NameVisitor({ visit }: { visit: Visit }) {
  const { t } = useTranslation('web-counter')
  const step = useVisitStep()
  const [typed, setTyped] = useState('')
  const found = useFoundContacts(typed)
  return (
    <ComboBox
      label={t('who')}
      hint={t('whoHint')}
      value={null}
      onSearch={setTyped}
      isLoading={found.isFetching}
      choices={(found.data?.items ?? []).map(({ id, name, municipality, birthYear }) => ({
        id,
        label: name,
        detail: [municipality, birthYear].filter(part => part !== null).join(', '),
      }))}
      onChange={contactId =>
        contactId !== null && step.mutate({ visitId: visit.id, step: { name: 'person', body: { contactId } } })
      }
    />
  )
}

/** Who waits in the hall of the desk. */
function HallQueue({ own, deskId, isDeskFree }: { own: OwnDesk; deskId: string; isDeskFree: boolean }) {
  const { t } = useTranslation('web-counter')
  const queue = useQueue()
  if (queue.error) return <ErrorState error={queue.error} onRetry={() => void queue.refetch()} />
  const here = queue.data?.visits.filter(visit => visit.hallId === own.hallId) ?? []
  const elsewhere = here.filter(({ id, state }) => state === 'parked' && !own.parked.some(each => each.id === id))
  const [waiting, missed] = [here.filter(({ state }) => state === 'waiting'), here.filter(({ state }) => state === 'missed')]
  return (
    <div className="col">
      <Card title={t('inHall', { count: waiting.length })}>
        {waiting.length === 0 ? (
          <p className="small">{t('nobodyWaits')}</p>
        ) : (
          <VisitList visits={waiting} deskId={deskId} isDeskFree={isDeskFree} />
        )}
      </Card>
      {elsewhere.length > 0 && (
        <Card title={t('parkedOfOthers')}>
          <VisitList visits={elsewhere} deskId={deskId} isDeskFree={isDeskFree} />
        </Card>
      )}
      {missed.length > 0 && (
        <Card title={t('missed')}>
          <VisitList visits={missed} deskId={deskId} isDeskFree={isDeskFree} />
        </Card>
      )}
    </div>
  )
}
