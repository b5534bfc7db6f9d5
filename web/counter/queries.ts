/** Questions to the API about the counters, and the steps of a visit. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Visit } from '../../src/counters/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import type { LiveFilter } from '../shared/query.ts'
import type { StepOf } from '../shared/routes.ts'
import { notify } from '../shared/ui/index.ts'

const live: LiveFilter[] = ['visit.', 'desk.', 'counters.']

export const useOwnDesk = () =>
  useQuery({
    queryKey: ['counters', 'desk'],
    queryFn: ({ signal }) => api.get('/api/counters/desk', { signal }),
    meta: { live },
  })

export const useCounters = () =>
  useQuery({ queryKey: ['counters', 'all'], queryFn: ({ signal }) => api.get('/api/counters', { signal }), meta: { live } })

export const useQueue = () =>
  useQuery({
    queryKey: ['counters', 'queue'],
    queryFn: ({ signal }) => api.get('/api/counters/queue', { signal }),
    meta: { live },
  })

export const useFigures = () =>
  useQuery({
    queryKey: ['counters', 'figures'],
    queryFn: ({ signal }) => api.get('/api/counters/figures', { signal }),
    meta: { live: ['visit.closed', 'counters.day-closed'] },
  })

/** Contacts that match what is typed. */
export const useFoundContacts = (q: string) =>
  useQuery({
    queryKey: ['contacts', 'found', q],
    queryFn: ({ signal }) => api.get('/api/contacts', { query: { q, limit: 8 }, signal }),
    enabled: q.trim().length > 1,
  })

/** Where each step of a visit is asked for. */
const steps = {
  'call-again': '/api/visits/:visitId/call-again',
  absent: '/api/visits/:visitId/absent',
  misclick: '/api/visits/:visitId/misclick',
  came: '/api/visits/:visitId/came',
  person: '/api/visits/:visitId/person',
  park: '/api/visits/:visitId/park',
  transfer: '/api/visits/:visitId/transfer',
  return: '/api/visits/:visitId/return',
  left: '/api/visits/:visitId/left',
  'take-back': '/api/visits/:visitId/take-back',
  close: '/api/visits/:visitId/close',
} as const
export type VisitStep = StepOf<typeof steps>

/** Does a step of a visit, once however often it is sent; a refusal is said, and the page then shows how the visit stands. */
export function useVisitStep() {
  const client = useQueryClient()
  const key = useIdempotencyKey()
  return useMutation({
    mutationFn: ({ visitId, step: { name, body } }: { visitId: string; step: VisitStep }): Promise<Visit> =>
      api.post(steps[name], { path: { visitId }, body, key: key.keyFor({ visitId, name, body }) }),
    onSuccess: () => key.renew(),
    onError: error => notify(sentenceOf(error), 'late'),
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  })
}

/** Calls somebody to the desk: whoever is next, or a certain visit. */
export function useCall() {
  const client = useQueryClient()
  const key = useIdempotencyKey()
  return useMutation({
    mutationFn: ({ deskId, visitId }: { deskId: string; visitId?: string }) =>
      visitId === undefined
        ? api.post('/api/counters/desks/:deskId/next', { path: { deskId }, key: key.keyFor({ deskId }) })
        : api.post('/api/visits/:visitId/call', { path: { visitId }, body: { deskId }, key: key.keyFor({ deskId, visitId }) }),
    onSuccess: () => key.renew(),
    onError: error => notify(sentenceOf(error), 'late'),
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  })
}
