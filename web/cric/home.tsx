import { Navigate } from '@tanstack/react-router'

/** The area begins with the pool. */
export default function CricHome() {
  return <Navigate to="/cric/tickets/{-$ticketId}" params={{ ticketId: undefined }} replace />
}
