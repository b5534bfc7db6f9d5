/** A question of the second level: what was asked, what we answer, what else can be done, who knows it too, what happened. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ticket } from '../../src/cases/model.ts'
import { ApiProblem } from '../shared/api.ts'
import { CaseFiles } from '../shared/case/files.tsx'
import { CaseHistory, useCaseHistory } from '../shared/case/history.tsx'
import { PersonLink } from '../shared/case/person.tsx'
import { Level } from '../shared/contact/level.tsx'
import { stepAt } from '../shared/focus.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft } from '../shared/forms.ts'
import { wayOf } from '../shared/pictures/ticket-way.ts'
import { TicketWay } from '../shared/pictures/ticket-way.tsx'
import { ticketWhy } from '../shared/service/offered-ticket.tsx'
import { Why } from '../shared/service/why.tsx'
import { useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { spokenCode } from '../shared/time.ts'
import { Ago, Button, Card, Due, FormDialog, Link, Menu, Notice, notify, Opened, Pill, Problem } from '../shared/ui/index.ts'
import { ViewersOf } from '../shared/viewers/viewers.tsx'
import { AnswerCard, type ColleagueQuestion, GivenAnswer } from './answer-card.tsx'
import { AskDialog, PriorityDialog } from './ask-dialogs.tsx'
import { ItFacts } from './it-facts.tsx'
import { NoteField, useMentionable } from './note-field.tsx'
import { Questions, useQuestions } from './questions.tsx'
import { EarlierQuestions, TicketDeadlines, WaitingForCitizen } from './ticket-deadlines.tsx'
import {
  AppointmentDialog,
  AssignDialog,
  ForwardDialog,
  HandOverDialog,
  PolicyDialog,
  SendBackDialog,
} from './ticket-dialogs.tsx'
import { type ActionName, type Step, useTicket, useTicketAction } from './tickets.ts'

export function TicketWork({
  ticketId,
  onBack,
  onDone,
}: {
  ticketId: string
  onBack: () => void
  /** Something was done with it: the list goes along. */
  onDone: (name: ActionName) => void
}) {
  const { t } = useTranslation('web-cric')
  const ticket = useTicket(ticketId)
  return (
    <Opened query={ticket} back={t('backToPool')} onBack={onBack}>
      {found => <TicketPage ticket={found} onDone={onDone} />}
    </Opened>
  )
}

/** The same once more, by who knows that a colleague is writing an answer. */
function despiteDraft(step: Step): Step {
  if (step.name === 'take-over') return { ...step, body: { ...step.body, despiteDraft: true } }
  if (step.name === 'hand-over') return { ...step, body: { ...step.body, despiteDraft: true } }
  if (step.name === 'assign') return { ...step, body: { ...step.body, despiteDraft: true } }
  return step
}

type Question = ColleagueQuestion | null

