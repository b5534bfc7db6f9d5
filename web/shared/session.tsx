/** Who works here, and as what. */
import { createContext, useContext } from 'react'
import type { Role, SessionView } from '../../src/identity/model.ts'

export type { Role }
export type Session = SessionView

const SessionContext = createContext<Session | null>(null)
export const SessionProvider = SessionContext.Provider

/** The session of the reader. Only pages behind the sign-in ask for it. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('A page that needs a session is shown without one.')
  return session
}

/** Whether the reader acts as one of the roles now. */
export function useActsAs(...roles: readonly Role[]): boolean {
  return roles.includes(useSession().acting.role)
}
