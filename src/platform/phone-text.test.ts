import { expect, test } from 'vitest'
import { phoneText } from './phone-text.ts'

test('a number is read with its area code by itself, whatever stands behind it', () => {
  const read = {
    '+3908710000002': '0871 000 0002',
    '+390659594321': '06 5959 4321',
    '+390600000001': '06 0000 0001',
    '+390461123456': '0461 123 456',
    '+390115621234': '011 562 1234',
    '+39021234': '02 1234',
    '+393331234567': '333 123 4567',
    '+4315551234': '+43 1 5551234',
    Anonymous: 'Anonymous',
  }
  for (const [number, text] of Object.entries(read)) expect(phoneText(number), number).toBe(text)
})