function TicketPage({ ticket, onDone }: { ticket: Ticket; onDone: (name: ActionName) => void }) {
  const { t } = useTranslation('web-cric')
  const { person } = useSession()
  const action = useTicketAction(ticket.id)
  const [opened, setOpened] = useState<Question>(null)
  const [conflict, setConflict] = useState<string | null>(null)
  const [asking, setAsking] = useState<{ step: Step; why: string } | null>(null)
  const [isWriting, setWriting] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])

  /** Does something; a refusal because somebody was quicker is told at the top, and the ticket is read again. */
  const run = async (step: Step): Promise<boolean> => {
    setConflict(null)
    try {
      const after = await action.mutateAsync(step)
      // An answer that cannot leave has not been sent.
      if (after.answerMail?.why) notify(t('answerWaits', { why: after.answerMail.why }), 'late')
      else notify(step.name === 'answer' && after.answerMail ? t('answerLeaves') : t(`done.${step.name}`))
      onDone(step.name)
      return true
    } catch (error) {
      // Where the citizen is expected elsewhere, the dialog asks whether both are meant.
      const asks = error instanceof ApiProblem && error.code === 'agenda.citizenElsewhere'
      if (error instanceof ApiProblem && error.code === 'cases.beingWritten') {
        setAsking({ step: despiteDraft(step), why: error.message })
        return false
      }
      if (!asks && error instanceof ApiProblem && (error.isConflict || error.status === 403)) {
        setConflict(error.message)
        return false
      }
      throw error
    }
  }
  const simply = (name: 'claim' | 'release' | 'close' | 'take-over' | 'replied') =>
    void run({ name }).catch((error: unknown) => setConflict(error instanceof Error ? error.message : String(error)))
  const barred = (name: keyof Ticket['actions']) => (ticket.actions[name].allowed ? null : ticket.actions[name].sentence)
  const here = t('web:shortcuts.here')
  const may = (name: keyof Ticket['actions']) => ticket.actions[name].allowed
  useShortcut({ keys: 'p', label: t('actions.claim'), group: here }, () => simply('claim'), may('claim'))
  useShortcut({ keys: 'f', label: t('actions.forward'), group: here }, () => setOpened('forward'), may('forward'))
  useShortcut({ keys: 'h', label: t('actions.hand-over'), group: here }, () => setOpened('hand-over'), may('hand-over'))

  const mine = ticket.claimedBy?.id === person.id
  // Whoever is asked answers first.
  const asksMe = useQuestions(ticket.id).data?.items.some(each => each.mayAnswer.allowed) ?? false
  const open = ticket.state !== 'closed'
  return (
    <article className="ticket" aria-busy={action.isPending}>
      <header className="row top wrap">
        <div className="grow ticket-title">
          <h1 ref={heading} tabIndex={-1} {...stepAt('ticket')}>
            {ticket.title}
          </h1>
          <small>
            {t(`kinds.${ticket.kind}`)} <span className="num">{spokenCode(ticket.code)}</span> ·{' '}
            <PersonLink contact={ticket.contact} /> <Level small level={ticket.contact.level} /> ·{' '}
            {t('sentBy', { name: ticket.sentBy, unit: ticket.sentByUnit })} <Ago at={ticket.openedAt} />
            {ticket.office && ` · ${t('called', { office: ticket.office })}`}
          </small>
          <ViewersOf kind="ticket" id={ticket.id} writing={isWriting} />
        </div>
        <div className="row wrap">
          {open && <Due at={ticket.dueAt} done={ticket.state === 'answered'} />}
          <State ticket={ticket} mine={mine} />
          {ticket.suspended && <Pill tone="wait">{t('suspended')}</Pill>}
          {ticket.offeredTo && (
            <Pill tone={ticket.offeredTo.id === person.id ? 'ok' : 'plain'}>
              {ticket.offeredTo.id === person.id ? t('offeredToMe') : t('offeredTo', { name: ticket.offeredTo.name })}
            </Pill>
          )}
          {may('claim') && (
            <Button tone="primary" kbd="P" isPending={action.isPending} onPress={() => simply('claim')}>
              {t('actions.claim')}
            </Button>
          )}
          {may('take-over') && (
            <Button isPending={action.isPending} onPress={() => simply('take-over')}>
              {t('actions.take-over')}
            </Button>
          )}
          <Menu
            label={t('more')}
            entries={[
              ...(['release', 'assign', 'send-back', 'take-over', 'close'] as const)
                .filter(name => name !== 'take-over' || !may('take-over'))
                .map(name => ({
                  id: name,
                  label: t(`actions.${name}`),
                  isDisabled: !may(name),
                  detail: barred(name) ?? undefined,
                })),
              { id: 'policy', label: t('policy.open') },
            ]}
            onAction={id => {
              if (id === 'policy' || id === 'assign' || id === 'send-back') setOpened(id)
              else if (id === 'release' || id === 'close' || id === 'take-over') simply(id)
            }}
          >
            <Button icon="more-items" label={t('more')} />
          </Menu>
        </div>
      </header>

      {conflict && (
        <Notice tone="wait" live title={conflict}>
          {t('conflict')}
        </Notice>
      )}
      {ticket.takenFromReader && (
        <Notice tone="wait" live title={t('taken.title', { name: ticket.takenFromReader.by })}>
          {t(ticket.takenFromReader.withDraft ? 'taken.withDraft' : 'taken.without')}
        </Notice>
      )}
      {ticket.answerProblem && (
        <Notice tone="late" title={t('undelivered')}>
          {ticket.answerProblem}
        </Notice>
      )}

      <WaitingForCitizen ticket={ticket} onReplied={() => simply('replied')} busy={action.isPending} />

      <Card title={t('question')} aside={ticket.secondContact ? <Pill tone="wait">{t('secondContact')}</Pill> : undefined}>
        <p className="prose">{ticket.question}</p>
        {ticket.kind === 'it' && <ItFacts ticket={ticket} />}
        <p className="small derivation">
          {ticket.typology.length > 0 && <>{ticket.typology.join(' › ')}. </>}
          {ticket.derivation}
        </p>
        {ticket.shared && open && <Why title={t('why')} answer={ticketWhy(ticket.id)} />}
      </Card>

      {asksMe && <Questions ticket={ticket} />}
      <TicketDeadlines ticket={ticket} onPrioritise={() => setOpened('prioritise')} whyNotPriority={barred('prioritise')} />
      {ticket.kind === 'it' && <CaseFiles matter={{ id: ticket.caseId }} />}

      {ticket.returns.map(each => (
        <Card key={each.id} title={t('directorateAnswered', { directorate: each.directorate.name })}>
          <small>
            {each.byName !== null && (
              <>
                <b>{each.byName}</b> ·{' '}
              </>
            )}
            <Ago at={each.at} />
          </small>
          {each.generalInterest && (
            <p>
              <Pill small tone="info">
                {t('generalInterest')}
              </Pill>
            </p>
          )}
          <p className="prose">{each.text}</p>
        </Card>
      ))}

      {open && ticket.state !== 'answered' ? (
        <AnswerCard
          key={ticket.claimedBy?.id ?? ''}
          ticket={ticket}
          run={run}
          busy={action.isPending}
          barred={barred}
          open={setOpened}
          onWriting={setWriting}
        />
      ) : (
        <GivenAnswer ticket={ticket} />
      )}

      <div className="ticket-columns">
        <div className="col">
          {!asksMe && <Questions ticket={ticket} />}
          <Notes ticket={ticket} run={run} why={barred('note')} busy={action.isPending} />
        </div>
        <div className="col">
          <EarlierQuestions ticket={ticket} />
          <Way ticket={ticket} />
          <Card
            title={t('web:history.title')}
            aside={
              <Link to="/cric/cases/$caseId" params={{ caseId: ticket.caseId }}>
                {t('wholeCase')}
              </Link>
            }
          >
            <CaseHistory caseId={ticket.caseId} most={8} after={<p className="tiny">{t('olderInCase')}</p>} />
          </Card>
        </div>
      </div>

      <AskDialog ticket={ticket} isOpen={opened === 'ask-citizen'} onClose={() => setOpened(null)} run={run} />
      <PriorityDialog ticket={ticket} isOpen={opened === 'prioritise'} onClose={() => setOpened(null)} run={run} />
      <ForwardDialog ticket={ticket} isOpen={opened === 'forward'} onClose={() => setOpened(null)} run={run} />
      <HandOverDialog ticket={ticket} isOpen={opened === 'hand-over'} onClose={() => setOpened(null)} run={run} />
      <AssignDialog ticket={ticket} isOpen={opened === 'assign'} onClose={() => setOpened(null)} run={run} />
      <SendBackDialog ticket={ticket} isOpen={opened === 'send-back'} onClose={() => setOpened(null)} run={run} />
      <AppointmentDialog ticket={ticket} isOpen={opened === 'appointment'} onClose={() => setOpened(null)} run={run} />
      <FormDialog
        title={t('taking.title')}
        act={t('taking.go')}
        back={t('taking.back')}
        isOpen={asking !== null}
        onClose={() => setAsking(null)}
        onSubmit={() => {
          if (asking) void run(asking.step).finally(() => setAsking(null))
        }}
        sending={action.isPending}
      >
        <p>{asking?.why}</p>
      </FormDialog>
      <PolicyDialog ticket={ticket} isOpen={opened === 'policy'} onClose={() => setOpened(null)} />
    </article>
  )
}

