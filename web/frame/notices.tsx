/** What others have done with one's own account. It stays on every page until it has been read. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AccountNotice } from '../../src/identity/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { Ago, Button, Dialog, EmptyState, Notice, notify } from '../shared/ui/index.ts'

const key = ['account-notices']

function useNotices() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get('/api/session/notices', { signal }),
    staleTime: 60_000,
    meta: { live: ['person.', 'assignment.'] },
  })
}

const List = ({ items }: { items: readonly AccountNotice[] }) => (
  <ul className="col">
    {items.map(({ id, sentence, at }) => (
      <li key={id}>
        {sentence}{' '}
        <small>
          <Ago at={at} />
        </small>
      </li>
    ))}
  </ul>
)

/** Those that have not been read. */
export function UnreadNotices() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const notices = useNotices()
  const read = useMutation({
    mutationFn: () => api.post('/api/session/notices/seen'),
    onError: error => notify(sentenceOf(error), 'late'),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
  })
  const unread = notices.data?.items.filter(notice => !notice.seen) ?? []
  if (unread.length === 0) return null
  return (
    <Notice
      tone="wait"
      title={t('account.unread')}
      action={
        <Button isPending={read.isPending} onPress={() => read.mutate()}>
          {t('account.read')}
        </Button>
      }
    >
      <List items={unread} />
    </Notice>
  )
}

/** All of them, from the own menu. */
export function NoticesDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const notices = useNotices()
  const items = notices.data?.items ?? []
  return (
    <Dialog title={t('account.title')} isOpen={isOpen} onClose={onClose}>
      {items.length === 0 ? <EmptyState title={t('account.none')} icon="user" /> : <List items={items} />}
    </Dialog>
  )
}
