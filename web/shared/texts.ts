/** The language files of the browser (`languages/<language>/web*.json`), and the language that the reader has chosen. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

const files = import.meta.glob<Record<string, unknown>>('../../languages/*/web*.json', { eager: true, import: 'default' })

export const languages = ['it', 'en'] as const
export type Language = (typeof languages)[number]

const remembered = 'language'

function resources(): Record<string, Record<string, Record<string, unknown>>> {
  const all: Record<string, Record<string, Record<string, unknown>>> = {}
  for (const [path, texts] of Object.entries(files)) {
    const [, language = '', name = ''] = /languages\/(\w+)\/(.+)\.json$/.exec(path) ?? []
    all[language] = { ...all[language], [name]: texts }
  }
  return all
}

function firstLanguage(): Language {
  const wanted = [localStorage.getItem(remembered), navigator.language.slice(0, 2)]
  return languages.find(each => wanted.find(one => languages.some(known => known === one)) === each) ?? 'it'
}

export async function openTexts(): Promise<void> {
  const all = resources()
  await i18next.use(initReactI18next).init({
    lng: firstLanguage(),
    fallbackLng: 'it',
    ns: Object.keys(all.it ?? {}),
    defaultNS: 'web',
    resources: all,
    // React escapes.
    interpolation: { escapeValue: false },
  })
  document.documentElement.lang = i18next.language
  i18next.on('languageChanged', language => {
    document.documentElement.lang = language
  })
}

/** Speaks this language from now on, and on this computer also to whoever has not signed in. */
export function speak(language: Language): void {
  localStorage.setItem(remembered, language)
  if (language === i18next.language) return
  void i18next.changeLanguage(language)
}
