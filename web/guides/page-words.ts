/** What the page of a guide says around it, in the languages in which citizens read. Staff's two languages are another thing (`web/shared/texts.ts`). */

import de from '../../languages/de/guide-page.json' with { type: 'json' }
import en from '../../languages/en/guide-page.json' with { type: 'json' }
import fr from '../../languages/fr/guide-page.json' with { type: 'json' }
import it from '../../languages/it/guide-page.json' with { type: 'json' }
import sl from '../../languages/sl/guide-page.json' with { type: 'json' }
import { contactLanguages } from '../../src/contacts/choices.ts'
import type { ContactLanguage } from '../../src/contacts/model.ts'

export const pageWords: Readonly<Record<ContactLanguage, typeof it>> = { it, en, de, fr, sl }

/** Each language by its own name. */
export const ownNames: Readonly<Record<ContactLanguage, string>> = {
  it: 'Italiano',
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  sl: 'Slovenščina',
}

/** The first language that a browser asks for and that a guide can have. */
export const askedLanguage = (wanted: readonly string[]): ContactLanguage =>
  wanted.flatMap(each => contactLanguages.find(language => each.toLowerCase().startsWith(language)) ?? [])[0] ?? 'it'
