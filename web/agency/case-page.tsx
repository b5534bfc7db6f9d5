import { useParams } from '@tanstack/react-router'
import { CaseView } from '../shared/case/case-view.tsx'

/** A case with its whole history, as the agency sees it. */
export default function CasePage() {
  const { caseId = '' } = useParams({ strict: false })
  return <CaseView caseId={caseId} key={caseId} />
}
