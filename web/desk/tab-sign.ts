/** The call in the title and the icon of the tab: it must be seen from another one. */
import { useEffect } from 'react'
import type { Stage } from './stage.ts'

const dots: Partial<Record<Stage['name'], string>> = { ringing: '#d9364f', dialling: '#1e9e6a', talking: '#1e9e6a' }

/** Shows `title` and a dot on the icon in the stages of a call, and puts back what was there. */
export function useTabSign(stage: Stage['name'], title: string): void {
  const dot = dots[stage]
  useEffect(() => {
    if (dot === undefined) return
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
    const before = { title: document.title, icon: icon?.getAttribute('href') }
    const show = () => {
      if (document.title !== title) document.title = title
    }
    show()
    // Walking to another page sets the title of that page: the call stays in sight.
    const watch = new MutationObserver(() => {
      if (document.title === title) return
      before.title = document.title
      show()
    })
    const element = document.querySelector('title')
    if (element) watch.observe(element, { childList: true })
    icon?.setAttribute('href', iconWith(dot))
    return () => {
      watch.disconnect()
      document.title = before.title
      if (before.icon) icon?.setAttribute('href', before.icon)
    }
  }, [dot, title])
}

const iconWith = (colour: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#17324d"/><text x="16" y="22" font-family="sans-serif" font-size="16" font-weight="700" fill="#fff" text-anchor="middle">Fd</text><circle cx="24" cy="8" r="8" fill="${colour}" stroke="#fff" stroke-width="2"/></svg>`,
  )}`
