/**
 * Everything that can be asked over HTTP, in one list: what the server answers, what its description tells, and, as types, what the browser
 * may ask (`web/shared/api.ts`).
 */
import { routes as sample } from '../sample/index.ts'
import { routes as agenda } from './agenda/index.ts'
import { routes as cases } from './cases/index.ts'
import { routes as classification } from './classification/index.ts'
import { routes as contacts } from './contacts/index.ts'
import { routes as distribution } from './distribution/index.ts'
import { routes as identity } from './identity/index.ts'
import { routes as ivr } from './ivr/index.ts'
import { routes as monitoring } from './monitoring/index.ts'
import { routes as organisation } from './organisation/index.ts'
import type { Route } from './platform/index.ts'
import { guarded, routes as rights } from './rights/index.ts'
import { routes as simulation } from './simulation/index.ts'
import { promptRoutes, routes as telephony } from './telephony/index.ts'

const declared = [
  ...identity,
  ...organisation,
  ...classification,
  ...contacts,
  ...cases,
  ...agenda,
  ...distribution,
  ...ivr,
  ...telephony,
  ...promptRoutes,
  ...monitoring,
  ...simulation,
  ...rights,
  ...sample,
] as const

/** Each route with its own types. */
export type DeclaredRoute = (typeof declared)[number]

/** The routes as the server is given them: behind the table of rights. */
export const routes: readonly Route[] = guarded(declared)
