/**
 * Which face the desk shows, from what the program says about the agent and the call. Pure.
 *
 *   resting ──offer──▶ ringing ──answer──▶ talking ──hang-up──▶ finishing ──ready──▶ resting
 *                         └──accept a callback──▶ dialling ──the citizen answers──▶ talking
 *                                                     └──nobody answers──▶ resting
 *
 * Work that is not finished when the wrap-up ends, or when the next call rings, is not lost: it stays in the list of today's calls, marked.
 */
import type { AgentState } from '../../src/routing/model.ts'

export type { AgentState }
/** `dialling`: the number of a callback rings; nobody is heard yet. */
export type CallState = 'ringing' | 'dialling' | 'talking' | 'held' | 'interrupted'

export type Stage =
  | { name: 'resting' }
  | { name: 'ringing'; callId: string }
  /** The number of a callback rings: there is nobody to write about yet. */
  | { name: 'dialling'; callId: string }
  | { name: 'talking'; callId: string; held: boolean; interrupted: boolean }
  | { name: 'finishing'; callId: string | null }

export interface StageFacts {
  agent: AgentState | undefined
  /** The call that the agent's state belongs to; in the wrap-up it is the one that has just ended. */
  agentCallId: string | null
  card: { callId: string; state: CallState } | null
}

export function stageOf({ agent, agentCallId, card }: StageFacts): Stage {
  if (card) {
    const { callId, state } = card
    if (state === 'ringing' || state === 'dialling') return { name: state, callId }
    return { name: 'talking', callId, held: state === 'held', interrupted: state === 'interrupted' }
  }
  if (agent === 'wrap-up') return { name: 'finishing', callId: agentCallId }
  return { name: 'resting' }
}

export interface WorkOnScreen {
  /** The call whose work is shown. */
  callId: string | null
  /** Somebody chose it from the list; it stays until another call is talked about. */
  chosen: boolean
}

/**
 * What work is on the screen after the stage changed. A conversation comes first; while a call only rings, here or at the citizen's, the
 * sheet that somebody is still writing stays where it is; after the call its sheet stays until it is finished or another is chosen.
 */
export function workAfter(work: WorkOnScreen, stage: Stage): WorkOnScreen {
  if (stage.name === 'talking') return work.callId === stage.callId ? work : { callId: stage.callId, chosen: false }
  if (stage.name === 'finishing' && stage.callId !== null && !work.chosen) return { callId: stage.callId, chosen: false }
  return work
}

/**
 * The call whose sheet is shown. While the number of a callback rings there is none: what was open before belongs to somebody else, and is
 * there again when nobody answers.
 */
export function shownCall(work: WorkOnScreen, stage: Stage): string | null {
  if (stage.name === 'talking') return stage.callId
  return stage.name === 'dialling' ? null : work.callId
}

/** The title of the browser's tab: a call must be seen from another tab. */
export function tabTitle(stage: Stage, name: string, words: { ringing: string; talking: string; resting: string }): string {
  if (stage.name === 'ringing') return `☎ ${words.ringing} · ${name}`
  if (stage.name === 'talking' || stage.name === 'dialling') return `● ${words.talking} · ${name}`
  return words.resting
}
