/** A line of a register from which people choose: changed, retired so that nobody chooses it any more, and taken back. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { sentenceOf } from './api.ts'
import { Button, notify, Pill } from './ui/index.ts'

interface Registered {
  name: string
  retired: boolean
  version: number
}

/**
 * @param about what stands below the name
 * @param change the key that changes it, for who may; null for who only reads. `named` says of what, for screen readers
 * @param retire asks for it, against the version that was read
 * @param queryKey of the register, which is read anew
 */
export function RegisterLine({
  line: { name, retired, version },
  about,
  change,
  retire,
  queryKey,
}: {
  line: Registered
  about?: ReactNode
  change: { label: string; named: string; onPress: () => void } | null
  retire: (retired: boolean, version: number) => Promise<Registered>
  queryKey: readonly string[]
}) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const retiring = useMutation({
    mutationFn: (to: { retired: boolean; version: number }) => retire(to.retired, to.version),
    async onSuccess(saved) {
      await client.invalidateQueries({ queryKey })
      if (saved.retired)
        notify(t('register.retired', { name }), 'plain', {
          label: t('register.takeBack'),
          run: () => retiring.mutate({ retired: false, version: saved.version }),
        })
    },
    onError: error => notify(sentenceOf(error), 'late'),
  })
  return (
    <li className="row wrap">
      <span className="grow">
        <b>{name}</b>{' '}
        {retired && (
          <Pill small tone="plain">
            {t('register.notUsed')}
          </Pill>
        )}
        {about && (
          <>
            <br />
            <small>{about}</small>
          </>
        )}
      </span>
      {change && (
        <>
          <Button tone="quiet" icon="pencil" label={change.named} onPress={change.onPress}>
            {change.label}
          </Button>
          <Button
            tone="quiet"
            label={t(retired ? 'register.takeBackNamed' : 'register.retireNamed', { name })}
            isPending={retiring.isPending}
            onPress={() => retiring.mutate({ retired: !retired, version })}
          >
            {t(retired ? 'register.takeBack' : 'register.retire')}
          </Button>
        </>
      )}
    </li>
  )
}
