import { describe, expect, test } from 'vitest'
import { boxAround, distanceKm, municipalities, provinceOf, searchMunicipalities } from './municipalities.ts'
import { wordsAsked, wordsOf } from './words.ts'

const names = (q: string, limit = 5) => searchMunicipalities(q, limit).map(each => each.name)

test('a municipality is found by the cadastral code of a fiscal code', () => {
  expect(names('H501')).toEqual(['Roma'])
  expect(names('z404')).toEqual([])
})

describe('municipalities', () => {
  test('are 7,896 in 107 provinces and 20 regions', () => {
    const all = municipalities()
    expect(all).toHaveLength(7_896)
    expect(new Set(all.map(each => each.code)).size).toBe(7_896)
    expect(new Set(all.map(each => each.provinceCode)).size).toBe(107)
    expect(new Set(all.map(each => each.regionCode)).size).toBe(20)
  })
  test('are found by their ISTAT code', () => {
    expect(provinceOf('058091')).toMatchObject({
      name: 'Roma',
      provinceCode: 'RM',
      provinceName: 'Roma',
      regionCode: '12',
      regionName: 'Lazio',
      cadastralCode: 'H501',
      isCapital: true,
    })
    expect(provinceOf('999999')).toBeUndefined()
    expect(provinceOf('058091')?.postalCodes.length).toBeGreaterThan(50)
  })
  test('lie in Italy', () => {
    const outside = municipalities().filter(
      ({ latitude, longitude }) => latitude < 35 || latitude > 47.2 || longitude < 6.5 || longitude > 18.6,
    )
    expect(outside).toEqual([])
  })
  test('whatever lies within some kilometres of a place lies in the box around it', () => {
    for (const code of ['058091', '021008', '082053']) {
      const place = provinceOf(code)
      if (!place) throw new Error(`${code} is not there`)
      for (const km of [1, 50, 300]) {
        const { south, north, west, east } = boxAround(place, km)
        const near = municipalities().filter(each => distanceKm(place, each) <= km)
        expect(near.length).toBeGreaterThan(0)
        expect(
          near.filter(({ latitude, longitude }) => latitude < south || latitude > north || longitude < west || longitude > east),
        ).toEqual([])
      }
    }
  })
  test('are found by the beginnings of words, accents and apostrophes aside', () => {
    expect(names('roma')[0]).toBe('Roma')
    expect(names('forli')[0]).toBe('Forlì')
    expect(names('aquila')[0]).toBe("L'Aquila")
    expect(names("l'aquila")[0]).toBe("L'Aquila")
    expect(names('laquila')[0]).toBe("L'Aquila")
    expect(names('reggio em')).toEqual(["Reggio nell'Emilia"])
    expect(names('bozen')).toEqual(['Bolzano'])
    expect(names('sant angelo lombardi')).toEqual(["Sant'Angelo dei Lombardi"])
    expect(names('oma')).not.toContain('Roma')
    expect(names('')).toHaveLength(5)
    expect(names('%')).toHaveLength(5)
    expect(names('zzzz')).toEqual([])
  })
  test('come page by page, each once', () => {
    const all = searchMunicipalities('san', 10_000)
    const pages = [0, 100, 200, 300].flatMap(skip => searchMunicipalities('san', 100, { skip }))
    expect(pages).toEqual(all.slice(0, 400))
    expect(searchMunicipalities('san', 100, { provinceCode: 'MI' }).every(each => each.provinceCode === 'MI')).toBe(true)
  })
  test('are as far apart as they are', () => {
    const place = (code: string) => provinceOf(code) ?? { latitude: 0, longitude: 0 }
    const km = distanceKm(place('058091'), place('015146'))
    expect(km).toBeGreaterThan(470)
    expect(km).toBeLessThan(485)
    expect(distanceKm(place('058091'), place('058091'))).toBe(0)
  })
})

test('words are folded the same way when they are kept and when they are asked for', () => {
  expect(wordsOf("Reggio nell'Emilia – Forlì")).toEqual(['reggio', 'nellemilia', 'nell', 'emilia', 'forli'])
  expect(wordsAsked('  Nell’Emilia FORLÌ forlì  a-b ')).toEqual(['nellemilia', 'forli', 'a', 'b'])
})
