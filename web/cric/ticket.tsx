/**
 * A question of the second level: what was asked, what we answer, what else can be done, who knows it too, what happened.
 *
 * What is being written is kept twice while it is typed: at once in this browser, and after a second at the server, where it is found
 * again from another desk. Nothing that happens to the ticket meanwhile takes it away.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ticket } from '../../src/cases/model.ts'
import { ApiProblem, api } from '../shared/api.ts'
import { CaseHistory } from '../shared/case/history.tsx'
import { MailWaits } from '../shared/case/mail-waits.tsx'
import { PersonLink } from '../shared/case/person.tsx'
import { useDraft, useSending, useSettled } from '../shared/forms.ts'
import { ticketWhy } from '../shared/service/offered-ticket.tsx'
import { Why } from '../shared/service/why.tsx'
import { useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { spokenCode } from '../shared/time.ts'
import {
  Ago,
  Button,
  Card,
  Due,
  Link,
  Menu,
  Notice,
  notify,
  Opened,
  Pill,
  Problem,
  phoneText,
  TextArea,
  TextField,
} from '../shared/ui/index.ts'
import { AppointmentDialog, AssignDialog, ForwardDialog, HandOverDialog, PolicyDialog } from './ticket-dialogs.tsx'
import { type ActionName, useTicket, useTicketAction } from './tickets.ts'

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

type Question = 'forward' | 'hand-over' | 'assign' | 'appointment' | 'policy' | null

function TicketPage({ ticket, onDone }: { ticket: Ticket; onDone: (name: ActionName) => void }) {
  const { t } = useTranslation('web-cric')
  const { person } = useSession()
  const action = useTicketAction(ticket.id)
  const [opened, setOpened] = useState<Question>(null)
  const [conflict, setConflict] = useState<string | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])

  /** Does something; a refusal because somebody was quicker is told at the top, and the ticket is read again. */
  const run = async (name: ActionName, body?: object): Promise<boolean> => {
    setConflict(null)
    try {
      const after = await action.mutateAsync(body === undefined ? { name } : { name, body })
      // An answer that cannot leave has not been sent.
      if (after.answerMail?.why) notify(t('answerWaits', { why: after.answerMail.why }), 'late')
      else notify(t(`done.${name}`))
      onDone(name)
      return true
    } catch (error) {
      if (error instanceof ApiProblem && (error.isConflict || error.status === 403)) {
        setConflict(error.message)
        return false
      }
      throw error
    }
  }
  const simply = (name: ActionName) =>
    void run(name).catch((error: unknown) => setConflict(error instanceof Error ? error.message : String(error)))
  const barred = (name: keyof Ticket['actions']) => (ticket.actions[name].allowed ? null : ticket.actions[name].sentence)
  const here = t('web:shortcuts.here')
  const may = (name: keyof Ticket['actions']) => ticket.actions[name].allowed
  useShortcut({ keys: 'p', label: t('actions.claim'), group: here }, () => simply('claim'), may('claim'))
  useShortcut({ keys: 'f', label: t('actions.forward'), group: here }, () => setOpened('forward'), may('forward'))
  useShortcut({ keys: 'h', label: t('actions.hand-over'), group: here }, () => setOpened('hand-over'), may('hand-over'))

  const mine = ticket.claimedBy?.id === person.id
  const open = ticket.state !== 'closed'
  return (
    <article className="ticket" aria-busy={action.isPending}>
      <header className="row top wrap">
        <div className="grow ticket-title">
          <h1 ref={heading} tabIndex={-1}>
            {ticket.title}
          </h1>
          <small>
            {t(`kinds.${ticket.kind}`)} <span className="num">{spokenCode(ticket.code)}</span> ·{' '}
            <PersonLink contact={ticket.contact} /> · {t('sentBy', { name: ticket.sentBy, unit: ticket.sentByUnit })}{' '}
            <Ago at={ticket.openedAt} />
            {ticket.office && ` · ${t('called', { office: ticket.office })}`}
          </small>
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
              ...(['release', 'assign', 'take-over', 'close'] as const)
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
              if (id === 'policy' || id === 'assign') setOpened(id)
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
      <Present ticket={ticket} />
      {ticket.answerProblem && (
        <Notice tone="late" title={t('undelivered')}>
          {ticket.answerProblem}
        </Notice>
      )}

      <Card title={t('question')} aside={ticket.secondContact ? <Pill tone="wait">{t('secondContact')}</Pill> : undefined}>
        <p className="prose">{ticket.question}</p>
        <p className="small derivation">
          {ticket.typology.length > 0 && <>{ticket.typology.join(' › ')}. </>}
          {ticket.derivation}
        </p>
        {ticket.shared && open && <Why title={t('why')} answer={ticketWhy(ticket.id)} />}
      </Card>

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
          <p className="prose">{each.text}</p>
        </Card>
      ))}

      {open && ticket.state !== 'answered' ? (
        <AnswerCard ticket={ticket} run={run} busy={action.isPending} barred={barred} open={setOpened} />
      ) : (
        <Card title={t(ticket.state === 'closed' ? 'answerGiven' : 'answerLeaving')}>
          <p className="prose">{ticket.answer ?? t('noAnswer')}</p>
          {ticket.answerMail && <AnswerMail ticketId={ticket.id} mail={ticket.answerMail} />}
        </Card>
      )}

      <div className="ticket-columns">
        <Notes ticket={ticket} run={run} why={barred('note')} busy={action.isPending} />
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

      <ForwardDialog ticket={ticket} isOpen={opened === 'forward'} onClose={() => setOpened(null)} run={run} />
      <HandOverDialog ticket={ticket} isOpen={opened === 'hand-over'} onClose={() => setOpened(null)} run={run} />
      <AssignDialog ticket={ticket} isOpen={opened === 'assign'} onClose={() => setOpened(null)} run={run} />
      <AppointmentDialog ticket={ticket} isOpen={opened === 'appointment'} onClose={() => setOpened(null)} run={run} />
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

