/**
 * The draft while somebody writes in it: what is typed is saved by itself a moment later. Others write in the same draft: what they have
 * saved meanwhile is taken in; only where both have changed the same node is the reader asked.
 *
 *   shown ──a moment──▶ saving ──200──▶ saved
 *                          └────412──▶ read again, merge ──▶ saving again │ conflict ──mine, theirs──▶ saving again
 */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Flow } from '../../../src/ivr/model.ts'
import type { FlowOverview, FlowVersion } from '../../../src/ivr/views.ts'
import { ApiProblem, api } from '../../shared/api.ts'
import { merge, withNode } from './edit.ts'

const settledMs = 900

export interface Conflict {
  nodes: string[]
  by: string | null
}

export interface Draft {
  /** As it is on the screen. */
  flow: Flow
  change(next: Flow): void
  state: 'saved' | 'unsaved' | 'saving'
  conflict: Conflict | null
  /** The draft has been published or put away by somebody else while there was something unsaved. */
  isGone: boolean
  error: unknown
  settle(whose: 'mine' | 'theirs'): void
  /** Saves what is not saved yet. Answers the version of the edit; undefined when it could not. */
  flush(): Promise<number | undefined>
}

interface State {
  /** What the server had when `flow` was last the same. */
  base: FlowVersion
  flow: Flow
  saved: Flow
  saving: boolean
  theirs: FlowVersion | null
  conflict: Conflict | null
  error: unknown
}

const opened = (base: FlowVersion): State => ({
  base,
  flow: base.flow,
  saved: base.flow,
  saving: false,
  theirs: null,
  conflict: null,
  error: null,
})

/** @param draft as it was last read; null when there is none */
export function useDraftFlow(draft: FlowVersion | null, onMerged: (by: string | null) => void): Draft | null {
  const client = useQueryClient()
  const [state, setState] = useState<State | null>(() => draft && opened(draft))
  const latest = useRef(state)
  latest.current = state
  const set = useCallback((change: Partial<State>) => {
    latest.current = latest.current && { ...latest.current, ...change }
    setState(latest.current)
  }, [])
  const running = useRef<Promise<number | undefined> | null>(null)

  // Another draft; or one that somebody else has saved, while there is nothing of mine that is not.
  const isUnsaved = state !== null && (state.flow !== state.saved || state.saving)
  const isNewer = draft !== null && (state === null || draft.number > state.base.number || draft.version > state.base.version)
  const isGone = draft === null && isUnsaved
  if ((isNewer && !isUnsaved) || (draft === null && state !== null && !isUnsaved)) {
    const next = draft && opened(draft)
    latest.current = next
    setState(next)
  }

  const save = useCallback(async (): Promise<number | undefined> => {
    for (;;) {
      const now = latest.current
      if (!now || now.conflict) return undefined
      if (now.flow === now.saved) return now.base.version
      const { flow, base } = now
      set({ saving: true, error: null })
      try {
        const kept = await api.put<FlowVersion>('/api/flow/draft', { flow }, { version: base.version })
        set({ base: kept, saved: flow, saving: false })
        client.setQueryData<FlowOverview>(['flow'], known => known && { ...known, draft: kept })
        void client.invalidateQueries({ queryKey: ['prompts', 'draft'] })
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status !== 412) {
          set({ saving: false, error })
          if (error instanceof ApiProblem && error.status === 404) void client.invalidateQueries({ queryKey: ['flow'] })
          return undefined
        }
        const { draft: theirs } = await api.get<FlowOverview>('/api/flow')
        if (!theirs) {
          set({ saving: false, error })
          return undefined
        }
        const mine = latest.current?.flow ?? flow
        const { flow: both, conflicts } = merge(base.flow, mine, theirs.flow)
        set({
          base: theirs,
          flow: both,
          saved: theirs.flow,
          saving: false,
          theirs,
          conflict: conflicts.length > 0 ? { nodes: conflicts, by: theirs.changedBy } : null,
        })
        if (conflicts.length === 0) onMerged(theirs.changedBy)
      }
    }
  }, [client, set, onMerged])

  /** One at a time: the second waits for what the first is about to save. */
  const flush = useCallback((): Promise<number | undefined> => {
    running.current ??= save().finally(() => {
      running.current = null
    })
    return running.current
  }, [save])

  const flow = state?.flow
  const mustSave = state !== null && state.flow !== state.saved && !state.saving && !state.conflict && !state.error && !isGone
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the flow begins the wait anew
  useEffect(() => {
    if (!mustSave) return
    const timer = setTimeout(() => void flush(), settledMs)
    return () => clearTimeout(timer)
  }, [mustSave, flow, flush])
  // Whoever leaves the page leaves nothing behind.
  useEffect(() => () => void flush(), [flush])

  if (!state) return null
  return {
    flow: state.flow,
    change: next => set({ flow: next, error: null }),
    state: state.saving ? 'saving' : isUnsaved ? 'unsaved' : 'saved',
    conflict: state.conflict,
    isGone,
    error: state.error,
    settle(whose) {
      const { theirs, conflict, flow: mine } = state
      if (!theirs || !conflict) return
      const settled = conflict.nodes.reduce((before, id) => {
        const node = theirs.flow.nodes[id]
        return node && whose === 'theirs' ? withNode(before, id, node) : before
      }, mine)
      set({ flow: settled, conflict: null, theirs: null })
    },
    flush,
  }
}
