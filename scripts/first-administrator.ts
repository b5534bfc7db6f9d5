/**
 * `npm run first-administrator`: makes the first administrator of an installation, and its institute when there is none yet; run again, the second:
 * a role that one administrator gives is confirmed by another.
 *
 *   npm run first-administrator
 *   npm run first-administrator -- --user aldo.serra --name "Aldo Serra" --institute "Ente" < file-with-the-password
 *
 * What is not given is asked. The password is asked without showing it, or read as the first line of standard input; never from the arguments,
 * which every user of the machine can read.
 */
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { createFirstAdministrator, foundations, NewPerson, passwordLength } from '../src/identity/index.ts'
import { Refused, sentence, system } from '../src/platform/index.ts'
import { language, Mistake, openCommandHouse, runCommand } from './house.ts'

const say = (key: string, values?: Record<string, unknown>) => sentence(language, `identity.first.${key}`, values)

function given(): { user?: string | undefined; name?: string | undefined; institute?: string | undefined } {
  const { values } = parseArgs({
    options: {
      user: { type: 'string' },
      name: { type: 'string' },
      institute: { type: 'string' },
      password: { type: 'string' },
    },
  })
  if (values.password !== undefined) throw new Mistake(say('notFromArguments'))
  return values
}

async function ask(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) throw new Mistake(say('userInvalid'))
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return (await terminal.question(prompt)).trim()
  } finally {
    terminal.close()
  }
}

/** Reads a line from the terminal without showing it. Ctrl-C ends the program, Ctrl-U begins the line anew. */
function askSecret(prompt: string): Promise<string> {
  const { stdin, stdout } = process
  stdout.write(prompt)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  return new Promise(resolve => {
    let line: string[] = []
    const finish = () => {
      stdin.off('data', hear)
      stdin.setRawMode(false)
      stdin.pause()
      stdout.write('\n')
    }
    const hear = (text: string) => {
      for (const character of text) {
        if (character === '\r' || character === '\n' || character === '\u0004') {
          finish()
          return resolve(line.join(''))
        }
        if (character === '\u0003') {
          finish()
          process.exit(130)
        } else if (character === '\u0015') line = []
        else if (character === '\u007f' || character === '\b') line.pop()
        else if (character >= ' ') line.push(character)
      }
    }
    stdin.on('data', hear)
  })
}

/** The first line of standard input. */
async function secretFromInput(): Promise<string> {
  let text = ''
  for await (const part of process.stdin.setEncoding('utf8')) text += String(part)
  const [line = ''] = text.split(/\r?\n/)
  if (line === '') throw new Mistake(say('noPassword'))
  return line
}

async function secret(): Promise<string> {
  if (!process.stdin.isTTY) return secretFromInput()
  const first = await askSecret(say('password', { min: passwordLength.min }))
  if ((await askSecret(say('again'))) !== first) throw new Mistake(say('differ'))
  return first
}

async function run(): Promise<void> {
  const known = given()
  const house = await openCommandHouse({ migrates: true })
  try {
    const { institute, isComplete } = await foundations(house)
    if (isComplete) throw new Refused('identity.administratorExists')
    if (process.stdin.isTTY) console.log(say('title'))
    const account = NewPerson.safeParse({
      user: known.user ?? (await ask(say('user'))),
      name: known.name ?? (await ask(say('name'))),
    })
    if (!account.success) throw new Mistake(say('userInvalid'))
    const { user, name } = account.data
    const named = institute ?? known.institute ?? (process.stdin.isTTY ? await ask(say('institute')) : undefined)
    await createFirstAdministrator(house, system('first-administrator'), {
      user,
      name,
      institute: named,
      password: await secret(),
    })
    console.log(say('done', { user }))
  } finally {
    await house.close()
  }
}

await runCommand(run)
