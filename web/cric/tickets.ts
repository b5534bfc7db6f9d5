/** Questions to the API about tickets, and the actions on them. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { SectionSharing, Ticket, TicketCounts, TicketLine, TicketView } from '../../src/cases/model.ts'
import { api, type Page } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { useStepOf } from '../shared/step.ts'

const listLive = ['ticket.', 'case.closed', 'work.']

export const useTicketCounts = () =>
  useQuery({
    queryKey: ['ticket-counts'],
    queryFn: ({ signal }) => api.get<TicketCounts>('/api/tickets/counts', undefined, signal),
    meta: { live: listLive },
  })

export const useTicketList = (view: TicketView, sectionId: string | undefined) =>
  useInfiniteQuery({
    queryKey: ['tickets', view, sectionId ?? null],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TicketLine>>('/api/tickets', { view, sectionId, cursor: pageParam, limit: 30 }, signal),
    ...pagedOptions,
    meta: { live: listLive },
  })

export const sharingKey = (sectionId: string) => ['sharing', sectionId] as const

/** How a section shares out its tickets; an error for a unit that is none. */
export const useSharing = (sectionId: string) =>
  useQuery({
    queryKey: sharingKey(sectionId),
    queryFn: ({ signal }) => api.get<SectionSharing>(`/api/sections/${sectionId}/sharing`, undefined, signal),
    meta: { live: ['section.sharing-set'] },
  })

/** Others who have the ticket open are not in the journal: they are asked for. */
const presenceMs = 20_000

export const useTicket = (ticketId: string) =>
  useQuery({
    queryKey: ['ticket', ticketId],
    queryFn: ({ signal }) => api.get<Ticket>(`/api/tickets/${ticketId}`, undefined, signal),
    refetchInterval: presenceMs,
    meta: { live: ['ticket.', 'case.', 'mail.', 'appointment.', 'work.'] },
  })

export type ActionName =
  | 'claim'
  | 'release'
  | 'hand-over'
  | 'take-over'
  | 'notes'
  | 'answer'
  | 'close'
  | 'forward'
  | 'return'
  | 'appointment'
  | 'assign'

/** Does something with a ticket. */
export const useTicketAction = (ticketId: string) =>
  useStepOf<Ticket, ActionName>(`/api/tickets/${ticketId}`, ['ticket', ticketId], [['tickets'], ['ticket-counts']])