function State({ ticket, mine }: { ticket: Ticket; mine: boolean }) {
  const { t } = useTranslation('web-cric')
  if (ticket.state === 'pool') return null
  if (ticket.state === 'claimed' && ticket.claimedBy)
    return (
      <Pill tone={mine ? 'ok' : 'plain'} icon="user">
        {mine ? t('withMe') : t('with', { name: ticket.claimedBy.name })}
      </Pill>
    )
  if (ticket.state === 'forwarded') return <Pill tone="info">{t('at', { directorate: ticket.directorate?.name ?? '' })}</Pill>
  return <Pill tone={ticket.state === 'closed' ? 'ok' : 'info'}>{t(`states.${ticket.state}`)}</Pill>
}

/** Who has had it so far, as a branch. */
function Way({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('web-cric')
  const history = useCaseHistory(ticket.caseId)
  const stops = wayOf(history.data ?? [], ticket.state === 'pool' ? t('way.waits', { unit: ticket.unit.name }) : null)
  if (stops.length === 0) return null
  return (
    <Card title={t('way.title')}>
      <TicketWay stops={stops} label={t('way.title')} />
    </Card>
  )
}

function Notes({
  ticket,
  run,
  why,
  busy,
}: {
  ticket: Ticket
  run: (step: Step) => Promise<boolean>
  why: string | null
  busy: boolean
}) {
  const { t } = useTranslation('web-cric')
  const draft = useDraft(`ticket-note:${ticket.id}`)
  const { named } = useMentionable(ticket.id, draft.text)
  const [error, setError] = useState<unknown>(null)
  const form = useRef<HTMLFormElement>(null)
  useShortcut(
    { keys: 'n', label: t('actions.note'), group: t('web:shortcuts.here') },
    () => form.current?.querySelector('textarea')?.focus(),
    why === null,
  )
  return (
    <Card title={t('notes')}>
      <div className="col">
        {ticket.notes.length > 0 ? (
          <ol className="col">
            {ticket.notes.map(note => (
              <li key={note.id}>
                <small>
                  <b>{note.byName}</b>, {note.byUnit} · <Ago at={note.at} />
                </small>
                <p className="prose">{note.text}</p>
              </li>
            ))}
          </ol>
        ) : (
          <p className="small">{t('noNotes')}</p>
        )}
        {why === null ? (
          <form
            ref={form}
            className="col"
            onSubmit={event => {
              event.preventDefault()
              if (draft.text.trim() === '') return
              setError(null)
              run({ name: 'notes', body: { text: draft.text, mentions: named.map(each => each.id) } }).then(
                done => done && draft.clear(),
                (problem: unknown) => setError(problem),
              )
            }}
          >
            <NoteField ticketId={ticket.id} value={draft.text} onChange={draft.setText} />
            <DraftNotice form={draft.form} />
            <Problem error={error} />
            {draft.text.trim() !== '' && (
              <div className="row">
                <Button type="submit" isPending={busy}>
                  {t('actions.note')}
                </Button>
              </div>
            )}
          </form>
        ) : (
          <p className="small">{why}</p>
        )}
      </div>
    </Card>
  )
}
