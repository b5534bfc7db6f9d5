/**
 * What templates of answers leave open: `{{cittadino}}`, `{{codice}}` … Each is known by one name in Italian and one in English, whatever the language of
 * the template. Pure, and for the browser too.
 *
 *   template ──filled when it is chosen──▶ text in the answer ──what was not known then──▶ completed when it is sent
 */

/** What may stand in a template: its names, Italian first. */
export const templateVariables = {
  citizen: ['cittadino', 'citizen'],
  code: ['codice', 'code'],
  typology: ['tipologia', 'typology'],
  unit: ['struttura', 'unit'],
  operator: ['operatore', 'operator'],
  subject: ['oggetto', 'subject'],
  today: ['oggi', 'today'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
export type TemplateVariable = keyof typeof templateVariables

export type TemplateValues = Readonly<Partial<Record<TemplateVariable, string>>>

const isVariable = (name: string): name is TemplateVariable => Object.hasOwn(templateVariables, name)
const byName: ReadonlyMap<string, TemplateVariable> = new Map(
  Object.entries(templateVariables).flatMap(([variable, names]) =>
    isVariable(variable) ? names.map(name => [name, variable] as const) : [],
  ),
)

/** The names under which variables may be written, as people of a language read them. */
export const variableNames = (language: 'it' | 'en'): string[] =>
  Object.values(templateVariables).map(names => names[language === 'it' ? 0 : 1])

/** Something between two pairs of braces, on one line. */
const places = /\{\{([^{}\n]{0,60})\}\}/g

const variableOf = (written: string): TemplateVariable | undefined => byName.get(written.trim().toLowerCase())

/** What stands in a text as a variable and is none, as it is written; each once, at most ten. */
export function unknownVariables(text: string): string[] {
  const found = [...text.matchAll(places)].flatMap(([, written = '']) =>
    variableOf(written) === undefined ? [written.trim()] : [],
  )
  return [...new Set(found)].slice(0, 10)
}

/** Puts values into their places. What has none stays as it is. */
export const fillTemplate = (text: string, values: TemplateValues): string =>
  text.replace(places, (place, written: string) => {
    const variable = variableOf(written)
    return (variable && values[variable]) ?? place
  })

/** A day as it stands in a letter. */
export const letterDay = (at: Date, language: 'it' | 'en', timeZone: string): string =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { timeZone, dateStyle: 'long' }).format(at)
