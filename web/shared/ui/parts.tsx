/** Small parts: pill, card, tabs, avatar, and the three states of every list. */
import type { ReactNode } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ApiProblem, sentenceOf } from '../api.ts'
import { Button, classes } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'plain' | 'ok' | 'wait' | 'late' | 'info'

/** A word with a colour that means something: waiting, late, done, ours. */
export function Pill({
  children,
  tone = 'plain',
  icon,
  dot = false,
  small = false,
}: {
  children: ReactNode
  tone?: Tone
  icon?: IconName
  dot?: boolean
  small?: boolean
}) {
  return (
    <span className={classes('pill', tone !== 'plain' && tone, small && 'small')}>
      {dot && <span className="dot" />}
      {icon && <Icon name={icon} size={16} />}
      {children}
    </span>
  )
}

/** A block with one question. `title` is its heading, written small or large; `aside` stands at the right of it. */
export function Card({
  title,
  aside,
  children,
  flush = false,
  calm = false,
  level = 'h3',
  className,
}: {
  title?: ReactNode
  aside?: ReactNode
  children?: ReactNode
  /** Without padding: for tables. */
  flush?: boolean
  calm?: boolean
  /** How large the title is written; it is a heading of the page's second level in both. */
  level?: 'h2' | 'h3'
  className?: string
}) {
  return (
    <section className={classes('card', flush && 'flush', calm && 'calm', className)}>
      {(title !== undefined || aside !== undefined) && (
        <div className="card-head">
          {title !== undefined && <h2 className={classes('grow', level === 'h3' && 'quiet-title')}>{title}</h2>}
          {aside}
        </div>
      )}
      {children}
    </section>
  )
}

export interface TabEntry {
  id: string
  label: string
  /** Shown behind the label. */
  count?: number | null | undefined
}

/** Choosing what one list shows. The list is the same table with another question, so these are buttons and not tabs with panels. */
export function Tabs({
  label,
  tabs,
  value,
  onChange,
}: {
  label: string
  tabs: readonly TabEntry[]
  value: string
  onChange: (id: string) => void
}) {
  return (
    <ToggleButtonGroup
      className="tab-list"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={keys => {
        const [chosen] = keys
        if (chosen !== undefined) onChange(String(chosen))
      }}
    >
      {tabs.map(tab => (
        <ToggleButton key={tab.id} id={tab.id} className="tab">
          {tab.label}
          {tab.count !== undefined && tab.count !== null && <span className="num"> {tab.count}</span>}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

/** First letters of a name. */
export const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map(word => [...word][0]?.toUpperCase() ?? '')
    .join('')

export function Avatar({ name, size }: { name: string; size?: 'small' | 'large' }) {
  return (
    <span className={classes('avatar', size)} aria-hidden="true">
      {initials(name)}
    </span>
  )
}

// --- the states of a list -------------------------------------------------------------------------------------------

/** Nothing there, and that is fine; says what would be there or what to do. */
export function EmptyState({
  title,
  children,
  icon = 'inbox',
  action,
}: {
  title: string
  children?: ReactNode
  icon?: IconName
  action?: ReactNode
}) {
  return (
    <div className="state">
      <Icon name={icon} />
      <b>{title}</b>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}

/** It could not be read: why, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const missing = error instanceof ApiProblem && error.status === 404
  return (
    <div className="state" role="alert">
      <Icon name={missing ? 'search' : 'warning-circle'} />
      <b>{missing ? t('notFound.title') : t('errorState.title')}</b>
      <p>{sentenceOf(error)}</p>
      {onRetry && !missing && (
        <Button icon="refresh" onPress={onRetry}>
          {t('retry')}
        </Button>
      )}
    </div>
  )
}

/** It is being read. Lines where the content will be, so that nothing jumps. */
export function Loading({ lines = 5 }: { lines?: number }) {
  const { t } = useTranslation()
  return (
    <div className="bones pulse" role="status">
      <span className="sr" style={{ background: 'none' }}>
        {t('loading')}
      </span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have nothing but their place
        <span key={line} style={{ width: `${90 - ((line * 37) % 40)}%` }} />
      ))}
    </div>
  )
}

/** A sentence that must be read before going on. */
export function Notice({
  tone = 'info',
  title,
  children,
  action,
  live = false,
}: {
  tone?: 'info' | 'wait' | 'late' | 'ok'
  title?: string
  children?: ReactNode
  action?: ReactNode
  /** Appears while the reader works: screen readers say it. */
  live?: boolean
}) {
  const icon: IconName = tone === 'ok' ? 'check-circle' : tone === 'info' ? 'info-circle' : 'warning-circle'
  return (
    <div className={classes('notice', tone !== 'info' && tone)} {...(live ? { role: 'alert' } : {})}>
      <Icon name={icon} />
      <div className="grow">
        {title && <b>{title}</b>}
        {children}
      </div>
      {action}
    </div>
  )
}

/** What went wrong with an action, where the action is. Errors of single fields are shown at the fields. */
export function Problem({ error }: { error: unknown }) {
  if (!error) return null
  return (
    <Notice tone="late" live>
      {sentenceOf(error)}
    </Notice>
  )
}
