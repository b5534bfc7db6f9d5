/** An activity, planned or changed: what is done for whom, and which questions should become fewer. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { activityKinds } from '../../src/prevention/choices.ts'
import type { Activity, ActivityKind } from '../../src/prevention/model.ts'
import { api, serverNow } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useSaving } from '../shared/form/use-saving.ts'
import { type Named, Several } from '../shared/several.tsx'
import { dayOf } from '../shared/time.ts'
import { TypologyField } from '../shared/typology.tsx'
import { ComboBox, DateField, FormDialog, Select, TextArea, TextField } from '../shared/ui/index.ts'
import { useAddressees, useHolders, useRegions, useTakeIn } from './queries.ts'

interface Fields {
  kind: ActivityKind
  title: string
  aim: string
  regionCode: string | null
  typologies: readonly Named[]
  addressees: readonly Named[]
  people: readonly Named[]
  place: string
  firstDay: string
  lastDay: string
  outcome: string
}
const country = 'country'
const idsOf = (named: readonly Named[]) => named.map(({ id }) => id)

const fieldsOf = (activity: Omit<Fields, 'firstDay' | 'lastDay'> & Pick<Activity, 'firstDay' | 'lastDay'>): Fields => ({
  ...{ kind: activity.kind, title: activity.title, aim: activity.aim, regionCode: activity.regionCode },
  ...{ typologies: activity.typologies, addressees: activity.addressees, people: activity.people, place: activity.place },
  ...{ firstDay: activity.firstDay ?? '', lastDay: activity.lastDay ?? '', outcome: activity.outcome },
})

/** What of the fields is sent: identifiers in the place of names, and no day in the place of an empty one. */
const bodyOf = ({ typologies, addressees, people, firstDay, lastDay, ...rest }: Partial<Fields>) => ({
  ...rest,
  ...(typologies && { typologyIds: idsOf(typologies) }),
  ...(addressees && { addresseeIds: idsOf(addressees) }),
  ...(people && { personIds: idsOf(people) }),
  ...(firstDay === undefined ? {} : { firstDay: firstDay || null }),
  ...(lastDay === undefined ? {} : { lastDay: lastDay || null }),
})

