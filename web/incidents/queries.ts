/** What the pages of incidents ask of the server. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'

/** Of a list that is shown with the rest of a page, this many come at once. */
const pageLength = 50

export function useIncident(incidentId: string) {
  return useQuery({
    queryKey: ['incident', incidentId],
    queryFn: ({ signal }) => api.get('/api/incidents/:incidentId', { path: { incidentId }, signal }),
    meta: { live: ['incident.'] },
  })
}

export function useIncidents(view: 'current' | 'closed', procedureId: string | null) {
  return useInfiniteQuery({
    queryKey: ['incidents', view, procedureId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/incidents', {
        query: { view, cursor: pageParam, ...(procedureId === null ? {} : { procedureId }) },
        signal,
      }),
    ...pagedOptions,
    meta: { live: ['incident.'] },
  })
}

export function useIncidentTickets(incidentId: string) {
  return useInfiniteQuery({
    queryKey: ['incident-tickets', incidentId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/incidents/:incidentId/tickets', {
        path: { incidentId },
        query: { cursor: pageParam, limit: pageLength },
        signal,
      }),
    ...pagedOptions,
    meta: { live: ['incident.', 'ticket.'] },
  })
}

export function useCandidates(incidentId: string, isOpen: boolean) {
  return useQuery({
    queryKey: ['incident-candidates', incidentId],
    queryFn: ({ signal }) => api.get('/api/incidents/:incidentId/candidates', { path: { incidentId }, signal }),
    enabled: isOpen,
    meta: { live: ['incident.tickets-linked', 'incident.tickets-unlinked', 'ticket.sent'] },
  })
}

export function useSteps(incidentId: string) {
  return useInfiniteQuery({
    queryKey: ['incident-steps', incidentId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/incidents/:incidentId/steps', { path: { incidentId }, query: { cursor: pageParam }, signal }),
    ...pagedOptions,
    meta: { live: ['incident.', 'known-error.'] },
  })
}

export function useProposals(isKeeper: boolean) {
  return useQuery({
    queryKey: ['incident-proposals'],
    queryFn: ({ signal }) => api.get('/api/incident-proposals', { signal }),
    enabled: isKeeper,
    meta: { live: ['incident.', 'ticket.sent'] },
  })
}

export const useProcedures = () =>
  useQuery({
    queryKey: ['procedures'],
    queryFn: ({ signal }) => api.get('/api/procedures', { signal }),
    staleTime: 600_000,
    meta: { live: ['procedure.kept'] },
  })

export const useRegions = () =>
  useQuery({
    queryKey: ['regions'],
    queryFn: ({ signal }) => api.get('/api/regions', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The sections of the contact centre. */
export const useSections = () =>
  useQuery({
    queryKey: ['units', 'ccm-section'],
    queryFn: ({ signal }) => api.get('/api/units', { query: { kind: 'ccm-section', limit: 100 }, signal }),
    staleTime: 600_000,
  })
