/** Questions to the API about tickets, and the actions on them. */

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Ticket, TicketFilter, TicketLine, TicketView } from '../../src/cases/model.ts'
import { api } from '../shared/api.ts'
import { type LiveFilter, pagedOptions } from '../shared/query.ts'
import type { StepOf } from '../shared/routes.ts'
import { useStepOf } from '../shared/step.ts'

export const listLive: LiveFilter[] = ['ticket.', 'case.closed', 'work.']

export const useTicketCounts = () =>
  useQuery({
    queryKey: ['ticket-counts'],
    queryFn: ({ signal }) => api.get('/api/tickets/counts', { signal }),
    meta: { live: listLive },
  })

/** How a list lies in time; nothing for what is closed. */
export const useTicketDeadlines = (view: TicketView, sectionId: string | undefined) =>
  useQuery({
    queryKey: ['ticket-counts', 'deadlines', view, sectionId ?? null],
    queryFn: ({ signal }) =>
      api.get('/api/tickets/deadlines', { query: { ...(view === 'closed' ? {} : { view }), sectionId }, signal }),
    enabled: view !== 'closed',
    placeholderData: earlier => earlier,
    meta: { live: listLive },
  })

/** Lines of a page; of a list that is read whole, to be searched and sorted here, larger ones. */
const pageSize = 30
const wholePageSize = 100
/** A list that is searched or sorted is read up to here: more than a section ever has open. */
const maxPages = 20

/** A list of tickets: which one, of which section, narrowed to what. */
export interface WantedTickets extends TicketFilter {
  view: TicketView
  sectionId: string | undefined
}

/** @param whole reads it to its end, page by page */
export function useTicketList(wanted: WantedTickets, whole: boolean) {
  const list = useInfiniteQuery({
    queryKey: ['tickets', wanted, whole],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/tickets', { query: { ...wanted, cursor: pageParam, limit: whole ? wholePageSize : pageSize }, signal }),
    ...pagedOptions,
    placeholderData: earlier => earlier,
    meta: { live: listLive },
  })
  const { hasNextPage, isFetching, fetchNextPage } = list
  const pages = list.data?.pages.length ?? 0
  useEffect(() => {
    if (whole && hasNextPage && !isFetching && pages < maxPages) void fetchNextPage()
  }, [whole, hasNextPage, isFetching, pages, fetchNextPage])
  return list
}

/** A list to its end, for a file. */
export async function readWholeList(wanted: WantedTickets): Promise<TicketLine[]> {
  const lines: TicketLine[] = []
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const { items, next } = await api.get('/api/tickets', { query: { ...wanted, cursor, limit: wholePageSize } })
    lines.push(...items)
    if (next === null) break
    cursor = next
  }
  return lines
}

export const sharingKey = (sectionId: string) => ['sharing', sectionId] as const

/** How a section shares out its tickets; an error for a unit that is none. */
export const useSharing = (sectionId: string) =>
  useQuery({
    queryKey: sharingKey(sectionId),
    queryFn: ({ signal }) => api.get('/api/sections/:sectionId/sharing', { path: { sectionId }, signal }),
    meta: { live: ['section.sharing-set'] },
  })

export const useTicket = (ticketId: string) =>
  useQuery({
    queryKey: ['ticket', ticketId],
    queryFn: ({ signal }) => api.get('/api/tickets/:ticketId', { path: { ticketId }, signal }),
    meta: { live: ['ticket.', 'case.', 'mail.', 'appointment.', 'work.'] },
  })

/** Where each of the things that can be done with a ticket is asked for. */
const steps = {
  claim: '/api/tickets/:ticketId/claim',
  release: '/api/tickets/:ticketId/release',
  'hand-over': '/api/tickets/:ticketId/hand-over',
  'take-over': '/api/tickets/:ticketId/take-over',
  notes: '/api/tickets/:ticketId/notes',
  answer: '/api/tickets/:ticketId/answer',
  'ask-citizen': '/api/tickets/:ticketId/ask-citizen',
  replied: '/api/tickets/:ticketId/replied',
  priority: '/api/tickets/:ticketId/priority',
  close: '/api/tickets/:ticketId/close',
  forward: '/api/tickets/:ticketId/forward',
  'send-back': '/api/tickets/:ticketId/send-back',
  return: '/api/tickets/:ticketId/return',
  appointment: '/api/tickets/:ticketId/appointment',
  assign: '/api/tickets/:ticketId/assign',
} as const

export type ActionName = keyof typeof steps
/** Something that is done with a ticket, and what goes with it. */
export type Step = StepOf<typeof steps>

/** Does something with a ticket. */
export const useTicketAction = (ticketId: string) =>
  useStepOf<Ticket, Step>(
    ({ name, body }, key) => api.post(steps[name], { path: { ticketId }, body, key }),
    ['ticket', ticketId],
    [['tickets'], ['ticket-counts']],
  )
