/**
 * The language files, shared by server and browser: `languages/<language>/<room>.json`. The server takes from them the sentences
 * of refusals and of what citizens read and hear.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import i18next, { type i18n } from 'i18next'

export const languages = ['it', 'en'] as const
export type Language = (typeof languages)[number]

const folder = join(import.meta.dirname, '../../languages')

const texts: i18n = i18next.createInstance()
// At once, for all is here: a module that awaits cannot be loaded by a thread that may be ended meanwhile (`threads.ts`).
void texts.init({
  initAsync: false,
  lng: 'it',
  fallbackLng: 'it',
  defaultNS: 'platform',
  resources: Object.fromEntries(languages.map(language => [language, textsOf(language)])),
  // Plain text: escaping belongs to whoever puts it into HTML.
  interpolation: { escapeValue: false },
})

function textsOf(language: Language): Record<string, Record<string, unknown>> {
  const own = join(folder, language)
  if (!existsSync(own)) return {}
  return Object.fromEntries(
    readdirSync(own)
      .filter(name => name.endsWith('.json'))
      .map(name => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(join(own, name), 'utf8'))]),
  )
}

/**
 * The sentence for a code such as `cases.notYourCentre`, with its values put in.
 * An unknown code comes back as it is, so that a forgotten text is seen and never hides an error.
 */
export function sentence(language: Language, code: string, values: Readonly<Record<string, unknown>> = {}): string {
  const [room = '', ...rest] = code.split('.')
  return texts.t(rest.join('.'), { ns: room, lng: language, defaultValue: code, ...values })
}

/** The language that a browser prefers among ours (RFC 9110 §12.5.4, without wildcards); Italian when there is none. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map(part => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.find(parameter => parameter.trim().startsWith('q='))
      return { language: tag.slice(0, 2), quality: quality ? Number(quality.trim().slice(2)) || 0 : 1 }
    })
    .sort((a, b) => b.quality - a.quality)
  for (const { language } of wanted) {
    const ours = languages.find(known => known === language)
    if (ours) return ours
  }
  return 'it'
}

/** Returns the language in which whoever sent a request wishes to read. */
export const languageOf = (request: { headers: { 'accept-language'?: string | undefined } }): Language =>
  preferredLanguage(request.headers['accept-language'])
