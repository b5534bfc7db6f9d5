/** Kiosks and displays of an office, and the sheets with the QR codes of its halls. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Counters, DeviceKind, PairingCode } from '../../src/counters/model.ts'
import { api, errorsOf, sentenceOf } from '../shared/api.ts'
import { NumberField } from '../shared/number-field.tsx'
import {
  Button,
  Card,
  ErrorState,
  FormDialog,
  Link,
  Loading,
  Notice,
  notify,
  Pill,
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
      <div className="row wrap counter-head">
        <h1 className="grow">{t('devices.title')}</h1>
        <Link to="/counter/set-up">{t('setUp.title')}</Link>
      </div>
      <Devices counters={counters.data} />
      <Card title={t('sheet.title')} level="h2">
        <p>{t('sheet.text')}</p>
        <ul className="visit-list">
          {counters.data.halls.map(({ id, name }) => (
            <li key={id} className="row wrap">
              <b className="grow">{name}</b>
              <Link to="/counter/sheet/$hallId" params={{ hallId: id }}>
                {t('sheet.open', { hall: name })}
              </Link>
            </li>
          ))}
        </ul>
      </Card>
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
                {device.kind === 'display' && ` · ${t('devices.rowsNamed', { count: device.rows })}`}
                {device.goesOn !== null &&
                  ` · ${t('devices.goesOnNamed', { name: counters.devices.find(({ id }) => id === device.goesOn)?.name ?? '' })}`}
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
  const [rows, setRows] = useState(8)
  const [goesOn, setGoesOn] = useState<string | null>(all)
  const displays = counters.devices.filter(each => each.kind === 'display' && !each.disabled)
  const isNext = kind === 'display' && goesOn !== all
  const add = useMutation({
    mutationFn: () => {
      const hallIds = counters.halls.map(({ id }) => id).filter(id => hall === all || hall === id)
      const more = { rows, goesOn: isNext ? goesOn : null }
      return api.post('/api/counters/devices', { body: { unitId: counters.unit.id, kind, name, hallIds, ...more } })
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
      {!isNext && (
        <Select
          label={t('devices.halls')}
          value={hall}
          onChange={setHall}
          choices={[{ id: all, label: t('devices.allHalls') }, ...counters.halls.map(({ id, name: label }) => ({ id, label }))]}
        />
      )}
      {kind === 'display' && (
        <>
          <NumberField label={t('devices.rows')} value={rows} min={1} max={12} onChange={setRows} />
          {displays.length > 0 && (
            <Select
              label={t('devices.goesOn')}
              hint={t('devices.goesOnHint')}
              value={goesOn}
              onChange={setGoesOn}
              choices={[
                { id: all, label: t('devices.onItsOwn') },
                ...displays.map(({ id, name: display }) => ({ id, label: t('devices.goesOnNamed', { name: display }) })),
              ]}
            />
          )}
        </>
      )}
    </FormDialog>
  )
}
