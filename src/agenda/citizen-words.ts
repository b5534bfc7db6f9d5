/** What citizens are written about appointments, in the languages in which the institute answers them. Staff's two languages are another thing. Pure. */
import de from '../../languages/de/appointment-message.json' with { type: 'json' }
import en from '../../languages/en/appointment-message.json' with { type: 'json' }
import fr from '../../languages/fr/appointment-message.json' with { type: 'json' }
import it from '../../languages/it/appointment-message.json' with { type: 'json' }
import sl from '../../languages/sl/appointment-message.json' with { type: 'json' }
import type { ContactLanguage } from '../contacts/index.ts'

/** Whole in each language: the compiler refuses a sentence that one of them lacks. */
export const citizenWords: Readonly<Record<ContactLanguage, typeof it>> = { it, en, de, fr, sl }

/** Writes instants of office time as a language writes them: returns the function that does. */
export const toldIn =
  (language: ContactLanguage, timeZone: string) =>
  (instant: Date, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { timeZone, ...options }).format(instant)

/** Returns the request code in three groups, as it is read to somebody: `482 719 3056`. */
export const grouped = (code: string): string => [code.slice(0, 3), code.slice(3, 6), code.slice(6)].join(' ')

/** What a service is called, and what the citizen brings along to it: in the language, as far as the service has words in it, else as it was booked. */
export const toldService = (
  words: { name: string; bring: string } | undefined,
  booked: { service_name: string; bring: string },
): { service: string; bring: string } => ({ service: words?.name || booked.service_name, bring: words?.bring || booked.bring })
