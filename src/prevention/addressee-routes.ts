/** HTTP of the register of those whom activities are for. */
import { z } from 'zod'
import { PageQuery, page, route, Text, Uuid } from '../platform/index.ts'
import { addAddressee, addresseeList, addresseeView, changeAddressee } from './addressees.ts'
import { Addressee, AddresseeChange, NewAddressee } from './model.ts'

const common = { tag: 'prevention', access: 'signed-in' } as const

export const addresseeRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/addressees',
    operation: 'listAddressees',
    summary: 'Bodies, associations, intermediaries and companies whom activities are for, by name',
    query: PageQuery.extend({ q: Text.pipe(z.string().max(200)).optional().meta({ example: 'caf' }) }),
    answer: page(Addressee),
    handle: ({ house, query }) => addresseeList(house, query),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/addressees',
    operation: 'addAddressee',
    summary: 'Put somebody into the register',
    body: NewAddressee,
    answer: Addressee,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency }) =>
      addresseeView(house, (await addAddressee(house, actor, body, idempotency)).addresseeId),
  }),
  route({
    ...common,
    method: 'PATCH',
    url: '/api/addressees/:addresseeId',
    operation: 'changeAddressee',
    summary: 'Rename, move, retire or take back one of the register',
    params: z.object({ addresseeId: Uuid }),
    body: AddresseeChange,
    answer: Addressee,
    ifMatch: true,
    async handle({ house, actor, params: { addresseeId }, body, version }) {
      await changeAddressee(house, actor, { addresseeId, version, change: body })
      return addresseeView(house, addresseeId)
    },
  }),
] as const
