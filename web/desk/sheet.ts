/**
 * What the operator writes down about a conversation: two forms. What belongs to the interaction goes to the program when the hand rests, with
 * the version that was read; how it is to end stays on this machine until it does. Each key is kept at once: a reload, a crash, a lost network
 * cost nothing.
 */
import { useQueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import { useCallback, useRef } from 'react'
import type { Interaction } from '../../src/cases/model.ts'
import { ApiProblem, api, sentenceOf } from '../shared/api.ts'
import type { Stored } from '../shared/form/state.ts'
import type { Put } from '../shared/form/store.ts'
import { type Form, type SaveState, useForm, useSavedByItself } from '../shared/form/use-form.ts'
import { interactionKey } from './queries.ts'
import { type Local, nothing, type Saved, type SheetFields, savedOf } from './sheet-fields.ts'

export interface Sheet {
  fields: SheetFields
  change(part: Partial<SheetFields>): void
  /** Saves at once what is not saved. @throws ApiProblem when it cannot be saved, or when somebody has to choose between two texts first */
  flush(): Promise<Interaction>
  state: SaveState
  /** Why it could not be saved, as a sentence. */
  problem: string | null
  /** The conversation has its end: nothing is kept any more. */
  finish(interaction: Interaction): void
  /** What the program has, and what stays here, for what must be said of both. */
  form: Form<Saved>
  ending: Form<Local>
}

const restMs = 700
const noEnding = { version: 0, fields: nothing }
const storedOf = (interaction: Interaction): Stored<Saved> => ({ version: interaction.version, fields: savedOf(interaction) })

export function useSheet(interaction: Interaction): Sheet {
  const client = useQueryClient()
  const name = `interaction:${interaction.id}`
  const form = useForm<Saved>({ name, stored: storedOf(interaction), fieldsOf: current => savedOf(current as Saved) })
  const ending = useForm<Local>({ name: `ending:${interaction.id}`, stored: noEnding, fieldsOf: () => nothing })
  const known = useRef(interaction)
  if (interaction.version >= known.current.version || interaction.id !== known.current.id) known.current = interaction

  const { id } = interaction
  const put: Put<Saved> = useCallback(
    async (change, version) => {
      const after = await api.patch('/api/interactions/:interactionId', { path: { interactionId: id }, body: change, version })
      known.current = after
      client.setQueryData(interactionKey(after.callId ?? ''), after)
      return storedOf(after)
    },
    [client, id],
  )
  // What went on to a colleague is the colleague's to write.
  const mine = interaction.state === 'open' && (interaction.passedOn?.by ?? null) === null
  const state = useSavedByItself(name, form, mine ? put : null, restMs)
  const { change: changeSaved, send } = form
  const { change: changeEnding } = ending
  const change = useCallback(
    (part: Partial<SheetFields>) => {
      const { contactId, caseId, typologyId, question, notes, ...local } = part
      const saved = Object.entries({ contactId, caseId, typologyId, question, notes }).filter(([, value]) => value !== undefined)
      if (saved.length > 0) changeSaved(Object.fromEntries(saved))
      if (Object.keys(local).length > 0) changeEnding(local)
    },
    [changeSaved, changeEnding],
  )
  return {
    fields: { ...ending.fields, ...form.fields },
    change,
    async flush() {
      if ((await send(put)) === 'clash') throw new ApiProblem(412, 'web.clash', i18next.t('web:form.chooseFirst'))
      return known.current
    },
    state,
    problem: state === 'failed' || state === 'refused' ? sentenceOf(form.problem) : null,
    finish(after) {
      client.setQueryData(interactionKey(after.callId ?? ''), after)
      form.clear(storedOf(after))
      ending.clear(noEnding)
    },
    form,
    ending,
  }
}
