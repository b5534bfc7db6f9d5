/** Tickets that go to somebody else, several at once, and come back when that is undone. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Moved, MoveTickets } from '../../src/cases/moves/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { notify } from '../shared/ui/index.ts'

export interface WantedMove {
  tickets: readonly { id: string; version?: number | undefined }[]
  to: MoveTickets['to']
  note?: string
  /** To whom, for the sentence that says what was done; nobody for the pool and for oneself. */
  name?: string
}

/** What shows tickets. */
const shown = ['tickets', 'ticket-counts', 'ticket-lists', 'ticket', 'board']

/** Moves tickets. What was done can be undone from its notice; what was refused is kept until it has been read. */
export function useMoves(onMoved?: (moved: Moved) => void) {
  const { t } = useTranslation('web-cric-board')
  const client = useQueryClient()
  const [refused, setRefused] = useState<Moved['refused']>([])
  const settled = () => {
    for (const key of shown) void client.invalidateQueries({ queryKey: [key] })
  }
  const onError = (error: unknown) => notify(sentenceOf(error), 'late')
  const undo = useMutation({
    mutationFn: (moveIds: string[]) => api.post('/api/ticket-moves/undo', { body: { moveIds } }),
    onError,
    onSettled: settled,
    onSuccess(undone) {
      setRefused(before => [...before, ...undone.refused])
      if (undone.done.length > 0) notify(t('moved.undone', { count: undone.done.length }))
    },
  })
  const move = useMutation({
    mutationFn: ({ tickets, to, note = '' }: WantedMove) =>
      api.post('/api/ticket-moves', { body: { tickets: [...tickets], to, note } }),
    onError,
    onSettled: settled,
    onSuccess(moved, { to, name }) {
      setRefused(before => [...before, ...moved.refused])
      const moveIds = moved.done.map(each => each.moveId)
      const said = to === 'me' ? 'claimed' : to === 'pool' ? 'released' : 'handedOver'
      if (moveIds.length > 0)
        notify(t(`moved.${said}`, { count: moveIds.length, name }), 'plain', {
          label: t('moved.undo'),
          run: () => undo.mutate(moveIds),
        })
      onMoved?.(moved)
    },
  })
  return {
    move: (wanted: WantedMove) => move.mutate(wanted),
    pending: move.isPending || undo.isPending,
    refused,
    haveRead: () => setRefused([]),
  }
}
