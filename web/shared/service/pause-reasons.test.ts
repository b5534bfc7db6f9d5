/** Every reason of a pause is said in both languages: in the menu, and while it lasts. */
import { expect, test } from 'vitest'
import en from '../../../languages/en/web.json' with { type: 'json' }
import it from '../../../languages/it/web.json' with { type: 'json' }
import { pauseReasons } from '../../../src/distribution/pause-reasons.ts'

test('every reason has its texts, and every text its reason', () => {
  for (const { service } of [it, en])
    for (const texts of [service.pause, service.onPause]) expect(Object.keys(texts).toSorted()).toEqual(pauseReasons.toSorted())
})
