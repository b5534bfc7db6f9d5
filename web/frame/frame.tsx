/** The frame of the work face: header, rail by role, and the page. The telephone bar of an operator stays in the header on every page. */
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { type ComponentType, lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Action, useOfferedActions } from '../shared/actions.ts'
import type { Area, RailEntry } from '../shared/area.ts'
import { chooseScheme, schemes, useScheme } from '../shared/scheme.ts'
import { may, type Needed, type Session, useSession } from '../shared/session.tsx'
import { useShortcut, useShortcutList } from '../shared/shortcuts.ts'
import { Button, Icon, initials, Kbd, Link, Loading, Menu, type MenuEntry } from '../shared/ui/index.ts'
import { Connection } from './connection.tsx'
import { ForMe } from './for-me.tsx'
import { IncidentNotices } from './incident-notices.tsx'
import { NoticesDialog, UnreadNotices } from './notices.tsx'
import { SearchDialog } from './search.tsx'
import { useActAs, useChooseLanguage, useSignOut } from './session.ts'
import { ShortcutsDialog } from './shortcuts.tsx'
import { ToldNow } from './told-now.tsx'
import './frame.css'

const searchKey = 'Control+k'

/** The entries of somebody in a role, the home first. Pure. */
export const railOf = (areas: readonly Area[], acting: Session['acting']): RailEntry[] =>
  areas
    .flatMap(area => area.rail ?? [])
    .filter(entry => may(acting, entry.needs))
    .sort((a, b) => a.order - b.order)

/** Which entry the address belongs to: the longest that it begins with. Pure. */
export const currentEntry = (entries: readonly RailEntry[], path: string): RailEntry | undefined =>
  entries.filter(entry => path === entry.to || path.startsWith(`${entry.to}/`)).sort((a, b) => b.to.length - a.to.length)[0]

export function Frame({ areas }: { areas: readonly Area[] }) {
  const { t } = useTranslation()
  const { acting } = useSession()
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const [searching, setSearching] = useState(false)
  const [helping, setHelping] = useState(false)
  const [reading, setReading] = useState(false)
  const entries = useMemo(() => railOf(areas, acting), [areas, acting])
  const current = currentEntry(entries, pathname)
  const rail = useRef<HTMLElement>(null)
  // On a narrow screen the entries move along: the one of this page is in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked for anew whenever it is another one
  useEffect(() => {
    rail.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current?.to])
  useShortcut({ keys: searchKey, label: t('search.open'), group: t('shortcuts.everywhere') }, () => setSearching(true))
  useShortcut({ keys: '?', label: t('shortcuts.open'), group: t('shortcuts.everywhere') }, () => setHelping(true))
  const bars = useMemo(() => barsOf(areas), [areas])
  const actions = useActions(entries, url => void navigate({ to: url }))
  const Bar = bars.find(bar => may(acting, bar.needs))?.Bar

  return (
    <div className="frame">
      <a className="skip" href="#page">
        {t('skip')}
      </a>
      <header className={Bar ? 'bar with-telephone' : 'bar'}>
        <Link className="brand" to="/" aria-label={t('home')}>
          Fd
        </Link>
        {Bar ? (
          <div className="bar-slot">
            <Suspense fallback={null}>
              <Bar />
            </Suspense>
          </div>
        ) : (
          <div className="bar-place">
            <b className="clip">{acting.unitName}</b>
            <span className="clip">{t(`roles.${acting.role}`)}</span>
          </div>
        )}
        <button type="button" className="bar-search" onClick={() => setSearching(true)} aria-label={t('search.open')}>
          <Icon name="search" />
          <span className="grow">{t('search.placeholder')}</span>
          <Kbd keys={searchKey} />
        </button>
        <OwnMenu onHelp={() => setHelping(true)} onAccount={() => setReading(true)} />
      </header>
      <Connection />
      <ToldNow />
      <div className="below-bar">
        <nav className="rail" aria-label={t('areas')} ref={rail}>
          {entries.map(entry => (
            <Link
              key={entry.to}
              to={entry.to}
              className="rail-entry"
              inactiveProps={entry === current ? { 'aria-current': 'page' } : {}}
            >
              <Icon name={entry.icon} size={22} />
              {t(entry.label)}
            </Link>
          ))}
          {may(acting, 'matters.see') && <ForMe />}
          <span className="grow" />
          <button type="button" className="rail-entry help" onClick={() => setHelping(true)}>
            <Icon name="help-circle" size={22} />
            {t('help')}
          </button>
        </nav>
        <main id="page" className="page" tabIndex={-1}>
          <UnreadNotices />
          {may(acting, 'incidents.see') && <IncidentNotices />}
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <SearchDialog
        isOpen={searching}
        onClose={() => setSearching(false)}
        go={url => void navigate({ to: url })}
        actions={actions}
      />
      <NoticesDialog isOpen={reading} onClose={() => setReading(false)} />
      <ShortcutsDialog isOpen={helping} onClose={() => setHelping(false)} />
    </div>
  )
}

