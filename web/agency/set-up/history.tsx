/** The set-ups that the office has had, with who saved each; any of them can be looked at and saved again. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SetUp } from '../../../src/agenda/set-up/model.ts'
import { api } from '../../shared/api.ts'
import { pagedOptions } from '../../shared/query.ts'
import { Ago, Button, Card, PagedList, Pill } from '../../shared/ui/index.ts'

export function History({ unitId, inForce, onTake }: { unitId: string; inForce: number; onTake: (setUp: SetUp) => void }) {
  const { t } = useTranslation('web-agenda')
  const versions = useInfiniteQuery({
    queryKey: ['agenda-set-ups', unitId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/units/:unitId/agenda/versions', { path: { unitId }, query: { cursor: pageParam, limit: 10 }, signal }),
    ...pagedOptions,
    meta: { live: ['agenda.'] },
  })
  return (
    <Card>
      <PagedList query={versions} empty={<p className="muted">{t('history.none')}</p>}>
        {items => (
          <ol className="set-up-versions">
            {items.map(({ version, setUp, reason, by, at }) => (
              <li key={version}>
                <div className="row wrap">
                  <b className="grow">{t('version', { version })}</b>
                  {version === inForce ? (
                    <Pill small tone="ok">
                      {t('history.inForce')}
                    </Pill>
                  ) : (
                    <Button className="small-button" label={t('history.takeVersion', { version })} onPress={() => onTake(setUp)}>
                      {t('history.take')}
                    </Button>
                  )}
                </div>
                <p>{reason || t('history.found')}</p>
                <small>
                  {by !== '' && `${by} · `}
                  <Ago at={at} />
                </small>
              </li>
            ))}
          </ol>
        )}
      </PagedList>
    </Card>
  )
}
