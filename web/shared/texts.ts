/**
 * The language files of the browser (`languages/<language>/web*.json`), and the language that the reader has chosen. Only the files of the
 * language that is spoken are read.
 */
import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'

const files = import.meta.glob<Record<string, unknown>>('../../languages/*/web*.json', { import: 'default' })

export const languages = ['it', 'en'] as const
export type Language = (typeof languages)[number]

const remembered = 'language'

const pathOf = (language: string, name: string): string => `../../languages/${language}/${name}.json`
const names = Object.keys(files).flatMap(path => /languages\/it\/(.+)\.json$/.exec(path)?.[1] ?? [])

const reader: BackendModule = {
  type: 'backend',
  callbackApi: true,
  init: () => undefined,
  read(language, name, answer) {
    const load = files[pathOf(language, name)]
    if (!load) return answer(new Error(`There are no texts ${name} in ${language}.`), false)
    load().then(
      texts => answer(null, texts),
      (error: unknown) => answer(error instanceof Error ? error : String(error), true),
    )
  },
}

function firstLanguage(): Language {
  const wanted = [localStorage.getItem(remembered), navigator.language.slice(0, 2)]
  return languages.find(each => wanted.find(one => languages.some(known => known === one)) === each) ?? 'it'
}

/** Reads the texts of the reader's language; nothing is shown before they are there. */
export async function openTexts(): Promise<void> {
  await i18next
    .use(reader)
    .use(initReactI18next)
    .init({
      lng: firstLanguage(),
      // Both languages have all texts, which a test holds: nothing is read to fill gaps.
      fallbackLng: false,
      ns: names,
      defaultNS: 'web',
      // React escapes.
      interpolation: { escapeValue: false },
    })
  document.documentElement.lang = i18next.language
  i18next.on('languageChanged', language => {
    document.documentElement.lang = language
  })
}

/**
 * Speaks this language from now on, and on this computer also to whoever has not signed in. What is asked of the server before its texts are read
 * is still answered in the other.
 */
export async function speak(language: Language): Promise<void> {
  localStorage.setItem(remembered, language)
  if (language !== i18next.language) await i18next.changeLanguage(language)
}
