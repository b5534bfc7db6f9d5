/** A step of something that has a history: a ticket that is claimed, an appointment that begins. */
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useIdempotencyKey } from './forms.ts'

/**
 * Does a step, once however often it is sent. Whatever the answer, the page then shows the thing as it is at the
 * server.
 * @param send asks the server for it
 * @param one under which key the thing is kept
 * @param lists under which keys the lists are kept in which it stands
 */
export function useStepOf<Thing extends { caseId: string }, Step extends { name: string; body?: object | undefined }>(
  send: (step: Step, key: string) => Promise<Thing>,
  one: QueryKey,
  lists: readonly QueryKey[],
) {
  const client = useQueryClient()
  const key = useIdempotencyKey()
  return useMutation({
    mutationFn: (step: Step) => send(step, key.keyFor(step)),
    onSuccess(thing) {
      key.renew()
      client.setQueryData(one, thing)
      for (const queryKey of [...lists, ['case-history', thing.caseId]]) void client.invalidateQueries({ queryKey })
    },
    onError() {
      void client.invalidateQueries({ queryKey: one })
    },
  })
}
