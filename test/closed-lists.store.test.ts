/** Columns whose words are a closed list: the database takes exactly those that the program knows. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { roles } from '../src/identity/index.ts'
import type { LifeState } from '../src/telephony/calls/life/life.ts'
import { TurnOutcome } from '../src/telephony/model.ts'
import { eachDatabase } from './support/database.ts'

const phases: Readonly<Record<LifeState['phase'], true>> = {
  menu: true,
  office: true,
  waiting: true,
  callback: true,
  dialling: true,
  talking: true,
  farewell: true,
  outbound: true,
  ended: true,
}

eachDatabase(open => {
  test('the database takes the words that the program knows, and settings that it can read', async () => {
    const { house } = await open({ environment: {} })
    const db = house.database.kysely
    const { rows } = await sql<{ name: string; text: string; looked: boolean }>`
      select conname as name, pg_get_constraintdef(oid) as text, convalidated as looked
      from   pg_constraint
      where  conname in ('call_phase_check', 'call_turn_outcome_check', 'assignment_role_check', 'section_routing_settings_check',
                         'callback_setting_settings_check', 'ticket_reply_kind_check', 'message_channel_check')`.execute(db)
    expect(rows.filter(row => !row.looked)).toEqual([])
    expect(rows).toHaveLength(7)
    const words = (name: string) =>
      Array.from(rows.find(row => row.name === name)?.text.matchAll(/'([a-z_-]+)'::text/g) ?? [], match => match[1]).toSorted()
    expect(words('call_phase_check')).toEqual(Object.keys(phases).toSorted())
    expect(words('call_turn_outcome_check')).toEqual(TurnOutcome.options.toSorted())
    expect(words('assignment_role_check')).toEqual(roles.toSorted())

    const set = (settings: string) =>
      sql`insert into section_routing (section_id, settings) values ('x', ${settings}::jsonb)
          on conflict (section_id) do update set settings = excluded.settings`.execute(db)
    for (const settings of ['[]', '"x"', '7', '{"wrapUpMs": "a minute"}', '{"offerTimeoutMs": null}'])
      await expect(set(settings), settings).rejects.toThrow('section_routing_settings_check')
    await set('{"wrapUpMs": 30000, "choice": "best-level", "helpers": []}')
    await expect(sql`insert into callback_setting (unit_id, settings) values ('x', '[]')`.execute(db)).rejects.toThrow(
      'callback_setting_settings_check',
    )
  })
})
