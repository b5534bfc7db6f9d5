/**
 * The main job, from a real telephone to a closed case: sipp calls the agency of Roma EUR over the trunk of a real Asterisk, an operator
 * answers in a real browser, a member of the CRIC of Lazio answers by e-mail to a real SMTP server, and the history tells all of it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import flow from '../sample/flow.json' with { type: 'json' }
import type { RunningAsterisk } from '../scripts/asterisk/instance.ts'
import { buildWeb } from '../scripts/build-web.ts'
import { sentence } from '../src/platform/index.ts'
import { openPrompts, readWav, speechHere } from '../src/telephony/prompts/index.ts'
import { password, userOf } from './support/accounts.ts'
import { patienceMs, startTestAsterisk, until } from './support/asterisk.ts'
import { hears, openChromium, openWindow, picture, soundOf, type Window } from './support/chromium.ts'
import { copyOfTemplate } from './support/database.ts'
import { answerWithEnter, becomeAvailable, openAllDay } from './support/desk.ts'
import { type MailServer, startMailServer } from './support/mail-server.ts'
import { patience, pressFor, writeAt } from './support/pages.ts'
import { type RunningProgram, startProgramProcess } from './support/program.ts'
import {
  type Heard,
  likeness,
  loudness,
  openEar,
  openSipTelephone,
  type SipTelephone,
  soundMs,
  toneShare,
} from './support/sip-telephone.ts'
import { listeningCaller, toneRecording } from './support/sipp/caller.ts'
import { runSipp } from './support/sipp.ts'
import { staff } from './support/staff.ts'

const { anna, paola } = staff
const romaEur = '0600000001'
const callersNumber = '+390612345678'
const callersTone = 700
const question = 'Domanda del 4 settembre: mancano i contributi versati in Germania?'
const answer = 'I contributi tedeschi sono stati chiesti il 12 novembre: la decorrenza resta il primo ottobre.'

let asterisk: RunningAsterisk
let program: RunningProgram
let database: pg.Pool
let mailServer: MailServer
let carrier: SipTelephone
let browser: Browser
let folder: string
const windows: Window[] = []

beforeAll(async () => {
  await buildWeb()
  browser = await openChromium()
})
// Each try of each test begins with nothing of the one before: "the newest call" is then its own, and the operator is not at the desk.
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'filo-main-job-'))
  carrier = await openSipTelephone()
  mailServer = await startMailServer()
  asterisk = await startTestAsterisk('main-job', { trunkPort: carrier.port })
  const databaseUrl = await copyOfTemplate()
  database = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  // The pages reckon with the time of the server's answers, so this program's clock is not set off as elsewhere.
  program = await startProgramProcess({
    databaseUrl,
    asterisk,
    environment: { CLOCK_OFFSET_MS: '0', SMTP_URL: mailServer.url },
  })
  await openAllDay(program.url)
})
afterEach(async () => {
  for (const { context } of windows.splice(0)) await context.close()
  await program?.stop()
  await database?.end()
  await mailServer?.close()
  await asterisk?.stop()
  await carrier?.close()
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => browser?.close())

const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => (await database.query(sql, values)).rows as T[]

interface CallRow {
  id: string
  phase: string
  section_id: string | null
  ended_at: Date | null
}

/** The newest call. */
const newestCall = async () => (await rows<CallRow>('select * from call order by started_at desc limit 1'))[0]

/** The types of the entries about a call, in order. */
const story = async (callId: string) =>
  (await rows<{ type: string }>('select type from event where call_id = $1 order by id', [callId])).map(row => row.type)

/** A sentence as callers hear it. */
async function spoken(text: string): Promise<{ durationMs: number; samples: Int16Array }> {
  const prompts = openPrompts({ folder, sounds: asterisk.sounds, speech: speechHere() })
  const { media, durationMs } = await prompts.media({ text, language: 'it' })
  const file = join(asterisk.sounds.folder, `${media.split('/').at(-1)}.wav`)
  return { durationMs, samples: readWav(readFileSync(file)).samples }
}

const heardMs = (heard: readonly Heard[]) => heard.length * 20

/** A window of somebody who signs in by the form. */
async function signIn(user: string): Promise<Window> {
  const window = await openWindow(browser, program.url)
  windows.push(window)
  const { page } = window
  page.setDefaultTimeout(patience.timeout)
  await page.goto('/')
  await page.getByLabel('Nome utente').fill(user)
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Accedi' }).waitFor({ state: 'detached' })
  return window
}

