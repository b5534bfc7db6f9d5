/** The mail with which a regional centre answers a citizen: what the member wrote, between a greeting and a signature. Pure. */
import type { ContactLanguage } from '../contacts/index.ts'
import { type Language, languages, sentence } from '../platform/index.ts'
import { spokenCode } from './request-code.ts'

export interface AnswerMailContent {
  language: ContactLanguage
  contactName: string
  code: string
  title: string
  answer: string
  centreName: string
}

export function answerMail(mail: AnswerMailContent): { subject: string; body: string; language: Language } {
  const language = languages.find(ours => ours === mail.language) ?? 'it'
  const values = { ...mail, code: spokenCode(mail.code) }
  const text = (name: string) => sentence(language, `cases.answerMail.${name}`, values)
  return {
    language,
    subject: text('subject'),
    body: [text('greeting'), mail.answer.trim(), text('closing'), text('signature'), text('footer')].join('\n\n'),
  }
}
