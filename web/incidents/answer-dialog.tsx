/**
 * One answer for the tickets of an incident: which get it, by what way, and how it reads. Those that a colleague has in hand, or open, cannot be ticked, and
 * say why.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { greets, takesLeave } from '../../src/cases/answering/letter.ts'
import type { Incident, LinkedTicket } from '../../src/incidents/model.ts'
import { api, errorsOf } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft, useIdempotencyKey } from '../shared/forms.ts'
import { Button, CheckBox, FormDialog, Icon, notify, Pill, phoneText, TextArea } from '../shared/ui/index.ts'
import { toggled } from './incident-tickets.tsx'
import { useIncidentTickets } from './queries.ts'

export function AnswerDialog({
  incident,
  closes,
  isOpen,
  onClose,
}: {
  incident: Incident
  /** The incident is closed with it. */
  closes: boolean
  isOpen: boolean
  onClose: () => void
}) {
  const { t } = useTranslation('web-incidents')
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const tickets = useIncidentTickets(incident.id)
  const draft = useDraft(`incident-answer:${incident.id}`, isOpen)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const items = (tickets.data?.pages.flatMap(page => page.items) ?? []).filter(
    ({ answering, ticket }) => answering !== 'sent' && ticket.state !== 'closed',
  )
  const chosen = items.filter(({ may, ticket }) => may.allowed && !left.has(ticket.id))
  const done = () => {
    for (const queryKey of [['incident', incident.id], ['incident-tickets', incident.id], ['incidents']])
      void client.invalidateQueries({ queryKey })
    onClose()
  }
  const send = useMutation({
    async mutationFn() {
      const path = { incidentId: incident.id }
      if (chosen.length === 0) {
        await api.patch('/api/incidents/:incidentId', { path, body: { state: 'closed' }, version: incident.version })
        return 0
      }
      const body = { ticketIds: chosen.map(({ ticket }) => ticket.id), text: draft.text, close: closes }
      return (await api.post('/api/incidents/:incidentId/answer', { path, body, key: key.keyFor(body) })).tickets
    },
    onSuccess(count) {
      draft.clear()
      if (count > 0) notify(t('answerBegun', { count }))
      done()
    },
  })
  const why = chosen.length === 0 ? (closes ? null : t('tickOne')) : draft.text.trim() === '' ? t('answerDialog.textFirst') : null
  const act =
    chosen.length === 0 ? t('close') : t(closes ? 'answerDialog.closeAct' : 'answerDialog.act', { count: chosen.length })
  return (
    <FormDialog
      title={t(closes ? 'answerDialog.closeTitle' : 'answerDialog.title')}
      act={act}
      isOpen={isOpen}
      onClose={onClose}
      wide
      sending={send.isPending}
      why={why}
      error={send.error}
      onSubmit={() => send.mutate()}
    >
      <DraftNotice form={draft.form} />
      <TextArea
        label={t('answerDialog.text')}
        hint={t('answerDialog.hint')}
        value={draft.text}
        onChange={draft.setText}
        rows={5}
        error={errorsOf(send.error).text}
        autoFocus
      />
      <div className="label">{t('answerDialog.tickets', { count: chosen.length, all: items.length })}</div>
      <ul className="incident-tickets">
        {items.map(each => (
          <li key={each.ticket.id}>
            <Planned
              planned={each}
              text={draft.text}
              checked={each.may.allowed && !left.has(each.ticket.id)}
              onCheck={() => setLeft(toggled(left, each.ticket.id))}
            />
          </li>
        ))}
      </ul>
      {tickets.hasNextPage && (
        <Button isPending={tickets.isFetchingNextPage} onPress={() => void tickets.fetchNextPage()}>
          {t('web:loadMore')}
        </Button>
      )}
    </FormDialog>
  )
}

function Planned({
  planned: { ticket, way, address, may, letter },
  text,
  checked,
  onCheck,
}: {
  planned: LinkedTicket
  text: string
  checked: boolean
  onCheck: () => void
}) {
  const { t } = useTranslation('web-incidents')
  const [reads, setReads] = useState(false)
  return (
    <>
      <div className="row">
        <CheckBox className="grow" isSelected={checked} isDisabled={!may.allowed} onChange={onCheck}>
          <span className="incident-words">
            <b>{ticket.contact.name}</b>{' '}
            <small>{may.allowed ? (way === 'send' ? address : phoneText(address)) : may.sentence}</small>
          </span>
        </CheckBox>
        <Pill small tone={may.allowed ? (way === 'send' ? 'ok' : 'info') : 'plain'}>
          {t(may.allowed ? `ways.${way}` : 'ways.left')}
        </Pill>
        {way === 'send' && may.allowed && (
          <Button tone="quiet" aria-expanded={reads} onPress={() => setReads(!reads)}>
            <Icon name={reads ? 'close' : 'expand'} size={14} /> {t('answerDialog.preview')}
          </Button>
        )}
      </div>
      {reads && (
        <div className="incident-letter prose">
          {[greets(text) ? '' : letter.greeting, text.trim(), takesLeave(text) ? '' : letter.closing]
            .filter(part => part !== '')
            .join('\n\n')}
        </div>
      )}
    </>
  )
}
