/** What the pages of guides ask of the server. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Guide } from '../../src/guides/model.ts'
import { api } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'

const live = { meta: { live: ['guide.'] } } as const

export type GuideView = 'current' | 'retired'

export const useGuides = ({ view, q }: { view: GuideView; q: string }) =>
  useInfiniteQuery({
    queryKey: ['guides', view, q],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/guides', { query: { view, cursor: pageParam, ...(q.trim() === '' ? {} : { q }) }, signal }),
    ...pagedOptions,
    placeholderData: before => before,
    ...live,
  })

export const guideKey = (guideId: string) => ['guide', guideId] as const

export const useGuide = (guideId: string) =>
  useQuery({
    queryKey: guideKey(guideId),
    queryFn: ({ signal }) => api.get('/api/guides/:guideId', { path: { guideId }, signal }),
    ...live,
  })

export const useGuideVersions = (guideId: string) =>
  useInfiniteQuery({
    queryKey: ['guide-versions', guideId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/guides/:guideId/versions', { path: { guideId }, query: { cursor: pageParam, limit: 10 }, signal }),
    ...pagedOptions,
    ...live,
  })

export const useGuideFigures = (guideId: string) =>
  useQuery({
    queryKey: ['guide-figures', guideId],
    queryFn: ({ signal }) => api.get('/api/guides/:guideId/figures', { path: { guideId }, signal }),
    meta: { live: ['assisted.'] },
  })

/** What was saved is shown at once, and the lists in which it stands are read anew. */
export function useTakeIn() {
  const client = useQueryClient()
  return (saved: Guide) => {
    client.setQueryData(guideKey(saved.id), saved)
    for (const queryKey of [['guides'], ['guide-versions', saved.id]]) void client.invalidateQueries({ queryKey })
  }
}
