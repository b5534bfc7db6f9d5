/**
 * Who else has the same case, mail or ticket open. The page says what it shows when it comes, when its live stream is open again, and when somebody begins to
 * write; it is told by the stream when to ask again. So there is no timer, and nothing is asked while nothing changes.
 */
import { useEffect, useState } from 'react'
import type { ViewedKind, Viewers } from '../../../src/cases/viewers/model.ts'
import { api } from '../api.ts'
import { useLiveState, useViewersTold } from '../live-context.tsx'
import { pageId } from '../page-id.ts'

/** What a page shows. */
export interface Viewed {
  kind: ViewedKind
  id: string
}

const patienceMs = 10_000
let turn: Promise<unknown> = Promise.resolve()

/** One request after the other: what is said last is what counts. */
function inOrder(ask: () => Promise<void>): void {
  // Who is looking is never worth a message about an error: it is asked again with the next change.
  turn = turn.then(ask).catch(() => undefined)
}

function note({ kind, id }: Viewed, writing: boolean): Promise<Viewers> {
  const request = { body: { writing }, signal: AbortSignal.timeout(patienceMs) }
  if (kind === 'case') return api.put('/api/cases/:caseId/viewers/:pageId', { path: { caseId: id, pageId }, ...request })
  if (kind === 'mail')
    return api.put('/api/mails/:interactionId/viewers/:pageId', { path: { interactionId: id, pageId }, ...request })
  return api.put('/api/tickets/:ticketId/viewers/:pageId', { path: { ticketId: id, pageId }, ...request })
}

const leave = async () => {
  await api.delete('/api/viewers/:pageId', { path: { pageId }, keepalive: true })
}

/** Says that this page shows something, and returns who else has it open; null while that is not known. */
export function useViewers({ kind, id }: Viewed, writing: boolean): Viewers | null {
  const [seen, setSeen] = useState<Viewers | null>(null)
  const isLive = useLiveState() === 'live'
  const told = useViewersTold(id)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever the stream has told of it
  useEffect(() => {
    if (!isLive) return
    let isOver = false
    inOrder(async () => {
      if (isOver) return
      const found = await note({ kind, id }, writing)
      if (!isOver) setSeen(found)
    })
    return () => {
      isOver = true
    }
  }, [kind, id, writing, isLive, told])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thing is another visit
  useEffect(() => {
    const gone = () => void leave().catch(() => undefined)
    addEventListener('pagehide', gone)
    return () => {
      removeEventListener('pagehide', gone)
      setSeen(null)
      inOrder(leave)
    }
  }, [kind, id])
  return seen
}