/** An answer that has not left: why, and the way to send it elsewhere or to take it back. */
function AnswerMail({ ticketId, mail }: { ticketId: string; mail: NonNullable<Ticket['answerMail']> }) {
  const { t } = useTranslation('web-cric')
  const client = useQueryClient()
  const sending = useSending()
  const [address, setAddress] = useState(mail.address)
  const why = mail.change.allowed ? null : mail.change.sentence
  const change = (done: string, act: () => Promise<Ticket>) =>
    void sending.send(async () => {
      client.setQueryData(['ticket', ticketId], await act())
      void client.invalidateQueries({ queryKey: ['tickets'] })
      notify(done)
    })
  return (
    <form
      className="col"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        const body = { email: address.trim() }
        change(t('leaving.readdressed'), () => api.patch<Ticket>(`/api/tickets/${ticketId}/answer-mail`, body))
      }}
    >
      <MailWaits mail={mail} />
      {why === null && (
        <TextField
          label={t('leaving.address')}
          value={address}
          onChange={setAddress}
          error={sending.fields.email}
          inputMode="email"
        />
      )}
      {sending.fields.email === undefined && <Problem error={sending.error} />}
      <div className="row wrap">
        {address.trim() !== mail.address && (
          <Button type="submit" why={why} isPending={sending.pending}>
            {t('leaving.readdress')}
          </Button>
        )}
        <Button
          why={why}
          isPending={sending.pending}
          onPress={() =>
            change(t('leaving.withdrawn'), () => api.post<Ticket>(`/api/tickets/${ticketId}/answer-mail/withdraw`, {}))
          }
        >
          {t('leaving.withdraw')}
        </Button>
      </div>
    </form>
  )
}

