/**
 * Everything that can be asked over HTTP, in one list: what the server answers, what its description tells, and, as types, what the browser
 * may ask (`web/shared/api.ts`).
 */
import { routes as sample } from '../sample/index.ts'
import { agendaRoutes } from './agenda/index.ts'
import { caseRoutes } from './cases/index.ts'
import { classificationRoutes } from './classification/index.ts'
import { contactRoutes } from './contacts/index.ts'
import { distributionRoutes } from './distribution/index.ts'
import { identityRoutes } from './identity/index.ts'
import { flowRoutes } from './ivr/index.ts'
import { monitoringRoutes } from './monitoring/index.ts'
import { organisationRoutes } from './organisation/index.ts'
import type { Route } from './platform/index.ts'
import { guarded, rightsRoutes } from './rights/index.ts'
import { simulationRoutes } from './simulation/index.ts'
import { promptRoutes, telephonyRoutes } from './telephony/index.ts'

const declared = [
  ...identityRoutes,
  ...organisationRoutes,
  ...classificationRoutes,
  ...contactRoutes,
  ...caseRoutes,
  ...agendaRoutes,
  ...distributionRoutes,
  ...flowRoutes,
  ...telephonyRoutes,
  ...promptRoutes,
  ...monitoringRoutes,
  ...simulationRoutes,
  ...rightsRoutes,
  ...sample,
] as const

/** Each route with its own types. */
export type DeclaredRoute = (typeof declared)[number]

/** The routes as the server is given them: behind the table of rights. */
export const routes: readonly Route[] = guarded(declared)
