/** The door of the routing engine: `createEngine`, `restore`, and the language that it speaks. */
export { createEngine, type Engine, restore } from './engine.ts'
export type { Explanation, WhyNot } from './explain.ts'
export * from './model.ts'
export type { Snapshot } from './snapshot.ts'
