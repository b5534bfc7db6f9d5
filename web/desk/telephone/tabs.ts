/**
 * The tabs of one browser, which share one telephone. The tab that has it tells the others what it is doing, and does what they ask:
 *
 *   tab with the telephone ──"muted, in a call"──▶ every other tab shows it
 *                          ◀──"mute", "answer"──── whichever tab the operator looks at
 *
 * A tab that opens asks what is going on. Who has the telephone is not said here: a Web Lock decides it (telephone.ts).
 */
import type { ElsewhereCall } from './state.ts'

export type TabOrder = { do: 'mute'; on: boolean } | { do: 'answer' } | { do: 'hang-up' }

type Message = { type: 'asks' } | { type: 'tells'; pageId: string; call: ElsewhereCall } | { type: 'order'; order: TabOrder }

export interface Tabs {
  /** What this tab's telephone is doing. */
  tell(pageId: string, call: ElsewhereCall): void
  ask(): void
  order(order: TabOrder): void
}

const channelName = 'filo-diretto-telephone'

/**
 * @param hear.asked another tab has opened
 * @param hear.told what the tab with the telephone is doing, and as which page the program knows it
 * @param hear.ordered another tab asks something of the telephone
 */
export function openTabs(hear: {
  asked(): void
  told(pageId: string, call: ElsewhereCall): void
  ordered(order: TabOrder): void
}): Tabs {
  const channel = new BroadcastChannel(channelName)
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    switch (data.type) {
      case 'asks':
        return hear.asked()
      case 'tells':
        return hear.told(data.pageId, data.call)
      case 'order':
        return hear.ordered(data.order)
    }
  })
  const say = (message: Message) => channel.postMessage(message)
  return {
    tell: (pageId, call) => say({ type: 'tells', pageId, call }),
    ask: () => say({ type: 'asks' }),
    order: order => say({ type: 'order', order }),
  }
}
