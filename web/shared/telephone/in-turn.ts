/**
 * Reports that overtake each other tell an old state last. So one is on its way at a time; a change meanwhile is reported when it is back,
 * and what is merely due then is left out. Pure, but for what `send` does.
 */
export function inTurn(send: () => Promise<void>): (because: 'due' | 'changed') => Promise<void> {
  let onItsWay = false
  let changed = false
  return async because => {
    if (onItsWay) {
      changed ||= because === 'changed'
      return
    }
    onItsWay = true
    try {
      do {
        changed = false
        await send()
      } while (changed)
    } finally {
      onItsWay = false
    }
  }
}
