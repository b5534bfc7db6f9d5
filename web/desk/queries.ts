/** What the desk asks the program, and what makes each answer old. Live messages renew it; asking now and then goes on all the same. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { CaseLine, Derivation, Interaction } from '../../src/cases/model.ts'
import type { Typology } from '../../src/classification/model.ts'
import type { Contact, ContactSummary, IdentificationState } from '../../src/contacts/model.ts'
import type { DeskExplanation } from '../../src/distribution/model.ts'
import type { CallCard, CallTurn, TransferChoice } from '../../src/telephony/model.ts'
import { api, type Page } from '../shared/api.ts'
import { deskKey, useDeskOf } from '../shared/service/service.ts'
import { telephone } from './telephone/telephone.ts'

const restingMs = 10_000
const talkingMs = 4_000
/** A live message that was lost costs so long. */
const unheardMs = 30_000

export const cardKey = ['desk', 'card'] as const
/** The time that was booked from an interaction, as it was held: to be said to the citizen once more. */
export const bookedKey = (interactionId: string) => ['desk', 'booked', interactionId] as const
export const interactionKey = (callId: string) => ['desk', 'interaction', callId] as const

/** My state, my sections, how busy they are. */
export const useDesk = () => useDeskOf(telephone.pageId)

/** The call that rings or is talked about; null when there is none. */
export const useCard = () =>
  useQuery({
    queryKey: cardKey,
    queryFn: async ({ signal }) => (await api.get<{ call: CallCard | null }>('/api/calls/mine', undefined, signal)).call,
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
  queryFn: ({ signal }) => api.get<{ items: CallTurn[] }>('/api/calls/today', undefined, signal),
  meta: { live: ['call.connected', 'call.ended', 'conversation.', 'offer.'] },
})

export const useTurns = () => useQuery(turnsOptions)

/** Where the call can be handed, and whether anybody is there. */
export const useTransferChoices = (callId: string, enabled: boolean) =>
  useQuery({
    queryKey: ['desk', 'transfer-choices', callId],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: TransferChoice[] }>(`/api/calls/${callId}/transfer-choices`, undefined, signal)).items,
    enabled,
    staleTime: 0,
    refetchInterval: enabled ? talkingMs : false,
  })

/** Why a call went to whom, as it stands now. */
export const explanationOf = (callId: string) =>
  queryOptions({
    queryKey: ['desk', 'explanation', callId],
    queryFn: ({ signal }) => api.get<DeskExplanation>('/api/desk/explain', { callId }, signal),
    meta: { live: ['offer.', 'call.', 'conversation.'], about: { call: callId } },
  })

export const ownKey = ['desk', 'own-interactions'] as const
export const useOwnInteractions = () =>
  useQuery({
    queryKey: ownKey,
    queryFn: ({ signal }) => api.get<{ items: Interaction[] }>('/api/interactions', undefined, signal),
    meta: { live: ['interaction.', 'ticket.sent', 'appointment.booked'] },
  })

/** The interaction of a call; asking opens it when it is not open yet. */
/** The interaction of a call: begun, or taken over, when it is asked for first; then read, also when another tab has written in it. */
export const useInteraction = (callId: string | null, enabled = true) =>
  useQuery({
    queryKey: interactionKey(callId ?? ''),
    queryFn({ client, queryKey }) {
      const known = client.getQueryData<Interaction>(queryKey)
      // One that was passed on is asked for as at first: it may have come back, and is then ours again.
      return known && !known.passedOn
        ? api.get<Interaction>(`/api/interactions/${known.id}`)
        : api.post<Interaction>('/api/interactions', { callId })
    },
    enabled: enabled && callId !== null,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    meta: { live: ['interaction.'], about: { call: callId ?? undefined } },
    // A colleague writes it now, or will: if nobody takes the call, it comes back here.
    refetchInterval: query => (query.state.data?.passedOn && query.state.data.state === 'open' ? talkingMs : unheardMs),
  })

export const useContact = (id: string | null) =>
  useQuery({
    queryKey: ['contact', id],
    queryFn: ({ signal }) => api.get<Contact>(`/api/contacts/${id}`, undefined, signal),
    enabled: id !== null,
    meta: { live: ['contact.'], about: { contact: id ?? undefined } },
  })

export const useTypology = (id: string | null) =>
  useQuery({
    queryKey: ['typology', id],
    queryFn: ({ signal }) => api.get<Typology>(`/api/typologies/${id}`, undefined, signal),
    enabled: id !== null,
    staleTime: 600_000,
  })

export const useContactSearch = (text: string) =>
  useQuery({
    queryKey: ['contacts', text],
    queryFn: ({ signal }) => api.get<Page<ContactSummary>>('/api/contacts', { q: text, limit: 8 }, signal),
    enabled: text.trim().length >= 2,
    placeholderData: before => before,
  })

export const useIdentification = (contactId: string, callId: string | null) =>
  useQuery({
    queryKey: ['contact', contactId, 'identifications', callId],
    queryFn: ({ signal }) => api.get<IdentificationState>(`/api/contacts/${contactId}/identifications`, { callId }, signal),
  })

export const useOpenCases = (contactId: string) =>
  useQuery({
    queryKey: ['contact', contactId, 'cases'],
    queryFn: ({ signal }) => api.get<{ items: CaseLine[] }>(`/api/contacts/${contactId}/cases`, undefined, signal),
    meta: { live: ['case.', 'ticket.'], about: { contact: contactId } },
  })

/** Where a Linea ticket would go; null while the typology is not known. */
export const useDerivation = (typologyId: string | null, contactId: string | null, callId: string | null) =>
  useQuery({
    queryKey: ['derivation', typologyId, contactId, callId],
    queryFn: ({ signal }) => api.get<Derivation>('/api/linea/derivation', { typologyId, contactId, callId }, signal),
    enabled: typologyId !== null,
    placeholderData: before => before,
  })
