import { expect, test } from 'vitest'
import type { HistoryEntry } from '../../../src/cases/model.ts'
import { historyRows } from './calls-in-history.ts'
import { choicesIn, kindOfRow, rowsThatFit } from './history-filter.ts'

const entry = (id: string, type: string, channel: string | null, callId: string | null = null): HistoryEntry => ({
  ...{ id, type, channel, callId, at: `2026-11-03T09:0${id}:00Z`, who: 'Anna Bianchi', unit: 'Pensioni', sentence: type },
  ...{ text: null, caseId: null, level: null, waitedMs: null },
})

const rows = historyRows([
  entry('0', 'call.arrived', 'telephone', 'call'),
  entry('1', 'call.connected', 'telephone', 'call'),
  entry('2', 'case.opened', null),
  entry('3', 'ticket.sent', 'telephone'),
  entry('4', 'interaction.opened', 'email'),
  entry('5', 'mail.sent', 'email'),
  entry('6', 'case.noted', null),
])
const kinds = (narrowed: typeof rows) => narrowed.map(kindOfRow)

test('a history is narrowed to a channel, to a kind, or to both, and offers only what it has', () => {
  expect(kinds(rows)).toEqual(['case', 'mails', 'conversations', 'question', 'case', 'conversations'])
  expect(choicesIn(rows)).toEqual({ channels: ['email', 'telephone'], kinds: ['conversations', 'question', 'mails', 'case'] })
  expect(rowsThatFit(rows, { channel: null, kind: null })).toEqual(rows)
  expect(kinds(rowsThatFit(rows, { channel: 'telephone', kind: null }))).toEqual(['question', 'conversations'])
  expect(kinds(rowsThatFit(rows, { channel: 'email', kind: 'conversations' }))).toEqual(['conversations'])
  expect(rowsThatFit(rows, { channel: 'telephone', kind: 'mails' })).toEqual([])
})
