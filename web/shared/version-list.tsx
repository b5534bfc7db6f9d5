/** The versions that something has had, with who saved each and why; any of them can be looked at and saved again. */
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { Ago, Button, Card, PagedList, Pill } from './ui/index.ts'
import './version-list.css'

interface Version {
  version: number
  reason: string
  by: string
  at: string
}

export function VersionList<V extends Version>({
  query,
  inForce,
  onTake,
}: {
  query: ComponentProps<typeof PagedList<V>>['query']
  inForce: number
  /** Null for who only reads. */
  onTake: ((version: V) => void) | null
}) {
  const { t } = useTranslation()
  return (
    <Card>
      <PagedList query={query} empty={<p className="muted">{t('versions.none')}</p>}>
        {(items: readonly V[]) => (
          <ol className="version-list">
            {items.map(each => (
              <li key={each.version}>
                <div className="row wrap">
                  <b className="grow">{t('versions.named', { version: each.version })}</b>
                  {each.version === inForce ? (
                    <Pill small tone="ok">
                      {t('versions.inForce')}
                    </Pill>
                  ) : (
                    onTake && (
                      <Button
                        className="small-button"
                        label={t('versions.takeNamed', { version: each.version })}
                        onPress={() => onTake(each)}
                      >
                        {t('versions.take')}
                      </Button>
                    )
                  )}
                </div>
                <p>{each.reason || t('versions.found')}</p>
                <small>
                  {each.by !== '' && `${each.by} · `}
                  <Ago at={each.at} />
                </small>
              </li>
            ))}
          </ol>
        )}
      </PagedList>
    </Card>
  )
}
