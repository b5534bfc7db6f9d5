/**
 * Everything that can be asked over HTTP, in one list: what the server answers, what its description tells, and, as types, what the browser
 * may ask (`web/shared/api.ts`).
 */
import { routes as sample } from '../sample/index.ts'
import { agendaRoutes, appointmentMailOwner } from './agenda/index.ts'
import {
  answerPurpose,
  caseRoutes,
  citizenQuestionOwner,
  citizenQuestionPurpose,
  mailAnswerOwner,
  mailAnswerPurpose,
  mailRoutes,
  receiveMail,
  resultRoutes,
  templateRoutes,
  ticketAnswerOwner,
} from './cases/index.ts'
import { examineRoutes, mailboxRoutes, type OwnerOf, unsentRoutes } from './channels/index.ts'
import { classificationRoutes } from './classification/index.ts'
import { contactRoutes } from './contacts/index.ts'
import { counterRoutes } from './counters/index.ts'
import { distributionRoutes } from './distribution/index.ts'
import { guideRoutes } from './guides/index.ts'
import { identityRoutes } from './identity/index.ts'
import { incidentRoutes } from './incidents/index.ts'
import { flowRoutes } from './ivr/index.ts'
import { monitoringRoutes } from './monitoring/index.ts'
import { organisationRoutes } from './organisation/index.ts'
import type { Route } from './platform/index.ts'
import { preventionRoutes } from './prevention/index.ts'
import { privacyRoutes } from './privacy/index.ts'
import { guarded, rightsRoutes } from './rights/index.ts'
import { simulationRoutes } from './simulation/index.ts'
import { staffingRoutes } from './staffing/index.ts'
import { promptRoutes, telephonyRoutes } from './telephony/index.ts'

/** Whose mails they are that did not leave. */
const mailOwnerOf: OwnerOf = purpose => {
  if (purpose === answerPurpose) return ticketAnswerOwner
  if (purpose === mailAnswerPurpose) return mailAnswerOwner
  if (purpose === citizenQuestionPurpose) return citizenQuestionOwner
  return purpose.startsWith('agenda.') ? appointmentMailOwner : undefined
}

const declared = [
  ...identityRoutes,
  ...organisationRoutes,
  ...classificationRoutes,
  ...contactRoutes,
  ...caseRoutes,
  ...mailRoutes,
  ...templateRoutes,
  ...resultRoutes,
  ...mailboxRoutes,
  ...examineRoutes(receiveMail),
  ...unsentRoutes(mailOwnerOf),
  ...agendaRoutes,
  ...counterRoutes,
  ...incidentRoutes,
  ...preventionRoutes,
  ...guideRoutes,
  ...distributionRoutes,
  ...flowRoutes,
  ...telephonyRoutes,
  ...promptRoutes,
  ...monitoringRoutes,
  ...simulationRoutes,
  ...staffingRoutes,
  ...privacyRoutes,
  ...rightsRoutes,
  ...sample,
] as const

/** Each route with its own types. */
export type DeclaredRoute = (typeof declared)[number]

/** The routes as the server is given them: behind the table of rights. */
export const routes: readonly Route[] = guarded(declared)