/** What the search (Ctrl+K) can do besides finding: what the page offers, what has a key here, and where one can go. */
function useActions(entries: readonly RailEntry[], go: (url: string) => void): Action[] {
  const { t } = useTranslation()
  const offered = useOfferedActions()
  const withKeys = useShortcutList()
  const signOut = useSignOut()
  return [
    ...offered,
    // With Alt it is the same as without; and the search need not find itself.
    ...withKeys
      .filter(({ keys }) => !keys.startsWith('Alt+') && keys !== searchKey)
      .map(({ label, run }) => ({ label, act: run })),
    ...entries.map(entry => ({ label: t('search.goTo', { place: t(entry.label) }), act: () => go(entry.to) })),
    { label: t('signOut'), act: signOut },
  ]
}

const lazyBars = new WeakMap<Area, ComponentType>()

/** Made once: a component that is made again would lose the telephone's state. */
function barsOf(areas: readonly Area[]): { needs: Needed; Bar: ComponentType }[] {
  return areas.flatMap(area => {
    if (!area.bar) return []
    const Bar = lazyBars.get(area) ?? lazy(area.bar.load)
    lazyBars.set(area, Bar)
    return [{ needs: area.bar.needs, Bar }]
  })
}

/** Who I am, as what I work, in which language. */
function OwnMenu({ onHelp, onAccount }: { onHelp: () => void; onAccount: () => void }) {
  const { t, i18n } = useTranslation()
  const session = useSession()
  const actAs = useActAs()
  const chooseLanguage = useChooseLanguage()
  const scheme = useScheme()
  const signOut = useSignOut()
  const entries: MenuEntry[] = [
    ...session.assignments.map(assignment => ({
      id: `act:${assignment.assignmentId}`,
      label: t(`roles.${assignment.role}`),
      detail: assignment.unitName,
      isCurrent: assignment.assignmentId === session.acting.assignmentId,
    })),
    { id: 'account', label: t('account.title'), icon: 'user' },
    { id: 'language', label: t('language.other'), icon: 'comment' },
    ...schemes.map(each => ({
      id: `scheme:${each}`,
      label: t(`scheme.${each}`),
      icon: 'presentation' as const,
      isCurrent: each === scheme,
    })),
    { id: 'help', label: t('shortcuts.open'), icon: 'help-circle', kbd: '?' },
    ...(may(session.acting, 'accounts.keep') ? [{ id: 'api', label: t('apiReference'), icon: 'settings' as const }] : []),
    { id: 'out', label: t('signOut'), icon: 'logout' },
  ]
  return (
    <Menu
      label={t('ownMenu')}
      entries={entries}
      head={
        <div className="menu-head">
          {session.person.name} · {t('actAs')}
        </div>
      }
      onAction={id => {
        if (id === 'language') chooseLanguage(i18n.language === 'it' ? 'en' : 'it')
        else if (id.startsWith('scheme:')) chooseScheme(schemes.find(each => id === `scheme:${each}`) ?? 'system')
        else if (id === 'help') onHelp()
        else if (id === 'api') window.open('/api/docs', '_blank', 'noopener')
        else if (id === 'account') onAccount()
        else if (id === 'out') signOut()
        else actAs(id.slice('act:'.length))
      }}
    >
      <Button tone="quiet" className="me" label={t('ownMenuOf', { name: session.person.name })}>
        <span aria-hidden="true">{initials(session.person.name)}</span>
      </Button>
    </Menu>
  )
}

/** Puts the title into the window, and the focus at the beginning of the page when another one opens. */
export function PageTitle({ title }: { title: string }) {
  const { t, i18n } = useTranslation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the language changes what t answers
  useEffect(() => {
    document.title = `${t(title)} · Filo Diretto`
  }, [title, t, i18n.language])
  return null
}
