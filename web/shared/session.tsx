/** Who works here, and as what. */
import { createContext, useContext } from 'react'
import type { Capability, Role } from '../../src/identity/capabilities.ts'
import type { SessionView } from '../../src/identity/model.ts'

export type { Capability, Role }
export type Session = SessionView

const SessionContext = createContext<Session | null>(null)
export const SessionProvider = SessionContext.Provider

/** The session of the reader. Only pages behind the sign-in ask for it. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('A page that needs a session is shown without one.')
  return session
}

/** What a role may do; of several, one is enough. */
export type Needed = Capability | readonly Capability[]

/** Whether somebody may do something in one of their roles. Pure. */
export const may = (assignment: Session['acting'], needed: Needed): boolean =>
  (typeof needed === 'string' ? [needed] : needed).some(capability => assignment.may.includes(capability))

/** Whether the reader may do something, as what the reader works now. How far it reaches, the server decides. */
export const useMay = (needed: Needed): boolean => may(useSession().acting, needed)
