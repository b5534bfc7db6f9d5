/** Signing in and out, and choosing as what one works. */
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ApiProblem, api, sentenceOf } from '../shared/api.ts'
import type { Session } from '../shared/session.tsx'
import { notify } from '../shared/ui/index.ts'

/** The session, or null when nobody is signed in. */
export async function readSession(): Promise<Session | null> {
  try {
    return await api.get<Session>('/api/session')
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null
    throw error
  }
}

export const sessionQuery = { queryKey: ['session'], queryFn: readSession, staleTime: 60_000 } as const

export const useMaybeSession = (): Session | null => useSuspenseQuery(sessionQuery).data

export function useActAs(): (assignmentId: string) => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  return assignmentId => {
    api
      .put<Session>('/api/session/acting', { assignmentId })
      .then(async () => {
        // What another role has seen is not this one's to see.
        client.setQueryData(['session'], await readSession())
        client.removeQueries({ predicate: query => query.queryKey[0] !== 'session' })
        await navigate({ to: '/' })
      })
      .catch((error: unknown) => notify(sentenceOf(error), 'late'))
  }
}

export function useSignOut(): () => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { t } = useTranslation()
  return () => {
    api
      .delete('/api/session')
      .then(async () => {
        client.clear()
        client.setQueryData(['session'], null)
        await navigate({ to: '/sign-in' })
        notify(t('signedOut'))
      })
      .catch((error: unknown) => notify(sentenceOf(error), 'late'))
  }
}
