/** Signing in and out, and choosing as what, and in which language, one works. */
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { ApiProblem, api, sentenceOf } from '../shared/api.ts'
import { endForms, flushForms } from '../shared/form/use-form.ts'
import type { Session } from '../shared/session.tsx'
import { type Language, speak } from '../shared/texts.ts'
import { keepOfficeTime } from '../shared/time.ts'
import { notify } from '../shared/ui/index.ts'

/**
 * The session, or null when nobody is signed in: then nothing that was typed stays on this machine, nor what somebody else has typed. The pages speak the
 * language that the person has chosen, on whatever computer.
 */
export async function readSession(): Promise<Session | null> {
  try {
    const session = await api.get('/api/session')
    await speak(session.language)
    keepOfficeTime(session.timeZone)
    endForms(session.person.id)
    return session
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 401)) throw error
    endForms(null)
    return null
  }
}

export const sessionQuery = { queryKey: ['session'], queryFn: readSession, staleTime: 60_000 } as const

export const useMaybeSession = (): Session | null => useSuspenseQuery(sessionQuery).data

/** Goes on under another assignment. The page begins anew: what another role has seen is not this one's to keep. */
export function useActAs(): (assignmentId: string) => void {
  return assignmentId => {
    api.put('/api/session/acting', { body: { assignmentId } }).then(
      () => location.assign('/'),
      (error: unknown) => notify(sentenceOf(error), 'late'),
    )
  }
}

/** Speaks another language at once, and keeps it with the person. */
export function useChooseLanguage(): (language: Language) => void {
  const client = useQueryClient()
  return language => {
    void speak(language)
    api.put('/api/session/language', { body: { language } }).then(
      session => client.setQueryData(sessionQuery.queryKey, session),
      (error: unknown) => notify(sentenceOf(error), 'late'),
    )
  }
}

/** What saves itself is given so long before the session ends. */
const maxLastSaveMs = 3_000

/** Signs out, after what saves itself has been saved; drafts end with the session. */
export function useSignOut(): () => void {
  return () => {
    const patience = new Promise(resolve => setTimeout(resolve, maxLastSaveMs))
    Promise.race([flushForms(), patience])
      .then(() => api.delete('/api/session'))
      .then(
        () => {
          endForms(null)
          location.assign('/sign-in')
        },
        (error: unknown) => notify(sentenceOf(error), 'late'),
      )
  }
}
