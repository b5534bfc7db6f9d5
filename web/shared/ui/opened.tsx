/** One thing of a list, opened beside it: read first, with the way back that a narrow screen needs. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { ErrorState, Loading } from './parts.tsx'

export function Opened<T>({
  query,
  back,
  onBack,
  children,
}: {
  query: UseQueryResult<T>
  back: string
  onBack: () => void
  children: (thing: T) => ReactNode
}) {
  if (query.isPending) return <Loading lines={8} />
  if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return (
    <>
      <div className="back">
        <Button tone="quiet" icon="arrow-left" onPress={onBack}>
          {back}
        </Button>
      </div>
      {query.data !== undefined && children(query.data)}
    </>
  )
}
