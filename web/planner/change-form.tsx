/** One change of a day, put together from fields that fit its kind. */
import { useTranslation } from 'react-i18next'
import { serverNow } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useForm } from '../shared/form/use-form.ts'
import { numberFrom } from '../shared/numbers.ts'
import { Button, DateField, Select, TextField } from '../shared/ui/index.ts'
import { type Change, clockOfHalf, isPlannable, nextMonday, type SectionName } from './model.ts'
import PlaceField from './places.tsx'

const kinds = ['agents', 'helper', 'calls', 'channelling', 'handling'] as const
type Kind = (typeof kinds)[number]

const halves = Array.from({ length: 49 }, (_, half) => ({ id: String(half), label: clockOfHalf(half) }))
const firstHalf = 18
const lastHalf = 22

interface Asked {
  kind: Kind
  section: string | null
  helps: string | null
  number: string
  from: number
  to: number
  place: string | null
  day: string
}

export default function ChangeForm({ sections, onAdd }: { sections: readonly SectionName[]; onAdd: (change: Change) => void }) {
  const { t } = useTranslation('web-planner')
  const usual = {
    version: 0,
    fields: {
      ...{ kind: 'agents', section: sections[0]?.id ?? null, helps: sections[1]?.id ?? null, number: '2' },
      ...{ from: firstHalf, to: lastHalf, place: null, day: nextMonday(serverNow()) },
    } satisfies Asked,
  }
  const form = useForm<Asked>({ name: 'planned-change', stored: usual, fieldsOf: () => usual.fields })
  const { kind, section, helps, number, from, to, place, day } = form.fields
  const places = sections.map(({ id, name }) => ({ id, label: name }))
  const said = numberFrom(number)
  const wrong = said === undefined
  const amount = said ?? 0
  const cannot =
    kind === 'channelling'
      ? place === null
        ? t('form.noPlace')
        : null
      : wrong
        ? t('form.notANumber')
        : kind === 'helper' && section === helps
          ? t('form.sameSection')
          : kind === 'agents' && from === to
            ? t('form.noTime')
            : null

  const add = () => {
    put()
    form.clear(usual)
  }
  const put = () => {
    switch (kind) {
      case 'agents':
        if (section !== null)
          onAdd({
            kind,
            section,
            number: Math.round(amount),
            fromHalfHour: Math.min(from, to),
            toHalfHour: Math.max(from, to, 1),
          })
        break
      case 'helper':
        if (section !== null && helps !== null) onAdd({ kind, section, helps, afterSeconds: Math.max(0, Math.round(amount)) })
        break
      case 'calls':
      case 'handling':
        onAdd({ kind, section, factor: Math.max(0.05, 1 + amount / 100) })
        break
      case 'channelling':
        if (place !== null) onAdd({ kind, unitId: place, from: day })
        break
    }
  }

  return (
    <>
      <DraftNotice form={form} />
      <div className="row wrap fields change-form">
        <Select
          label={t('form.kind')}
          choices={kinds.map(id => ({ id, label: t(`form.kinds.${id}`) }))}
          value={kind}
          onChange={id => {
            const next = kinds.find(each => each === id) ?? 'agents'
            form.change({ kind: next, number: next === 'agents' ? '2' : next === 'helper' ? '60' : '10' })
          }}
        />
        {kind === 'channelling' ? (
          <>
            <PlaceField from={day} value={place} onChange={chosen => form.change({ place: chosen })} />
            <DateField
              label={t('form.day')}
              value={day}
              onChange={wanted => isPlannable(wanted) && form.change({ day: wanted })}
            />
          </>
        ) : (
          <>
            <Select
              label={t(`form.section.${kind}`)}
              choices={places}
              value={section}
              onChange={chosen => form.change({ section: chosen })}
            />
            {kind === 'helper' && (
              <Select
                label={t('form.helps')}
                choices={places}
                value={helps}
                onChange={chosen => form.change({ helps: chosen })}
              />
            )}
            <TextField
              className="short"
              label={t(`form.number.${kind}`)}
              value={number}
              onChange={typed => form.change({ number: typed })}
              inputMode="numeric"
              error={wrong ? t('form.notANumber') : undefined}
            />
          </>
        )}
        {kind === 'agents' && (
          <>
            <Select
              className="short"
              label={t('form.from')}
              choices={halves}
              value={String(from)}
              onChange={id => form.change({ from: Number(id ?? from) })}
            />
            <Select
              className="short"
              label={t('form.to')}
              choices={halves}
              value={String(to)}
              onChange={id => form.change({ to: Number(id ?? to) })}
            />
          </>
        )}
        <Button icon="plus" why={cannot} onPress={add}>
          {t('form.add')}
        </Button>
      </div>
    </>
  )
}
