/** HTTP of the rules of tickets. */
import { languageOf, PageQuery, page, route } from '../../platform/index.ts'
import { NewRules, ProposedRules, RulesEffect, RulesVersion, TicketRulesView } from './model.ts'
import { effectOfRules, ruleHistory, setRules, ticketRules } from './service.ts'

const common = { tag: 'tickets', access: 'signed-in' } as const

export const ruleRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/ticket-rules',
    operation: 'readTicketRules',
    summary: 'Who may do what with a ticket now, what of it the institute has decided, and what nobody can switch off',
    answer: TicketRulesView,
    handle: ({ house, actor, request }) => ticketRules(house, actor, languageOf(request)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/ticket-rules/effect',
    operation: 'previewTicketRules',
    summary: 'What would come of other rules: what is gained and lost, on how many tickets, and what they would break',
    description: 'Nothing is written.',
    body: ProposedRules,
    answer: RulesEffect,
    handle: ({ house, actor, body, request }) => effectOfRules(house, actor, body, languageOf(request)),
  }),
  route({
    ...common,
    method: 'PUT',
    url: '/api/ticket-rules',
    operation: 'setTicketRules',
    summary: 'Put rules of tickets in force',
    description: 'They hold from the next action on. Rules that would break what nobody can switch off are refused.',
    body: NewRules,
    answer: TicketRulesView,
    ifMatch: true,
    handle: async ({ house, actor, body, version, request }) => {
      await setRules(house, actor, { ...body, version })
      return ticketRules(house, actor, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/ticket-rules/versions',
    operation: 'listTicketRulesVersions',
    summary: 'Every version of the rules of tickets, with who put it in force and why',
    query: PageQuery,
    answer: page(RulesVersion),
    handle: ({ house, actor, query }) => ruleHistory(house, actor, query),
  }),
] as const
