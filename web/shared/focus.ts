/**
 * Where the focus goes. One rule for every page: after a step it goes to the next thing that is to be done, and never to nothing.
 *
 *   a page marks the places of its steps     <Button step="ready">, <section {...stepAt('person')}>
 *   and says after each where to go on       goToStep('question')
 *
 * A place that is not there yet, or lies behind a dialog, is waited for until it is, or until the reader presses a key or clicks: whoever moves
 * on by hand stays where the hand went. A key that is pressed before the page is drawn was meant for the place of the step: the focus goes there at
 * once. What had the focus and is gone without a next step gives it to the page itself, so that nobody types into nothing; and since that was not the
 * reader's will, single letters do not act on the telephone then.
 */

const attribute = 'data-step'

/** Marks an element as the place of a step: it, or the first field or button in it, gets the focus. */
export const stepAt = (step: string | undefined): { 'data-step'?: string } => (step === undefined ? {} : { [attribute]: step })

const focusable = 'input, textarea, select, button, a[href], [tabindex]'
const covered = '[inert], [aria-hidden=true]'

const canHaveFocus = (element: HTMLElement): boolean =>
  !element.matches(':disabled') && element.closest(covered) === null && element.checkVisibility({ visibilityProperty: true })

/** The element of a step that takes the focus, when the step can be reached now: the chosen one of a group, else the first. */
function placeOf(step: string): HTMLElement | undefined {
  for (const place of document.querySelectorAll<HTMLElement>(`[${attribute}="${step}"]`)) {
    if (place.matches(focusable) && canHaveFocus(place)) return place
    const inside = [...place.querySelectorAll<HTMLElement>(focusable)].filter(canHaveFocus)
    const chosen = inside.find(each => each instanceof HTMLInputElement && each.type === 'radio' && each.checked)
    const first = chosen ?? inside.find(each => each.tabIndex >= 0) ?? inside[0]
    if (first) return first
  }
  return undefined
}

let waiting: { stop(): void } | undefined

/** Takes the focus to the first of the steps that can be reached; when none can be yet, to the first that can. */
export function goToStep(...steps: readonly string[]): void {
  waiting?.stop()
  waiting = undefined
  const go = (): boolean => {
    for (const step of steps) {
      const place = placeOf(step)
      if (!place) continue
      place.focus()
      if (document.activeElement === place) return true
    }
    return false
  }
  // What the step has just changed is drawn first: the place of before may still stand there.
  let isDrawn = false
  const frame = requestAnimationFrame(() => {
    isDrawn = true
    if (go()) return stop()
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['inert', 'aria-hidden', 'disabled'],
    })
  })
  const observer = new MutationObserver(() => go() && stop())
  const stop = () => {
    cancelAnimationFrame(frame)
    observer.disconnect()
    removeEventListener('keydown', byKey, true)
    removeEventListener('pointerdown', stop, true)
    if (waiting === own) waiting = undefined
  }
  const byKey = () => {
    if (!isDrawn) go()
    stop()
  }
  const own = { stop }
  waiting = own
  addEventListener('keydown', byKey, true)
  addEventListener('pointerdown', stop, true)
}

/** Takes the focus to the first field of a form that was refused, and so into sight: the reader stands at the button, which may be far below it. */
export function goToWrongField(form: Element | null | undefined): void {
  const wrong = form?.querySelector('[data-invalid]')
  const place = wrong && [...wrong.querySelectorAll<HTMLElement>(focusable)].find(canHaveFocus)
  place?.focus()
}

/** Takes the focus to the field of text that stands nearest to a place in its form: the first after it, else the last before. */
export function goToFieldBeside(place: Element): void {
  const form = place.closest('form, [role=dialog]') ?? document
  const fields = [...form.querySelectorAll<HTMLElement>('input, textarea')].filter(canHaveFocus)
  const follows = (field: Element) => (place.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
  const next = fields.find(follows) ?? fields.at(-1)
  requestAnimationFrame(() => next?.focus())
}

/** Nothing of the page has the focus: it is at the page itself, or nowhere. */
export const isFocusNowhere = (): boolean =>
  document.activeElement === null || document.activeElement === document.body || document.activeElement.id === 'page'

// --- what was lost ----------------------------------------------------------------------------------------------------

/** What had the focus last, and whether the reader has clicked since: a click on nothing is a will, too. */
let last: Element | null = null
let isLost = false

/** The focus went away with what had it, and the reader has not moved it since. */
export const isFocusLost = (): boolean => isFocusNowhere() && (isLost || hasGone())

const hasGone = (): boolean => last !== null && (!last.isConnected || last.matches(':disabled') || !last.checkVisibility())

/** Watches the focus of the whole document, and gives it to the page when it is lost. */
export function keepFocus(): () => void {
  const remember = ({ target }: FocusEvent) => {
    if (!(target instanceof Element)) return
    if (target.id !== 'page') isLost = false
    last = target
  }
  const byHand = () => {
    isLost = false
    if (hasGone()) last = null
  }
  const mayBeLost = () => document.activeElement === document.body && hasGone()
  const keep = () => {
    if (!mayBeLost()) return
    isLost = true
    // Dialogs and menus give the focus back by themselves, one frame after they have gone.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => mayBeLost() && document.getElementById('page')?.focus({ preventScroll: true })),
    )
  }
  const observer = new MutationObserver(keep)
  observer.observe(document.body, { childList: true, subtree: true })
  addEventListener('focusin', remember)
  addEventListener('pointerdown', byHand, true)
  return () => {
    observer.disconnect()
    removeEventListener('focusin', remember)
    removeEventListener('pointerdown', byHand, true)
  }
}