export function ActivityDialog({
  activity,
  isOpen,
  onClose,
  onSaved,
}: {
  /** The one that is changed; without it a new one is planned. */
  activity?: Activity
  isOpen: boolean
  onClose: () => void
  onSaved: (saved: Activity) => void
}) {
  const { t } = useTranslation('web-prevention')
  const takeIn = useTakeIn()
  const regions = useRegions().data?.items
  const today = dayOf(serverNow())
  const empty: Fields = {
    ...{ kind: 'procedures', title: '', aim: '', regionCode: null, typologies: [], addressees: [], people: [] },
    ...{ place: '', firstDay: today, lastDay: today, outcome: '' },
  }
  const stored: Stored<Fields> = activity
    ? { version: activity.version, fields: fieldsOf(activity) }
    : { version: 0, fields: empty }
  const form = useForm<Fields>({
    name: activity ? `activity:${activity.id}` : 'new-activity',
    stored,
    fieldsOf: current => fieldsOf({ ...activity, ...(current as Activity) }),
    isOpen,
  })
  const fields = form.fields
  const { dialog, errors } = useSaving<Fields, Activity>(form, {
    ...{ stored, fieldsOf, onClose },
    how: activity
      ? {
          change: ({ kind: _kind, ...changed }, version) =>
            api.patch('/api/prevention/:activityId', { path: { activityId: activity.id }, body: bodyOf(changed), version }),
        }
      : {
          make({ outcome: _none, ...planned }, keyFor) {
            const body = { ...bodyOf(planned), kind: planned.kind, title: planned.title, aim: planned.aim }
            return api.post('/api/prevention', { body, key: keyFor(body) })
          },
        },
    onSaved(saved) {
      takeIn(saved)
      onSaved(saved)
    },
  })
  const isAsked = fields.kind === 'infrastructure'
  const labels = {
    ...{ title: t('fields.title'), aim: t('fields.aim'), regionCode: t('fields.regionCode'), place: t('fields.place') },
    ...{ typologies: t('fields.typologyIds'), addressees: t('fields.addresseeIds'), people: t('fields.personIds') },
    ...{ firstDay: t('fields.firstDay'), lastDay: t('fields.lastDay'), outcome: t('fields.outcome') },
  }
  return (
    <FormDialog title={activity ? t('change') : t('new')} act={t('web:save')} isOpen={isOpen} onClose={onClose} wide {...dialog}>
      <FormNotices
        form={form}
        labels={labels}
        prose={['aim', 'outcome']}
        show={(_, value) => (Array.isArray(value) ? value.map(({ name }: Named) => name).join(', ') : String(value ?? ''))}
      />
      {!activity && (
        <Select
          label={t('fields.kind')}
          hint={t(`kindHints.${fields.kind}`)}
          value={fields.kind}
          onChange={id => {
            const kind = activityKinds.find(each => each === id) ?? fields.kind
            // A request has no day until it is planned.
            const day = kind === 'infrastructure' ? '' : fields.firstDay || today
            form.change({ kind, firstDay: day, lastDay: day === '' ? '' : fields.lastDay || day })
          }}
          choices={activityKinds.map(id => ({ id, label: t(`kinds.${id}`) }))}
        />
      )}
      <TextField
        label={t('fields.title')}
        hint={t('titleHint')}
        value={fields.title}
        onChange={title => form.change({ title })}
        error={errors.title}
        autoFocus
      />
      <TextArea label={t('fields.aim')} value={fields.aim} onChange={aim => form.change({ aim })} rows={3} error={errors.aim} />
      <div className="activity-fields">
        <DateField
          label={t('fields.firstDay')}
          value={fields.firstDay}
          onChange={firstDay =>
            form.change({ firstDay, ...(fields.lastDay === '' || fields.lastDay < firstDay ? { lastDay: firstDay } : {}) })
          }
          hint={isAsked ? t('dayOfRequest') : undefined}
          error={errors.firstDay}
        />
        <DateField
          label={t('fields.lastDay')}
          value={fields.lastDay}
          onChange={lastDay => form.change({ lastDay })}
          error={errors.lastDay}
        />
        <Select
          label={t('fields.regionCode')}
          value={fields.regionCode ?? country}
          onChange={id => form.change({ regionCode: id === country ? null : id })}
          choices={
            regions && [{ id: country, label: t('country') }, ...regions.map(({ code, name }) => ({ id: code, label: name }))]
          }
          error={errors.regionCode}
        />
        <TextField
          label={t('fields.place')}
          value={fields.place}
          onChange={place => form.change({ place })}
          error={errors.place}
        />
      </div>
      <Several
        label={t('fields.addresseeIds')}
        chosen={fields.addressees}
        onChange={addressees => form.change({ addressees })}
        error={errors.addresseeIds}
      >
        {add => <AddresseeField key={fields.addressees.length} onChoose={add} />}
      </Several>
      <Several
        label={t('fields.personIds')}
        chosen={fields.people}
        onChange={people => form.change({ people })}
        error={errors.personIds}
      >
        {add => <HolderField key={fields.people.length} onChoose={add} />}
      </Several>
      <Several
        label={t('fields.typologyIds')}
        chosen={fields.typologies}
        onChange={typologies => form.change({ typologies })}
        error={errors.typologyIds}
      >
        {add => (
          <TypologyField
            key={fields.typologies.length}
            value={null}
            label=""
            onChange={(id, name) => id !== null && add({ id, name })}
          />
        )}
      </Several>
      <small>{t('typologiesHint')}</small>
      {activity?.state === 'done' && (
        <TextArea
          label={t('fields.outcome')}
          value={fields.outcome}
          onChange={outcome => form.change({ outcome })}
          rows={3}
          error={errors.outcome}
        />
      )}
    </FormDialog>
  )
}

function AddresseeField({ onChoose }: { onChoose: (one: Named) => void }) {
  const { t } = useTranslation('web-prevention')
  const [text, setText] = useState('')
  const found = useAddressees(text).data?.pages.flatMap(page => page.items) ?? []
  const items = found.filter(({ retired }) => !retired)
  return (
    <ComboBox
      label={t('fields.addresseeIds')}
      placeholder={t('searchAddressee')}
      choices={items.map(({ id, name, kind, region }) => ({
        id,
        label: name,
        detail: `${t(`addressees.kinds.${kind}`)} · ${region ?? t('country')}`,
      }))}
      value={null}
      onSearch={setText}
      onChange={id => {
        const one = items.find(each => each.id === id)
        if (one) onChoose({ id: one.id, name: one.name })
      }}
    />
  )
}

function HolderField({ onChoose }: { onChoose: (one: Named) => void }) {
  const { t } = useTranslation('web-prevention')
  const people = useHolders().data?.items
  return (
    <Select
      label={t('fields.personIds')}
      placeholder={t('choosePerson')}
      choices={people?.map(({ id, name }) => ({ id, label: name }))}
      value={null}
      onChange={id => {
        const one = people?.find(each => each.id === id)
        if (one) onChoose(one)
      }}
    />
  )
}
