/** The flow that leads a call about a time that is offered: who calls, then the talk about the offer (../life/time-offer.ts). */
import de from '../../../../languages/de/telephony-offer-call.json' with { type: 'json' }
import en from '../../../../languages/en/telephony-offer-call.json' with { type: 'json' }
import fr from '../../../../languages/fr/telephony-offer-call.json' with { type: 'json' }
import it from '../../../../languages/it/telephony-offer-call.json' with { type: 'json' }
import sl from '../../../../languages/sl/telephony-offer-call.json' with { type: 'json' }
import type { Flow, FlowLanguage } from '../../../ivr/index.ts'

const words: Readonly<Record<FlowLanguage, typeof it>> = { it, en, de, fr, sl }

/** Returns the flow in a language. Whoever picks up is told no more than which office calls, and that it is about an appointment. */
export const timeOfferFlow = (language: FlowLanguage): Flow => ({
  id: 'time-offer-call',
  name: 'time-offer-call',
  languages: [language],
  start: 'who-calls',
  nodes: {
    'who-calls': { type: 'say', text: { [language]: words[language].whoCalls }, next: 'offer' },
    offer: { type: 'earlier-time', next: 'goodbye' },
    goodbye: { type: 'hang-up', text: { [language]: words[language].goodbye } },
  },
})
