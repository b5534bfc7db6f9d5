/** Does on the switch what a transition asks for, in order. Each deed is harmless when it is repeated. */
import type { Log } from '../../platform/index.ts'
import { heardLanguage, promptOfSentence } from '../prompts/heard.ts'
import type { Saying, Switch } from '../switches/port.ts'
import type { Effect, Input, LifeState, Words } from './life/life.ts'

export interface Hands {
  switch: Switch
  /** The name of an operator's telephone at this switch. @throws when there is none */
  telephoneOf(agentId: string): Promise<string>
  log: Log
}

/**
 * Does them one after the other. What cannot be done is told as an input of the call where the call can do something about it; where it
 * cannot, the log has it, and the leg's own end will be a fact.
 */
export async function doEffects(
  hands: Hands,
  call: LifeState,
  from: string | null,
  effects: readonly Effect[],
): Promise<Input[]> {
  const news: Input[] = []
  for (const effect of effects) {
    try {
      if (effect.do === 'take') await prepareFirst(hands, effects)
      await doEffect(hands, call, from, effect)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      hands.log.warn({ call: call.callId, effect: effect.do, error: reason }, 'telephony: the switch refused')
      if (effect.do === 'ring-agent' || effect.do === 'dial') news.push({ type: 'not-rung', leg: effect.leg, reason })
      if (effect.do === 'say') news.push({ type: 'said', playback: effect.playback })
    }
  }
  return news
}

/** A caller whose call is taken must hear something at once, so what is said first is made ready before. */
async function prepareFirst({ switch: lines }: Hands, effects: readonly Effect[]): Promise<void> {
  const first = effects.find(({ do: what }) => what === 'say')
  if (first?.do !== 'say') return
  const { language, sayings } = sayingsOf(first.words)
  // If the voice fails, `say` will tell.
  await lines.prepare(sayings, language).catch(() => {})
}

async function doEffect(hands: Hands, call: LifeState, from: string | null, effect: Effect): Promise<void> {
  const { switch: lines } = hands
  switch (effect.do) {
    case 'name':
      return lines.name(effect.leg, call.callId)
    case 'take':
      return lines.answer(effect.leg)
    case 'ring':
      return lines.ring(effect.leg)
    case 'say': {
      const { language, sayings } = sayingsOf(effect.words)
      return lines.say(effect.leg, effect.playback, sayings, language, effect.instead)
    }
    case 'hush':
      return lines.hush(effect.leg, effect.playback)
    case 'music':
      return effect.on ? lines.startMusic(effect.leg) : lines.stopMusic(effect.leg)
    case 'ring-agent':
      return lines.ringAgent({
        leg: effect.leg,
        callId: call.callId,
        // A caller who is to be called back has no leg yet.
        callerLeg: call.phase === 'callback' ? null : call.leg,
        agentId: effect.agent,
        telephone: await hands.telephoneOf(effect.agent),
        from,
        timeoutMs: effect.timeoutMs,
      })
    case 'dial':
      return lines.dial({
        leg: effect.leg,
        callId: call.callId,
        callerLeg: effect.leg === call.leg || call.phase === 'outbound' ? null : call.leg,
        number: effect.number,
        // A call of ours shows the number that it says, and never the citizen's own.
        from: effect.from ?? (call.phase === 'outbound' ? null : from),
        timeoutMs: effect.timeoutMs,
      })
    case 'join':
      return lines.join(call.callId, effect.legs)
    case 'part':
      return lines.part(call.callId)
    case 'hang-up':
      return lines.hangUp(effect.leg, effect.reason)
  }
}

/** The texts of the flow as they are; sentences of ours in a language that we have. */
export function sayingsOf(words: Words): { language: string; sayings: Saying[] } {
  if ('flow' in words)
    return {
      language: words.language,
      sayings: words.flow.map(({ text, key }) => (key === undefined ? { text } : { text, key })),
    }
  const language = heardLanguage(
    words.language,
    words.parts.flatMap(part => ('sentence' in part ? [part.sentence] : [])),
  )
  return {
    language,
    sayings: words.parts.map(part => {
      if (!('sentence' in part)) return part
      const { text, key } = promptOfSentence(part.sentence, language)
      return { text, key }
    }),
  }
}
