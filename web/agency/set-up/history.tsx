/** The set-ups that the office has had. */
import { useInfiniteQuery } from '@tanstack/react-query'
import type { SetUp } from '../../../src/agenda/set-up/model.ts'
import { api } from '../../shared/api.ts'
import { pagedOptions } from '../../shared/query.ts'
import { VersionList } from '../../shared/version-list.tsx'

export function History({ unitId, inForce, onTake }: { unitId: string; inForce: number; onTake: (setUp: SetUp) => void }) {
  const versions = useInfiniteQuery({
    queryKey: ['agenda-set-ups', unitId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/units/:unitId/agenda/versions', { path: { unitId }, query: { cursor: pageParam, limit: 10 }, signal }),
    ...pagedOptions,
    meta: { live: ['agenda.'] },
  })
  return <VersionList query={versions} inForce={inForce} onTake={({ setUp }) => onTake(setUp)} />
}
