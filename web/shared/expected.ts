/** The calls that the forecast expects of a day, for pictures that hold them against what came. Made once, and kept: a day's forecast does not change with its own calls. */
import { useQuery } from '@tanstack/react-query'
import { api } from './api.ts'

const keptMs = 60 * 60_000

/** Calls by what the clock shows at the beginning of each half hour; undefined as long as nothing is known to expect. */
export function useExpected(day: string, sectionId?: string): ReadonlyMap<string, number> | undefined {
  const query = { day, ...(sectionId === undefined ? {} : { sectionId }) }
  const forecast = useQuery({
    queryKey: ['expected', query],
    queryFn: ({ signal }) => api.get('/api/planner/forecast', { query, signal }),
    staleTime: keptMs,
    gcTime: keptMs,
    refetchOnWindowFocus: false,
    retry: false,
  })
  const plan = forecast.data
  if (!plan || plan.basis === 'nothing') return undefined
  return new Map(plan.halfHours.map(({ at, calls }) => [at, calls]))
}
