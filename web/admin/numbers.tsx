/** The number plan: which numbers enter the contact centre and from when; planned, reversed, cancelled, each with its reason. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type ReactNode, useDeferredValue, useState } from 'react'
import { GridList, GridListItem } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { NumberChange, NumberMode, OfficeNumber, OfficeNumberView, PlanResult } from '../../src/organisation/model.ts'
import { ApiProblem, api, type Page } from '../shared/api.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import { pagedOptions } from '../shared/query.ts'
import { useActsAs } from '../shared/session.tsx'
import { addDays, dayOf, longDay, startOfDay } from '../shared/time.ts'
import {
  Ago,
  Button,
  Card,
  classes,
  Dialog,
  EmptyState,
  ErrorState,
  Loading,
  Notice,
  notify,
  PagedList,
  Pill,
  Problem,
  phoneText,
  Select,
  TextArea,
  TextField,
} from '../shared/ui/index.ts'
import { Split } from './split.tsx'
import { UnitField } from './unit-field.tsx'

const live = ['number.']
const modes: readonly NumberMode[] = ['direct', 'channelled']
const isMode = (text: string | null): text is NumberMode => modes.some(mode => mode === text)

export default function NumbersPage() {
  const { t } = useTranslation('web-admin')
  const { number } = useParams({ strict: false })
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [unitId, setUnitId] = useState<string | null>(null)
  const [filter, setFilter] = useState('-')
  const [planning, setPlanning] = useState(false)
  const mayPlan = useActsAs('administrator', 'headquarters')
  const q = useDeferredValue(text.trim())
  const numbers = useInfiniteQuery({
    queryKey: ['numbers', q, unitId, filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<OfficeNumber>>(
        '/api/numbers',
        {
          q: q || undefined,
          unitId,
          mode: isMode(filter) ? filter : undefined,
          planned: filter === 'planned' ? true : undefined,
          cursor: pageParam,
          limit: 40,
        },
        signal,
      ),
    ...pagedOptions,
    meta: { live },
  })
  const open = (wanted: string | undefined) => void navigate({ to: '/admin/numbers/{-$number}', params: { number: wanted } })
  return (
    <>
      <Split
        label={t('numbers.title')}
        back={t('numbers.back')}
        choose={t('numbers.choose')}
        onBack={() => open(undefined)}
        list={
          <>
            <div className="admin-head">
              <div className="row">
                <h1 className="grow">{t('numbers.title')}</h1>
                <Button
                  tone="primary"
                  icon="calendar"
                  why={mayPlan ? null : t('numbers.onlyPlanners')}
                  onPress={() => setPlanning(true)}
                >
                  {t('numbers.planTerritory')}
                </Button>
              </div>
              <div className="filters">
                <TextField
                  label={t('numbers.find')}
                  hideLabel
                  icon="search"
                  inputMode="tel"
                  value={text}
                  onChange={setText}
                  placeholder={t('numbers.find')}
                />
                <Select
                  label={t('numbers.mode')}
                  hideLabel
                  value={filter}
                  onChange={id => setFilter(id ?? '-')}
                  choices={['-', 'channelled', 'direct', 'planned'].map(id => ({
                    id,
                    label: t(`numbers.filters.${id === '-' ? 'all' : id}`),
                  }))}
                />
                <UnitField
                  label={t('numbers.territory')}
                  hideLabel
                  placeholder={t('numbers.territory')}
                  value={unitId}
                  onChange={setUnitId}
                />
              </div>
            </div>
            <PagedList
              query={numbers}
              empty={
                <EmptyState title={t('numbers.none')} icon="telephone">
                  {t('numbers.noneText')}
                </EmptyState>
              }
            >
              {items => (
                <GridList
                  aria-label={t('numbers.title')}
                  items={items.map(item => ({ ...item, id: item.number, isOpen: item.number === number }))}
                  onAction={key => open(String(key))}
                >
                  {item => (
                    <GridListItem
                      id={item.number}
                      textValue={item.unit.name}
                      className={classes('admin-line', item.isOpen && 'on')}
                    >
                      <div className="grow">
                        <b className="clip block">{item.unit.name}</b>
                        <small className="num">{phoneText(item.number)}</small>
                      </div>
                      <div className="col tight" style={{ alignItems: 'flex-end' }}>
                        <Mode mode={item.mode} />
                        {item.next && <small>{t(`numbers.from.${item.next.mode}`, { day: dayText(item.next.from) })}</small>}
                      </div>
                    </GridListItem>
                  )}
                </GridList>
              )}
            </PagedList>
          </>
        }
        detail={number ? <NumberDetail key={number} number={number} mayPlan={mayPlan} /> : null}
      />
      <PlanDialog isOpen={planning} onClose={() => setPlanning(false)} />
    </>
  )
}

const dayText = (instant: string): string => dayOf(Date.parse(instant)).split('-').reverse().join('.')

function Mode({ mode }: { mode: NumberMode }) {
  const { t } = useTranslation('web-admin')
  return (
    <Pill small tone={mode === 'channelled' ? 'info' : 'plain'}>
      {t(`numbers.modes.${mode}`)}
    </Pill>
  )
}

type Opened = 'schedule' | 'reverse' | 'cancel' | null

function NumberDetail({ number, mayPlan }: { number: string; mayPlan: boolean }) {
  const { t, i18n } = useTranslation('web-admin')
  const client = useQueryClient()
  const [opened, setOpened] = useState<Opened>(null)
  const found = useQuery({
    queryKey: ['number', number],
    queryFn: ({ signal }) => api.get<OfficeNumberView>(`/api/numbers/${encodeURIComponent(number)}`, undefined, signal),
    meta: { live },
  })
  if (found.isPending) return <Loading />
  if (found.isError && !found.data) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const plan = found.data
  const keep = (changed: OfficeNumberView) => {
    client.setQueryData(['number', number], changed)
    void client.invalidateQueries({ queryKey: ['numbers'] })
    setOpened(null)
    notify(t('numbers.done'))
  }
  const why = mayPlan ? null : t('numbers.onlyPlanners')
  const path = `/api/numbers/${encodeURIComponent(number)}`
  return (
    <article>
      <header className="row top wrap">
        <div className="grow">
          <h1 className="num">{phoneText(plan.number)}</h1>
          <small>{plan.unit.name}</small>
        </div>
        <Mode mode={plan.mode} />
      </header>
      <Card>
        <p>{t(`numbers.now.${plan.mode}`, { line: phoneText(plan.officeNumber) })}</p>
        {plan.fallback && <p className="small">{t('numbers.fallback', { line: phoneText(plan.fallback) })}</p>}
        {plan.next && (
          <Notice tone="wait">
            {t(`numbers.planned.${plan.next.mode}`, { day: longDay(Date.parse(plan.next.from), i18n.language, Date.now()) })}
          </Notice>
        )}
        <div className="row wrap" style={{ marginTop: 12 }}>
          {plan.next ? (
            <Button why={why} onPress={() => setOpened('cancel')}>
              {t('numbers.cancel')}
            </Button>
          ) : (
            <Button tone="primary" icon="calendar" why={why} onPress={() => setOpened('schedule')}>
              {t(plan.mode === 'direct' ? 'numbers.planChannelled' : 'numbers.planDirect')}
            </Button>
          )}
          <Button
            icon="restore"
            why={why ?? (plan.since === null ? t('numbers.neverChanged') : null)}
            onPress={() => setOpened('reverse')}
          >
            {t('numbers.reverse')}
          </Button>
        </div>
      </Card>
      <Card title={t('numbers.decisions')} level="h2">
        {plan.changes.length === 0 ? (
          <p className="muted">{t('numbers.noDecisions')}</p>
        ) : (
          <ol className="timeline">
            {plan.changes.map((change, index) => (
              <Decision key={change.id} change={change} isNewest={index === 0} />
            ))}
          </ol>
        )}
      </Card>
      <ScheduleDialog plan={plan} path={path} isOpen={opened === 'schedule'} onClose={() => setOpened(null)} onDone={keep} />
      <ReasonDialog
        title={t('numbers.reverse')}
        text={t('numbers.reverseText')}
        path={`${path}/reverse`}
        version={plan.version}
        isOpen={opened === 'reverse'}
        onClose={() => setOpened(null)}
        onDone={keep}
      />
      {plan.next && (
        <ReasonDialog
          title={t('numbers.cancel')}
          text={t('numbers.cancelText')}
          path={`${path}/changes/${plan.next.changeId}/cancel`}
          version={plan.version}
          isOpen={opened === 'cancel'}
          onClose={() => setOpened(null)}
          onDone={keep}
        />
      )}
    </article>
  )
}

function Decision({ change, isNewest }: { change: NumberChange; isNewest: boolean }) {
  const { t, i18n } = useTranslation('web-admin')
  return (
    <li className={classes(isNewest && !change.cancelled && 'now')}>
      <b>{t(`numbers.modes.${change.mode}`)}</b>{' '}
      {t('numbers.fromDay', { day: longDay(Date.parse(change.from), i18n.language, Date.now()) })}
      <br />
      <small>
        {change.decidedBy} · <Ago at={change.decidedAt} /> · {change.reason}
      </small>
      {change.cancelled && (
        <p className="quote">
          {t('numbers.cancelledBy', { name: change.cancelled.by })}: {change.cancelled.reason}
        </p>
      )}
    </li>
  )
}

function ScheduleDialog({
  plan,
  path,
  isOpen,
  onClose,
  onDone,
}: {
  plan: OfficeNumberView
  path: string
  isOpen: boolean
  onClose: () => void
  onDone: (plan: OfficeNumberView) => void
}) {
  const { t } = useTranslation('web-admin')
  const key = useIdempotencyKey()
  const [day, setDay] = useState(() => addDays(dayOf(Date.now()), 1))
  const [reason, setReason] = useState('')
  const mode: NumberMode = plan.mode === 'direct' ? 'channelled' : 'direct'
  const send = useMutation({
    mutationFn: (body: object) =>
      api.post<OfficeNumberView>(`${path}/changes`, body, { version: plan.version, key: key.keyFor(body) }),
    onSuccess(changed) {
      key.renew()
      setReason('')
      onDone(changed)
    },
  })
  return (
    <PlanForm
      title={t(mode === 'channelled' ? 'numbers.planChannelled' : 'numbers.planDirect')}
      isOpen={isOpen}
      onClose={onClose}
      day={day}
      setDay={setDay}
      reason={reason}
      setReason={setReason}
      error={send.error}
      sending={send.isPending}
      onSubmit={() => send.mutate({ mode, from: startOfDay(day), reason })}
    >
      <p>{t(`numbers.means.${mode}`)}</p>
    </PlanForm>
  )
}

function PlanForm({
  title,
  isOpen,
  onClose,
  onSubmit,
  day,
  setDay,
  reason,
  setReason,
  error,
  sending,
  children,
}: {
  title: string
  isOpen: boolean
  onClose: () => void
  onSubmit: () => void
  day: string
  setDay: (day: string) => void
  reason: string
  setReason: (reason: string) => void
  error: unknown
  sending: boolean
  children: ReactNode
}) {
  const { t } = useTranslation('web-admin')
  const errors = error instanceof ApiProblem ? error.errors : {}
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={onSubmit}
      footer={
        <>
          <Button onPress={onClose}>{t('web:cancel')}</Button>
          <Button tone="primary" type="submit" isPending={sending}>
            {t('numbers.plan')}
          </Button>
        </>
      }
    >
      {children}
      <TextField
        label={t('numbers.day')}
        type="date"
        value={day}
        onChange={setDay}
        hint={t('numbers.dayHint')}
        error={errors.from}
      />
      <TextArea label={t('numbers.reason')} rows={2} value={reason} onChange={setReason} error={errors.reason} />
      {Object.keys(errors).every(name => name !== 'from' && name !== 'reason') && <Problem error={error} />}
    </Dialog>
  )
}

function ReasonDialog({
  title,
  text,
  path,
  version,
  isOpen,
  onClose,
  onDone,
}: {
  title: string
  text: string
  path: string
  version: number
  isOpen: boolean
  onClose: () => void
  onDone: (plan: OfficeNumberView) => void
}) {
  const { t } = useTranslation('web-admin')
  const key = useIdempotencyKey()
  const [reason, setReason] = useState('')
  const send = useMutation({
    mutationFn: (body: object) => api.post<OfficeNumberView>(path, body, { version, key: key.keyFor(body) }),
    onSuccess(changed) {
      key.renew()
      setReason('')
      onDone(changed)
    },
  })
  const errors = send.error instanceof ApiProblem ? send.error.errors : {}
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() => send.mutate({ reason })}
      footer={
        <>
          <Button onPress={onClose}>{t('web:close')}</Button>
          <Button tone="primary" type="submit" isPending={send.isPending}>
            {title}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      <TextArea label={t('numbers.reason')} rows={2} value={reason} onChange={setReason} error={errors.reason} autoFocus />
      {Object.keys(errors).length === 0 && <Problem error={send.error} />}
    </Dialog>
  )
}

/** A wave of the roll-out: all numbers of a territory, on one day. */
function PlanDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('web-admin')
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const [unitId, setUnitId] = useState<string | null>(null)
  const [mode, setMode] = useState<NumberMode>('channelled')
  const [day, setDay] = useState(() => addDays(dayOf(Date.now()), 7))
  const [reason, setReason] = useState('')
  const send = useMutation({
    mutationFn: (body: object) => api.post<PlanResult>('/api/number-plans', body, { key: key.keyFor(body) }),
    onSuccess(result) {
      key.renew()
      setReason('')
      void client.invalidateQueries({ queryKey: ['numbers'] })
      onClose()
      notify(t('numbers.planDone', { count: result.scheduled.length, skipped: result.skipped.length }))
    },
  })
  const errors = send.error instanceof ApiProblem ? send.error.errors : {}
  return (
    <PlanForm
      title={t('numbers.planTerritory')}
      isOpen={isOpen}
      onClose={onClose}
      day={day}
      setDay={setDay}
      reason={reason}
      setReason={setReason}
      error={send.error}
      sending={send.isPending}
      onSubmit={() => send.mutate({ unitId: unitId ?? '', mode, from: startOfDay(day), reason })}
    >
      <p>{t('numbers.planText')}</p>
      <UnitField label={t('numbers.territory')} value={unitId} onChange={setUnitId} error={errors.unitId} />
      <Select
        label={t('numbers.mode')}
        value={mode}
        onChange={id => isMode(id) && setMode(id)}
        choices={modes.toReversed().map(id => ({ id, label: t(`numbers.modes.${id}`), detail: t(`numbers.means.${id}`) }))}
      />
    </PlanForm>
  )
}
