/** What the page behind the link of a mail says, in the languages that a card can have. Staff's two languages are another thing (`web/shared/texts.ts`). */
import de from '../../languages/de/citizen-appointment.json' with { type: 'json' }
import en from '../../languages/en/citizen-appointment.json' with { type: 'json' }
import fr from '../../languages/fr/citizen-appointment.json' with { type: 'json' }
import it from '../../languages/it/citizen-appointment.json' with { type: 'json' }
import sl from '../../languages/sl/citizen-appointment.json' with { type: 'json' }
import { contactLanguages } from '../../src/contacts/choices.ts'
import { sentenceOf } from '../shared/api.ts'

export const citizenWords = { it, en, de, fr, sl } satisfies Record<string, typeof it>
export type CitizenLanguage = keyof typeof citizenWords
export const citizenLanguages: readonly CitizenLanguage[] = contactLanguages

const remembered = 'appointment-language'
const oneOf = (text: string | null): CitizenLanguage | undefined => citizenLanguages.find(each => each === text)

/** The language that was chosen at this machine; undefined when none was. */
export const chosenLanguage = (): CitizenLanguage | undefined => oneOf(localStorage.getItem(remembered))
export const rememberLanguage = (language: CitizenLanguage): void => localStorage.setItem(remembered, language)
/** The language of the browser, as long as it is not known whose the page is. */
export const browserLanguage = (): CitizenLanguage => oneOf(navigator.language.slice(0, 2)) ?? 'it'

/** Why something could not be done: as the server says it to staff's languages, else that it did not work. */
export const problemIn = (language: CitizenLanguage, error: unknown): string =>
  language === 'it' || language === 'en' ? sentenceOf(error) : citizenWords[language].failed
