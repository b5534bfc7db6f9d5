/** The door of the routing engine: `createEngine`, `restoreEngine`, and the language that it speaks. */
export { asDecided, type Decided, type DecidedAgent, type DecidedWork } from './decided.ts'
export { createEngine, type Engine, isKnownFact, restoreEngine } from './engine.ts'
export type { Explanation, WhyNot } from './explain.ts'
export * from './model.ts'
export type { EngineSnapshot } from './snapshot.ts'
export { engineVersion } from './version.ts'
