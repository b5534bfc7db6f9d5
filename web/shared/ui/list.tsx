/** A list that is read page by page (keyset): its three states, and "show more" at the end. */
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { ErrorState, Loading } from './parts.tsx'

export interface Pages<T> {
  pages: { items: T[]; next: string | null }[]
}

/**
 * @param empty what is shown when there is nothing
 * @param children draws the entries read so far
 */
export function PagedList<T>({
  query,
  empty,
  children,
}: {
  query: UseInfiniteQueryResult<Pages<T>>
  empty: ReactNode
  children: (items: T[]) => ReactNode
}) {
  const { t } = useTranslation()
  if (query.isPending) return <Loading />
  if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  const items = query.data?.pages.flatMap(page => page.items) ?? []
  if (items.length === 0) return <>{empty}</>
  return (
    <>
      {children(items)}
      {query.hasNextPage && (
        <div className="row" style={{ justifyContent: 'center', padding: 16 }}>
          <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {t('loadMore')}
          </Button>
        </div>
      )}
    </>
  )
}
