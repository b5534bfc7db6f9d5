/** The versions of the rules: who put them in force and why, and the way back. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RuleChange } from '../../../src/cases/rules/model.ts'
import { api } from '../../shared/api.ts'
import { pagedOptions } from '../../shared/query.ts'
import { Ago, Button, Card, PagedList, Pill } from '../../shared/ui/index.ts'
import { Cells } from './effect.tsx'

export function History({ inForce, onTake }: { inForce: number; onTake: (changes: readonly RuleChange[]) => void }) {
  const { t } = useTranslation('web-rules')
  const versions = useInfiniteQuery({
    queryKey: ['ticket-rules-versions'],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/ticket-rules/versions', { query: { cursor: pageParam, limit: 10 }, signal }),
    ...pagedOptions,
    meta: { live: ['ticket.rules-set'] },
  })
  return (
    <Card title={t('history.title')}>
      <PagedList query={versions} empty={<p className="muted">{t('history.none')}</p>}>
        {items => (
          <ol className="rule-versions">
            {items.map(({ version, changes, reason, by, at }) => (
              <li key={version}>
                <div className="row wrap">
                  <b className="grow">{t('version', { version })}</b>
                  {version === inForce ? (
                    <Pill small tone="ok">
                      {t('history.inForce')}
                    </Pill>
                  ) : (
                    <Button
                      className="small-button"
                      label={t('history.takeVersion', { version })}
                      onPress={() => onTake(changes)}
                    >
                      {t('history.take')}
                    </Button>
                  )}
                </div>
                <p>{reason}</p>
                <small>
                  {by} · <Ago at={at} />
                </small>
                {changes.length === 0 ? (
                  <p className="small">{t('history.founding')}</p>
                ) : (
                  <>
                    <Cells title={t('history.more')} cells={changes.filter(change => change.allowed)} />
                    <Cells title={t('history.less')} cells={changes.filter(change => !change.allowed)} />
                  </>
                )}
              </li>
            ))}
            {inForce > 0 && (
              <li>
                <div className="row wrap">
                  <b className="grow">{t('founding')}</b>
                  <Button className="small-button" label={t('history.takeFounding')} onPress={() => onTake([])}>
                    {t('history.take')}
                  </Button>
                </div>
              </li>
            )}
          </ol>
        )}
      </PagedList>
    </Card>
  )
}
