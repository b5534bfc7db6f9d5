/**
 * What somebody is told on whatever page, because it waits for them: the receipt of a registered message is missing, the citizen of a case has arrived, a
 * ticket is due soon or late, one came back, a colleague asks, answers or names them.
 */
import { useTranslation } from 'react-i18next'
import type { EntryName } from '../../src/entries.ts'
import { useLive } from '../shared/live-context.tsx'
import { useMay, useSession } from '../shared/session.tsx'
import { notify } from '../shared/ui/index.ts'

const missing: EntryName = 'registered-mail.receipt-missing'
const arrived: EntryName = 'case.arrival'
const mentioned: EntryName = 'case.mentioned'
const asked: EntryName = 'ticket.question-asked'
const answered: EntryName = 'ticket.question-answered'
const sentBack: EntryName = 'ticket.sent-back'
const warned: EntryName = 'ticket.warned'
const late: EntryName = 'ticket.late'
const escalated: EntryName = 'ticket.escalated'

export function ToldNow() {
  const { t } = useTranslation()
  const { person } = useSession()
  const coordinates = useMay('tickets.coordinate')
  const directs = useMay('region.direct')
  useLive(message => {
    const isMine = message.person === person.id
    const tells = (type: EntryName) => message.types.includes(type)
    if (isMine && tells(missing)) notify(t('pec.missingNow'), 'late')
    if (isMine && tells(mentioned)) notify(t('forMe.mentionedNow'))
    if (isMine && tells(asked)) notify(t('forMe.askedNow'))
    if (isMine && tells(answered)) notify(t('forMe.answeredNow'))
    if (isMine && tells(sentBack)) notify(t('sentBackNow'), 'late')
    if (isMine && tells(arrived)) notify(t('reference.arrivedNow'))
    if (tells(warned) && (isMine || coordinates)) notify(t(isMine ? 'dueNow.mine' : 'dueNow.ours'))
    if (tells(late) && coordinates) notify(t('dueNow.late'), 'late')
    if (tells(escalated) && directs) notify(t('dueNow.escalated'), 'late')
  })
  return null
}
