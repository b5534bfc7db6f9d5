/** What letters say, in the languages in which the institute answers citizens. */
import de from '../../../languages/de/appointment-letter.json' with { type: 'json' }
import en from '../../../languages/en/appointment-letter.json' with { type: 'json' }
import fr from '../../../languages/fr/appointment-letter.json' with { type: 'json' }
import it from '../../../languages/it/appointment-letter.json' with { type: 'json' }
import sl from '../../../languages/sl/appointment-letter.json' with { type: 'json' }
import type { ContactLanguage } from '../../contacts/index.ts'

export const letterWords: Readonly<Record<ContactLanguage, typeof it>> = { it, en, de, fr, sl }
