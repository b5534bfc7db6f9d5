/** Kiosks and displays of an office, and the rules of its halls in numbers. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CounterHall, Counters, DeviceKind, HallRules, PairingCode } from '../../src/counters/model.ts'
import { api, errorsOf, sentenceOf } from '../shared/api.ts'
import {
  Button,
  Card,
  ErrorState,
  FormDialog,
  Loading,
  Notice,
  notify,
  Pill,
  Problem,
  Select,
  TextField,
} from '../shared/ui/index.ts'
import { useCounters } from './queries.ts'
import './counter.css'

const kinds: readonly DeviceKind[] = ['kiosk', 'display']

export default function DevicesPage() {
  const { t } = useTranslation('web-counter')
  const counters = useCounters()
  if (counters.error) return <ErrorState error={counters.error} onRetry={() => void counters.refetch()} />
  if (!counters.data) return <Loading />
  return (
    <div className="counter">
      <h1>{t('devices.title')}</h1>
      <Devices counters={counters.data} />
      {counters.data.halls.map(hall => (
        <Rules key={hall.id} hall={hall} />
      ))}
    </div>
  )
}

function Devices({ counters }: { counters: Counters }) {
  const { t } = useTranslation('web-counter')
  const client = useQueryClient()
  const [isAdding, setAdding] = useState(false)
  const [pairing, setPairing] = useState<PairingCode | null>(null)
  const after = {
    onError: (error: unknown) => notify(sentenceOf(error), 'late'),
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  }
  const renew = useMutation({
    mutationFn: (deviceId: string) => api.post('/api/counters/devices/:deviceId/code', { path: { deviceId } }),
    onSuccess: setPairing,
    ...after,
  })
  const disable = useMutation({
    mutationFn: (deviceId: string) => api.post('/api/counters/devices/:deviceId/disable', { path: { deviceId } }),
    ...after,
  })
  const devices = counters.devices.filter(({ disabled }) => !disabled)
  return (
    <Card
      title={t('devices.list')}
      level="h2"
      aside={
        <Button icon="plus" onPress={() => setAdding(true)}>
          {t('devices.add')}
        </Button>
      }
    >
      {pairing && (
        <Notice tone="ok" live title={t('devices.codeIs')}>
          <b className="visit-code large num">{pairing.code}</b>
          <br />
          {t('devices.codeHow', { name: devices.find(({ id }) => id === pairing.deviceId)?.name ?? '' })}
        </Notice>
      )}
      {devices.length === 0 && <p className="small">{t('devices.none')}</p>}
      <ul className="visit-list">
        {devices.map(device => (
          <li key={device.id} className="row wrap">
            <div className="col tight grow">
              <b>{device.name}</b>
              <span className="tiny">
                {t(`devices.kinds.${device.kind}`)} ·{' '}
                {counters.halls
                  .filter(({ id }) => device.hallIds.includes(id))
                  .map(({ name }) => name)
                  .join(', ')}
              </span>
            </div>
            <Pill small tone={device.connectedAt ? 'ok' : 'wait'}>
              {t(device.connectedAt ? 'devices.connected' : 'devices.notConnected')}
            </Pill>
            <Button isPending={renew.isPending} onPress={() => renew.mutate(device.id)}>
              {t('devices.newCode')}
            </Button>
            <Button tone="quiet" isPending={disable.isPending} onPress={() => disable.mutate(device.id)}>
              {t('devices.disable')}
            </Button>
          </li>
        ))}
      </ul>
      {isAdding && (
        <AddDeviceDialog
          counters={counters}
          onClose={() => setAdding(false)}
          onAdded={code => {
            setPairing(code)
            setAdding(false)
          }}
        />
      )}
    </Card>
  )
}

function AddDeviceDialog({
  counters,
  onClose,
  onAdded,
}: {
  counters: Counters
  onClose: () => void
  onAdded: (code: PairingCode) => void
}) {
  const { t } = useTranslation('web-counter')
  const client = useQueryClient()
  const all = 'all'
  const [kind, setKind] = useState<DeviceKind>('kiosk')
  const [name, setName] = useState('')
  const [hall, setHall] = useState<string | null>(all)
  const add = useMutation({
    mutationFn: () => {
      const hallIds = counters.halls.map(({ id }) => id).filter(id => hall === all || hall === id)
      return api.post('/api/counters/devices', { body: { unitId: counters.unit.id, kind, name, hallIds } })
    },
    onSuccess: onAdded,
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  })
  return (
    <FormDialog
      title={t('devices.add')}
      act={t('devices.addAct')}
      isOpen
      onClose={onClose}
      sending={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate()}
    >
      <Select
        label={t('devices.kind')}
        value={kind}
        onChange={id => setKind(kinds.find(each => each === id) ?? 'kiosk')}
        choices={kinds.map(id => ({ id, label: t(`devices.kinds.${id}`) }))}
      />
      <TextField label={t('devices.name')} value={name} onChange={setName} error={errorsOf(add.error).name} autoFocus />
      <Select
        label={t('devices.halls')}
        value={hall}
        onChange={setHall}
        choices={[{ id: all, label: t('devices.allHalls') }, ...counters.halls.map(({ id, name: label }) => ({ id, label }))]}
      />
    </FormDialog>
  )
}

const ruleNames = [
  'appointmentMinutes',
  'priorityMinutes',
  'fastMinutes',
  'ordinaryMinutes',
  'returnedMinutes',
  'dueWindowMinutes',
  'earlyMinutes',
  'lateMinutes',
  'pauseMinutes',
  'maxCalls',
] as const satisfies readonly (keyof HallRules)[]

/** The rules by which the desks of a hall call. */
function Rules({ hall }: { hall: CounterHall }) {
  const { t } = useTranslation('web-counter')
  const client = useQueryClient()
  const [typed, setTyped] = useState<Partial<Record<keyof HallRules, string>>>({})
  const [contingent, setContingent] = useState(hall.dailyContingent === null ? '' : String(hall.dailyContingent))
  const save = useMutation({
    mutationFn: () => {
      const rules = { ...hall.rules }
      for (const name of ruleNames) rules[name] = Number(typed[name] ?? rules[name])
      const dailyContingent = contingent.trim() === '' ? null : Number(contingent)
      return api.put('/api/counters/halls/:hallId/rules', { path: { hallId: hall.id }, body: { rules, dailyContingent } })
    },
    onSuccess() {
      setTyped({})
      notify(t('rules.saved'))
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  })
  const wrong = errorsOf(save.error)
  return (
    <Card title={t('rules.title', { hall: hall.name })} level="h2">
      <p>
        {t('rules.text')} {t('rules.bounds', hall.bounds)}
      </p>
      <form
        className="counter-rules"
        onSubmit={event => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {ruleNames.map(name => (
          <TextField
            key={name}
            label={t(`rules.${name}`)}
            value={typed[name] ?? String(hall.rules[name])}
            onChange={text => setTyped(before => ({ ...before, [name]: text }))}
            error={wrong[`rules.${name}`]}
            inputMode="numeric"
          />
        ))}
        <TextField
          label={t('rules.contingent')}
          value={contingent}
          onChange={setContingent}
          error={wrong.dailyContingent}
          inputMode="numeric"
        />
        <div className="row">
          <Button tone="primary" type="submit" isPending={save.isPending}>
            {t('rules.save')}
          </Button>
        </div>
      </form>
      {Object.keys(wrong).length === 0 && <Problem error={save.error} />}
    </Card>
  )
}
