/** Causes of which more tickets come than is usual: made an incident, or set aside with a reason. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { IncidentProposal } from '../../src/incidents/model.ts'
import { api, errorsOf } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft, useIdempotencyKey } from '../shared/forms.ts'
import { clock } from '../shared/time.ts'
import { Button, FormDialog, TextArea, TextField } from '../shared/ui/index.ts'
import { useProposals } from './queries.ts'

export function Proposals({ onMade }: { onMade: (incidentId: string) => void }) {
  const { t } = useTranslation('web-incidents')
  const proposals = useProposals(true)
  const items = proposals.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section className="incident-proposals" aria-label={t('proposals.title')}>
      <h2 className="quiet-title">{t('proposals.title')}</h2>
      {items.map(each => (
        <Proposal key={each.id} proposal={each} onMade={onMade} />
      ))}
    </section>
  )
}

function Proposal({ proposal, onMade }: { proposal: IncidentProposal; onMade: (incidentId: string) => void }) {
  const { t, i18n } = useTranslation('web-incidents')
  const [opened, setOpened] = useState<'accept' | 'set-aside' | null>(null)
  const what = proposal.procedure ?? `«${proposal.words ?? ''}»`
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 })
  return (
    <div className="incident-proposal">
      <div>
        <b>{what}</b>
      </div>
      <p className="small">
        {t('proposals.why', {
          count: proposal.tickets,
          from: clock(Date.parse(proposal.hour), i18n.language),
          expected: number.format(proposal.expected),
        })}
      </p>
      <ul className="small">
        {proposal.lines.slice(0, 3).map(line => (
          <li key={line.id} className="clip">
            {line.contact.name}: {line.excerpt}
          </li>
        ))}
      </ul>
      <div className="row wrap">
        <Button tone="primary" icon="check" onPress={() => setOpened('accept')}>
          {t('proposals.accept')}
        </Button>
        <Button tone="quiet" onPress={() => setOpened('set-aside')}>
          {t('proposals.setAside')}
        </Button>
      </div>
      <AcceptDialog
        proposal={proposal}
        first={t('proposals.titleOf', { what })}
        isOpen={opened === 'accept'}
        onClose={() => setOpened(null)}
        onMade={onMade}
      />
      <SetAsideDialog proposal={proposal} isOpen={opened === 'set-aside'} onClose={() => setOpened(null)} />
    </div>
  )
}

function AcceptDialog({
  proposal,
  first,
  isOpen,
  onClose,
  onMade,
}: {
  proposal: IncidentProposal
  /** The title that stands there at first. */
  first: string
  isOpen: boolean
  onClose: () => void
  onMade: (incidentId: string) => void
}) {
  const { t } = useTranslation('web-incidents')
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const [title, setTitle] = useState(first)
  const accept = useMutation({
    mutationFn: () => {
      const body = { title }
      const path = { proposalId: proposal.id }
      return api.post('/api/incident-proposals/:proposalId/accept', { path, body, key: key.keyFor(body) })
    },
    onSuccess(made) {
      void client.invalidateQueries({ queryKey: ['incident-proposals'] })
      void client.invalidateQueries({ queryKey: ['incidents'] })
      onClose()
      onMade(made.id)
    },
  })
  return (
    <FormDialog
      title={t('proposals.accept')}
      act={t('proposals.acceptAct')}
      isOpen={isOpen}
      onClose={onClose}
      sending={accept.isPending}
      error={accept.error}
      onSubmit={() => accept.mutate()}
    >
      <TextField
        label={t('fields.title')}
        hint={t('fields.titleHint')}
        value={title}
        onChange={setTitle}
        error={errorsOf(accept.error).title}
        autoFocus
      />
      <p className="small muted">{t('proposals.acceptText', { count: proposal.lines.length })}</p>
    </FormDialog>
  )
}

function SetAsideDialog({ proposal, isOpen, onClose }: { proposal: IncidentProposal; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('web-incidents')
  const client = useQueryClient()
  const draft = useDraft(`proposal-aside:${proposal.id}`, isOpen)
  const setAside = useMutation({
    mutationFn: () =>
      api.post('/api/incident-proposals/:proposalId/set-aside', {
        path: { proposalId: proposal.id },
        body: { reason: draft.text },
      }),
    onSuccess() {
      draft.clear()
      onClose()
      void client.invalidateQueries({ queryKey: ['incident-proposals'] })
    },
  })
  return (
    <FormDialog
      title={t('proposals.setAside')}
      act={t('proposals.setAside')}
      isOpen={isOpen}
      onClose={onClose}
      sending={setAside.isPending}
      why={draft.text.trim() === '' ? t('proposals.reasonFirst') : null}
      error={setAside.error}
      onSubmit={() => setAside.mutate()}
    >
      <DraftNotice form={draft.form} />
      <TextArea
        label={t('proposals.reason')}
        value={draft.text}
        onChange={draft.setText}
        rows={3}
        error={errorsOf(setAside.error).reason}
        autoFocus
      />
    </FormDialog>
  )
}
