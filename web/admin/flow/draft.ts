/**
 * The draft while somebody writes in it: what is typed is saved by itself a moment later. Others write in the same draft: what they have
 * saved meanwhile is taken in; only where both have changed the same step is the reader asked. Each edit can be undone.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Flow, FlowNode } from '../../../src/ivr/model.ts'
import type { FlowOverview, FlowVersion } from '../../../src/ivr/views.ts'
import { ApiProblem, api } from '../../shared/api.ts'
import type { Put } from '../../shared/form/store.ts'
import { type Form, type SaveState, useForm, useSavedByItself } from '../../shared/form/use-form.ts'
import { changeBetween, type Edit, type FlowFields, fieldsOfFlow, flowOfFields, removedBy, withEdit } from './draft-fields.ts'

const settledMs = 900

export interface Draft {
  /** Which draft it is, for what is kept of it on this machine. */
  name: string
  /** As it is on the screen. */
  flow: Flow
  change(next: Flow): void
  /** Takes the last edit back; undefined when there is none. */
  undo: (() => void) | undefined
  /** The steps that the last edit has taken away. */
  removed: readonly FlowNode[]
  state: SaveState
  form: Form<FlowFields>
  /** Somebody has to choose between two texts before it can be saved. */
  mustChoose: boolean
  /** The draft has been published or put away by somebody else while there was something unsaved. */
  isGone: boolean
  error: unknown
  /** Saves what is not saved yet. Returns the version of the draft; undefined when it could not be saved. */
  flush(): Promise<number | undefined>
}

const noFlow: FlowFields = { name: '', languages: [], start: '' }
const fieldsIn = (current: unknown): FlowFields => fieldsOfFlow((current as Pick<FlowVersion, 'flow'>).flow)

/** @param draft as it was last read; null when there is none */
export function useDraftFlow(draft: FlowVersion | null, onMerged: (by: string | null) => void): Draft | null {
  const client = useQueryClient()
  const [held, setHeld] = useState(draft)
  if (draft !== null && draft !== held) setHeld(draft)
  const base = draft ?? held
  const name = `flow-draft:${base?.number ?? 0}`
  const stored = { version: base?.version ?? 0, fields: base ? fieldsOfFlow(base.flow) : noFlow }
  const form = useForm<FlowFields>({ name, stored, fieldsOf: fieldsIn })
  const id = base?.flow.id ?? ''
  const put: Put<FlowFields> = useCallback(
    async (_change, version, whole) => {
      const kept = await api.put('/api/flow/draft', { body: { flow: flowOfFields(id, whole) }, version })
      client.setQueryData<FlowOverview>(['flow'], known => known && { ...known, draft: kept })
      void client.invalidateQueries({ queryKey: ['prompts', 'draft'] })
      return { version: kept.version, fields: fieldsOfFlow(kept.flow) }
    },
    [client, id],
  )
  const isGone = draft === null && form.isChanged
  const state = useSavedByItself(name, form, base === null || isGone ? null : put, settledMs)
  // The draft is not there any more: that is to be read anew.
  const isMissing = form.problem instanceof ApiProblem && form.problem.status === 404
  useEffect(() => {
    if (isMissing) void client.invalidateQueries({ queryKey: ['flow'] })
  }, [client, isMissing])
  const mergedTimes = form.merged?.times ?? 0
  const told = useRef(mergedTimes)
  useEffect(() => {
    if (mergedTimes > told.current) onMerged(form.merged?.by ?? null)
    told.current = mergedTimes
  }, [mergedTimes, form.merged, onMerged])

  const [edits, setEdits] = useState<{ of: string; list: readonly Edit[] }>({ of: name, list: [] })
  const own = edits.of === name ? edits.list : []
  const last = own.at(-1)
  if (base === null || (draft === null && !form.isChanged)) return null
  return {
    name,
    flow: flowOfFields(id, form.fields),
    change(next) {
      const change = changeBetween(form.fields, fieldsOfFlow(next))
      if (Object.keys(change).length === 0) return
      setEdits({ of: name, list: withEdit(own, form.fields, change, Date.now()) })
      form.change(change)
    },
    undo:
      last &&
      (() => {
        setEdits({ of: name, list: own.slice(0, -1) })
        form.change(last.before)
      }),
    removed: removedBy(last, form.fields),
    state,
    form,
    mustChoose: state === 'clash',
    isGone,
    error: form.problem,
    async flush() {
      try {
        return (await form.send(put)) === 'clash' ? undefined : form.versionNow()
      } catch {
        return undefined
      }
    },
  }
}
