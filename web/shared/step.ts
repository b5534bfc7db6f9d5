/** A step of something that has a history: a ticket that is claimed, an appointment that begins. */
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './api.ts'
import { useIdempotencyKey } from './forms.ts'

/**
 * Does a step (`POST <address>/<name>`), once however often it is sent. Whatever the answer, the page then shows the thing as it is at the
 * server.
 * @param one under which key the thing is kept
 * @param lists under which keys the lists are kept in which it stands
 */
export function useStepOf<Thing extends { caseId: string }, Name extends string>(
  address: string,
  one: QueryKey,
  lists: readonly QueryKey[],
) {
  const client = useQueryClient()
  const key = useIdempotencyKey()
  return useMutation({
    mutationFn: ({ name, body = {} }: { name: Name; body?: object }) =>
      api.post<Thing>(`${address}/${name}`, body, { key: key.keyFor({ name, body }) }),
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
