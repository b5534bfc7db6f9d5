import { expect, test } from 'vitest'
import { eachDatabase } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import { draftFlow, type FlowInput, flowInForce, flowVersion, publishFlow } from './index.ts'

const flow = (after: string): FlowInput => ({
  id: 'main',
  name: 'Prova',
  languages: ['it'],
  start: 'menu',
  nodes: {
    menu: {
      type: 'menu',
      text: { it: 'Prema 0.' },
      wrongKey: { it: 'No.' },
      silence: { it: 'Allora?' },
      choices: { '0': { label: { it: 'Operatore' }, next: 'operator' } },
      after,
    },
    operator: { type: 'operator', section: 'ccm-centralino' },
  },
})

eachDatabase(open => {
  test('a flow is drafted, checked, put in force; the one before stays for the calls that are in it', async () => {
    const { house } = await open()
    const db = house.database.kysely
    const before = await flowInForce(db)
    expect(before?.flow.start).toBe('welcome')

    const circle = await draftFlow(house, staff.headquarters, flow('menu'))
    expect(circle.findings.map(finding => finding.code)).toEqual(['loop'])
    await expect(publishFlow(house, staff.headquarters, circle)).rejects.toMatchObject({ code: 'ivr.flowNotFit' })
    expect((await flowInForce(db))?.version).toBe(before?.version)

    const good = await draftFlow(house, staff.headquarters, flow('operator'))
    expect(good.version).toBe(circle.version + 1)
    await publishFlow(house, staff.headquarters, good)
    expect(await flowInForce(db)).toMatchObject({ version: good.version, flow: { start: 'menu' } })
    expect(await flowVersion(db, 'main', before?.version ?? 0)).toEqual(before)
    await expect(publishFlow(house, staff.headquarters, { id: 'main', version: 99 })).rejects.toMatchObject({ status: 404 })
  })
})
