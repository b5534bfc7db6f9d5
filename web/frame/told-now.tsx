/** What somebody is told on whatever page, because it waits for them: the receipt of a registered message is missing, the citizen of a case has arrived, or a colleague asks, answers or names them. */
import { useTranslation } from 'react-i18next'
import type { EntryName } from '../../src/entries.ts'
import { useLive } from '../shared/live-context.tsx'
import { useSession } from '../shared/session.tsx'
import { notify } from '../shared/ui/index.ts'

const missing: EntryName = 'registered-mail.receipt-missing'
const arrived: EntryName = 'case.arrival'
const mentioned: EntryName = 'case.mentioned'
const asked: EntryName = 'ticket.question-asked'
const answered: EntryName = 'ticket.question-answered'

export function ToldNow() {
  const { t } = useTranslation()
  const { person } = useSession()
  useLive(message => {
    if (message.person !== person.id) return
    if (message.types.includes(missing)) notify(t('pec.missingNow'), 'late')
    if (message.types.includes(mentioned)) notify(t('forMe.mentionedNow'))
    if (message.types.includes(asked)) notify(t('forMe.askedNow'))
    if (message.types.includes(answered)) notify(t('forMe.answeredNow'))
    if (message.types.includes(arrived)) notify(t('reference.arrivedNow'))
  })
  return null
}
