/** A machine of an office that holds no token yet, or no longer: the code that a keeper was shown is typed in here, once. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem, api, errorsOf } from './api.ts'
import { Button, Problem, TextField } from './ui/index.ts'
import './device.css'

/** Whether an answer says that this machine is no device of its kind. */
export const isUnknownDevice = (error: unknown): boolean => error instanceof ApiProblem && error.code === 'counters.deviceUnknown'

export function ConnectDevice() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const connect = useMutation({
    mutationFn: () => api.post('/api/device/connect', { body: { code } }),
    onSuccess: () => client.resetQueries({ queryKey: ['device'] }),
  })
  const { code: wrong } = errorsOf(connect.error)
  return (
    <main className="connect-device">
      <form
        className="card col"
        onSubmit={event => {
          event.preventDefault()
          if (!connect.isPending) connect.mutate()
        }}
      >
        <h1>{t('device.title')}</h1>
        <p>{t('device.text')}</p>
        <TextField label={t('device.code')} value={code} onChange={setCode} error={wrong} autoFocus autoComplete="off" />
        {wrong === undefined && <Problem error={connect.error} />}
        <Button tone="primary" type="submit" tall isPending={connect.isPending}>
          {t('device.connect')}
        </Button>
      </form>
    </main>
  )
}
