/**
 * Which face the desk shows, from what the program says about the agent and the call. Pure.
 *
 *   resting ──offer──▶ ringing ──answer──▶ talking ──hang-up──▶ finishing ──ready──▶ resting
 *
 * Work that is not finished when the wrap-up ends, or when the next call rings, is not lost: it stays in the list of today's calls, marked.
 */

export type AgentState = 'signed-out' | 'available' | 'offered' | 'in-conversation' | 'wrap-up' | 'paused'
/** `dialling`: the number of a callback rings; nobody is heard yet. */
export type CallState = 'ringing' | 'dialling' | 'talking' | 'held' | 'interrupted'

export type Stage =
  | { name: 'resting' }
  | { name: 'ringing'; callId: string }
  | { name: 'talking'; callId: string; held: boolean; interrupted: boolean; dialling: boolean }
  | { name: 'finishing'; callId: string | null }

export interface Facts {
  agent: AgentState | undefined
  /** The call that the agent's state belongs to; in the wrap-up it is the one that has just ended. */
  agentCallId: string | null
  card: { callId: string; state: CallState } | null
}

export function stageOf({ agent, agentCallId, card }: Facts): Stage {
  if (card?.state === 'ringing') return { name: 'ringing', callId: card.callId }
  if (card) {
    const { callId, state } = card
    return {
      name: 'talking',
      callId,
      held: state === 'held',
      interrupted: state === 'interrupted',
      dialling: state === 'dialling',
    }
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
 * What work is on the screen after the stage changed. A conversation comes first; while a call only rings, the sheet that somebody is
 * still writing stays where it is; after the call its sheet stays until it is finished or another is chosen.
 */
export function workAfter(work: WorkOnScreen, stage: Stage): WorkOnScreen {
  if (stage.name === 'talking') return work.callId === stage.callId ? work : { callId: stage.callId, chosen: false }
  if (stage.name === 'finishing' && stage.callId !== null && !work.chosen) return { callId: stage.callId, chosen: false }
  return work
}

/** The title of the browser's tab: a call must be seen from another tab. */
export function tabTitle(stage: Stage, name: string, words: { ringing: string; talking: string; resting: string }): string {
  if (stage.name === 'ringing') return `☎ ${words.ringing} · ${name}`
  if (stage.name === 'talking') return `● ${words.talking} · ${name}`
  return words.resting
}