/** Who else has it open, so that two do not answer the same question. */
function Present({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('web-cric')
  if (ticket.present.length === 0) return null
  const writing = ticket.present.filter(each => each.writing).map(each => each.name)
  const looking = ticket.present.filter(each => !each.writing).map(each => each.name)
  return (
    <Notice tone={writing.length > 0 ? 'wait' : 'info'}>
      {writing.length > 0 && t('present.writing', { names: writing.join(', '), count: writing.length })}{' '}
      {looking.length > 0 && t('present.looking', { names: looking.join(', '), count: looking.length })}
    </Notice>
  )
}

const draftSettlesMs = 1_000
const presenceMs = 20_000

function AnswerCard({
  ticket,
  run,
  busy,
  barred,
  open,
}: {
  ticket: Ticket
  run: (name: ActionName, body?: object) => Promise<boolean>
  busy: boolean
  barred: (name: keyof Ticket['actions']) => string | null
  open: (dialog: Question) => void
}) {
  const { t } = useTranslation('web-cric')
  const asDirectorate = ticket.actions.return.allowed
  const name = asDirectorate ? 'return' : 'answer'
  const draft = useDraft(`ticket-answer:${ticket.id}`, ticket.draft?.text ?? '')
  const [saved, setSaved] = useState<string | null>(ticket.draft?.savedAt ?? null)
  const [other, setOther] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const card = useRef<HTMLDivElement>(null)
  const why = barred(name)
  const locked = why !== null && draft.text === '' && !ticket.actions.claim.allowed

  const latest = useRef(draft.text)
  latest.current = draft.text
  useSettled(draft.text, draftSettlesMs, text => {
    if (locked) return
    api.put<{ savedAt: string }>(`/api/tickets/${ticket.id}/draft`, { text }).then(
      answer => {
        setSaved(text === '' ? null : answer.savedAt)
        if (latest.current === text) draft.clear(text)
      },
      () => setSaved(null),
    )
  })

  // Others see that the ticket is open here, and whether somebody writes.
  const writing = draft.text !== '' && why === null
  useEffect(() => {
    const tell = () =>
      void api.put(`/api/tickets/${ticket.id}/presence`, { writing }).catch(problem => {
        // Who only looks is not shown to those who work on it, and need not ask again.
        if (problem instanceof ApiProblem && problem.status === 403) clearInterval(timer)
      })
    const timer = setInterval(tell, presenceMs)
    tell()
    return () => clearInterval(timer)
  }, [ticket.id, writing])

  const send = async () => {
    if (why !== null) return notify(why)
    if (draft.text.trim() === '') {
      setError(new ApiProblem(422, 'web.empty', '', {}, { answer: t('writeAnswer') }))
      card.current?.querySelector('textarea')?.focus()
      return
    }
    setError(null)
    try {
      const replyTo = other === null ? undefined : other.includes('@') ? { email: other.trim() } : { phone: other.trim() }
      if (await run(name, { answer: draft.text, ...(replyTo && !asDirectorate ? { replyTo } : {}) })) draft.clear()
    } catch (problem) {
      setError(problem)
    }
  }
  const here = t('web:shortcuts.here')
  useShortcut({ keys: 'r', label: t('keys.answer'), group: here }, () => card.current?.querySelector('textarea')?.focus())
  useShortcut({ keys: 'Control+Enter', label: t(`actions.${name}`), group: here }, () => void send(), why === null)

  const errors = error instanceof ApiProblem ? error.errors : {}
  const byPhone = other === null ? ticket.replyTo.kind === 'phone' : !other.includes('@')
  const address = ticket.replyTo.kind === 'phone' ? phoneText(ticket.replyTo.address) : ticket.replyTo.address
  const label = asDirectorate ? t('answerToCentre', { centre: ticket.centre.name }) : t('answerToCitizen')
  return (
    <Card
      title={label}
      aside={
        <span className="tiny" aria-live="polite">
          {draft.text === '' ? null : saved ? (
            <>
              {t('draftSaved')} <Ago at={saved} />
            </>
          ) : (
            t('web:draftKept')
          )}
        </span>
      }
    >
      <div ref={card} className="col">
        {!asDirectorate && (
          <p className="small">
            {t(byPhone ? 'replyByPhone' : 'replyByMail')}{' '}
            {other === null ? (
              <>
                <b>{address}</b>{' '}
                <button type="button" className="link plain" onClick={() => setOther(ticket.replyTo.address)}>
                  {t('changeReplyTo')}
                </button>
              </>
            ) : null}
          </p>
        )}
        {other !== null && (
          <TextField
            label={t('replyTo')}
            value={other}
            onChange={setOther}
            hint={t('replyToHint')}
            error={errors.replyTo ?? errors['replyTo.email'] ?? errors['replyTo.phone']}
            autoFocus
          />
        )}
        <TextArea
          label={label}
          hideLabel
          step="ticket-answer"
          rows={5}
          value={draft.text}
          onChange={draft.setText}
          placeholder={t(asDirectorate ? 'centrePlaceholder' : byPhone ? 'phonePlaceholder' : 'mailPlaceholder')}
          error={errors.answer}
          isReadOnly={locked}
        />
        {Object.keys(errors).length === 0 && <Problem error={error} />}
        <div className="row wrap answer-actions">
          <Button tone="primary" why={why} isPending={busy} kbd="Control+Enter" onPress={() => void send()}>
            {t(asDirectorate ? 'actions.return' : byPhone ? 'actions.answerByPhone' : 'actions.answer')}
          </Button>
          {!asDirectorate && (
            <>
              <Button icon="share" why={barred('forward')} onPress={() => open('forward')}>
                {t('actions.forward')}
              </Button>
              <Button icon="user" why={barred('hand-over')} onPress={() => open('hand-over')}>
                {t('actions.hand-over')}
              </Button>
              <span className="grow" />
              <Button icon="calendar" why={barred('appointment')} onPress={() => open('appointment')}>
                {t('actions.appointment')}
              </Button>
            </>
          )}
        </div>
        {why !== null && <p className="small">{why}</p>}
      </div>
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
  run: (name: ActionName, body?: object) => Promise<boolean>
  why: string | null
  busy: boolean
}) {
  const { t } = useTranslation('web-cric')
  const draft = useDraft(`ticket-note:${ticket.id}`)
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
              run('notes', { text: draft.text }).then(
                done => done && draft.clear(),
                (problem: unknown) => setError(problem),
              )
            }}
          >
            <TextArea
              label={t('newNote')}
              hideLabel
              rows={2}
              value={draft.text}
              onChange={draft.setText}
              placeholder={t('notePlaceholder')}
              className="small-area"
            />
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
