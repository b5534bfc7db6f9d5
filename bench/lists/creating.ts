/** What writes: the same conversations on a national register and on an empty one. */
import { randomUUID } from 'node:crypto'
import { signIn } from './questions.ts'

export interface Created {
  what: string
  ms: number
}

/** Writes down contacts, one of them with a name that thousands have, and answers conversations with them. */
export async function create(base: string, rounds: number): Promise<Created[]> {
  const cookie = await signIn(base, 'anna.bianchi')
  const created: Created[] = []
  const post = async (what: string, path: string, body: object): Promise<Record<string, unknown>> => {
    const begun = performance.now()
    const answer = await fetch(base + path, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(body),
    })
    const said = (await answer.json()) as Record<string, unknown>
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(said)}`)
    created.push({ what, ms: performance.now() - begun })
    return said
  }
  for (let round = 0; round < rounds; round++) {
    const contact = await post('contact “Rossi Giuseppe”', '/api/contacts', {
      kind: 'person',
      familyName: 'Rossi',
      givenName: 'Giuseppe',
      birthDate: `19${50 + (round % 40)}-03-${String(1 + (round % 28)).padStart(2, '0')}`,
      municipalityCode: '058091',
      phones: [`333 44${String(10_000 + round).slice(1)} 1`],
    })
    await post('contact without a date of birth', '/api/contacts', { kind: 'person', familyName: 'Rossi', givenName: 'Anna' })
    const about = {
      channel: 'counter',
      contactId: contact.id,
      typologyId: 'vecchiaia',
      question: 'Quando posso andare in pensione?',
    }
    const first = await post('conversation', '/api/interactions', about)
    await post('answer at the first contact', `/api/interactions/${first.id}/answer`, { answer: 'A 67 anni.' })
    const second = await post('conversation', '/api/interactions', about)
    await post('Linea ticket', `/api/interactions/${second.id}/linea`, {
      question: 'Come si conta il servizio militare?',
      replyTo: { phone: '333 4455661' },
    })
  }
  return created
}
