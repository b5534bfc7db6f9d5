/** What the desk asks the program, and what makes each answer old. Live messages renew it; asking now and then goes on all the same. */
import { queryOptions, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Hold } from '../../src/agenda/model.ts'
import type { Interaction, RepeatCause } from '../../src/cases/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { deskKey, useDeskOf } from '../shared/service/service.ts'
import { notify } from '../shared/ui/index.ts'
import { telephone } from './telephone/telephone.ts'

const restingMs = 10_000
const talkingMs = 4_000
/** A live message that was lost costs so long. */
const unheardMs = 30_000

export const cardKey = ['desk', 'card'] as const
/** The time that was booked from an interaction, as it was held: to be said to the citizen once more. */
/** What was just booked, with its number of the day. */
export type Booked = Hold & { dayCode: string | null }
export const bookedKey = (interactionId: string) => ['desk', 'booked', interactionId] as const
export const interactionKey = (callId: string) => ['desk', 'interaction', callId] as const

/** My state, my sections, how busy they are. */
export const useDesk = () => useDeskOf(telephone.pageId)

/** The call that rings or is talked about; null when there is none. */
export const useCard = () =>
  useQuery({
    queryKey: cardKey,
    queryFn: async ({ signal }) => (await api.get('/api/calls/mine', { signal })).call,
    refetchInterval: query => (query.state.data ? talkingMs : restingMs),
    refetchIntervalInBackground: true,
    meta: {
      live: [
        'offer.',
        'conversation.',
        'call.connected',
        'call.held',
        'call.resumed',
        'call.interrupted',
        'call.transferred',
        'call.ended',
      ],
    },
  })

/** Asks anew for all that a change of the call changes. */
export function useRenew(): () => void {
  const client = useQueryClient()
  return useCallback(() => {
    void client.invalidateQueries({ queryKey: deskKey })
    void client.invalidateQueries({ queryKey: cardKey })
  }, [client])
}

export const turnsOptions = queryOptions({
  queryKey: ['desk', 'turns'],
  queryFn: ({ signal }) => api.get('/api/calls/today', { signal }),
  meta: { live: ['call.connected', 'call.ended', 'conversation.', 'offer.'] },
})

export const useTurns = () => useQuery(turnsOptions)

/** Where the call can be handed, and whether anybody is there. */
export const useTransferChoices = (callId: string, enabled: boolean) =>
  useQuery({
    queryKey: ['desk', 'transfer-choices', callId],
    queryFn: async ({ signal }) => (await api.get('/api/calls/:callId/transfer-choices', { path: { callId }, signal })).items,
    enabled,
    staleTime: 0,
    refetchInterval: enabled ? talkingMs : false,
  })

/** Why a call went to whom, as it stands now. */
export const explanationOf = (callId: string) =>
  queryOptions({
    queryKey: ['desk', 'explanation', callId],
    queryFn: ({ signal }) => api.get('/api/desk/explain', { query: { callId }, signal }),
    meta: { live: ['offer.', 'call.', 'conversation.'], about: { call: callId } },
  })

export const ownKey = ['desk', 'own-interactions'] as const
export const useOwnInteractions = () =>
  useQuery({
    queryKey: ownKey,
    queryFn: ({ signal }) => api.get('/api/interactions', { signal }),
    meta: { live: ['interaction.', 'ticket.sent', 'appointment.booked'] },
  })

/** The interaction of a call: begun, or taken over, when it is asked for first; then read, also when another tab has written in it. */
export const useInteraction = (callId: string | null, enabled = true) =>
  useQuery({
    queryKey: interactionKey(callId ?? ''),
    queryFn({ client, queryKey }) {
      if (callId === null) throw new Error('There is no call.')
      const known = client.getQueryData<Interaction>(queryKey)
      // One that was passed on is asked for as at first: it may have come back, and is then ours again.
      return known && !known.passedOn
        ? api.get('/api/interactions/:interactionId', { path: { interactionId: known.id } })
        : api.post('/api/interactions', { body: { callId } })
    },
    enabled: enabled && callId !== null,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    meta: { live: ['interaction.'], about: { call: callId ?? undefined } },
    // A colleague writes it now, or will: if nobody takes the call, it comes back here.
    refetchInterval: query => (query.state.data?.passedOn && query.state.data.state === 'open' ? talkingMs : unheardMs),
  })

/** Keeps why a citizen came again. */
export function useExplainRepeat(interactionId: string): (cause: RepeatCause) => Promise<void> {
  const client = useQueryClient()
  return async cause => {
    const said = await api.post('/api/interactions/:interactionId/repeat-cause', { path: { interactionId }, body: { cause } })
    if (said.callId !== null) client.setQueryData(interactionKey(said.callId), said)
    await client.invalidateQueries({ queryKey: ownKey })
  }
}

export const useContact = (id: string | null) =>
  useQuery({
    queryKey: ['contact', id],
    queryFn: id === null ? skipToken : ({ signal }) => api.get('/api/contacts/:contactId', { path: { contactId: id }, signal }),
    meta: { live: ['contact.'], about: { contact: id ?? undefined } },
  })

export const useTypology = (id: string | null) =>
  useQuery({
    queryKey: ['typology', id],
    queryFn:
      id === null ? skipToken : ({ signal }) => api.get('/api/typologies/:typologyId', { path: { typologyId: id }, signal }),
    staleTime: 600_000,
  })

export const useContactSearch = (text: string) =>
  useQuery({
    queryKey: ['contacts', text],
    queryFn: ({ signal }) => api.get('/api/contacts', { query: { q: text, limit: 8 }, signal }),
    enabled: text.trim().length >= 2,
    placeholderData: before => before,
  })

export const useIdentification = (contactId: string, callId: string | null) =>
  useQuery({
    queryKey: ['contact', contactId, 'identifications', callId],
    queryFn: ({ signal }) =>
      api.get('/api/contacts/:contactId/identifications', { path: { contactId }, query: { callId }, signal }),
  })

/** Notes who speaks for the contact: whoever has a mandate, or (null) the contact. */
export function useSpeaker(contactId: string, callId: string | null) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (mandateId: string | null) =>
      api.post('/api/contacts/:contactId/speaker', { path: { contactId }, body: { mandateId, callId } }),
    onSuccess: state => client.setQueryData(['contact', contactId, 'identifications', callId], state),
    onError: error => notify(sentenceOf(error), 'late'),
  })
}

export const useOpenCases = (contactId: string) =>
  useQuery({
    queryKey: ['contact', contactId, 'cases'],
    queryFn: ({ signal }) => api.get('/api/contacts/:contactId/cases', { path: { contactId }, signal }),
    meta: { live: ['case.', 'ticket.'], about: { contact: contactId } },
  })

/** Where a Linea ticket would go; null while the typology is not known. */
export const useDerivation = (typologyId: string | null, contactId: string | null, callId: string | null) =>
  useQuery({
    queryKey: ['derivation', typologyId, contactId, callId],
    queryFn:
      typologyId === null
        ? skipToken
        : ({ signal }) => api.get('/api/linea/derivation', { query: { typologyId, contactId, callId }, signal }),
    placeholderData: before => before,
  })
