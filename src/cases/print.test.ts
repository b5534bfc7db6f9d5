/** What a case looks like on paper. */
import { expect, test } from 'vitest'
import type { Case } from './model.ts'
import { pageOfCase } from './print.ts'

const matter: Case = {
  ...{ id: '0192f0c0-0000-7000-8000-000000000001', code: '4827193056', title: 'Pensione <di> vecchiaia', status: 'open' },
  ...{ outcome: null, openedAt: '2026-11-03T09:00:00Z', closedAt: null, typology: ['Pensioni', 'Vecchiaia'], version: 1 },
  contact: { id: '0192f0c0-0000-7000-8000-000000000002', name: 'Giulia Ferri', level: 'none' },
  ...{ interactions: [], tickets: [], messages: [], followUp: null, reference: null, joinedInto: null },
  notes: [
    {
      ...{ id: '0192f0c0-0000-7000-8000-000000000003', byName: 'Paola Neri', byUnit: 'Pensioni, Lazio' },
      ...{ text: '<script>alert("x")</script> & altro', at: '2026-11-03T10:00:00Z' },
    },
  ],
}

const file = {
  ...{ id: '0192f0c0-0000-7000-8000-000000000004', type: 'application/pdf', sizeBytes: 20_480, at: '2026-11-03T11:00:00Z' },
  ...{ scan: 'clean' as const, byName: 'Luca Donati' },
}

test('says what the case is, what was noted, and who printed it; what people wrote stays text; empty parts are left out', () => {
  const page = pageOfCase(
    matter,
    {
      history: { items: [], next: 'more' },
      files: {
        ...{ keep: { allowed: true, sentence: null }, fromMails: [] },
        files: [
          { ...file, name: 'Ricorso <b>.pdf', removed: null },
          { ...file, name: 'tolto.pdf', removed: { byName: 'Paola Neri', at: '2026-11-03T12:00:00Z' } },
        ],
      },
    },
    { language: 'it', time: instant => `[${instant}]`, printedBy: 'Ugo Preti', printedAt: '2026-11-04T08:00:00Z' },
  )
  expect(page).toContain('<h1>Pensione &lt;di&gt; vecchiaia</h1>')
  expect(page).toContain('<dd>482 719 3056</dd>')
  expect(page).toContain('Pensioni › Vecchiaia')
  expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; altro')
  expect(page).toContain('[2026-11-03T11:00:00Z] · Luca Donati · 20 kB</small><p>Ricorso &lt;b&gt;.pdf</p>')
  expect(page).not.toContain('tolto.pdf')
  expect(page).not.toContain('<script')
  expect(page).toContain('<h2>Note dei colleghi</h2>')
  expect(page).not.toContain('<h2>Conversazioni</h2>')
  expect(page).toContain('La storia continua')
  expect(page).toContain('Stampata da Ugo Preti, [2026-11-04T08:00:00Z]')
})
