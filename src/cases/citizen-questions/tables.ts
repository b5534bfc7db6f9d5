/** The table of questions to citizens, as migrations/202611291810-deadlines.sql makes it. */
import type { ReplyKind } from '../../channels/index.ts'
import type { CitizenQuestionEnd } from './model.ts'

export interface CitizenQuestionTable {
  id: string
  ticket_id: string
  case_id: string
  channel: ReplyKind
  text: string
  mail_id: string | null
  asked_at: Date
  asked_by: string
  asked_by_name: string
  ended_at: Date | null
  ended_by: CitizenQuestionEnd | null
  interaction_id: string | null
}

declare module '../../platform/index.ts' {
  interface Tables {
    citizen_question: CitizenQuestionTable
  }
}
