/** The person at the other end: who it may be, who it is, how sure we are, what is open, what was before. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Interaction } from '../../src/cases/model.ts'
import type { IdentificationMethod, Mandate } from '../../src/contacts/model.ts'
import type { CallCard } from '../../src/telephony/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { LastContacts } from '../shared/case/last-contacts.tsx'
import { goToStep } from '../shared/focus.ts'
import { EmptyState, notify } from '../shared/ui/index.ts'
import { OpenCallbacks } from './caller-notice.tsx'
import { ContactPanel } from './contact-panel.tsx'
import { FindContact } from './find-contact.tsx'
import type { ConversationForm } from './sheet.ts'
import { nextStep } from './steps.ts'

/** Who is in the conversation that is worked on. */
export function Person({
  interaction,
  sheet,
  card,
}: {
  interaction: Interaction
  sheet: ConversationForm
  card: CallCard | null
}) {
  const { contactId, caseId, typologyId } = sheet.fields
  const isOpen = interaction.state === 'open' && interaction.passedOn === null
  const client = useQueryClient()
  const [said, setSaid] = useState<readonly IdentificationMethod[]>([])
  const choose = (id: string | null, told: readonly IdentificationMethod[] = []) => {
    setSaid(told)
    sheet.change({ contactId: id, caseId: null, replyTo: '' })
    // The contact is saved with the record at once; if that fails now, it is tried again.
    sheet
      .flush()
      // Now that it is the contact of the conversation, the ways to answer are shown.
      .then(() => client.invalidateQueries({ queryKey: ['contact', id], exact: true }))
      .catch(() => {})
    goToStep(nextStep({ ...sheet.fields, contactId: id }))
  }
  /** Who is on the telephone speaks for somebody: the conversation is about them, and it is noted who speaks. */
  const speakFor = useMutation({
    mutationFn: ({ id, principal }: Mandate) =>
      api.post('/api/contacts/:contactId/speaker', {
        path: { contactId: principal.id },
        body: { mandateId: id, callId: interaction.callId },
      }),
    onSuccess: (_, { principal }) => choose(principal.id),
    onError: error => notify(sentenceOf(error), 'late'),
  })
  return (
    <>
      <OpenCallbacks card={card} />
      {contactId === null ? (
        <FindContact
          card={card}
          from={interaction.from}
          draft={`interaction:${interaction.id}`}
          onChoose={isOpen ? choose : null}
        />
      ) : (
        <ContactPanel
          contactId={contactId}
          callId={interaction.callId}
          caseId={caseId}
          typologyId={typologyId}
          said={said}
          onCase={isOpen ? id => sheet.change({ caseId: id }) : null}
          onForget={isOpen ? () => choose(null) : null}
          onPrincipal={isOpen ? mandate => speakFor.mutate(mandate) : null}
        />
      )}
    </>
  )
}

/** Who may be calling, while it rings; nobody, at rest. */
export function PersonAtRest({ card }: { card: CallCard | null }) {
  const { t } = useTranslation('web-desk')
  const [only, ...others] = card?.contacts ?? []
  if (card)
    return (
      <>
        <FindContact key={card.callId} card={card} from={card.from} draft={`call:${card.callId}`} onChoose={null} />
        {/* Of several who have the number, it is not known whose contacts they would be. */}
        {only && others.length === 0 && <LastContacts contactId={only.id} callId={card.callId} most={1} />}
      </>
    )
  return (
    <EmptyState title={t('person.nobody')} icon="user">
      {t('person.nobodyText')}
    </EmptyState>
  )
}
