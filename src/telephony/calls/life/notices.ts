/**
 * What does not work at this time, said before the menu. Each notice is words of its own: one that cannot be spoken leaves the caller with what comes after it.
 *
 *   for all callers        before the first words of the flow
 *   for those of a section  before the words with which they are put through to it
 *
 * A caller who chooses another language at the menu hears it once more, in that language, if there is such a text.
 */
import type { FlowLanguage } from '../../../ivr/index.ts'
import type { CallNotice, Step, Words } from './state.ts'

/** The words to be said now, and keeps that they were. @param section the one that the caller is put through to; null before it is known */
export function noticesNow({ state, now }: Step, section: string | null): Words[] {
  const said: Words[] = []
  for (const notice of state.notices ?? []) {
    const { language, text } = textFor(notice, state.language)
    if (notice.section !== section || notice.endsAt <= now || notice.said?.includes(language)) continue
    notice.said = [...(notice.said ?? []), language]
    said.push({ language, flow: [{ language, text }] })
  }
  return said
}

/** The text in the caller's language; in Italian where there is none. */
function textFor({ texts }: CallNotice, wanted: FlowLanguage): { language: FlowLanguage; text: string } {
  if (wanted === 'en' && texts.en !== undefined) return { language: wanted, text: texts.en }
  if (wanted === 'de' && texts.de !== undefined) return { language: wanted, text: texts.de }
  return { language: 'it', text: texts.it }
}
