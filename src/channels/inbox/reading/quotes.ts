/**
 * What the sender wrote, and what of earlier mails was left below it: the second part is folded away on the page. Pure.
 *
 * Mail programs write a line above what they quote, each its own way and in the language of its user; some quote by `>`, some by a heading like
 * that of a letter. Where none of it is found, everything is what the sender wrote: rather too much is shown than a sentence hidden.
 */

export interface WrittenAndQuoted {
  text: string
  quoted: string
}

/** `Il giorno lun 2 nov 2026 alle 10:12 Mario Rossi <m@example.org> ha scritto:`, in the languages of the territory; may go over several lines. */
const attribution =
  /^[ \t]*(?:Il|Le|On|Am|Em|El|Dne|V|Op)\b[^\n]{3,200}?(?:\n[^\n]{0,200}?){0,3}(?:ha scritto|scriveva|scrive|wrote|schrieb|a écrit|escribió|escreveu|je napisal(?:a|\/a)?|schreef)\s?:[ \t]*$/m
/** `Mario Rossi <m@example.org> schrieb am 2.11.2026 um 10:12:` */
const attributionByName = /^[^\n]{2,160}\b(?:schrieb am|ha scritto il|wrote on|a écrit le)\b[^\n]{3,80}:[ \t]*$/m
/** `Am Mo., 2. Nov. 2026 um 10:12 Uhr schrieb Mario Rossi <m@example.org>:` */
const attributionInGerman = /^[ \t]*Am\b[^\n]{3,200}\bschrieb\b[^\n]{1,160}:[ \t]*$/m
/** `-----Messaggio originale-----`, `---- Forwarded message ----`. */
const divider =
  /^[ \t]*[-_]{2,}[ \t]*(?:Messaggio (?:originale|inoltrato)|Original Message|Forwarded message|Urspr(?:ü|u)ngliche Nachricht|Weitergeleitete Nachricht|Message (?:d'origine|original|transféré)|Mensaje original|Izvirno sporočilo)[ \t]*[-_]*[ \t]*$/im
/** Outlook: a rule of underscores, then a heading. */
const heading =
  /^(?:[ \t]*_{5,}[ \t]*\n)?[ \t]*\*?(?:Da|From|Von|De|Od)[ \t]?:\*?[ \t]*[^\n]{1,300}\n(?:[^\n]{0,300}\n){0,4}?[ \t]*\*?(?:Inviato|Data|Sent|Date|Gesendet|Datum|Envoyé|Enviado|Fecha|Poslano|A|To|An|À|Za|Oggetto|Subject|Betreff|Objet|Asunto|Zadeva)[ \t]?:/m
/** Lines that begin by `>`, to the end of the text but for a few. */
const arrows = /^>[^\n]*(?:\n(?:>[^\n]*|[ \t]*))*/m

/** Longer texts are searched in their beginning only. */
const maxSearched = 200_000

/** Splits what was written from what was quoted below it. */
export function splitQuoted(whole: string): WrittenAndQuoted {
  const text = whole.replace(/\r\n?/g, '\n')
  const searched = text.slice(0, maxSearched)
  const starts = [attribution, attributionByName, attributionInGerman, divider, heading].flatMap(pattern => {
    const found = pattern.exec(searched)
    return found ? [found.index] : []
  })
  const quoted = arrows.exec(searched)
  // An answer between the quoted lines belongs to what was written: only a quotation to the end is folded.
  if (quoted && text.slice(quoted.index + quoted[0].length).trim() === '') starts.push(quoted.index)
  const at = Math.min(...starts, text.length)
  const own = text.slice(0, at).trimEnd()
  // What stands below without a word above it is a forwarded mail: it is all there is to read.
  if (own.trim() === '') return { text: text.trim(), quoted: '' }
  return { text: own.trim(), quoted: text.slice(at).trim() }
}
