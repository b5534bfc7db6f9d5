/** Cases that belong together, on the page of one of them: which, how, who said so and why; linked, joined and split here, and undone. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseLinkView, LinkCase } from '../../../src/cases/links/model.ts'
import type { Case, Interaction } from '../../../src/cases/model.ts'
import { api, missing, sentenceOf } from '../api.ts'
import { goToStep, stepAt } from '../focus.ts'
import { useDraft, useIdempotencyKey, useSending } from '../forms.ts'
import { useMay } from '../session.tsx'
import { useShortcut } from '../shortcuts.ts'
import { date, spokenCode } from '../time.ts'
import { TypologyField } from '../typology.tsx'
import { Button, Card, FormDialog, Link, Notice, notify, Pill, Select, TextArea, TextField, useNow } from '../ui/index.ts'

/** What has changed is read anew: cases, their lists and histories, whichever page shows them. */
function useReadAnew() {
  const client = useQueryClient()
  return () =>
    client.invalidateQueries({
      predicate: ({ queryKey: [first] }) =>
        ['case', 'cases', 'case-history', 'case-links', 'case-proposals', 'contact-cases'].includes(String(first)),
    })
}

/** Says of a case that was joined where one goes on. */
export function JoinedInto({ matter }: { matter: Case }) {
  const { t } = useTranslation()
  const { joinedInto } = matter
  if (!joinedInto) return null
  return (
    <Notice tone="wait" title={t('links.into.title')}>
      <p {...stepAt('joined-into')}>
        {t('links.into.text')}{' '}
        <Link to="/cric/cases/$caseId" params={{ caseId: joinedInto.id }}>
          {joinedInto.title} · <span className="num">{spokenCode(joinedInto.code)}</span>
        </Link>
      </p>
    </Notice>
  )
}

export function CaseLinks({ matter }: { matter: Case }) {
  const { t } = useTranslation()
  const mayLink = useMay('mails.work')
  const [isOpen, setOpen] = useState(false)
  const links = useQuery({
    queryKey: ['case-links', matter.id],
    queryFn: ({ signal }) => api.get('/api/cases/:caseId/links', { path: { caseId: matter.id }, signal }),
    meta: { live: ['case.'], about: { case: matter.id } },
  })
  useShortcut({ keys: 'l', label: t('links.act'), group: t('shortcuts.here') }, () => setOpen(true), mayLink)
  const { items = [] } = links.data ?? {}
  if (items.length === 0 && !mayLink) return null
  return (
    <Card
      title={t('links.title')}
      aside={
        mayLink && (
          <Button kbd="L" step="link-case" onPress={() => setOpen(true)}>
            {t('links.act')}
          </Button>
        )
      }
    >
      {items.length === 0 ? (
        <p className="muted">{t('links.none')}</p>
      ) : (
        <ul className="col" {...stepAt('case-links')}>
          {items.map(link => (
            <OneLink key={link.id} caseId={matter.id} link={link} mayLink={mayLink} />
          ))}
        </ul>
      )}
      {isOpen && <LinkDialog matter={matter} onClose={() => setOpen(false)} />}
    </Card>
  )
}

function OneLink({ caseId, link, mayLink }: { caseId: string; link: CaseLinkView; mayLink: boolean }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const readAnew = useReadAnew()
  const undo = useMutation({
    mutationFn: () => api.post('/api/cases/:caseId/links/:linkId/undo', { path: { caseId, linkId: link.id } }),
    onSuccess: async () => {
      notify(t(`links.undone.${link.kind}`))
      await readAnew()
      goToStep('link-case')
    },
    onError: error => notify(sentenceOf(error), 'late'),
  })
  return (
    <li>
      <small>{t(`links.${link.isOurs ? 'ours' : 'theirs'}.${link.kind}`)}</small>
      <div className="row wrap">
        <Link className="link grow" to="/cric/cases/$caseId" params={{ caseId: link.other.id }}>
          {link.other.title} · <span className="num">{spokenCode(link.other.code)}</span>
        </Link>
        {link.kind !== 'joined' && (
          <Pill small tone={link.other.status === 'open' ? 'info' : 'ok'}>
            {t(`case.status.${link.other.status}`)}
          </Pill>
        )}
        {mayLink && (
          <Button
            tone="quiet"
            className="small-button"
            isPending={undo.isPending}
            why={link.undo.sentence}
            onPress={() => undo.mutate()}
          >
            {t(`links.undo.${link.kind}`)}
          </Button>
        )}
      </div>
      <small className="prose">
        {t('links.by', { name: link.byName, day: date(Date.parse(link.at), i18n.language, now), why: link.why })}
      </small>
    </li>
  )
}

const kinds: readonly LinkCase['kind'][] = ['same-matter', 'follows', 'joined']

