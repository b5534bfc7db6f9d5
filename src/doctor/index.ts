/** The door of the doctor: what is not right with an installation, in sentences, and how it is mended. */
export { examine, isUnwell } from './checks.ts'
export { type Danger, dangersOf } from './dangers.ts'
export { factsOfDatabase, gatherFacts } from './gather.ts'
export type { Finding, InstallationFacts } from './model.ts'
