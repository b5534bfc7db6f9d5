/** The mail with which a regional centre answers a citizen: what the member wrote, between a greeting and a signature unless it has its own. Pure. */
import type { ContactLanguage } from '../contacts/index.ts'
import { type Language, languages, sentence } from '../platform/index.ts'
import { greets, takesLeave } from './answering/letter.ts'
import { spokenCode } from './request-code.ts'

/** So long an answer can be taken back before it leaves. */
export const takeBackMs = 10_000

export interface AnswerMailContent {
  language: ContactLanguage
  contactName: string
  code: string
  title: string
  answer: string
  centreName: string
}

export function answerMail(mail: AnswerMailContent): { subject: string; body: string; language: Language } {
  const { subject, greeting, closing, footer, language } = answerFrame(mail)
  const answer = mail.answer.trim()
  const parts = [greets(answer) ? '' : greeting, answer, takesLeave(answer) ? '' : closing, footer]
  return { language, subject, body: parts.filter(part => part !== '').join('\n\n') }
}

/** What stands around an answer, in the citizen's language. */
export function answerFrame(mail: Omit<AnswerMailContent, 'answer'>) {
  const language = languages.find(ours => ours === mail.language) ?? 'it'
  const values = { ...mail, code: spokenCode(mail.code) }
  const text = (name: string) => sentence(language, `cases.answerMail.${name}`, values)
  return {
    language,
    subject: text('subject'),
    greeting: text('greeting'),
    closing: `${text('closing')}\n\n${text('signature')}`,
    footer: text('footer'),
  }
}
