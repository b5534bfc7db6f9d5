/** One change of a day, put together from fields that fit its kind. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, sentenceOf } from '../shared/api.ts'
import { Button, notify, Select, TextField } from '../shared/ui/index.ts'
import { type Change, clockOfHalf, type SectionName } from './model.ts'

const kinds = ['agents', 'helper', 'calls', 'channelling', 'handling'] as const
type Kind = (typeof kinds)[number]

/** Regions by their ISTAT code. */
const regions: Readonly<Record<string, string>> = {
  '01': 'Piemonte',
  '02': 'Valle d’Aosta',
  '03': 'Lombardia',
  '04': 'Trentino-Alto Adige',
  '05': 'Veneto',
  '06': 'Friuli-Venezia Giulia',
  '07': 'Liguria',
  '08': 'Emilia-Romagna',
  '09': 'Toscana',
  '10': 'Umbria',
  '11': 'Marche',
  '12': 'Lazio',
  '13': 'Abruzzo',
  '14': 'Molise',
  '15': 'Campania',
  '16': 'Puglia',
  '17': 'Basilicata',
  '18': 'Calabria',
  '19': 'Sicilia',
  '20': 'Sardegna',
}

const halves = Array.from({ length: 49 }, (_, half) => ({ id: String(half), label: clockOfHalf(half) }))
const firstHalf = 18
const lastHalf = 22

export default function ChangeForm({ sections, onAdd }: { sections: readonly SectionName[]; onAdd: (change: Change) => void }) {
  const { t } = useTranslation('web-planner')
  const client = useQueryClient()
  const [kind, setKind] = useState<Kind>('agents')
  const [section, setSection] = useState<string | null>(sections[0]?.id ?? null)
  const [helps, setHelps] = useState<string | null>(sections[1]?.id ?? null)
  const [number, setNumber] = useState('2')
  const [from, setFrom] = useState(firstHalf)
  const [to, setTo] = useState(lastHalf)
  const [region, setRegion] = useState('16')
  const places = sections.map(({ id, name }) => ({ id, label: name }))
  const amount = Number(number.replace(',', '.').replace('−', '-'))
  const wrong = number.trim() === '' || Number.isNaN(amount)

  const add = async () => {
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
        try {
          const { factor, numbers } = await client.fetchQuery({
            queryKey: ['planner', 'channelling', region],
            queryFn: ({ signal }) =>
              api.get<{ factor: number; numbers: number }>('/api/planner/channelling', { regionCode: region }, signal),
          })
          if (numbers === 0) notify(t('form.allChannelled', { region: regions[region] }))
          else onAdd({ kind: 'calls', section: null, factor })
        } catch (error) {
          notify(sentenceOf(error))
        }
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
        <Select
          label={t('form.region')}
          choices={Object.entries(regions).map(([id, label]) => ({ id, label }))}
          value={region}
          onChange={id => setRegion(id ?? region)}
        />
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
      <Button icon="plus" why={wrong && kind !== 'channelling' ? t('form.notANumber') : null} onPress={() => void add()}>
        {t('form.add')}
      </Button>
    </div>
  )
}
