/** HTTP of the organisation. */

import { z } from 'zod'
import {
  decodeCursor,
  encodeCursor,
  languageOf,
  notFound,
  PageQuery,
  page,
  Refused,
  route,
  Text,
  Uuid,
} from '../platform/index.ts'
import { holidayName, holidaysOf } from './calendar.ts'
import { decideClosure, withdrawClosure } from './closures.ts'
import {
  codes,
  Holiday,
  Municipality,
  NearestAgency,
  NewUnitClosure,
  NumberMode,
  NumbersOfProvince,
  OfficeNumber,
  OfficeNumberView,
  OpeningHours,
  PhoneNumber,
  PlanNumbers,
  PlanPreview,
  PlanResult,
  PreviewNumbers,
  ReverseNumber,
  ScheduleNumber,
  Unit,
  UnitClosure,
  UnitId,
  UnitKind,
  UnitView,
} from './model.ts'
import { provinceOf, regionNames, searchMunicipalities } from './municipalities.ts'
import {
  cancelNumberChange,
  numberPage,
  numbersByProvince,
  numberView,
  planNumbers,
  previewNumbers,
  reverseNumber,
  scheduleNumber,
} from './number-service.ts'
import { closuresAhead, nearestAgencies, reading, setHours, unitPage, unitView } from './service.ts'

const units = 'organisation'
const numbers = 'number plan'
const places = 'places and days'
const OneUnit = z.object({ unitId: UnitId })
const OneNumber = z.object({ number: PhoneNumber })
const Search = Text.pipe(z.string().max(200))

