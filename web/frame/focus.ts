/** The focus is never lost: when what had it is gone (a notice that was read, a button whose act is done), the page itself gets it. */
import { useEffect } from 'react'

export function useFocusKept(): void {
  useEffect(() => {
    let last: Element | null = null
    const remember = ({ target }: FocusEvent) => {
      last = target instanceof Element ? target : null
    }
    const isLost = () => last !== null && !last.isConnected && document.activeElement === document.body
    const keep = () => {
      if (!isLost()) return
      // Dialogs and menus give the focus back by themselves, one frame after they have gone.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => isLost() && document.getElementById('page')?.focus({ preventScroll: true })),
      )
    }
    const observer = new MutationObserver(keep)
    observer.observe(document.body, { childList: true, subtree: true })
    addEventListener('focusin', remember)
    return () => {
      observer.disconnect()
      removeEventListener('focusin', remember)
    }
  }, [])
}
