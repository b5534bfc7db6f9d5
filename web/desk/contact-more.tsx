/**
 * What else a card says: how somebody wishes to be reached, what has to be known when one talks to them, where they live. Folded, so that whoever writes
 * down a caller passes it by with one key; open where something of it is written.
 */
import { useTranslation } from 'react-i18next'
import { phoneKinds, preferredChannels, specialNeeds } from '../../src/contacts/choices.ts'
import { Button, Select, TextField } from '../shared/ui/index.ts'
import { type ContactFields, listOf } from './contact-fields.ts'

/** The sentence about a list, or about the first of its items that is wrong. */
export const errorOfList = (errors: Readonly<Record<string, string>>, field: string): string | undefined =>
  errors[field] ?? Object.entries(errors).find(([name]) => name.startsWith(`${field}.`))?.[1]

const parts = ['pecs', 'address', 'postalCode', 'preferredChannel', 'doNotCall'] as const

export function MoreFields({
  fields,
  change,
  errors,
}: {
  fields: ContactFields
  change: (changed: Partial<ContactFields>) => void
  errors: Readonly<Record<string, string>>
}) {
  const { t } = useTranslation('web-desk')
  const isFilled = parts.some(part => fields[part] !== '') || fields.needs.length > 0
  const isWrong = ['address', 'postalCode', 'doNotCall'].some(field => errors[field] !== undefined)
  const phones = listOf(fields.phones)
  return (
    <details className="contact-more" open={isFilled || isWrong}>
      <summary className="contact-more-title">{t('contact.more')}</summary>
      <div className="col">
        <fieldset className="row wrap plain-group" aria-label={t('contact.needs')}>
          <span className="tiny" aria-hidden="true">
            {t('contact.needs')}:
          </span>
          {specialNeeds.map(need => {
            const has = fields.needs.includes(need)
            return (
              <Button
                key={need}
                className="chip"
                aria-pressed={has}
                icon={has ? 'check' : undefined}
                onPress={() => change({ needs: has ? fields.needs.filter(each => each !== need) : [...fields.needs, need] })}
              >
                {t(`need.${need}`)}
              </Button>
            )
          })}
        </fieldset>
        <div className="two">
          <Select
            label={t('contact.preferredChannel')}
            choices={[
              { id: 'any', label: t('channel.any') },
              ...preferredChannels.map(id => ({ id, label: t(`channel.${id}`) })),
            ]}
            value={fields.preferredChannel === '' ? 'any' : fields.preferredChannel}
            onChange={id => change({ preferredChannel: preferredChannels.find(each => each === id) ?? '' })}
          />
          <TextField
            label={t('contact.doNotCall')}
            hint={t('contact.doNotCallHint')}
            value={fields.doNotCall}
            onChange={doNotCall => change({ doNotCall })}
            autoComplete="off"
            error={errors.doNotCall}
          />
        </div>
        <TextField
          label={t('contact.pecs')}
          hint={t('contact.several')}
          inputMode="email"
          value={fields.pecs}
          onChange={pecs => change({ pecs })}
          autoComplete="off"
        />
        <div className="two">
          <TextField
            label={t('contact.address')}
            value={fields.address}
            onChange={address => change({ address })}
            autoComplete="off"
            error={errors.address}
          />
          <TextField
            label={t('contact.postalCode')}
            inputMode="numeric"
            value={fields.postalCode}
            onChange={postalCode => change({ postalCode })}
            autoComplete="off"
            error={errors.postalCode}
          />
        </div>
        {phones.map(number => (
          <Select
            key={number}
            label={t('contact.phoneKindOf', { number })}
            choices={[{ id: 'any', label: t('phoneKind.any') }, ...phoneKinds.map(id => ({ id, label: t(`phoneKind.${id}`) }))]}
            value={fields.phoneKinds[number] ?? 'any'}
            onChange={id => {
              const { [number]: _before, ...others } = fields.phoneKinds
              const kind = phoneKinds.find(each => each === id)
              change({ phoneKinds: kind === undefined ? others : { ...others, [number]: kind } })
            }}
          />
        ))}
      </div>
    </details>
  )
}
