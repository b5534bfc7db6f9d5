/** The sentences of ours that callers hear, beside the texts of the flow. */
import { type Language, languages, sentence } from '../../platform/index.ts'
import type { PromptText } from './prompts.ts'

/** Every sentence of ours that a caller may hear, for speaking them beforehand. */
export const heardSentences = [
  'pleaseWait',
  'nobodyNow',
  'nobodyUntil',
  'nobodyStay',
  'next',
  'aheadOne',
  'aheadBefore',
  'aheadAfter',
  'waitBefore',
  'waitAfter',
  'lineLost',
  'lineLostNext',
  'outOfOrder',
  'unknownNumber',
  'officeUnreachable',
  'sectionClosed',
  'dismissed',
  'callbackOffer',
  'callbackAt',
  'callbackPressOne',
  'callbackOther',
  'callbackHidden',
  'callbackStay',
  'callbackHint',
  'callbackKey',
  'callbackWrong',
  'callbackKeyed',
  'callbackConfirm',
  'callbackWaitOn',
  'callbackDone',
  'callbackToday',
  'callbackTomorrow',
  'callbackDay1',
  'callbackDay2',
  'callbackDay3',
  'callbackDay4',
  'callbackDay5',
  'callbackDay6',
  'callbackDay7',
  'callbackAnd',
  'callbackMinutes',
  'callbackBye',
] as const

/** Returns the language in which a sentence of ours is said to who hears `wanted`: Italian where we have none in it. */
export const heardLanguage = (wanted: string): Language => languages.find(known => known === wanted) ?? 'it'

/** Returns a sentence of ours, by its name in the list, as a prompt. */
export function promptOfSentence(name: string, wanted: string): PromptText & { key: string } {
  const language = heardLanguage(wanted)
  return { language, text: sentence(language, `telephony.heard.${name}`), key: `heard.${name}` }
}
