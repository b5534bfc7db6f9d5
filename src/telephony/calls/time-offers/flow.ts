/** The flow that leads a call about a time that is offered: who calls, then the dialogue about the offer. */
import type { Flow, FlowLanguage } from '../../../ivr/index.ts'

/** Returns the flow in a language. Whoever picks up is told no more than which office calls, and that it is about an appointment. */
export function timeOfferFlow(language: FlowLanguage): Flow {
  return {
    id: 'time-offer-call',
    name: 'Chiamata per un posto prima',
    languages: [language],
    start: 'who-calls',
    nodes: {
      'who-calls': {
        type: 'say',
        text: { [language]: 'Buongiorno. La chiama {{office}}, per un appuntamento. È una chiamata automatica.' },
        next: 'end',
      },
      end: { type: 'hang-up' },
    },
  }
}
