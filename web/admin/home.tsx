import { Navigate } from '@tanstack/react-router'
import { useMay } from '../shared/session.tsx'

/** The first list that the role has. */
export default function AdminHome() {
  return useMay('accounts.keep') ? (
    <Navigate to="/admin/people/{-$personId}" params={{ personId: undefined }} replace />
  ) : (
    <Navigate to="/admin/numbers/{-$number}" params={{ number: undefined }} replace />
  )
}
