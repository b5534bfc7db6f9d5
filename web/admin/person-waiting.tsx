/** What waits with a person: roles that a second administrator confirms, and what ends with the conversation that the person is in. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AssignmentRequest, Person } from '../../src/identity/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { Ago, Button, Dialog, Notice, notify } from '../shared/ui/index.ts'

const requestsKey = ['assignment-requests']

/** All that waits, above the list of people: a second administrator finds here what the first has asked for. */
export function RequestedRoles({ onOpen }: { onOpen: (personId: string) => void }) {
  const { t } = useTranslation('web-admin')
  const requests = useQuery({
    queryKey: requestsKey,
    queryFn: ({ signal }) => api.get('/api/assignment-requests', { signal }),
    meta: { live: ['assignment.'] },
  })
  const items = requests.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section className="admin-above" aria-label={t('people.waiting', { count: items.length })}>
      <Notice tone="wait" title={t('people.waiting', { count: items.length })}>
        <ul className="col tight">
          {items.map(({ assignmentId, person, role, unitName }) => (
            <li key={assignmentId}>
              <button type="button" className="link plain" onClick={() => onOpen(person.id)}>
                {person.name}
              </button>{' '}
              · {t(`web:roles.${role}`)}, {unitName}
            </li>
          ))}
        </ul>
      </Notice>
    </section>
  )
}

/** What waits with one person. */
export function WaitingRoles({ person, onDone }: { person: Person; onDone: (person: Person) => void }) {
  const { t } = useTranslation('web-admin')
  const client = useQueryClient()
  const done = (changed: Person) => {
    void client.invalidateQueries({ queryKey: requestsKey })
    onDone(changed)
  }
  const confirm = useMutation({
    mutationFn: (id: string) => api.post('/api/assignment-requests/:requestId/confirm', { path: { requestId: id } }),
    onSuccess: done,
    onError: error => notify(sentenceOf(error), 'late'),
  })
  const decline = useMutation({
    mutationFn: async (id: string) => {
      await api.post('/api/assignment-requests/:requestId/decline', { path: { requestId: id } })
      return api.get('/api/people/:personId', { path: { personId: person.id } })
    },
    onSuccess: done,
    onError: error => notify(sentenceOf(error), 'late'),
  })
  return (
    <>
      {person.requests.map((request: AssignmentRequest) => (
        <Notice key={request.assignmentId} tone="wait" title={t('people.waits', { role: t(`web:roles.${request.role}`) })}>
          <p className="small">
            {request.unitName} · {t('people.askedBy', { name: request.askedBy })} <Ago at={request.askedAt} />
          </p>
          {request.confirm.sentence && <p className="small">{request.confirm.sentence}</p>}
          <div className="row wrap" style={{ marginTop: 8 }}>
            {request.confirm.allowed && (
              <Button tone="primary" isPending={confirm.isPending} onPress={() => confirm.mutate(request.assignmentId)}>
                {t('people.confirm')}
              </Button>
            )}
            <Button isPending={decline.isPending} onPress={() => decline.mutate(request.assignmentId)}>
              {t(request.confirm.allowed ? 'people.decline' : 'people.takeBack')}
            </Button>
          </div>
        </Notice>
      ))}
      {person.endsAfterCall.length > 0 && <Notice tone="wait">{t('people.endsAfterCall')}</Notice>}
    </>
  )
}

export type WhenToEnd = 'afterCall' | 'urgent'

/** The person talks to a citizen: nobody is cut off without having been thought of. */
export function ConversationDialog({
  name,
  isOpen,
  isSending,
  onClose,
  onChoose,
}: {
  name: string
  isOpen: boolean
  isSending: boolean
  onClose: () => void
  onChoose: (when: WhenToEnd) => void
}) {
  const { t } = useTranslation('web-admin')
  return (
    <Dialog
      title={t('people.talking', { name })}
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('web:cancel')}</Button>
          <Button tone="danger" isPending={isSending} onPress={() => onChoose('urgent')}>
            {t('people.endNow')}
          </Button>
          <Button tone="primary" isPending={isSending} onPress={() => onChoose('afterCall')}>
            {t('people.endAfter')}
          </Button>
        </>
      }
    >
      <p>{t('people.talkingText', { name })}</p>
    </Dialog>
  )
}
