/** The live stream of the signed-in reader: one for the whole page. It makes queries old, and pages may listen themselves. */
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { type LiveMessage, type LiveState, openLive } from './live.ts'
import { pageId } from './page-id.ts'
import { invalidator } from './query.ts'

interface Live {
  state: LiveState
  listen(listener: (message: LiveMessage) => void): () => void
  /** Hears of what others have come to or left. */
  listenToViewers(listener: (id: string | null) => void): () => void
}

const LiveContext = createContext<Live | null>(null)

/** @param role a change of it changes what may be seen, so the stream is opened again */
export function LiveProvider({ assignment, children }: { assignment: string; children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  const listeners = useRef(new Set<(message: LiveMessage) => void>())
  const viewerListeners = useRef(new Set<(id: string | null) => void>())
  // biome-ignore lint/correctness/useExhaustiveDependencies: another assignment needs another stream
  useEffect(() => {
    const invalidate = invalidator(client)
    return openLive(pageId, {
      message(message) {
        invalidate(message)
        for (const listener of listeners.current) listener(message)
      },
      anew: () => void client.invalidateQueries({ predicate: query => query.meta?.live !== undefined }),
      viewers(id) {
        for (const listener of viewerListeners.current) listener(id)
      },
      state: setState,
      signedOut: () => void client.invalidateQueries({ queryKey: ['session'] }),
    })
  }, [client, assignment])
  const live = useMemo<Live>(
    () => ({
      state,
      listen(listener) {
        listeners.current.add(listener)
        return () => listeners.current.delete(listener)
      },
      listenToViewers(listener) {
        viewerListeners.current.add(listener)
        return () => viewerListeners.current.delete(listener)
      },
    }),
    [state],
  )
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>
}

export const useLiveState = (): LiveState => useContext(LiveContext)?.state ?? 'live'

/** Counts how often the stream has told that others have come to something, gone, or begun to write. */
export function useViewersTold(id: string): number {
  const [told, setTold] = useState(0)
  const listen = useContext(LiveContext)?.listenToViewers
  useEffect(() => listen?.(about => (about === null || about === id) && setTold(count => count + 1)), [listen, id])
  return told
}

/** Hears every message while the component is there. To renew a query, its `meta.live` is enough. */
export function useLive(listener: (message: LiveMessage) => void): void {
  const live = useContext(LiveContext)
  const latest = useRef(listener)
  latest.current = listener
  const listen = live?.listen
  useEffect(() => listen?.(message => latest.current(message)), [listen])
}
