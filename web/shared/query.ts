/**
 * The state of the server in the browser. A query says in its `meta` which entries of the journal make it old:
 *
 *   useQuery({ queryKey: ['ticket', id], queryFn: …, meta: { live: ['ticket.', 'case.'], about: { case: caseId } } })
 */
import { QueryClient } from '@tanstack/react-query'
import type { EntryName, EntrySubject } from '../../src/entries.ts'
import { ApiProblem } from './api.ts'
import type { LiveMessage } from './live.ts'

/** Which entries of the journal a page hears of; the empty one: of every entry. */
export type LiveFilter = EntryName | EntrySubject | ''

export interface LiveMeta extends Record<string, unknown> {
  /** Names of entries, or all about something: `call.queued`, `ticket.`. */
  live?: readonly LiveFilter[]
  /** Only entries about this case, call, contact, person. */
  about?: { case?: string | undefined; call?: string | undefined; contact?: string | undefined; person?: string | undefined }
}

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: LiveMeta
  }
}

/** Whether what is told of the journal makes a query old. Pure. */
export function concerns(meta: LiveMeta | undefined, message: LiveMessage): boolean {
  if (!meta?.live?.some(beginning => message.types.some(type => type.startsWith(beginning)))) return false
  return (['case', 'call', 'contact', 'person'] as const).every(
    field => meta.about?.[field] === undefined || meta.about[field] === message[field],
  )
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // Live messages make it quick; asking anyway makes it sure. A message that was lost costs half a minute, nothing else.
      refetchInterval: query => (query.meta?.live ? 30_000 : false),
      // A refusal stays one; a network that was away may be back.
      retry: (count, error) => !(error instanceof ApiProblem && error.status > 0 && error.status < 500) && count < 2,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
})

/** Marks old what an entry concerns. Many entries in a row are answered by one question: at most one in 400 ms. */
export function invalidator(client: QueryClient): (message: LiveMessage) => void {
  const old = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    const hashes = new Set(old)
    old.clear()
    void client.invalidateQueries({ predicate: query => hashes.has(query.queryHash) })
  }
  return message => {
    for (const query of client.getQueryCache().getAll()) if (concerns(query.meta, message)) old.add(query.queryHash)
    if (old.size > 0 && timer === undefined) timer = setTimeout(flush, 400)
  }
}

/** The options that every keyset list shares. */
export const pagedOptions = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { next: string | null }): string | undefined => page.next ?? undefined,
} as const
