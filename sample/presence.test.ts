/** Where the sample is loaded, and where a program with it does not start. */
import { expect, test } from 'vitest'
import { readConfig } from '../src/platform/index.ts'
import { isSampleWanted, sampleInTheOpen } from './presence.ts'

const wanted = (environment: Record<string, string>, database: 'postgres' | 'embedded') =>
  isSampleWanted(readConfig(environment), database)
const open = (environment: Record<string, string>) => sampleInTheOpen(readConfig(environment))

test('it is loaded by itself only into the embedded database of a program that nobody else reaches', () => {
  expect(wanted({}, 'embedded')).toBe(true)
  expect(wanted({ HOST: '::1', PUBLIC_URL: 'http://localhost:8080' }, 'embedded')).toBe(true)
  expect(wanted({}, 'postgres')).toBe(false)
  expect(wanted({ HOST: '0.0.0.0' }, 'embedded')).toBe(false)
  expect(wanted({ PUBLIC_URL: 'https://filo.example' }, 'embedded')).toBe(false)
  expect(wanted({ SAMPLE: 'never' }, 'embedded')).toBe(false)
  expect(wanted({ SAMPLE: 'yes', HOST: '0.0.0.0', PUBLIC_URL: 'https://filo.example' }, 'postgres')).toBe(true)
})

test('a program that others reach does not start with it unless somebody has said so', () => {
  expect(open({})).toBeUndefined()
  expect(open({ PUBLIC_URL: 'http://127.0.0.1:9000' })).toBeUndefined()
  expect(open({ HOST: '0.0.0.0' })).toMatch(/HOST=0\.0\.0\.0 lets others reach them.*remove-sample/)
  expect(open({ PUBLIC_URL: 'https://filo.example' })).toContain('PUBLIC_URL=https://filo.example lets others')
  expect(open({ SAMPLE: 'never', HOST: '10.1.2.3' })).toBeDefined()
  expect(open({ SAMPLE: 'yes', HOST: '0.0.0.0' })).toBeUndefined()
})
