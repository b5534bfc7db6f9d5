/**
 * The bar of a member whose section offers its tickets: my state, how many I have in hand, and the ticket that is offered. Where everybody
 * takes from the pool nobody has to be in service, and the bar says where one works.
 */
import { useTranslation } from 'react-i18next'
import { OfferedTicket } from '../shared/service/offered-ticket.tsx'
import { useService } from '../shared/service/service.ts'
import { StateMenu } from '../shared/service/state-menu.tsx'
import { useSession } from '../shared/session.tsx'
import { Button } from '../shared/ui/index.ts'
import { useSharing, useTicketCounts } from './tickets.ts'
import '../shared/service/bar.css'

export default function MemberBar() {
  const { t } = useTranslation('web-cric')
  const { acting } = useSession()
  const sharing = useSharing(acting.unitId).data
  if (sharing?.mode === 'distributed') return <InService capacity={sharing.capacity} />
  return (
    <div className="bar-place">
      <b className="clip">{acting.unitName}</b>
      <span className="clip">{t(`web:roles.${acting.role}`)}</span>
    </div>
  )
}

function InService({ capacity }: { capacity: number }) {
  const { t } = useTranslation('web-cric')
  const { acting } = useSession()
  const { desk, action } = useService()
  const mine = useTicketCounts().data?.counts.mine ?? 0
  if (!desk) return <div className="telephone" />
  const shown = desk.state === 'offered' ? 'offered-work' : desk.state
  const away = desk.state === 'signed-out' || desk.state === 'paused'
  return (
    <div className="telephone">
      <h2 className="sr">{t('service.name')}</h2>
      <StateMenu desk={desk} shown={shown} onAction={wanted => action.mutate(wanted)} />
      <div className="who" role="status">
        <div className="clip2">
          {desk.state === 'paused' ? (desk.sentence ?? t('service.paused')) : t(`service.rest.${desk.state}`)}
        </div>
      </div>
      {away && (
        <Button className="go" isPending={action.isPending} onPress={() => action.mutate({ do: 'available' })}>
          {t('service.becomeAvailable')}
        </Button>
      )}
      <span className="grow" />
      <div className="queues">
        <div className="clip">{acting.unitName}</div>
        <div>
          {t('service.inHand')} <b className="num">{t('service.inHandOf', { count: mine, capacity })}</b>
        </div>
      </div>
      <OfferedTicket />
    </div>
  )
}
