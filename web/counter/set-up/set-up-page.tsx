/** The counters of an office, set up by whoever manages it: halls, services, desks, rules, what the kiosk asks; beside them what comes of it. */

import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContactLanguage } from '../../../src/contacts/model.ts'
import type { CounterSetUp, CounterSetUpView, SetUpHall } from '../../../src/counters/set-up/model.ts'
import { api, errorsOf } from '../../shared/api.ts'
import { goToStep } from '../../shared/focus.ts'
import { FormNotices } from '../../shared/form/notices.tsx'
import { useForm } from '../../shared/form/use-form.ts'
import { kioskLanguages } from '../../shared/kiosk-words.ts'
import { pagedOptions } from '../../shared/query.ts'
import { useSession } from '../../shared/session.tsx'
import { Button, EmptyState, ErrorState, Link, Loading, Pill, Select, Tabs } from '../../shared/ui/index.ts'
import { VersionList } from '../../shared/version-list.tsx'
import { Effect, useEffectOf } from './effect.tsx'
import { DesksCard, HallCard, RulesCard, ServicesCard } from './hall.tsx'
import { QuestionsCard } from './questions.tsx'
import '../counter.css'

/** Each hall is a field of the form, so that two who set up different halls do not meet; one that is taken away is null. */
type Halls = Record<string, SetUpHall | null>

const byId = ({ halls }: CounterSetUp): Halls => Object.fromEntries(halls.map(hall => [hall.id, hall]))
const inOrder = (halls: Halls): SetUpHall[] =>
  Object.values(halls)
    .filter(hall => hall !== null)
    .sort((a, b) => a.letter.localeCompare(b.letter) || a.id.localeCompare(b.id))

export default function SetUpPage() {
  const { t } = useTranslation('web-counter')
  const { acting } = useSession()
  const found = useQuery({
    queryKey: ['counter-set-up', acting.unitId],
    queryFn: ({ signal }) => api.get('/api/units/:unitId/counters', { path: { unitId: acting.unitId }, signal }),
    meta: { live: ['counters.set-up'] },
  })
  return (
    <div className="counter">
      <div className="row wrap counter-head">
        <h1 className="grow">{t('setUp.title')}</h1>
        {found.data && found.data.version > 0 && (
          <Pill tone="info">{t('web:versions.named', { version: found.data.version })}</Pill>
        )}
        <Link to="/counter/devices">{t('devices.title')}</Link>
      </div>
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

const history = 'history'
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

function Form({ view }: { view: CounterSetUpView }) {
  const { t } = useTranslation('web-counter')
  const queries = useQueryClient()
  const unitId = view.unit.id
  const [shown, setShown] = useState<string | null>(null)
  const [language, setLanguage] = useState<ContactLanguage>('it')
  const form = useForm<Halls>({
    name: `counters:${unitId}`,
    stored: { version: view.version, fields: byId(view.setUp) },
    fieldsOf: current => byId((current as { setUp: CounterSetUp }).setUp),
  })
  const halls = inOrder(form.fields)
  const setUp: CounterSetUp = { halls }
  const effect = useEffectOf(unitId, view.version, setUp)
  const hall = shown === history ? undefined : (halls.find(({ id }) => id === shown) ?? halls[0])
  const at = hall ? halls.indexOf(hall) : -1
  const errors = errorsOf(effect.error)
  const add = () => {
    const id = crypto.randomUUID()
    const letter = [...letters].find(each => halls.every(other => other.letter !== each)) ?? ''
    form.change({
      [id]: { id, name: '', letter, dailyContingent: null, rules: view.usualRules, services: [], desks: [], questions: [] },
    })
    setShown(id)
    goToStep(`hall-${id}`)
  }
  const save = (reason: string) =>
    form.send(async (changed, version) => {
      const body = { setUp: { halls: inOrder({ ...form.fields, ...(changed as Halls) }) }, reason }
      const saved = await api.put('/api/units/:unitId/counters', { path: { unitId }, body, version })
      queries.setQueryData(['counter-set-up', unitId], saved)
      void queries.invalidateQueries({ queryKey: ['counter-set-ups', unitId] })
      return { version: saved.version, fields: byId(saved.setUp) }
    })
  const part = hall && {
    ...{ hall, language, onChange: (change: Partial<SetUpHall>) => form.change({ [hall.id]: { ...hall, ...change } }) },
    wrong: (path: string) => errors[`setUp.halls.${at}.${path}`],
  }
  return (
    <>
      <FormNotices
        form={form}
        labels={Object.fromEntries([...view.setUp.halls, ...halls].map(({ id, name }) => [id, name]))}
        show={(_field, value) =>
          value === null || value === undefined ? t('setUp.gone') : t('setUp.summary', summaryOf(value as SetUpHall))
        }
      />
      <div className="counter-set-up">
        <div className="col">
          <div className="row wrap">
            <Tabs
              label={t('setUp.halls')}
              value={hall?.id ?? history}
              onChange={setShown}
              tabs={[
                ...halls.map(({ id, name, letter }) => ({ id, label: `${letter} · ${name || t('setUp.unnamedHall')}` })),
                { id: history, label: t('setUp.history') },
              ]}
            />
            <Button icon="plus" onPress={add}>
              {t('setUp.addHall')}
            </Button>
          </div>
          {halls.length === 0 && shown !== history && (
            <EmptyState title={t('setUp.none')} icon="horn">
              {t('setUp.noneText')}
            </EmptyState>
          )}
          {part && (
            // Another hall has other fields: what was typed in those of the one before stays with it.
            <div key={part.hall.id} className="col">
              <HallCard {...part} onRemove={() => form.change({ [part.hall.id]: null })} />
              <Select
                label={t('setUp.language')}
                value={language}
                onChange={id => setLanguage(kioskLanguages.find(each => each === id) ?? 'it')}
                choices={kioskLanguages.map(id => ({ id, label: t(`languages.${id}`) }))}
              />
              <ServicesCard {...part} agendaServices={view.agendaServices} />
              <DesksCard {...part} />
              <QuestionsCard {...part} />
              <RulesCard {...part} />
            </div>
          )}
          {shown === history && (
            <History
              unitId={unitId}
              inForce={view.version}
              onTake={taken => form.change({ ...Object.fromEntries(halls.map(({ id }) => [id, null])), ...byId(taken) })}
            />
          )}
        </div>
        <Effect
          unitId={unitId}
          hall={hall}
          effect={effect}
          isChanged={form.isChanged}
          mustChoose={form.clashes.some(each => each.choice === 'open')}
          onDrop={form.drop}
          onSave={save}
        />
      </div>
    </>
  )
}

const summaryOf = ({ name, letter, services, desks, questions }: SetUpHall) => ({
  ...{ name, letter, services: services.length, desks: desks.length, questions: questions.length },
})

function History({ unitId, inForce, onTake }: { unitId: string; inForce: number; onTake: (setUp: CounterSetUp) => void }) {
  const versions = useInfiniteQuery({
    queryKey: ['counter-set-ups', unitId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/units/:unitId/counters/versions', { path: { unitId }, query: { cursor: pageParam, limit: 10 }, signal }),
    ...pagedOptions,
    meta: { live: ['counters.set-up'] },
  })
  return <VersionList query={versions} inForce={inForce} onTake={({ setUp }) => onTake(setUp)} />
}
