/** The table of rights in front of the routes, and the access log behind them. */
import { Bug, type PersonActor, type Route } from '../platform/index.ts'
import { recordLook } from './log.ts'
import { lookOf } from './looks.ts'
import { type Right, rightOf } from './table.ts'

/** The roles that the server lets in, in the form of a route's `access`. */
const accessOf = ({ who }: Right): Route['access'] => (typeof who === 'string' ? who : Object.keys(who))

/**
 * Routes as the server is given them: only who has a right comes in, and who looks at citizens' data is written down.
 * @throws Bug for a route without a row in the table: nobody has said who may use it
 */
export const guarded = (routes: readonly Route[]): readonly Route[] => routes.map(guard)

function guard(route: Route): Route {
  const right = rightOf(route)
  if (!right) throw new Bug(`${route.method} ${route.url} has no row in the table of rights (src/rights/table.ts).`)
  const access = accessOf(right)
  const { looks } = right
  if (looks === undefined) return { ...route, access }
  const { handle } = route
  return {
    ...route,
    access,
    async handle(call: never) {
      const answer = await handle(call)
      const { house, actor, params } = call as { house: Parameters<typeof recordLook>[0]; actor: PersonActor; params: unknown }
      const look = lookOf(looks, params, answer)
      if (look) await recordLook(house, actor, { ...look, kind: looks, route: `${route.method} ${route.url}` })
      return answer
    },
  }
}
