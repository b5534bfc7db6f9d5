/** The policy as a page of the documentation: a diagram of the states, and who may do what in each. Pure. */
import { sentence } from '../platform/index.ts'
import { TicketAction, type TicketState } from './model.ts'
import { decidingRow, standingNames, standings, table, ticketStates } from './policy.ts'
import type { TicketStanding } from './rules/model.ts'

/** What an action makes of a ticket's state. Look and note change nothing. */
const outcomes: Readonly<Partial<Record<TicketAction, TicketState | 'same'>>> = {
  claim: 'claimed',
  release: 'pool',
  'hand-over': 'claimed',
  forward: 'forwarded',
  return: 'returned',
  answer: 'answered',
  close: 'closed',
  appointment: 'closed',
  'send-back': 'closed',
  assign: 'pool',
}

const allows = (action: TicketAction, state: TicketState, standing: TicketStanding): boolean => {
  const row = decidingRow(action, state, 'linea', standing)
  return row !== undefined && row.because === undefined
}

/** The whole page. */
export function policyPage(): string {
  return [
    '# Who may do what with a ticket',
    '',
    'This page is drawn by `npm run docs:policy` from the table in `src/cases/policy.ts`, which decides in the program. Do not edit it.',
    '',
    '## The way of a ticket',
    '',
    '```mermaid',
    ...diagram(),
    '```',
    '',
    'Nothing else exists: an arrow that is not drawn is refused, with the sentence that says why. By e-mail `answered` becomes `closed` when the',
    'mail has left, and `claimed` again when it could not be delivered; by telephone at once. The only way from a ticket to an agency is an',
    'appointment with the declared reason that the paper dossier has to be rebuilt. IT matters go to the IT assistance group of the region, and',
    'neither to a central directorate nor to an agency.',
    '',
    '## Who',
    '',
    '| reader | is |',
    '| --- | --- |',
    ...standings.map(standing => `| **${standing}** | ${standingNames[standing]} |`),
    '',
    '## Rights',
    '',
    'For each action, the states in which it is allowed (● always, ○ until it is closed).',
    '',
    `| | ${standings.join(' | ')} |`,
    `| --- | ${standings.map(() => '---').join(' | ')} |`,
    ...TicketAction.options.map(action => `| **${action}** | ${standings.map(standing => cell(action, standing)).join(' | ')} |`),
    '',
    '## Refusals',
    '',
    'The rows that refuse, in the order in which they are asked, after what allows; the first that fits is shown.',
    '',
    '| action | while | to | sentence |',
    '| --- | --- | --- | --- |',
    ...table.flatMap(row =>
      row.because === undefined
        ? []
        : [
            `| ${list(row.actions)} | ${list(row.states)} | ${list(row.who)}${row.kind === 'it' ? ' (IT matters)' : ''} | ${sentence('en', `cases.policy.${row.because}`, placeholders)} |`,
          ],
    ),
    '',
  ].join('\n')
}

const placeholders = {
  holder: 'the colleague',
  centre: 'the regional centre',
  unit: 'it belongs to',
  directorate: 'the central directorate',
}

function diagram(): string[] {
  const arrows = new Map<string, string[]>()
  for (const state of ticketStates)
    for (const action of TicketAction.options) {
      const outcome = outcomes[action]
      const who = standings.filter(standing => allows(action, state, standing))
      if (outcome === undefined || who.length === 0) continue
      const to = action === 'hand-over' && state !== 'pool' ? state : outcome
      const arrow = `${state} --> ${to}`
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), action])
    }
  return [
    'stateDiagram-v2',
    '  [*] --> pool : Linea ticket of the contact centre',
    ...[...arrows].filter(([arrow]) => !isLoop(arrow)).map(([arrow, actions]) => `  ${arrow} : ${actions.join(', ')}`),
    '  answered --> claimed : could not be delivered',
    '  closed --> [*]',
  ]
}

const isLoop = (arrow: string): boolean => {
  const [from, to] = arrow.split(' --> ')
  return from === to
}

function cell(action: TicketAction, standing: TicketStanding): string {
  const states = ticketStates.filter(state => allows(action, state, standing))
  if (states.length === ticketStates.length) return '●'
  return states.length === ticketStates.length - 1 && !states.includes('closed') ? '○' : states.join(', ')
}

const list = (values: readonly string[] | 'any'): string => (values === 'any' ? 'any' : values.join(', '))
