/** The door of the automatic answerer: flows as data, their checker, their interpreter, and where they are kept. */
export { checkFlow, type FindingCode, type FlowFinding, mayPublish, type Surroundings } from './check.ts'
export { flowPublished } from './events.ts'
export {
  type Chosen,
  type FlowEffect,
  type FlowState,
  type FlowStepInput,
  type SpokenText,
  start,
  step,
  textIn,
  type Walk,
} from './interpreter.ts'
export {
  Flow,
  FlowContext,
  type FlowInput,
  FlowLanguage,
  type FlowNode,
  FlowText,
  flowLanguages,
  nodeOf,
  unitsOfHours,
} from './model.ts'
export { flowKeepers, mayKeepFlow } from './policy.ts'
export { type FlowPrompt, isForEachCall, type PromptPart, promptsOf } from './prompts.ts'
export { flowRoutes } from './routes.ts'
export { installFlow } from './service.ts'
export { flowInForce, flowVersion, type KeptFlow, versionInForce, wholeFlow } from './store.ts'
export { FlowLine, FlowOverview, FlowVersion } from './views.ts'
