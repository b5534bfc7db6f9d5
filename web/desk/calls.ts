/** What is done with the call and with one's own state: each asks the program, and then for the new state. */
import { useMutation } from '@tanstack/react-query'
import type { PauseReason } from '../../src/distribution/model.ts'
import { ApiProblem, api, sentenceOf } from '../shared/api.ts'
import { notify } from '../shared/ui/index.ts'
import { useRenew } from './queries.ts'
import { telephone } from './telephone/telephone.ts'

const failed = (error: unknown) => notify(sentenceOf(error), 'late')

/** Whoever was quicker has ended the call: what was wanted of it is over too, and the desk shows so. */
const failedUnlessOver = (error: unknown) => {
  if (!(error instanceof ApiProblem && error.status === 404)) failed(error)
}

/** Opens the telephone and takes calls on this page. Answers nothing when the telephone says by itself why it cannot. */
export function useBecomeAvailable() {
  const renew = useRenew()
  return useMutation({
    mutationFn: async () => {
      const takeOver = telephone.snapshot().page === 'elsewhere'
      if (!(await telephone.open({ takeOver }))) return
      await api.post('/api/desk/available', { body: { pageId: telephone.pageId } })
    },
    onError: failed,
    onSettled: renew,
  })
}

export function usePause() {
  const renew = useRenew()
  return useMutation({
    mutationFn: (reason: PauseReason) => api.post('/api/desk/pause', { body: { reason } }),
    onError: failed,
    onSettled: renew,
  })
}

export function useLeave() {
  const renew = useRenew()
  return useMutation({
    mutationFn: () => api.post('/api/desk/sign-out'),
    onSuccess: () => {
      // Who leaves in a conversation ends it; a page that only goes does not.
      telephone.hangUp()
      telephone.close()
    },
    onError: failed,
    onSettled: renew,
  })
}

export function useEndWrapUp() {
  const renew = useRenew()
  return useMutation({ mutationFn: () => api.post('/api/desk/wrap-up/end'), onError: failed, onSettled: renew })
}

/** The caller is the one who wished to be called back. */
export function useConfirmServed() {
  const renew = useRenew()
  return useMutation({
    mutationFn: ({ callId, callbackId }: { callId: string; callbackId: string }) =>
      api.post('/api/calls/:callId/callbacks/:callbackId/served', { path: { callId, callbackId } }),
    onError: failed,
    onSettled: renew,
  })
}

const actions = {
  hold: '/api/calls/:callId/hold',
  resume: '/api/calls/:callId/resume',
  decline: '/api/calls/:callId/decline',
} as const

/** Hold, resume, decline: the program parts and joins the two sides. */
export function useCallAction() {
  const renew = useRenew()
  return useMutation({
    mutationFn: ({ callId, action }: { callId: string; action: keyof typeof actions }) =>
      api.post(actions[action], { path: { callId } }),
    onError: failedUnlessOver,
    onSettled: renew,
  })
}

/** Ends the conversation. When the program cannot be reached, this side's line ends it all the same. */
export function useHangUp() {
  const renew = useRenew()
  return useMutation({
    mutationFn: (callId: string) => api.post('/api/calls/:callId/hang-up', { path: { callId } }),
    onError: error => {
      telephone.hangUp()
      failedUnlessOver(error)
    },
    onSettled: renew,
  })
}

export function useTransfer() {
  const renew = useRenew()
  return useMutation({
    mutationFn: ({ callId, sectionId, note }: { callId: string; sectionId: string; note: string }) =>
      api.post('/api/calls/:callId/transfer', { path: { callId }, body: { sectionId, note } }),
    onSettled: renew,
  })
}
