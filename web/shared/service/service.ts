/**
 * Being in service without a telephone: the page says that it is there, and what is offered is shown on it. The desk does the same with its
 * telephone; the state, and the words for it, are one.
 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { PauseReason } from '../../../src/distribution/model.ts'
import { api, sentenceOf } from '../api.ts'
import type { Beat, Pulse } from '../telephone/heartbeat.worker.ts'
import { notify } from '../ui/index.ts'

export const deskKey = ['desk'] as const
const askAgainMs = 10_000

/** The reader's own state, as seen from a page. */
export const useDeskOf = (pageId: string) =>
  useQuery({
    queryKey: deskKey,
    queryFn: ({ signal }) => api.get('/api/desk', { query: { pageId }, signal }),
    refetchInterval: askAgainMs,
    refetchIntervalInBackground: true,
    meta: { live: ['agent.', 'offer.', 'call.queued', 'call.left-queue', 'conversation.', 'work.'] },
  })

/** This page, to the program. A new one after each load: of several, the newest speaks for the reader, and each of them can be used. */
const pageId = crypto.randomUUID()
let worker: Worker | undefined

function beat(): void {
  if (!worker) {
    worker = new Worker(new URL('../telephone/heartbeat.worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<Beat>) => {
      if (!data.reached && data.status === 401) rest()
    })
  }
  worker.postMessage({ pageId, telephoneReady: true } satisfies Pulse)
}

function rest(): void {
  worker?.postMessage(null)
  worker?.terminate()
  worker = undefined
}

export type ServiceAction = { do: 'available' } | { do: 'pause'; reason: PauseReason } | { do: 'leave' }

/** The reader's state, and what changes it. While in service, also after a reload, the page reports. */
export function useService() {
  const desk = useDeskOf(pageId)
  const client = useQueryClient()
  const inService = desk.data !== undefined && desk.data.state !== 'signed-out'
  useEffect(() => {
    if (inService) beat()
    else if (desk.data) rest()
  }, [inService, desk.data])
  const action = useMutation({
    mutationFn: async (wanted: ServiceAction) => {
      if (wanted.do === 'available') {
        await api.post('/api/desk/heartbeat', { body: { pageId, telephoneReady: true } })
        await api.post('/api/desk/available', { body: { pageId } })
      } else if (wanted.do === 'pause') await api.post('/api/desk/pause', { body: { reason: wanted.reason } })
      else await api.post('/api/desk/sign-out')
    },
    onError: (error: unknown) => notify(sentenceOf(error), 'late'),
    onSettled: () => void client.invalidateQueries({ queryKey: deskKey }),
  })
  return { desk: desk.data, action }
}
