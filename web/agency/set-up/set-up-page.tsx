/** The agenda of an office, set up by whoever manages it: services, who receives when, closures; beside them what comes of it. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rebooking, SetUp, SetUpView } from '../../../src/agenda/set-up/model.ts'
import { api } from '../../shared/api.ts'
import { FormNotices } from '../../shared/form/notices.tsx'
import { useForm } from '../../shared/form/use-form.ts'
import { useSession } from '../../shared/session.tsx'
import { ErrorState, Loading, Pill, Tabs } from '../../shared/ui/index.ts'
import { Calendars } from './calendars.tsx'
import { Closures } from './closures.tsx'
import { Effect } from './effect.tsx'
import { History } from './history.tsx'
import { Services } from './services.tsx'
import './set-up.css'

export default function SetUpPage() {
  const { t } = useTranslation('web-agenda')
  const { acting } = useSession()
  const found = useQuery({
    queryKey: ['agenda-set-up', acting.unitId],
    queryFn: ({ signal }) => api.get('/api/units/:unitId/agenda', { path: { unitId: acting.unitId }, signal }),
    meta: { live: ['agenda.'] },
  })
  return (
    <div className="padded set-up">
      <header className="row wrap">
        <div className="grow">
          <h1>{t('title')}</h1>
          <p className="small">{acting.unitName}</p>
        </div>
        {found.data && found.data.version > 0 && <Pill tone="info">{t('version', { version: found.data.version })}</Pill>}
      </header>
      {found.isPending ? (
        <Loading />
      ) : found.isError && !found.data ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Form view={found.data} />
      )}
    </div>
  )
}

const parts = ['services', 'calendars', 'closures', 'history'] as const
type Part = (typeof parts)[number]

function Form({ view }: { view: SetUpView }) {
  const { t } = useTranslation('web-agenda')
  const queries = useQueryClient()
  const unitId = view.unit.id
  const [part, setPart] = useState<Part>('services')
  const form = useForm<SetUp>({
    name: `agenda:${unitId}`,
    stored: { version: view.version, fields: view.setUp },
    fieldsOf: current => (current as { setUp: SetUp }).setUp,
  })
  const setUp = form.fields
  const save = (reason: string, rebookings: Rebooking[]) =>
    form.send(async (changed, version) => {
      const body = { setUp: { ...setUp, ...changed }, reason, rebookings }
      const saved = await api.put('/api/units/:unitId/agenda', { path: { unitId }, body, version })
      queries.setQueryData(['agenda-set-up', unitId], saved)
      void queries.invalidateQueries({ queryKey: ['agenda-set-ups', unitId] })
      return { version: saved.version, fields: saved.setUp }
    })
  const offered = new Set(setUp.services.map(({ id }) => id))
  const catalogue = [...view.catalogue, ...view.setUp.services].filter(({ id, own }) => !own && !offered.has(id))
  return (
    <>
      <FormNotices
        form={form}
        labels={{ services: t('services.title'), calendars: t('calendars.title'), closures: t('closures.title') }}
        show={(_field, value) => t('clash', { count: Array.isArray(value) ? value.length : 0 })}
      />
      <div className="set-up-columns">
        <div className="col">
          <Tabs
            label={t('parts')}
            value={part}
            onChange={id => setPart(parts.find(each => each === id) ?? part)}
            tabs={parts.map(id => ({ id, label: t(`${id}.title`), count: id === 'history' ? undefined : setUp[id].length }))}
          />
          {part === 'services' && (
            <Services services={setUp.services} catalogue={catalogue} onChange={services => form.change({ services })} />
          )}
          {part === 'calendars' && <Calendars setUp={setUp} officers={view.officers} onChange={change => form.change(change)} />}
          {part === 'closures' && <Closures setUp={setUp} onChange={closures => form.change({ closures })} />}
          {part === 'history' && <History unitId={unitId} inForce={view.version} onTake={taken => form.change(taken)} />}
        </div>
        <Effect
          unitId={unitId}
          version={view.version}
          setUp={setUp}
          isChanged={form.isChanged}
          mustChoose={form.clashes.some(each => each.choice === 'open')}
          onDrop={form.drop}
          onSave={save}
        />
      </div>
    </>
  )
}
