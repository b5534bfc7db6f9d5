/** A virtual operator: signs in, becomes available, answers, writes the sheet, talks, ends the conversation in one of three ways, signs out. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { publishedPassword } from '../../src/identity/index.ts'
import { drawMs, type Random } from '../../src/simulation/index.ts'
import { type FromDesk, paths, ToDesk } from '../../src/telephony/switches/browser/protocol.ts'
import { Client, openPage, type ScriptedPage } from './page.ts'

export interface Ending {
  kind: 'answer' | 'linea' | 'appointment'
}

/** What an operator says about a call: a typology of the section and a matter in words. */
export interface PlannedEnding {
  typologyId: string
  question: string
  answer: string
  /** The service of an appointment; undefined where there is none. */
  serviceId: string | undefined
}

export interface OperatorPlan {
  url: string
  user: string
  random: Random
  sheetFor(sectionId: string): PlannedEnding
  /** Is told of each ending, and of what went wrong. */
  ended(kind: Ending['kind']): void
  wrong(what: string): void
}

export interface Operator {
  /** Ends what is under way and signs out. */
  leave(): Promise<void>
}

const heartbeatIntervalMs = 5_000
const pickUp = { kind: 'exponential', meanMs: 1_500 } as const
const talk = { kind: 'log-normal', meanMs: 9_000, variation: 0.5 } as const

const MyCall = z.object({
  call: z.object({ callId: z.uuid(), from: z.string().nullable(), section: z.object({ id: z.string() }).nullable() }).nullable(),
})
const Interaction = z.object({ id: z.uuid(), version: z.number(), contactId: z.uuid().nullable() })
const Saved = z.object({ id: z.uuid() })
const Contacts = z.object({ items: z.array(z.object({ id: z.uuid() })) })
const Found = z.object({ items: z.array(z.object({ unit: z.object({ id: z.string() }), start: z.string() })) })

/** Comes to work. @throws Error when the program does not let this operator in */
export async function comeToWork(plan: OperatorPlan): Promise<Operator> {
  const { url, user, random } = plan
  const client = new Client(url)
  await client.ask('POST', '/api/session', { user, password: publishedPassword })
  const pageId = randomUUID()
  const beat = () => client.ask('POST', '/api/desk/heartbeat', { pageId, telephoneReady: true })
  let leaving = false
  let leg: string | undefined
  let work = Promise.resolve()
  const pauses = new Set<() => void>()
  const pause = (ms: number) =>
    new Promise<void>(resolve => {
      const done = () => {
        clearTimeout(timer)
        pauses.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      pauses.add(done)
    })
  const page: ScriptedPage<FromDesk> = openPage<ToDesk, FromDesk>({
    url,
    path: paths.desk,
    cookie: client.cookie,
    schema: ToDesk,
    hello: { pageId },
    hear(message) {
      if (message.type === 'ring') {
        leg = message.leg
        const rung = message.leg
        void pause(drawMs(pickUp, random)).then(() => {
          if (leg === rung) page.send({ type: 'answer', leg: rung })
        })
      } else if (message.type === 'connect') {
        const own = message.leg
        work = work.then(() => conversation(own)).catch(error => plan.wrong(`${user}: ${messageOf(error)}`))
      } else if (message.type === 'ended' && message.leg === leg) {
        leg = undefined
        // Whoever was talked to has gone: nothing is waited for any more.
        for (const go of [...pauses]) go()
      }
    },
  })
  const heart = setInterval(() => beat().catch(error => plan.wrong(`${user}: ${messageOf(error)}`)), heartbeatIntervalMs)

  async function conversation(own: string): Promise<void> {
    const { call } = MyCall.parse(await client.ask('GET', '/api/calls/mine'))
    if (!call) return
    const opened = Interaction.parse(await client.ask('POST', '/api/interactions', { callId: call.callId }))
    const sheet = plan.sheetFor(call.section?.id ?? '')
    const contactId = await contactOf(call.from)
    await client.ask(
      'PATCH',
      `/api/interactions/${opened.id}`,
      { contactId, typologyId: sheet.typologyId, question: sheet.question },
      { 'if-match': `"${opened.version}"` },
    )
    if (leg === own) await pause(drawMs(talk, random))
    if (leg === own) page.send({ type: 'hang-up', leg: own })
    await endWith(opened.id, sheet, contactId, call.from)
    await client.ask('POST', '/api/desk/wrap-up/end', {}).catch(() => {})
  }

  /** Who has this number; written down where nobody has. */
  async function contactOf(number: string | null): Promise<string> {
    if (number !== null) {
      const found = Contacts.parse(await client.ask('GET', `/api/contacts?phone=${encodeURIComponent(number)}`))
      const [first] = found.items
      if (first) return first.id
    }
    const name = { kind: 'person', givenName: 'Cittadina', familyName: `Prova ${randomUUID().slice(0, 4)}` }
    const saved = await client.ask('POST', '/api/contacts', {
      ...name,
      phones: number === null ? [] : [number],
      municipalityCode: '058091',
    })
    return Saved.parse(saved).id
  }

  async function endWith(id: string, sheet: PlannedEnding, contactId: string, number: string | null): Promise<void> {
    const drawn = random()
    const reply = { phone: number ?? '+390600000001' }
    if (drawn < 0.2) {
      const question = sheet.question
      await client.ask('POST', `/api/interactions/${id}/linea`, {
        question,
        contactId,
        typologyId: sheet.typologyId,
        replyTo: reply,
      })
      return plan.ended('linea')
    }
    if (drawn < 0.3 && sheet.serviceId !== undefined && (await booked(id, sheet.serviceId))) return plan.ended('appointment')
    await client.ask('POST', `/api/interactions/${id}/answer`, { answer: sheet.answer })
    plan.ended('answer')
  }

  async function booked(id: string, serviceId: string): Promise<boolean> {
    const found = Found.parse(await client.ask('GET', `/api/agenda/search?near=058091&serviceId=${serviceId}&limit=20`))
    const times = found.items.map(({ unit, start }) => ({ unitId: unit.id, start }))
    const time = times[Math.floor(random() * times.length)]
    if (!time) return false
    try {
      const { id: holdId } = Saved.parse(await client.ask('POST', '/api/agenda/holds', { serviceId, ...time }))
      const reason = 'Vuole verificare i periodi con i documenti.'
      await client.ask('POST', `/api/interactions/${id}/appointment`, { holdId, reason, despiteOther: true })
      return true
    } catch (error) {
      // A colleague has just taken the time: no fault of anybody.
      if (/ 409 /.test(messageOf(error))) return false
      throw error
    }
  }

  await beat()
  await client.ask('POST', '/api/desk/available', { pageId })
  return {
    async leave() {
      if (leaving) return
      leaving = true
      for (const go of [...pauses]) go()
      if (leg !== undefined) page.send({ type: 'hang-up', leg })
      await work
      clearInterval(heart)
      await client.ask('POST', '/api/desk/sign-out', {}).catch(error => plan.wrong(`${user}: ${messageOf(error)}`))
      page.close()
      await client.ask('DELETE', '/api/session').catch(error => plan.wrong(`${user}: ${messageOf(error)}`))
    },
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