export const organisationRoutes = [
  route({
    method: 'GET',
    url: '/api/units',
    operation: 'findUnits',
    summary: 'Find units by the beginnings of words of their name, place or region, or list them along the tree',
    tag: units,
    access: 'signed-in',
    query: PageQuery.extend({
      q: Search.optional().meta({ example: 'roma eur' }),
      kind: UnitKind.optional(),
      regionCode: codes.RegionCode.optional(),
      provinceCode: codes.ProvinceCode.optional(),
      under: UnitId.optional().describe('this unit and all below it'),
      withNumbers: z.stringbool().optional().describe('only units to which, or to a unit below, a number belongs'),
    }),
    answer: page(Unit),
    handle: ({ house, query }) => unitPage(house.database.kysely, query),
  }),
  route({
    method: 'GET',
    url: '/api/units/:unitId',
    operation: 'readUnit',
    summary: 'A unit, with its hours, numbers and the units above it',
    tag: units,
    access: 'signed-in',
    params: OneUnit,
    answer: UnitView,
    handle: ({ house, params }) => unitView(reading(house).db, params.unitId, reading(house).now),
  }),
  route({
    method: 'GET',
    url: '/api/units/:unitId/children',
    operation: 'listUnitChildren',
    summary: 'The units right below a unit, in their order',
    tag: units,
    access: 'signed-in',
    params: OneUnit,
    query: PageQuery,
    answer: page(Unit),
    handle: ({ house, params, query }) => unitPage(house.database.kysely, { ...query, parentId: params.unitId }),
  }),
  route({
    method: 'PUT',
    url: '/api/units/:unitId/hours',
    operation: 'setUnitHours',
    summary: 'Set the week of a unit, in office time',
    description: 'Without spans, the unit keeps the hours of the unit above it. On holidays of its place it is closed.',
    tag: units,
    access: 'signed-in',
    params: OneUnit,
    body: OpeningHours,
    answer: UnitView,
    ifMatch: true,
    handle: ({ house, actor, params, body, version }) => setHours(house, actor, { unitId: params.unitId, version, hours: body }),
  }),
  route({
    method: 'GET',
    url: '/api/units/:unitId/closures',
    operation: 'listUnitClosures',
    summary: 'The days on which a unit is or will be closed, by itself or with one above it',
    tag: units,
    access: 'signed-in',
    params: OneUnit,
    answer: z.object({ items: z.array(UnitClosure) }),
    handle: async ({ house, params }) => ({ items: await closuresAhead(house, params.unitId) }),
  }),
  route({
    method: 'POST',
    url: '/api/units/:unitId/closures',
    operation: 'decideClosure',
    summary: 'Close a unit, and those below it, on some days',
    description: 'Deadlines that run over these days are computed anew.',
    tag: units,
    access: 'signed-in',
    params: OneUnit,
    body: NewUnitClosure,
    answer: z.object({ closureId: Uuid }),
    idempotent: true,
    handle: ({ house, actor, params, body, idempotency }) => decideClosure(house, actor, { ...params, ...body }, idempotency),
  }),
  route({
    method: 'POST',
    url: '/api/units/:unitId/closures/:closureId/withdrawal',
    operation: 'withdrawClosure',
    summary: 'Take back a closure: the unit works on these days after all',
    tag: units,
    access: 'signed-in',
    params: OneUnit.extend({ closureId: Uuid }),
    answer: z.object({ closureId: Uuid }),
    handle: ({ house, actor, params }) => withdrawClosure(house, actor, params),
  }),
  route({
    method: 'GET',
    url: '/api/agencies/nearest',
    operation: 'findNearestAgencies',
    summary: 'The agencies nearest to a municipality or to a unit',
    tag: units,
    access: 'signed-in',
    query: z.object({
      municipalityCode: codes.MunicipalityCode.optional(),
      unitId: UnitId.optional(),
      limit: z.coerce.number().int().min(1).max(50).default(5),
    }),
    answer: z.object({ items: z.array(NearestAgency) }),
    async handle({ house, query: { municipalityCode, unitId, limit } }) {
      const near = municipalityCode ? { municipalityCode } : unitId ? { unitId } : undefined
      if (!near) throw new Refused('organisation.placeNeeded', { field: 'municipalityCode' }, 400)
      const items = await nearestAgencies(house.database.kysely, near, limit)
      if (items.length === 0) throw new Refused('organisation.placeUnknown', {}, 422)
      return { items }
    },
  }),

  route({
    method: 'GET',
    url: '/api/number-provinces',
    operation: 'countNumbersByProvince',
    summary: 'The number plan by province: how many numbers enter the contact centre, will, or ring their offices',
    tag: numbers,
    access: 'signed-in',
    answer: z.object({ items: z.array(NumbersOfProvince) }),
    handle: async ({ house }) => ({ items: await numbersByProvince(reading(house).db, reading(house).now) }),
  }),
  route({
    method: 'GET',
    url: '/api/numbers',
    operation: 'listNumbers',
    summary: 'The number plan: which office a number belongs to, and whether its calls enter the contact centre',
    tag: numbers,
    access: 'signed-in',
    query: PageQuery.extend({
      q: Search.optional().describe('digits that the number contains').meta({ example: '06 0000' }),
      unitId: UnitId.optional().describe('numbers of this unit and of all below it').meta({ example: 'dr-lazio' }),
      mode: NumberMode.optional(),
      planned: z.stringbool().optional().describe('whether a change lies ahead'),
    }),
    answer: page(OfficeNumber),
    handle: ({ house, query }) => numberPage(reading(house).db, query, reading(house).now),
  }),
  route({
    method: 'GET',
    url: '/api/numbers/:number',
    operation: 'readNumber',
    summary: 'A number, with all that was decided about it',
    tag: numbers,
    access: 'signed-in',
    params: OneNumber,
    answer: OfficeNumberView,
    handle: ({ house, params }) => numberView(reading(house).db, params.number, reading(house).now),
  }),
  route({
    method: 'POST',
    url: '/api/numbers/:number/changes',
    operation: 'planNumberChange',
    summary: 'Set from when on a number is channelled, or direct again',
    tag: numbers,
    access: 'signed-in',
    params: OneNumber,
    body: ScheduleNumber,
    answer: OfficeNumberView,
    status: 201,
    ifMatch: true,
    idempotent: true,
    handle: ({ house, actor, params, body, version, idempotency }) =>
      scheduleNumber(house, actor, { number: params.number, version, change: body }, idempotency),
  }),
  route({
    method: 'POST',
    url: '/api/numbers/:number/reverse',
    operation: 'reverseNumber',
    summary: 'Put a number back at once to what it was before',
    tag: numbers,
    access: 'signed-in',
    params: OneNumber,
    body: ReverseNumber,
    answer: OfficeNumberView,
    ifMatch: true,
    idempotent: true,
    handle: ({ house, actor, params, body, version, idempotency }) =>
      reverseNumber(house, actor, { number: params.number, version, input: body }, idempotency),
  }),
  route({
    method: 'POST',
    url: '/api/numbers/:number/changes/:changeId/cancel',
    operation: 'cancelNumberChange',
    summary: 'Cancel a change that lies ahead',
    tag: numbers,
    access: 'signed-in',
    params: OneNumber.extend({ changeId: Uuid }),
    body: ReverseNumber,
    answer: OfficeNumberView,
    ifMatch: true,
    handle: ({ house, actor, params, body, version }) =>
      cancelNumberChange(house, actor, { ...params, version, reason: body.reason }),
  }),
  route({
    method: 'GET',
    operation: 'previewNumberPlan',
    url: '/api/number-plans/preview',
    summary: 'What a plan for a territory would change: how many numbers of how many offices',
    tag: numbers,
    access: 'signed-in',
    query: PreviewNumbers,
    answer: PlanPreview,
    handle: ({ house, actor, query }) => previewNumbers(house, actor, query),
  }),
  route({
    method: 'POST',
    url: '/api/number-plans',
    operation: 'planTerritory',
    summary: 'Set from when on all numbers of a territory are channelled, or direct again',
    tag: numbers,
    access: 'signed-in',
    body: PlanNumbers,
    answer: PlanResult,
    status: 201,
    idempotent: true,
    handle: ({ house, actor, body, idempotency }) => planNumbers(house, actor, body, idempotency),
  }),

  route({
    method: 'GET',
    url: '/api/municipalities',
    operation: 'findMunicipalities',
    summary: 'Find municipalities by the beginnings of words of their name',
    tag: places,
    access: 'public',
    query: PageQuery.extend({
      q: Search.default('').meta({ example: 'reggio em' }),
      provinceCode: codes.ProvinceCode.optional(),
    }),
    answer: page(Municipality),
    async handle({ query: { q, provinceCode, cursor, limit } }) {
      const [skip = 0] = decodeCursor(z.tuple([z.number().int().min(0).max(100_000)]), cursor) ?? []
      const found = searchMunicipalities(q, limit + 1, { provinceCode, skip })
      return { items: found.slice(0, limit), next: found.length > limit ? encodeCursor([skip + limit]) : null }
    },
  }),
  route({
    method: 'GET',
    url: '/api/municipalities/:code',
    operation: 'readMunicipality',
    summary: 'A municipality, by its ISTAT code',
    tag: places,
    access: 'public',
    params: z.object({ code: codes.MunicipalityCode }),
    answer: Municipality,
    async handle({ params }) {
      const found = provinceOf(params.code)
      if (!found) throw notFound('municipality')
      return found
    },
  }),
  route({
    method: 'GET',
    url: '/api/regions',
    operation: 'listRegions',
    summary: 'The regions, by name',
    tag: places,
    access: 'public',
    answer: z.object({ items: z.array(z.object({ code: z.string(), name: z.string() })) }),
    handle: async () => ({ items: [...regionNames()].map(([code, name]) => ({ code, name })) }),
  }),
  route({
    method: 'GET',
    url: '/api/holidays',
    operation: 'listHolidays',
    summary: 'The holidays of a year: national, and of a province or town',
    tag: places,
    access: 'public',
    query: z.object({
      year: z.coerce.number().int().min(1970).max(2199).meta({ example: 2026 }),
      province: codes.ProvinceCode.optional(),
      municipality: codes.MunicipalityCode.optional().describe('where a province has several patron saints'),
    }),
    answer: z.object({ items: z.array(Holiday) }),
    async handle({ query: { year, province, municipality }, request }) {
      const language = languageOf(request)
      const provinceCode = province ?? (municipality && provinceOf(municipality)?.provinceCode)
      return {
        items: holidaysOf(year, { provinceCode, municipalityCode: municipality }).map(holiday => ({
          day: holiday.day,
          scope: holiday.scope,
          name: holidayName(holiday, language),
        })),
      }
    },
  }),
] as const
