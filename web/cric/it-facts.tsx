/** What the contact centre has asked of who has a malfunction. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Ticket } from '../../src/cases/model.ts'
import { api } from '../shared/api.ts'

export function ItFacts({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation()
  const procedures = useQuery({
    queryKey: ['procedures'],
    queryFn: ({ signal }) => api.get('/api/procedures', { signal }),
    staleTime: 600_000,
    enabled: ticket.procedureId !== null,
  })
  const procedure = procedures.data?.items.find(({ id }) => id === ticket.procedureId)?.name ?? ticket.procedureId
  const said = (
    [
      ['procedureId', procedure],
      ['browser', ticket.browser],
      ['filingNumber', ticket.filingNumber],
      ['errorText', ticket.errorText],
    ] as const
  ).filter(([, text]) => text !== null)
  if (said.length === 0) return <small>{t('itFields.none')}</small>
  return (
    <dl className="it-facts">
      {said.map(([field, text]) => (
        <div key={field}>
          <dt>{t(`itFields.${field}`)}</dt>
          <dd className="prose">{text}</dd>
        </div>
      ))}
    </dl>
  )
}
