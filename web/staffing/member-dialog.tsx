/** A member of a section: taken in, or changed. Where somebody else could be had first, the server asks for a reason. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { MemberFacts, RegionMembers, SectionMember } from '../../src/staffing/model.ts'
import { api, errorsOf, serverNow } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import { dayOf } from '../shared/time.ts'
import { DateField, FormDialog, notify, Select, TextArea, TextField } from '../shared/ui/index.ts'

export interface MemberOpened {
  section: RegionMembers['sections'][number]
  /** Who is changed, or of whom nobody has said where from; null for somebody new. */
  member: SectionMember | null
}

interface Fields extends Omit<MemberFacts, 'until'> {
  /** Empty: no end is known. */
  until: string
  /** Who of those with a role it is; for somebody new who is taken from the reserve. */
  personId: string
  reserveId: string
  name: string
}

const provenances = ['product-team', 'expert', 'province', 'agency'] as const
const shares = [100, 80, 75, 60, 50, 40, 30, 25, 20, 10] as const
const somebody = 'somebody'
const nobody = 'nobody'
const labelled = ['provenance', 'origin', 'since', 'until', 'share', 'reason'] as const

const fieldsOf = (facts: MemberFacts, personId: string | null): Fields => ({
  ...facts,
  ...{ until: facts.until ?? '', personId: personId ?? nobody, reserveId: somebody, name: '' },
})

export function MemberDialog({
  opened: { section, member },
  region,
  onClose,
}: {
  opened: MemberOpened
  region: RegionMembers
  onClose: () => void
}) {
  const { t } = useTranslation('web-staffing')
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const id = member?.id ?? null
  const facts: MemberFacts = member?.facts ?? {
    ...{ provenance: 'product-team', origin: '', since: dayOf(serverNow()), until: null, share: 100, reason: '' },
  }
  const stored: Stored<Fields> = { version: member?.version ?? 0, fields: fieldsOf(facts, member?.personId ?? null) }
  const form = useForm<Fields>({
    name: id === null ? `new-section-member:${section.id}:${member?.personId ?? ''}` : `section-member:${id}`,
    stored,
    fieldsOf(current) {
      const now = current as MemberFacts & { personId: string | null }
      return fieldsOf(now, now.personId)
    },
  })
  const { fields } = form
  const isNew = member === null
  const taken = region.reserve.find(each => each.id === fields.reserveId)
  const done = () => {
    void client.invalidateQueries({ queryKey: ['staffing'] })
    notify(t('members.saved'))
    onClose()
    goToStep(`take-into-${section.id}`)
  }
  const save = useMutation({
    async mutationFn() {
      if (id === null) {
        const { until, name, personId: _who, reserveId: _from, ...rest } = fields
        const body = {
          ...rest,
          ...{ sectionId: section.id, until: until === '' ? null : until, name },
          ...{ personId: member?.personId ?? null, reserveId: taken?.id ?? null },
        }
        await api.post('/api/staffing/members', { body, key: key.keyFor(body) })
        key.renew()
        form.clear(stored)
        return done()
      }
      const sent = await form.send(async ({ until, personId, name: _name, reserveId: _from, ...changed }, version, whole) => {
        const body = {
          ...changed,
          ...(until === undefined ? {} : { until: until === '' ? null : until }),
          ...(personId === undefined ? {} : { personId: personId === nobody ? null : personId }),
        }
        const saved = await api.patch('/api/staffing/members/:memberId', { path: { memberId: id }, body, version })
        return { version: saved.version, fields: whole }
      })
      if (sent !== 'clash') done()
    },
  })
  const errors = errorsOf(save.error)
  const label = (field: (typeof labelled)[number]) => t(`fields.${field}`)
  const unsaid = section.members.filter(each => each.id === null)
  return (
    <FormDialog
      isOpen
      wide
      title={
        member
          ? t('members.memberOf', { name: member.name, section: section.name })
          : t('members.takeInto', { section: section.name })
      }
      act={t('web:save')}
      sending={save.isPending}
      why={form.clashes.some(each => each.choice === 'open') ? t('web:form.chooseFirst') : null}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <FormNotices form={form} labels={Object.fromEntries(labelled.map(field => [field, label(field)]))} prose={['reason']} />
      {isNew && (
        <Select
          label={t('fields.who')}
          value={fields.reserveId}
          onChange={chosen => {
            const from = region.reserve.find(each => each.id === chosen)
            form.change({
              reserveId: from?.id ?? somebody,
              ...(from ? { provenance: from.provenance, origin: from.subject } : {}),
            })
          }}
          choices={[
            ...region.reserve.map(each => ({ id: each.id, label: each.name, detail: t(`provenance.${each.provenance}`) })),
            { id: somebody, label: t('fields.somebody') },
          ]}
        />
      )}
      {isNew && !taken && (
        <TextField
          label={t('fields.name')}
          value={fields.name}
          onChange={typed => form.change({ name: typed })}
          error={errors.name}
        />
      )}
      {member?.id && member.personId === null && unsaid.length > 0 && (
        <Select
          label={t('fields.account')}
          value={fields.personId}
          onChange={chosen => form.change({ personId: chosen ?? nobody })}
          choices={[
            { id: nobody, label: t('fields.noAccount') },
            ...unsaid.flatMap(each => (each.personId === null ? [] : [{ id: each.personId, label: each.name }])),
          ]}
          error={errors.personId}
        />
      )}
      <div className="row wrap">
        <Select
          label={label('provenance')}
          value={fields.provenance}
          onChange={chosen => form.change({ provenance: provenances.find(each => each === chosen) ?? fields.provenance })}
          choices={provenances.map(each => ({ id: each, label: t(`provenance.${each}`) }))}
          error={errors.provenance}
        />
        <TextField
          label={label('origin')}
          value={fields.origin}
          onChange={typed => form.change({ origin: typed })}
          error={errors.origin}
        />
      </div>
      <div className="row wrap">
        <DateField
          label={label('since')}
          value={fields.since}
          onChange={day => form.change({ since: day })}
          error={errors.since}
        />
        <DateField
          label={label('until')}
          value={fields.until}
          onChange={day => form.change({ until: day })}
          error={errors.until}
        />
        <Select
          label={label('share')}
          value={String(fields.share)}
          onChange={chosen => form.change({ share: Number(chosen ?? fields.share) })}
          choices={[...new Set([...shares, fields.share])].map(each => ({ id: String(each), label: `${each}%` }))}
          error={errors.share}
        />
      </div>
      <TextArea
        label={label('reason')}
        value={fields.reason}
        onChange={typed => form.change({ reason: typed })}
        rows={3}
        hint={t('fields.reasonHint')}
        error={errors.reason}
      />
    </FormDialog>
  )
}
