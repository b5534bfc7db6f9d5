/** `?`: what can be done here: which keys do what, and what the search does by its name. */
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { actionsFor, useOfferedActions } from '../shared/actions.ts'
import { useShortcutList } from '../shared/shortcuts.ts'
import { Dialog, Kbd } from '../shared/ui/index.ts'

export function ShortcutsDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const list = useShortcutList()
  const offered = actionsFor(useOfferedActions(), '')
  const groups = [...new Set(list.map(each => each.group))].reverse()
  return (
    <Dialog title={t('shortcuts.title')} isOpen={isOpen} onClose={onClose} toRead>
      {groups.map(group => (
        <section key={group} className="col tight">
          <h3>{group}</h3>
          <dl className="facts">
            {list
              .filter(each => each.group === group)
              .map(each => (
                <Fragment key={each.keys}>
                  <dt>
                    <Kbd keys={each.keys} />
                    <span className="sr">{each.keys}</span>
                  </dt>
                  <dd>{each.label}</dd>
                </Fragment>
              ))}
          </dl>
        </section>
      ))}
      {offered.length > 0 && (
        <section className="col tight">
          <h3>
            {t('shortcuts.without')} <Kbd keys="Control+k" />
          </h3>
          <ul>
            {offered.map(({ label }) => (
              <li key={label}>{label}</li>
            ))}
          </ul>
        </section>
      )}
      <p className="small">{t('shortcuts.note')}</p>
    </Dialog>
  )
}
