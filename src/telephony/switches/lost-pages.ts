/**
 * Operators' pages that are lost in a conversation over Asterisk. Their sound goes straight to Asterisk, which notices the end of a page only
 * when nothing has come for a long time; we notice at once, because the page's SIP passes through us.
 *
 *   another page of the operator asks for a telephone   the first one was reloaded, or is not the one that rings any more
 *   the page's SIP socket ends and does not come back   the page died, or its network did
 */
import type { WebSocket } from 'ws'
import { type Clock, isClosedAtStop, type SocketRoute } from '../../platform/index.ts'

/** A page whose network has hiccuped is connected again by then. */
const comesBackWithinMs = 5_000

export interface LostPages {
  /** The route, with an eye on the ends of its sockets. */
  watch(route: SocketRoute): SocketRoute
  /** A page of an operator has opened its SIP socket. */
  opened(personId: string, socket: WebSocket): void
  /** A page asks for a telephone. */
  asked(personId: string, pageId: string): void
}

/** @param lost is called for an operator whose page is lost, whether in a conversation or not */
export function lostPages(clock: Clock, lost: (personId: string) => void): LostPages {
  const pages = new Map<string, string>()
  const open = new Map<string, number>()
  const count = (personId: string, change: number): number => {
    const now = (open.get(personId) ?? 0) + change
    if (now > 0) open.set(personId, now)
    else open.delete(personId)
    return now
  }
  function opened(personId: string, socket: WebSocket): void {
    count(personId, 1)
    socket.on('close', () => {
      if (count(personId, -1) > 0 || isClosedAtStop(socket)) return
      clock.after(comesBackWithinMs, () => {
        if (!open.has(personId)) lost(personId)
      })
    })
  }
  return {
    opened,
    watch: route => ({
      ...route,
      open(house, socket, actor, request) {
        if (actor?.kind === 'person') opened(actor.personId, socket)
        route.open(house, socket, actor, request)
      },
    }),
    asked(personId, pageId) {
      const before = pages.get(personId)
      pages.set(personId, pageId)
      if (before !== undefined && before !== pageId) lost(personId)
    },
  }
}
