/** What the pages of prevention ask of the server. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Activity, ActivityKind } from '../../src/prevention/model.ts'
import { api } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'

const live = { meta: { live: ['prevention.', 'addressee.'] } } as const

export interface Wanted {
  view: 'ahead' | 'over'
  q: string
  kind: ActivityKind | null
  regionCode: string | null
}

export function useActivities({ view, q, kind, regionCode }: Wanted) {
  return useInfiniteQuery({
    queryKey: ['activities', view, q, kind, regionCode],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/prevention', {
        query: {
          ...{ view, cursor: pageParam },
          ...(q.trim() === '' ? {} : { q }),
          ...(kind === null ? {} : { kind }),
          ...(regionCode === null ? {} : { regionCode }),
        },
        signal,
      }),
    ...pagedOptions,
    placeholderData: before => before,
    ...live,
  })
}

export const activityKey = (activityId: string) => ['activity', activityId] as const

export const useActivity = (activityId: string) =>
  useQuery({
    queryKey: activityKey(activityId),
    queryFn: ({ signal }) => api.get('/api/prevention/:activityId', { path: { activityId }, signal }),
    ...live,
  })

export const useEffectOf = (activityId: string, weeks: number | null) =>
  useQuery({
    queryKey: ['activity-effect', activityId, weeks],
    queryFn: ({ signal }) =>
      api.get('/api/prevention/:activityId/effect', {
        path: { activityId },
        query: weeks === null ? {} : { weeks },
        signal,
      }),
    placeholderData: before => before,
    ...live,
  })

export const useHistory = (activityId: string) =>
  useInfiniteQuery({
    queryKey: ['activity-history', activityId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/prevention/:activityId/history', { path: { activityId }, query: { cursor: pageParam }, signal }),
    ...pagedOptions,
    ...live,
  })

export const useAddressees = (q: string) =>
  useInfiniteQuery({
    queryKey: ['addressees', q],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/addressees', { query: { cursor: pageParam, ...(q.trim() === '' ? {} : { q }) }, signal }),
    ...pagedOptions,
    placeholderData: before => before,
    ...live,
  })

export const useHolders = () =>
  useQuery({
    queryKey: ['activity-holders'],
    queryFn: ({ signal }) => api.get('/api/prevention-holders', { signal }),
    staleTime: 600_000,
  })

export const useRegions = () =>
  useQuery({
    queryKey: ['regions'],
    queryFn: ({ signal }) => api.get('/api/regions', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** What was saved is shown at once, and the lists in which it stands are read anew. */
export function useTakeIn() {
  const client = useQueryClient()
  return (saved: Activity) => {
    client.setQueryData(activityKey(saved.id), saved)
    for (const queryKey of [['activities'], ['activity-history', saved.id], ['activity-effect', saved.id]])
      void client.invalidateQueries({ queryKey })
  }
}
