/** Cases as the desk makes them, over HTTP: a conversation is opened, and its question goes to the second level. */
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { signIn } from '../lists/questions.ts'

/** What one creation has made: what is new in the statements that it took. */
export interface CreatedCase {
  interactionId: string
  caseId: string
  ticketId: string
  code: string
}

/** Somebody at a desk, with a connection to the program that stays open. */
export interface Desk {
  /** Makes one case of a person. @throws when the program refuses it */
  create(contactId: string): Promise<CreatedCase>
  contact(familyName: string): Promise<string>
  close(): void
}

const question = 'Come si conta il servizio militare, e da quando posso andare in pensione?'

/** Signs somebody in at the program at `base`. */
export async function deskAt(base: string, user: string): Promise<Desk> {
  const cookie = await signIn(base, user)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const post = (path: string, body: object): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body)
      const headers = {
        ...{ cookie, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) },
        'idempotency-key': randomUUID(),
      }
      const sent = request(base + path, { method: 'POST', agent, headers }, answer => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => {
          const said = Buffer.concat(parts).toString()
          if (answer.statusCode === 201) resolve(JSON.parse(said) as Record<string, unknown>)
          else reject(new Error(`${path}: ${answer.statusCode} ${said.slice(0, 400)}`))
        })
      })
      sent.on('error', reject)
      sent.end(text)
    })
  return {
    async create(contactId) {
      const { id } = await post('/api/interactions', { channel: 'counter', contactId, typologyId: 'vecchiaia', question })
      const made = await post(`/api/interactions/${id}/linea`, { question, replyTo: { phone: '333 4455661' } })
      const { id: caseId, code } = made.case as { id: string; code: string }
      return { interactionId: String(id), caseId, ticketId: String((made.ticket as { id: string }).id), code }
    },
    async contact(familyName) {
      const card = await post('/api/contacts', { kind: 'person', familyName, givenName: 'Giuseppe', municipalityCode: '058091' })
      return String(card.id)
    },
    close: () => agent.destroy(),
  }
}

export interface Rate {
  perSecond: number
  created: number
}

/** Everybody makes one case after the other for so long, each of another person. Returns how many a second. */
export async function createFor(desks: readonly Desk[], contacts: readonly string[], forMs: number): Promise<Rate> {
  const begun = performance.now()
  let created = 0
  await Promise.all(
    desks.map(async (desk, place) => {
      for (let n = place; performance.now() - begun < forMs; n += desks.length) {
        await desk.create(contacts[n % contacts.length] ?? '')
        created++
      }
    }),
  )
  return { perSecond: (created * 1000) / (performance.now() - begun), created }
}

/** Makes cases one after the other. Returns how long each took, in milliseconds. */
export async function createSome(desk: Desk, contacts: readonly string[], count: number): Promise<number[]> {
  const took: number[] = []
  for (let n = 0; n < count; n++) {
    const begun = performance.now()
    await desk.create(contacts[n % contacts.length] ?? '')
    took.push(performance.now() - begun)
  }
  return took
}
