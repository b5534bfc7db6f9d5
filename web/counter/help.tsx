/** A colleague is asked to come to a desk: who asks, and who goes. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { HelpCall } from '../../src/counters/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { Button, Duration, Notice, notify } from '../shared/ui/index.ts'

function useHelp() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (what: { ask: string } | { take: string } | { end: string }): Promise<unknown> => {
      if ('ask' in what) return api.post('/api/counters/desks/:deskId/help', { path: { deskId: what.ask } })
      return 'take' in what
        ? api.post('/api/counters/help/:helpId/take', { path: { helpId: what.take } })
        : api.post('/api/counters/help/:helpId/end', { path: { helpId: what.end } })
    },
    onError: error => notify(sentenceOf(error), 'late'),
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  })
}

export function AskForHelp({ deskId, help }: { deskId: string; help: readonly HelpCall[] }) {
  const { t } = useTranslation('web-counter')
  const send = useHelp()
  const asked = help.some(each => each.isOwn && each.desk.id === deskId)
  return (
    <Button
      icon="horn"
      isPending={send.isPending}
      why={asked ? t('help.asked') : null}
      onPress={() => send.mutate({ ask: deskId })}
    >
      {t('help.ask')}
    </Button>
  )
}

/** What was asked and is not over: the own, and that of the others to whom the reader can go. */
export function HelpCalls({ calls }: { calls: readonly HelpCall[] }) {
  const { t } = useTranslation('web-counter')
  const send = useHelp()
  return calls.map(({ id, desk, by, since, takenBy, isOwn }) => (
    <Notice
      key={id}
      tone="wait"
      live
      action={
        <Button
          className="small-button"
          label={t(isOwn ? 'help.endNamed' : 'help.takeNamed', { desk: desk.label })}
          hasTip={false}
          onPress={() => send.mutate(isOwn ? { end: id } : { take: id })}
        >
          {t(isOwn ? 'help.end' : 'help.take')}
        </Button>
      }
    >
      {t(takenBy !== null ? 'help.comes' : isOwn ? 'help.own' : 'help.wanted', {
        desk: desk.label,
        name: by,
        taker: takenBy ?? '',
      })}{' '}
      <span className="num">
        <Duration since={since} />
      </span>
    </Notice>
  ))
}
