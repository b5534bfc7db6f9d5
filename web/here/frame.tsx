/** What both pages have around them: the office, and the languages that citizens choose. */
import { type ReactNode, useEffect, useState } from 'react'
import { type KioskLanguage, kioskLanguages, kioskWords } from '../shared/kiosk-words.ts'
import './here.css'

const remembered = 'citizen-language'

/** The language of whoever holds the telephone: chosen before, else the telephone's, else Italian. */
export function useCitizenLanguage(): [KioskLanguage, (language: KioskLanguage) => void] {
  const [language, setLanguage] = useState<KioskLanguage>(() => {
    const wanted = [sessionStorage.getItem(remembered), ...navigator.languages.map(each => each.slice(0, 2))]
    return wanted.flatMap(each => kioskLanguages.find(known => known === each) ?? [])[0] ?? 'it'
  })
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return [
    language,
    chosen => {
      sessionStorage.setItem(remembered, chosen)
      setLanguage(chosen)
    },
  ]
}

export function Frame({
  place,
  language,
  onLanguage,
  children,
}: {
  place: string
  language: KioskLanguage
  onLanguage: (language: KioskLanguage) => void
  children: ReactNode
}) {
  return (
    <main className="here">
      <header>
        <b>{place}</b>
        <fieldset className="here-languages" aria-label={kioskWords[language].languages}>
          {kioskLanguages.map(each => (
            <button
              key={each}
              type="button"
              lang={each}
              aria-label={kioskWords[each].language}
              aria-pressed={each === language}
              onClick={() => onLanguage(each)}
            >
              {each.toUpperCase()}
            </button>
          ))}
        </fieldset>
      </header>
      {children}
    </main>
  )
}