function LinkDialog({ matter, onClose }: { matter: Case; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const readAnew = useReadAnew()
  const key = useIdempotencyKey()
  const why = useDraft(`case-link:${matter.id}`)
  const [kind, setKind] = useState<LinkCase['kind']>('same-matter')
  const [code, setCode] = useState('')
  const sending = useSending()
  const proposed = useQuery({
    queryKey: ['case-proposals', matter.id],
    queryFn: ({ signal }) => api.get('/api/cases/:caseId/proposals', { path: { caseId: matter.id }, signal }),
  })
  const items = proposed.data?.items ?? []
  const lacks = {
    ...(code.trim() === '' ? { code: t('links.codeNeeded') } : {}),
    ...(why.text.trim().length < 3 ? { why: t('links.whyNeeded') } : {}),
  }
  const link = async () => {
    const body: LinkCase = { kind, code, why: why.text }
    await api.post('/api/cases/:caseId/links', { path: { caseId: matter.id }, body, key: key.keyFor(body) })
    why.clear()
    notify(t(`links.done.${kind}`))
    onClose()
    await readAnew()
    goToStep(...(kind === 'joined' ? ['joined-into'] : ['case-links']))
  }
  return (
    <FormDialog
      isOpen
      title={t('links.dialog')}
      act={t(`links.acts.${kind}`)}
      sending={sending.pending}
      error={sending.error}
      onClose={onClose}
      onSubmit={() => (Object.keys(lacks).length > 0 ? sending.refuse(missing(lacks)) : void sending.send(link))}
    >
      <Select
        label={t('links.how')}
        choices={kinds.map(id => ({ id, label: t(`links.kinds.${id}`) }))}
        value={kind}
        onChange={id => setKind(kinds.find(each => each === id) ?? 'same-matter')}
        hint={kind === 'joined' ? t('links.joinedHint') : undefined}
      />
      {items.length > 0 && (
        <fieldset className="col proposed-cases">
          <legend>{t('links.proposed')}</legend>
          {items.map(each => (
            <Button
              key={each.id}
              className="proposed-case"
              aria-pressed={code === spokenCode(each.code)}
              onPress={() => setCode(spokenCode(each.code))}
            >
              <span className="grow">
                <b>{each.title}</b>
                <br />
                <small>
                  <span className="num">{spokenCode(each.code)}</span> ·{' '}
                  {t('links.opened', { day: date(Date.parse(each.openedAt), i18n.language, now) })} ·{' '}
                  {t(`case.status.${each.status}`)}
                </small>
              </span>
            </Button>
          ))}
        </fieldset>
      )}
      <TextField
        label={t('links.code')}
        hint={t('links.codeHint')}
        value={code}
        onChange={setCode}
        inputMode="numeric"
        error={sending.fields.code}
        autoFocus={items.length === 0}
      />
      <TextArea
        label={t('links.why')}
        hint={t('links.whyHint')}
        value={why.text}
        onChange={why.setText}
        rows={2}
        error={sending.fields.why}
      />
    </FormDialog>
  )
}

/** Makes a case of its own of a conversation, where that can be. */
export function SplitButton({ matter, interaction }: { matter: Case; interaction: Interaction }) {
  const { t } = useTranslation()
  const mayLink = useMay('mails.work')
  const [isOpen, setOpen] = useState(false)
  const own = matter.interactions.filter(each => each.caseId === matter.id)
  const canBe = interaction.caseId === matter.id && own.length > 1 && interaction.state === 'answered'
  if (!mayLink || !canBe || matter.joinedInto) return null
  return (
    <>
      <Button tone="quiet" className="small-button" onPress={() => setOpen(true)}>
        {t('links.split.act')}
      </Button>
      {isOpen && <SplitDialog interaction={interaction} onClose={() => setOpen(false)} />}
    </>
  )
}

function SplitDialog({ interaction, onClose }: { interaction: Interaction; onClose: () => void }) {
  const { t } = useTranslation()
  const readAnew = useReadAnew()
  const key = useIdempotencyKey()
  const why = useDraft(`case-split:${interaction.id}`)
  const [typology, setTypology] = useState({ id: interaction.typologyId, label: interaction.typology ?? '' })
  const sending = useSending()
  const split = async () => {
    const body = { why: why.text, ...(typology.id === null ? {} : { typologyId: typology.id }) }
    const path = { interactionId: interaction.id }
    await api.post('/api/interactions/:interactionId/split', { path, body, key: key.keyFor(body) })
    why.clear()
    notify(t('links.split.done'))
    onClose()
    await readAnew()
    goToStep('case-links')
  }
  return (
    <FormDialog
      isOpen
      title={t('links.split.title')}
      act={t('links.split.act')}
      sending={sending.pending}
      error={sending.error}
      onClose={onClose}
      onSubmit={() =>
        why.text.trim().length < 3 ? sending.refuse(missing({ why: t('links.whyNeeded') })) : void sending.send(split)
      }
    >
      <p>{t('links.split.text')}</p>
      {interaction.question && <p className="quote prose">{interaction.question}</p>}
      <TypologyField
        value={typology.id}
        label={typology.label}
        onChange={(id, label) => setTypology({ id, label })}
        error={sending.fields.typologyId}
      />
      <TextArea
        label={t('links.why')}
        hint={t('links.whyHint')}
        value={why.text}
        onChange={why.setText}
        rows={2}
        error={sending.fields.why}
        autoFocus
      />
    </FormDialog>
  )
}
