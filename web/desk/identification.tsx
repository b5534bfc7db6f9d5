/** How sure we are who it is: what the caller has told, one press for each fact, and what may be said for that. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { IdentificationMethod } from '../../src/contacts/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { Button, Icon, Loading, notify } from '../shared/ui/index.ts'
import { useIdentification } from './queries.ts'

/** As they are asked on the telephone; what is only seen at a counter, or checked by a machine, is left out. */
const methods: readonly IdentificationMethod[] = [
  'name',
  'birth-date',
  'fiscal-code',
  'address',
  'request-code',
  'document-number',
  'pin',
  'call-back',
]
/** These hold for a call only. */
const inCallsOnly: readonly IdentificationMethod[] = ['pin', 'call-back']

export function Identification({
  contactId,
  callId,
  said,
}: {
  contactId: string
  callId: string | null
  /** What the caller has told already: proposed, and noted in one press. */
  said: readonly IdentificationMethod[]
}) {
  const { t } = useTranslation('web-desk')
  const client = useQueryClient()
  const identification = useIdentification(contactId, callId)
  const note = useMutation({
    mutationFn: async (told: readonly IdentificationMethod[]) => {
      for (const method of told) {
        const state = await api.post('/api/contacts/:contactId/identifications', {
          path: { contactId },
          body: { method, callId },
        })
        client.setQueryData(['contact', contactId, 'identifications', callId], state)
      }
    },
    onError: error => notify(sentenceOf(error), 'late'),
  })
  const state = identification.data
  if (!state) return <Loading lines={2} />
  const done = new Set(state.identifications.filter(each => each.callId === callId).map(each => each.method))
  const proposed = said.filter(method => !done.has(method))
  const press = (told: readonly IdentificationMethod[]) => {
    if (!note.isPending) note.mutate(told)
  }
  return (
    <section className={`identification ${state.level}`} aria-label={t('identification.title')}>
      <p className="small">{state.sentence}</p>
      {proposed.length > 0 && (
        <Button icon="check" onPress={() => press(proposed)} isPending={note.isPending}>
          {t('identification.confirm', { methods: proposed.map(method => t(`method.${method}`)).join(', ') })}
        </Button>
      )}
      <fieldset className="row wrap plain-group" aria-label={t('identification.add')}>
        <span className="tiny" aria-hidden="true">
          {t('identification.add')}
        </span>
        {methods
          .filter(method => callId !== null || !inCallsOnly.includes(method))
          .map(method => (
            <Button
              key={method}
              className="chip"
              aria-pressed={done.has(method)}
              icon={done.has(method) ? 'check' : undefined}
              onPress={() => !done.has(method) && press([method])}
            >
              {t(`method.${method}`)}
            </Button>
          ))}
      </fieldset>
      <ul className="may-hear" aria-label={t('identification.mayHear')}>
        {(['general', 'state-of-request', 'personal-data'] as const).map(each => {
          const may = state.mayHear.includes(each)
          return (
            <li key={each} className={may ? 'yes' : 'no'}>
              <Icon name={may ? 'check' : 'ban'} size={14} />
              <span className="sr">{may ? t('identification.may') : t('identification.mayNot')}</span> {t(`hear.${each}`)}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
