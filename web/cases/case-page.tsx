import { useParams } from '@tanstack/react-router'
import { CaseView } from '../shared/case/case-view.tsx'
import { FollowUpButton } from './follow-up.tsx'

/** A case with its whole history, and when the reader wants to look at it again. */
export default function CasePage() {
  const { caseId = '' } = useParams({ strict: false })
  return <CaseView caseId={caseId} key={caseId} actions={<FollowUpButton caseId={caseId} />} />
}
