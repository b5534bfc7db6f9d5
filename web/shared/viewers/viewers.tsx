/** Who else is looking, beside the title: a mark for each, in words for who does not see it, and in words for all when somebody is writing. */
import { useTranslation } from 'react-i18next'
import { clock } from '../time.ts'
import { Avatar, classes } from '../ui/index.ts'
import { useViewers, type Viewed } from './use-viewers.ts'
import './viewers.css'

/** @param writing whether an answer is being written here */
export function ViewersOf({ kind, id, writing = false }: Viewed & { writing?: boolean }) {
  const { t, i18n } = useTranslation()
  const viewers = useViewers({ kind, id }, writing)
  const at = (instant: string) => clock(Date.parse(instant), i18n.language)
  const people = (viewers?.items ?? []).map(({ id: personId, name, since, writingSince }) => ({
    personId,
    name,
    isWriting: writingSince !== null,
    words:
      writingSince === null
        ? t('viewers.looking', { name, time: at(since) })
        : t('viewers.writing', { name, time: at(writingSince) }),
  }))
  return (
    <div className="viewers" role="status" aria-live="polite">
      {people.length > 0 && (
        <span className="tiny" aria-hidden="true">
          {t('viewers.here')}
        </span>
      )}
      {people.map(({ personId, name, isWriting, words }) => (
        <span key={personId} className={classes('viewer', isWriting && 'writing')} title={words}>
          <Avatar name={name} size="small" />
          {isWriting ? <span className="viewer-words">{words}</span> : <span className="sr">{words}</span>}
        </span>
      ))}
      {viewers !== null && viewers.more > 0 && <span className="tiny">{t('viewers.more', { count: viewers.more })}</span>}
    </div>
  )
}
