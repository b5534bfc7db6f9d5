/** What is told of a case: every entry that may belong to one, in both languages. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allEntries } from '../../test/support/entries.ts'
import { languages, sentence, system } from '../platform/index.ts'
import { isTold, sentenceOfEntry, silent } from './history.ts'

/** Of telephones and mails, and never of a case, a contact or a call. */
const ofNobody = /^(agent\.|mail\.(to-examine|put-aside)$)/

const fixtures = join(import.meta.dirname, '../../test/fixtures/journal')
const written = readdirSync(fixtures)
  .flatMap(file => readFileSync(join(fixtures, file), 'utf8').trim().split('\n'))
  .map((line): { type: string; version: number; payload: Record<string, unknown> } => JSON.parse(line))

test('every entry that may belong to a case has a sentence in both languages', () => {
  const told = allEntries.filter(
    ({ type, kind }) => (kind === 'matter' || kind === 'telephone') && !silent.includes(type) && !ofNobody.test(type),
  )
  const complaints = told.flatMap(({ type, version }) => {
    const examples = written.filter(each => each.type === type && each.version === version)
    if (examples.length === 0) return [`${type}: no example of version ${version} stands among the entries kept for ever`]
    return examples.filter(isTold).flatMap(({ payload }) =>
      languages.flatMap(language => {
        const { code, values } = sentenceOfEntry(
          { type, payload, actor: system('test') },
          id => id,
          iso => iso,
        )
        const said = sentence(language, code, values)
        return said === code || /[{}]/.test(said) ? [`${language} ${code}: ${said}`] : []
      }),
    )
  })
  expect(told.length).toBeGreaterThan(80)
  expect(complaints).toEqual([])
})
