/** The sentences of ours that callers hear, beside the texts of the flow. */
import de from '../../../languages/de/telephony-offer.json' with { type: 'json' }
import en from '../../../languages/en/telephony-offer.json' with { type: 'json' }
import fr from '../../../languages/fr/telephony-offer.json' with { type: 'json' }
import it from '../../../languages/it/telephony-offer.json' with { type: 'json' }
import sl from '../../../languages/sl/telephony-offer.json' with { type: 'json' }
import { type FlowLanguage, flowLanguages } from '../../ivr/index.ts'
import { languages, sentence } from '../../platform/index.ts'
import type { PromptText } from './prompts.ts'

/** What a citizen hears of an earlier time, whole in each language of the flow: the compiler refuses a sentence that one of them lacks. */
const offerWords: Readonly<Record<FlowLanguage, typeof it>> = { it, en, de, fr, sl }

type OfferSentence = keyof typeof it
const isOfOffer = (name: string): name is OfferSentence => Object.hasOwn(it, name)

/** The other sentences, in the languages of the program. */
const heardSentences = [
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

/** Every sentence of ours that a caller may hear, in each of its languages: for speaking them beforehand, and for recording them. */
export const ownSentences = (): (PromptText & { key: string; language: FlowLanguage })[] => [
  ...languages.flatMap(language => heardSentences.map(name => promptOfSentence(name, language))),
  ...flowLanguages.flatMap(language => Object.keys(it).map(name => promptOfSentence(name, language))),
]

/** Returns the language in which sentences of ours are said together to who hears `wanted`: Italian where one of them is not in it. */
export const heardLanguage = (wanted: string, names: readonly string[]): FlowLanguage =>
  (names.every(isOfOffer) ? flowLanguages : languages).find(known => known === wanted) ?? 'it'

/** Returns a sentence of ours, by its name, as a prompt. */
export function promptOfSentence(name: string, wanted: string): PromptText & { key: string; language: FlowLanguage } {
  const language = heardLanguage(wanted, [name])
  const text = isOfOffer(name) ? offerWords[language][name] : sentence(language === 'en' ? 'en' : 'it', `telephony.heard.${name}`)
  return { language, text, key: `heard.${name}` }
}
