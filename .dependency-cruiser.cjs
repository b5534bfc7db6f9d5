/** The rules of the house, as a check. See docs/architecture.md. */

const rooms = [
  'organisation',
  'identity',
  'classification',
  'contacts',
  'cases',
  'channels',
  'agenda',
  'distribution',
  'telephony',
  'monitoring',
  'doctor',
  'routing',
  'simulation',
  'ivr',
  'rights',
].join('|')

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
      comment: 'Import the index.ts of another room, never a file inside it.',
      from: { path: `^src/(${rooms})/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^src/(${rooms}|platform)/`, pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
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
      name: 'the-browser-takes-only-types-from-the-server',
      severity: 'error',
      comment:
        'The exceptions are plain: shared schemas, the pure reading of fiscal codes, the writing of telephone numbers, office time, the pauses between attempts, and the flow, which is tried and checked as it is written.',
      from: { path: '^web/', pathNot: '\\.test\\.tsx?$' },
      to: {
        path: '^src/',
        pathNot: '/(protocol|model|fiscal-code|phone-text|office-time|back-off|ivr/(check|interpreter))\\.ts$',
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
