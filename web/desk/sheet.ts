/**
 * What the operator writes down about a conversation. Each key stroke is kept in this browser at once; what belongs to the interaction goes
 * to the program when the hand rests, with the version that was read. A reload, a crash, a lost network cost nothing.
 *
 *   clean ──typing──▶ kept here ──hand rests──▶ saving ──▶ clean
 *                          ▲                       │
 *                          └──── lost network ─────┘  (tried again)
 */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Interaction } from '../../src/cases/model.ts'
import { ApiProblem, api, sentenceOf } from '../shared/api.ts'
import { useDraft } from '../shared/forms.ts'
import { interactionKey } from './queries.ts'
import { keptOf, nothing, type SheetFields, savedOf, unsaved, withoutSaved } from './sheet-fields.ts'

export type SaveState = 'saved' | 'pending' | 'saving' | 'failed'

export interface Sheet {
  fields: SheetFields
  change(part: Partial<SheetFields>): void
  /** Saves at once what is not saved. @throws ApiProblem when it cannot be saved */
  flush(): Promise<Interaction>
  state: SaveState
  /** Why it could not be saved, as a sentence. */
  problem: string | null
  /** The conversation has its end: nothing is kept any more. */
  finish(interaction: Interaction): void
}

const restMs = 700
const againMs = 3_000

export function useSheet(interaction: Interaction): Sheet {
  const client = useQueryClient()
  const { text, setText, clear } = useDraft(`interaction:${interaction.id}`)
  const kept = useMemo(() => keptOf(text), [text])
  const latest = useRef(kept)
  const known = useRef(interaction)
  if (interaction.version >= known.current.version || interaction.id !== known.current.id) known.current = interaction
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const queue = useRef<Promise<Interaction> | undefined>(undefined)

  const keep = useCallback(
    (next: Partial<SheetFields>) => {
      latest.current = next
      setText(Object.keys(next).length === 0 ? '' : JSON.stringify(next))
    },
    [setText],
  )

  const saveOnce = useCallback(async (): Promise<Interaction> => {
    for (let attempt = 0; ; attempt++) {
      const before = known.current
      const change = unsaved(latest.current, before)
      if (Object.keys(change).length === 0 || before.state !== 'open') return before
      try {
        const after = await api.patch<Interaction>(`/api/interactions/${before.id}`, change, { version: before.version })
        known.current = after
        client.setQueryData(interactionKey(after.callId ?? ''), after)
        keep(withoutSaved(latest.current, after))
      } catch (error) {
        // Another page of the same operator wrote in between: what was typed here last counts.
        if (!(error instanceof ApiProblem && error.status === 412) || attempt > 3) throw error
        const { callId } = before
        known.current = await api.get<Interaction>(`/api/interactions/${before.id}`)
        client.setQueryData(interactionKey(callId ?? ''), known.current)
      }
    }
  }, [client, keep])

  const flush = useCallback((): Promise<Interaction> => {
    queue.current ??= (async () => {
      setSaving(true)
      try {
        const saved = await saveOnce()
        setProblem(null)
        return saved
      } catch (error) {
        setProblem(sentenceOf(error))
        throw error
      } finally {
        setSaving(false)
        queue.current = undefined
      }
    })()
    return queue.current
  }, [saveOnce])

  // What went on to a colleague is the colleague's to write.
  const mine = interaction.state === 'open' && (interaction.passedOn?.by ?? null) === null
  const pending = mine && Object.keys(unsaved(kept, interaction)).length > 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the text starts the rest of the hand anew
  useEffect(() => {
    if (!pending) return
    const timer = setTimeout(() => flush().catch(() => {}), problem ? againMs : restMs)
    return () => clearTimeout(timer)
  }, [pending, text, problem, flush])

  const fields: SheetFields = { ...nothing, ...savedOf(interaction), ...kept }
  return {
    fields,
    change: part => keep({ ...latest.current, ...part }),
    flush,
    state: problem ? 'failed' : saving ? 'saving' : pending ? 'pending' : 'saved',
    problem,
    finish: after => {
      client.setQueryData(interactionKey(after.callId ?? ''), after)
      latest.current = {}
      clear()
    },
  }
}
