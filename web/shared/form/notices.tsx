/** What must be said of a form beside its fields: a draft of before, texts that two have changed, another page with the same form. */
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { goToFieldBeside } from '../focus.ts'
import { useSession } from '../session.tsx'
import { Ago, Button, Notice } from '../ui/index.ts'
import { keptForMs } from './kept.ts'
import { same } from './state.ts'
import type { Form } from './use-form.ts'
import './form.css'

export interface FormNoticesProps<F extends object> {
  form: Form<F>
  /** What each field is called. */
  labels: { readonly [K in keyof F]?: string }
  /** A value as people read it; texts are shown as they are. */
  show?: (field: keyof F & string, value: unknown) => string
  /** Texts of which both may count, one below the other. */
  prose?: readonly (keyof F & string)[]
}

/** All of it, for a form that is saved by a press. */
export function FormNotices<F extends object>(props: FormNoticesProps<F>) {
  return (
    <>
      <DraftNotice form={props.form} />
      <ClashNotices {...props} />
    </>
  )
}

/** Without the draft, for a form that saves itself: what was kept of it is saved a moment later. */
export function ClashNotices<F extends object>({ form, labels, show, prose = [] }: FormNoticesProps<F>) {
  const words = (field: keyof F & string, value: unknown) => (show ? show(field, value) : typeof value === 'string' ? value : '')
  const name = (field: keyof F & string) => labels[field] ?? ''
  return (
    <>
      {form.clashes.length > 0 && <Clashes form={form} name={name} words={words} prose={prose} />}
      {form.clashes.length === 0 && <Elsewhere form={form} name={name} words={words} />}
    </>
  )
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** The draft of before is named as one, with its age; it can be dropped, and had back. */
export function DraftNotice<F extends object>({ form }: { form: Form<F> }) {
  const { t } = useTranslation()
  const place = useRef<HTMLDivElement>(null)
  const { takeBack, drop, draftAt } = form
  // The button goes with its press: whoever pressed it goes on in the field.
  const goOnAfter = (act: () => void) => () => {
    if (place.current) goToFieldBeside(place.current)
    act()
  }
  if (!takeBack && draftAt === null) return null
  return (
    <div ref={place}>
      {takeBack ? (
        <Notice action={<Button onPress={goOnAfter(takeBack)}>{t('form.takeBack')}</Button>} live>
          {t('form.dropped')}
        </Notice>
      ) : (
        <Notice tone="wait" action={<Button onPress={goOnAfter(drop)}>{t('form.drop')}</Button>}>
          {draftAt !== null && (
            <b>
              {t('form.draft')} <Ago at={iso(draftAt)} />
            </b>
          )}{' '}
          {t('form.draftText', { count: keptForMs / 3_600_000 })}
        </Notice>
      )}
    </div>
  )
}

interface PartProps<F extends object> {
  form: Form<F>
  name: (field: keyof F & string) => string
  words: (field: keyof F & string, value: unknown) => string
}

/** Both texts beside each other, and whose is to count. */
function Clashes<F extends object>({ form, name, words, prose }: PartProps<F> & { prose: readonly (keyof F & string)[] }) {
  const { t } = useTranslation()
  const { person } = useSession()
  const title =
    form.by === null ? t('form.clash') : form.by === person.name ? t('form.clashOwn') : t('form.clashBy', { name: form.by })
  return (
    <Notice tone="wait" live title={title}>
      {form.at !== null && (
        <small>
          <Ago at={form.at} />
        </small>
      )}
      {form.clashes.map(({ field, mine, theirs, choice }) => (
        <fieldset key={field} className="clash">
          <legend>{name(field)}</legend>
          <Side
            title={t('form.mine')}
            isChosen={choice === 'mine'}
            act={t('form.keepMine')}
            onChoose={() => form.choose(field, 'mine')}
          >
            {words(field, mine)}
          </Side>
          <Side
            title={t('form.theirs')}
            isChosen={choice === 'theirs'}
            act={t('form.takeTheirs')}
            onChoose={() => form.choose(field, 'theirs')}
          >
            {words(field, theirs)}
          </Side>
          {prose.includes(field) && (
            <Button
              className="clash-both"
              onPress={() => {
                const both: { [field: string]: string } = { [field]: `${String(theirs)}\n\n${String(mine)}` }
                form.change(both as Partial<F>)
                form.choose(field, 'mine')
              }}
            >
              {t('form.keepBoth')}
            </Button>
          )}
        </fieldset>
      ))}
    </Notice>
  )
}

function Side({
  title,
  isChosen,
  act,
  onChoose,
  children,
}: {
  title: string
  isChosen?: boolean
  act: string
  onChoose: () => void
  children: ReactNode
}) {
  const { t } = useTranslation()
  return (
    <div className="clash-side">
      <small>{title}</small>
      <p className="prose">{children === '' ? <span className="muted">{t('form.empty')}</span> : children}</p>
      <Button onPress={onChoose} {...(isChosen === undefined ? {} : { 'aria-pressed': isChosen })}>
        {act}
      </Button>
    </div>
  )
}

/** The same person writes in the same form on another page of this browser. */
function Elsewhere<F extends object>({ form, name, words }: PartProps<F>) {
  const { t } = useTranslation()
  const other = form.elsewhere?.kept.own
  if (other === undefined) return null
  const fields = (Object.keys(other) as (keyof F & string)[]).filter(field => !same(other[field], form.fields[field]))
  if (fields.length === 0) return null
  return (
    <Notice tone="wait" live title={t('form.elsewhere')}>
      {fields.map(field => {
        const part: Partial<F> = {}
        part[field] = other[field]
        return (
          <fieldset key={field} className="clash">
            <legend>{name(field)}</legend>
            <Side title={t('form.otherPage')} act={t('form.takeOther')} onChoose={() => form.change(part)}>
              {words(field, other[field])}
            </Side>
          </fieldset>
        )
      })}
    </Notice>
  )
}
