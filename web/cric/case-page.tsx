import { useParams } from '@tanstack/react-router'
import { CaseView } from '../shared/case/case-view.tsx'

/** A case with its whole history. */
export default function CasePage() {
  const { caseId = '' } = useParams({ strict: false })
  return <CaseView caseId={caseId} key={caseId} />
}
