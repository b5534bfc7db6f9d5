/** What the page of a guide says around it, in the languages in which citizens read. Staff's two languages are another thing (`web/shared/texts.ts`). */
import de from '../../languages/de/guide-page.json' with { type: 'json' }
import en from '../../languages/en/guide-page.json' with { type: 'json' }
import fr from '../../languages/fr/guide-page.json' with { type: 'json' }
import it from '../../languages/it/guide-page.json' with { type: 'json' }
import sl from '../../languages/sl/guide-page.json' with { type: 'json' }
import { guideLanguages } from '../../src/guides/choices.ts'
import type { GuideLanguage } from '../../src/guides/model.ts'

export const pageWords: Readonly<Record<GuideLanguage, typeof it>> = { it, en, de, fr, sl }

/** Each language by its own name. */
export const ownNames: Readonly<Record<GuideLanguage, string>> = {
  it: 'Italiano',
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  sl: 'Slovenščina',
}

/** The first language that a browser asks for and that a guide can have. */
export const askedLanguage = (wanted: readonly string[]): GuideLanguage =>
  wanted.flatMap(each => guideLanguages.find(language => each.toLowerCase().startsWith(language)) ?? [])[0] ?? 'it'