test('a caller of Roma EUR gets an answer: telephone, menu, queue, operator, Linea ticket, CRIC Lazio, e-mail, closed', async () => {
  // --- the caller dials, and hears the welcome and the menu ---
  const office = (await rows<{ name: string }>("select name from unit where id = 'ag-roma-eur'"))[0]?.name ?? ''
  const welcome = await spoken(flow.nodes.welcome.text.it.replace('{{office}}', office))
  const nobody = await spoken(sentence('it', 'telephony.heard.nobodyNow'))
  const voice = join(folder, 'voice.pcap')
  writeFileSync(voice, toneRecording(callersTone, 300))
  const ear = await openEar()
  const calling = runSipp({
    scenario: listeningCaller({
      from: callersNumber,
      heardPort: ear.port,
      listenMs: welcome.durationMs + 10_000,
      key: '1',
      voice,
    }),
    server: asterisk.settings.sipPort,
    number: romaEur,
    withinMs: 240_000,
  })
  await until(async () => (await newestCall())?.section_id === 'ccm-pensioni', patienceMs, 'the line of pensions')
  const { id: callId = '' } = (await newestCall()) ?? {}
  const queued = ear.heard.length
  const beforeLine = ear.heard.slice(0, queued)
  expect(loudness(beforeLine)).toBeGreaterThan(200)
  // The welcome came whole and in one piece, so it had its length; and then a part of the menu, until the key was pressed.
  expect(likeness(beforeLine, welcome.samples, 3_000)).toBeGreaterThan(0.9)
  expect(soundMs(beforeLine)).toBeGreaterThan(welcome.durationMs * 0.8)
  expect(heardMs(beforeLine)).toBeGreaterThan(welcome.durationMs)

  // --- nobody is at work yet: it hears so, and then music ---
  await until(async () => (await story(callId)).includes('call.position'), patienceMs, 'a place in the line')
  await until(() => heardMs(ear.heard.slice(queued)) > nobody.durationMs + 9_000, patienceMs, 'the announcement')
  expect(likeness(ear.heard.slice(queued), nobody.samples, 9_000)).toBeGreaterThan(0.9)

  // --- an operator signs in and becomes available: it rings, and the card is there ---
  const desk = await signIn(userOf(anna))
  const { page } = desk
  await page.goto('/desk')
  await page.getByRole('button', { name: 'Diventa disponibile', exact: true }).first().click()
  const card = page.getByRole('region', { name: 'Chiamata in arrivo' })
  await card.waitFor()
  await expect.poll(() => card.textContent(), patience).toMatch(/06 1234 5678[\s\S]*Pensioni[\s\S]*aspetta da[\s\S]*Roma EUR/)
  await picture(page, 'main-job-ringing')
  await answerWithEnter(page)

  // --- they hear each other ---
  const before = await soundOf(page)
  const after = await hears(page, before)
  expect(after.packets - before.packets).toBeGreaterThan(10)
  await until(() => loudness(ear.heard, performance.now() - 2_000) > 200, 60_000, 'the operator’s voice at the caller')
  const packetsToCaller = ear.heard.length
  // It is the operator's microphone that the caller hears: when it is muted, nothing is left; when it is not, it is back.
  await page.keyboard.press('Alt+m')
  await page.getByText('Muto attivo').waitFor()
  await until(() => loudness(ear.heard, performance.now() - 1_500) < 40, 60_000, 'silence at the caller')
  await page.keyboard.press('Alt+m')
  await until(() => loudness(ear.heard, performance.now() - 1_500) > 200, 60_000, 'the voice at the caller again')
  expect(ear.heard.length).toBeGreaterThan(packetsToCaller)

  // --- who calls, and what is asked ---
  await page.getByRole('button', { name: 'Nuovo contatto' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Nome', { exact: true }).fill('Giulia')
  await form.getByLabel('Cognome').fill('Ferri')
  await form.getByRole('textbox', { name: 'E-mail' }).fill('giulia.ferri@example.org')
  await form.getByLabel('Comune di residenza').fill('roma')
  await page.getByRole('option', { name: 'Roma (RM)' }).click()
  await form.getByRole('button', { name: 'Salva' }).click()
  await page.getByRole('heading', { name: 'Giulia Ferri' }).waitFor()
  await page.getByRole('combobox', { name: 'Tipologia' }).fill('vecchiaia')
  await page.getByRole('option', { name: 'Pensione di vecchiaia' }).first().click()
  await page.getByLabel('Quesito').fill(question)
  await page.keyboard.press('Alt+2')
  await page.getByText('CRIC Lazio', { exact: true }).waitFor()
  await picture(page, 'main-job-talking')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Scheda Linea inviata').waitFor()
  const code = (await page.locator('.code').textContent()) ?? ''
  expect(code).toMatch(/^\d{3} \d{3} \d{4}$/)

  // --- hang up, wrap-up, available again ---
  await page.keyboard.press('F9')
  expect(await calling).toMatchObject({ code: 0, successful: 1, failed: 0 })
  await ear.close()
  await until(async () => (await newestCall())?.ended_at !== null, patienceMs, 'the end of the call')
  await page.getByRole('button', { name: 'Pronto' }).click()
  await page.getByText('In attesa della prossima chiamata').waitFor()

  // --- the second level ---
  const centre = await signIn(userOf(paola))
  await centre.page.goto('/cric/tickets')
  await centre.page.getByRole('row', { name: /Giulia Ferri/ }).click()
  await expect.poll(() => centre.page.evaluate('document.activeElement?.tagName'), patience).toBe('H1')
  await pressFor(centre.page, 'p', centre.page.getByText('in carico a te'))
  const note = centre.page.getByRole('textbox', { name: 'Nuova nota' })
  await writeAt(centre.page, 'n', note, 'Verificato in archivio: richiesta inviata alla cassa tedesca.')
  await centre.page.getByRole('button', { name: 'Annota' }).click()
  await centre.page.getByText('Nota aggiunta.').waitFor()
  await centre.page.getByRole('textbox', { name: 'Risposta al cittadino' }).fill(answer)
  await picture(centre.page, 'main-job-ticket')
  await centre.page.keyboard.press('Control+Enter')
  await centre.page.getByText('La risposta data').waitFor()
  await centre.page.getByText('Quesito chiuso').first().waitFor()

  // --- the mail ---
  await until(() => mailServer.mails.length > 0, patienceMs, 'the mail')
  expect(mailServer.mails).toHaveLength(1)
  const [arrived] = mailServer.mails
  expect(arrived?.envelope).toEqual({ from: 'risposte@filodiretto.example', to: ['giulia.ferri@example.org'] })
  const mail = arrived?.mail
  expect(mail?.from?.value).toEqual([{ name: expect.stringContaining('CRIC Lazio'), address: 'risposte@filodiretto.example' }])
  expect(mail?.to).toMatchObject({ value: [{ name: 'Giulia Ferri', address: 'giulia.ferri@example.org' }] })
  expect(mail?.replyTo?.value[0]?.address).toMatch(/^risposte\+[a-z2-7]{50}@filodiretto\.example$/)
  expect(mail?.messageId).toMatch(/^<[0-9a-f-]{36}@filodiretto\.example>$/)
  expect(mail?.subject).toContain(code)
  expect(mail?.text).toContain(answer)
  expect(mail?.headers.has('auto-submitted')).toBe(false)

  // --- the history, by the API and on the page ---
  await centre.page.getByRole('link', { name: 'Tutta la pratica' }).click()
  await centre.page.waitForURL(/\/cric\/cases\//)
  const caseId = new URL(centre.page.url()).pathname.split('/').at(-1) ?? ''
  const history = await (await centre.page.request.get(`/api/cases/${caseId}/history?limit=100`)).json()
  const told: { type: string; who: string; sentence: string }[] = history.items
  expect(told.map(({ type, who }) => `${type} · ${who}`)).toEqual([
    'call.arrived · Il programma',
    'call.menu-chosen · Il programma',
    'call.queued · Il programma',
    'offer.made · Il programma',
    'offer.answered · Il programma',
    'call.connected · Il programma',
    'interaction.opened · Anna Bianchi',
    'case.opened · Anna Bianchi',
    'ticket.sent · Anna Bianchi',
    'conversation.ended · Il programma',
    'call.ended · Il programma',
    'ticket.claimed · Paola Neri',
    'case.noted · Paola Neri',
    'mail.queued · Paola Neri',
    'ticket.answered · Paola Neri',
    'mail.sent · Il programma',
    'ticket.closed · Il programma',
    'case.closed · Il programma',
  ])
  expect(told.filter(entry => entry.sentence.startsWith('Evento registrato'))).toEqual([])
  // The page tells the same, newest first; the call is one row, which unfolds to its steps.
  await centre.page.locator('.timeline').first().waitFor()
  const shown = async () => (await centre.page.locator('.timeline').allInnerTexts()).join('\n')
  const folded = await shown()
  const rowsShown = told.toReversed().filter(entry => folded.includes(entry.sentence))
  const places = rowsShown.map(entry => folded.indexOf(entry.sentence))
  expect(rowsShown.length).toBeGreaterThan(5)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(told.find(entry => folded.includes(entry.sentence) && entry.type.startsWith('call.'))).toBeUndefined()
  await centre.page.locator('.history-call summary').first().click()
  const unfolded = await shown()
  expect(told.filter(entry => !unfolded.includes(entry.sentence))).toEqual([])
  await picture(centre.page, 'main-job-history')
  expect(desk.complaints).toEqual([])
  expect(centre.complaints).toEqual([])
})

test('a number that is not channelled yet rings the office itself, and the two talk over the trunk', async () => {
  const [direct] = await rows<{ number: string; office_number: string }>(
    'select number, office_number from office_number where not exists (select 1 from number_change where number_change.number = office_number.number) order by number limit 1',
  )
  const caller = await openSipTelephone()
  const call = caller.call(direct?.number ?? '', { port: asterisk.settings.sipPort }, { from: callersNumber })
  call.hum(callersTone)
  const atOffice = await carrier.nextCall()
  expect(atOffice.invite?.start).toContain(`sip:${direct?.office_number}@`)
  expect(atOffice.invite?.headers.get('from')?.[0]).toContain(callersNumber.slice(1))
  atOffice.answer()
  atOffice.hum(1_100)
  await call.answered
  await until(() => toneShare(call.heard, 1_100, performance.now() - 500) > 0.8, 60_000, 'the office at the caller')
  await until(() => toneShare(atOffice.heard, callersTone, performance.now() - 500) > 0.8, 60_000, 'the caller at the office')
  atOffice.hangUp()
  await call.ended
  await until(async () => (await newestCall())?.ended_at !== null, patienceMs, 'the end of the call')
  const { id = '' } = (await newestCall()) ?? {}
  expect(await story(id)).toEqual(['call.arrived', 'call.office-rung', 'call.office-answered', 'call.ended'])
  await caller.close()
})

test('the operator’s page is loaded anew in a conversation: music, the same operator is rung again, and they go on', async () => {
  const desk = await signIn(userOf(anna))
  const { page } = desk
  await becomeAvailable(page)
  const caller = await openSipTelephone()
  const call = caller.call(romaEur, { port: asterisk.settings.sipPort }, { from: '+390655501470' })
  await call.answered
  call.hum(callersTone)
  await until(
    async () => {
      if (await page.getByRole('region', { name: 'Chiamata in arrivo' }).isVisible()) return true
      await call.press('1')
      return false
    },
    60_000,
    'the call to ring at the operator',
  )
  await answerWithEnter(page)
  await hears(page, await soundOf(page))
  await page.getByLabel('Quesito').fill('Quando arriva la tredicesima?')
  await page.getByText('bozza salvata').waitFor()

  const reloaded = performance.now()
  await page.reload()
  // The call rings again at the same operator, on the page that has come back; the caller has heard music meanwhile.
  await page.getByRole('region', { name: 'Chiamata in arrivo' }).waitFor()
  expect(call.state).toBe('talking')
  await answerWithEnter(page)
  const joined = performance.now()
  await expect.poll(() => page.getByLabel('Quesito').inputValue(), patience).toBe('Quando arriva la tredicesima?')
  await hears(page, await soundOf(page))
  await until(() => loudness(call.heard, performance.now() - 1_500) > 200, 60_000, 'the voice at the caller')
  expect(soundMs(call.heard, reloaded, joined)).toBeGreaterThan(300)

  await page.keyboard.press('F9')
  await call.ended
  const { id = '' } = (await newestCall()) ?? {}
  await until(async () => (await newestCall())?.ended_at !== null, patienceMs, 'the end of the call')
  const types = await story(id)
  expect(types.filter(type => /^call\.(arrived|connected|interrupted|ended)$/.test(type))).toEqual([
    'call.arrived',
    'call.connected',
    'call.interrupted',
    'call.connected',
    'call.ended',
  ])
  await page.getByRole('button', { name: 'Pronto' }).click()
  await page.getByText('In attesa della prossima chiamata').waitFor()
  expect(desk.complaints).toEqual([])
  await caller.close()
})
