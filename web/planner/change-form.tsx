/** One change of a day, put together from fields that fit its kind. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { numberFrom } from '../shared/numbers.ts'
import { Button, DateField, Select, TextField } from '../shared/ui/index.ts'
import { type Change, clockOfHalf, isPlannable, nextMonday, type SectionName } from './model.ts'
import PlaceField from './places.tsx'

const kinds = ['agents', 'helper', 'calls', 'channelling', 'handling'] as const
type Kind = (typeof kinds)[number]

const halves = Array.from({ length: 49 }, (_, half) => ({ id: String(half), label: clockOfHalf(half) }))
const firstHalf = 18
const lastHalf = 22

export default function ChangeForm({ sections, onAdd }: { sections: readonly SectionName[]; onAdd: (change: Change) => void }) {
  const { t } = useTranslation('web-planner')
  const [kind, setKind] = useState<Kind>('agents')
  const [section, setSection] = useState<string | null>(sections[0]?.id ?? null)
  const [helps, setHelps] = useState<string | null>(sections[1]?.id ?? null)
  const [number, setNumber] = useState('2')
  const [from, setFrom] = useState(firstHalf)
  const [to, setTo] = useState(lastHalf)
  const [place, setPlace] = useState<string | null>(null)
  const [day, setDay] = useState(() => nextMonday(Date.now()))
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
    <div className="row wrap fields change-form">
      <Select
        label={t('form.kind')}
        choices={kinds.map(id => ({ id, label: t(`form.kinds.${id}`) }))}
        value={kind}
        onChange={id => {
          const next = kinds.find(each => each === id) ?? 'agents'
          setKind(next)
          setNumber(next === 'agents' ? '2' : next === 'helper' ? '60' : '10')
        }}
      />
      {kind === 'channelling' ? (
        <>
          <PlaceField from={day} value={place} onChange={setPlace} />
          <DateField label={t('form.day')} value={day} onChange={wanted => isPlannable(wanted) && setDay(wanted)} />
        </>
      ) : (
        <>
          <Select label={t(`form.section.${kind}`)} choices={places} value={section} onChange={setSection} />
          {kind === 'helper' && <Select label={t('form.helps')} choices={places} value={helps} onChange={setHelps} />}
          <TextField
            className="short"
            label={t(`form.number.${kind}`)}
            value={number}
            onChange={setNumber}
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
            onChange={id => setFrom(Number(id ?? from))}
          />
          <Select
            className="short"
            label={t('form.to')}
            choices={halves}
            value={String(to)}
            onChange={id => setTo(Number(id ?? to))}
          />
        </>
      )}
      <Button icon="plus" why={cannot} onPress={add}>
        {t('form.add')}
      </Button>
    </div>
  )
}
