/** The rules of the house, as a check. See docs/architecture.md. */

const rooms = [
  'organisation',
  'identity',
  'incidents',
  'prevention',
  'guides',
  'classification',
  'contacts',
  'cases',
  'channels',
  'letters',
  'agenda',
  'counters',
  'distribution',
  'telephony',
  'monitoring',
  'doctor',
  'routing',
  'simulation',
  'staffing',
  'ivr',
  'rights',
  'privacy',
].join('|')

/** Asked by every policy, also of the rooms on which identity stands. */
const capabilities = '^src/identity/capabilities\\.ts$'

module.exports = {
  forbidden: [
    {
      name: 'the-platform-knows-no-domain',
      severity: 'error',
      comment: 'Arrows point down: main, then rooms, then platform.',
      from: { path: '^src/platform/', pathNot: '\\.test\\.ts$' },
      to: { path: `^(src/(${rooms}|main)|web|sample|test)/?` },
    },
    {
      name: 'rooms-are-entered-by-their-door',
      severity: 'error',
      comment:
        'Import the index.ts of another room, its entries in events.ts, or what roles may do, never another file inside it.',
      from: { path: `^src/(${rooms})/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^src/(${rooms}|platform)/`, pathNot: ['^src/$1/', '^src/[^/]+/(index|events)\\.ts$', capabilities] },
    },
    {
      name: 'entries-know-no-services',
      severity: 'error',
      comment: 'The entries of a room are its second door: every other room may come in there, so they stand on models alone.',
      from: { path: `^src/(${rooms})/events\\.ts$` },
      to: { path: `^src/`, pathNot: '^src/platform/|/(model|events|capabilities)\\.ts$|^src/routing/index\\.ts$' },
    },
    {
      name: 'main-and-sample-use-doors',
      severity: 'error',
      from: { path: '^(src/(main|routes)\\.ts|sample/)', pathNot: '\\.test\\.ts$' },
      to: { path: `^src/(${rooms}|platform)/`, pathNot: '^src/[^/]+/index\\.ts$' },
    },
    {
      name: 'nothing-imports-main',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main\\.ts$' },
      to: { path: '^src/(main|routes)\\.ts$' },
    },
    {
      name: 'the-engine-is-pure',
      severity: 'error',
      comment: 'No I/O, no clock, no randomness: routing runs under virtual time.',
      from: { path: '^src/routing/', pathNot: '\\.test\\.ts$|/reference\\.ts$' },
      to: { pathNot: '^src/routing/' },
    },
    {
      name: 'decisions-are-pure',
      severity: 'error',
      comment: 'The flow interpreter and every policy decide and do nothing else.',
      from: { path: '^src/(ivr/(model|check|checker|interpreter)|[^/]+/policy)\\.ts$' },
      to: {
        path: '(^src/platform/(database|events|http|jobs|house))|/store\\.ts$|/service\\.ts$|^node:|node_modules/(pg|ws|fastify|kysely|@electric-sql)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'the-life-of-a-call-asks-nobody',
      severity: 'error',
      comment:
        'No database, no clock, no switch: what holds at a step is looked up before it, by those who follow calls. So callbacks know the life, and the life does not know them.',
      from: { path: '^src/telephony/calls/life/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^src/telephony/|/store\\.ts$|/service\\.ts$|^node:|node_modules/(pg|ws|fastify|kysely|@electric-sql)/',
        pathNot: '^src/telephony/(calls/life/|events\\.ts$|switches/port\\.ts$)',
      },
    },
    {
      name: 'the-browser-takes-only-types-from-the-server',
      severity: 'error',
      comment:
        "The exceptions import nothing of the platform: what is chosen from, the protocol of the browser's telephone, the table of roles, the reasons of a pause, the pure reading of fiscal codes, the writing of telephone numbers, office time, sentences with their values, the pauses between attempts, how much an answer may carry, which files are shown, what templates leave open, whether a text is a letter, and the flow, which is tried and checked as it is written.",
      from: { path: '^web/', pathNot: '\\.test\\.tsx?$' },
      to: {
        path: '^src/',
        pathNot:
          '/(protocol|choices|capabilities|pause-reasons|fiscal-code|phone-text|office-time|filled|back-off|files/(limits|shown)|templates/variables|answering/letter|ivr/(model|check|interpreter))\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'areas-do-not-know-each-other',
      severity: 'error',
      from: { path: '^web/([^/]+)/', pathNot: '^web/shared/' },
      to: { path: '^web/([^/]+)/', pathNot: ['^web/$1/', '^web/shared/'] },
    },
    {
      name: 'what-is-shared-knows-no-area',
      severity: 'error',
      from: { path: '^web/shared/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^web/', pathNot: '^web/shared/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^virtual:' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.cache|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
    },
  },
}
