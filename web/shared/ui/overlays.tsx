/** What opens over the page: dialogs, sheets at the side, menus. Escape closes, the focus comes back to where it was. */
import type { FormEvent, KeyboardEvent, ReactNode, Ref } from 'react'
import {
  Dialog as AriaDialog,
  Menu as AriaMenu,
  Heading,
  MenuItem,
  MenuTrigger,
  Modal,
  ModalOverlay,
  Popover,
} from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import { Kbd } from './kbd.tsx'

export interface DialogProps {
  title: string
  isOpen: boolean
  onClose: () => void
  children: ReactNode
  /** Buttons at the end. With `onSubmit` they are inside the form. */
  footer?: ReactNode
  onSubmit?: () => void
  /** Where the fields of a form stand. */
  fields?: Ref<HTMLDivElement>
  wide?: boolean
  /** There is nothing in it that takes the focus: the text itself does, so that it can be scrolled by keyboard. */
  toRead?: boolean
  /** At the side, over the whole height. */
  side?: boolean
}

export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  footer,
  onSubmit,
  fields,
  wide = false,
  side = false,
  toRead = false,
}: DialogProps) {
  const { t } = useTranslation()
  const content = (
    <>
      {toRead ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className="body" aria-label={title} tabIndex={0}>
          {children}
        </section>
      ) : (
        <div className="body" ref={fields}>
          {children}
        </div>
      )}
      {footer && <footer>{footer}</footer>}
    </>
  )
  return (
    <ModalOverlay
      className={side ? 'curtain side' : 'curtain'}
      isOpen={isOpen}
      onOpenChange={open => !open && onClose()}
      isDismissable
    >
      <Modal className={wide ? 'dialog-box wide' : 'dialog-box'}>
        <AriaDialog className="dialog">
          <header>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <Button tone="quiet" icon="close" label={t('close')} hasTip={false} onPress={onClose} />
          </header>
          {onSubmit ? (
            <form
              noValidate
              onSubmit={(event: FormEvent) => {
                event.preventDefault()
                onSubmit()
              }}
              // As everywhere: what is written is sent by Control and Enter, by the button that says whether it may be.
              onKeyDown={(event: KeyboardEvent<HTMLFormElement>) => {
                if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
                event.preventDefault()
                event.currentTarget.querySelector<HTMLButtonElement>('button[type=submit]')?.click()
              }}
            >
              {content}
            </form>
          ) : (
            content
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** A dialog at the side: the person on a narrow screen. */
export const Sheet = (props: Omit<DialogProps, 'side' | 'wide'>) => <Dialog {...props} side />

export interface MenuEntry {
  id: string
  label: string
  detail?: string | undefined
  icon?: IconName
  kbd?: string
  isDisabled?: boolean
  isCurrent?: boolean
}

/** A button (`children`) that opens a list of things to do. */
export function Menu({
  children,
  head,
  entries,
  onAction,
  label,
}: {
  children: ReactNode
  head?: ReactNode
  entries: readonly MenuEntry[]
  onAction: (id: string) => void
  label: string
}) {
  return (
    <MenuTrigger>
      {children}
      <Popover className="popover" placement="bottom end" offset={6}>
        {head}
        <AriaMenu
          className="menu"
          aria-label={label}
          onAction={key => onAction(String(key))}
          disabledKeys={entries.filter(entry => entry.isDisabled).map(entry => entry.id)}
        >
          {entries.map(entry => (
            <MenuItem key={entry.id} id={entry.id} textValue={entry.label} className="option line">
              {entry.icon && <Icon name={entry.icon} />}
              <span className="grow">
                {entry.isCurrent ? <b>{entry.label}</b> : entry.label}
                {entry.detail && (
                  <>
                    <br />
                    <small>{entry.detail}</small>
                  </>
                )}
              </span>
              {entry.isCurrent && <Icon name="check" />}
              {entry.kbd && <Kbd keys={entry.kbd} />}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
