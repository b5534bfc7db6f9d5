/** What kiosk and own telephone say, in the languages that citizens choose. Staff's two languages are another thing (`texts.ts`). */
import de from '../../languages/de/kiosk.json' with { type: 'json' }
import en from '../../languages/en/kiosk.json' with { type: 'json' }
import fr from '../../languages/fr/kiosk.json' with { type: 'json' }
import it from '../../languages/it/kiosk.json' with { type: 'json' }
import sl from '../../languages/sl/kiosk.json' with { type: 'json' }
import { contactLanguages } from '../../src/contacts/choices.ts'
import { filled } from '../../src/platform/filled.ts'

export const kioskWords = { it, en, de, fr, sl } satisfies Record<string, typeof it>
export type KioskLanguage = keyof typeof kioskWords
export const kioskLanguages: readonly KioskLanguage[] = contactLanguages

/** How many are before, as a sentence. */
export const aheadIn = (language: KioskLanguage, count: number): string => {
  const { ahead } = kioskWords[language]
  return filled(count === 0 ? ahead[0] : count === 1 ? ahead[1] : ahead.other, { count })
}

/** The expected wait, as a sentence. */
export function expectedIn(language: KioskLanguage, range: { minMinutes: number; maxMinutes: number } | null): string {
  const words = kioskWords[language]
  if (range === null) return words.notKnown
  if (range.maxMinutes <= 5) return words.expectedSoon
  return filled(words.expected, { min: range.minMinutes, max: range.maxMinutes })
}
