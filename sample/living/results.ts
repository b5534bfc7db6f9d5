/**
 * How the cases of the six weeks went for their citizens, read from what was written of them: one row for each, and the sums of it, as
 * `src/cases/results/` keeps them while people work. In two statements: the trigger that counts row by row would take as long as a day of the sample.
 */
import { sql } from 'kysely'
import { caseRepeatExplained, caseRepeated } from '../../src/cases/index.ts'
import { type Tx, typeName } from '../../src/platform/index.ts'
import { livingIds } from './story.ts'

/** Writes the results of the sample's cases. Nobody else writes any before the sample is whole. */
export async function writeResults(tx: Tx, timeZone: string): Promise<void> {
  const dayOf = (column: string) => sql`(${sql.ref(column)} at time zone ${timeZone})::date`
  await sql`alter table case_result disable trigger case_result_is_counted`.execute(tx)
  await sql`
    with first as materialized (
           select   distinct on (case_id) case_id, closed_at, section_id, operator_path, region_code, channel
           from     interaction
           where    case_id is not null and state <> 'open'
           order by case_id, closed_at),
         back as materialized (
           select case_id, (payload ->> 'interactionId')::uuid as repeat_id, payload ->> 'channel' as channel
           from   event where type = ${typeName(caseRepeated)}),
         why as materialized (
           select (payload ->> 'interactionId')::uuid as repeat_id, payload ->> 'cause' as cause
           from   event where type = ${typeName(caseRepeatExplained)})
    insert into case_result (case_id, contact_id, first_on, section_id, unit_path, typology_id, region_code, channel, at_first, closed_on, closed_at,
                             repeat_id, repeated_at, repeat_channel, cause)
    select    "case".id, "case".contact_id, ${dayOf('first.closed_at')}, coalesce(first.section_id, ''), first.operator_path, "case".typology_id,
              coalesce(first.region_code, contact.region_code, ''), first.channel, "case".outcome is not distinct from 'first-contact',
              ${dayOf('case.closed_at')}, "case".closed_at, back.repeat_id, again.opened_at, back.channel, why.cause
    from      "case"
    join      contact on contact.id = "case".contact_id
    join      first on first.case_id = "case".id
    left join back on back.case_id = "case".id
    left join interaction again on again.id = back.repeat_id
    left join why on why.repeat_id = back.repeat_id
    where     "case".id >= ${livingIds.from}::uuid and "case".id < ${livingIds.below}::uuid`.execute(tx)
  await sql`alter table case_result enable trigger case_result_is_counted`.execute(tx)
  await sql`
    insert into case_result_sum (month, section_id, unit_path, typology_id, region_code, channel,
                                 first_contacts, resolved, closed, repeated, unclear, unsolved, new_fact, other)
    select   date_trunc('month', counted_on)::date, section_id, unit_path, typology_id, region_code, channel,
             count(*) filter (where is_first), count(*) filter (where is_first and at_first and repeat_id is null),
             count(*) filter (where not is_first), count(*) filter (where not is_first and repeat_id is not null),
             count(*) filter (where not is_first and cause = 'unclear'), count(*) filter (where not is_first and cause = 'unsolved'),
             count(*) filter (where not is_first and cause = 'new-fact'), count(*) filter (where not is_first and cause = 'other')
    from     case_result cross join lateral (values (first_on, true), (closed_on, false)) counted (counted_on, is_first)
    where    counted_on is not null and case_id >= ${livingIds.from}::uuid and case_id < ${livingIds.below}::uuid
    group by 1, 2, 3, 4, 5, 6`.execute(tx)
}
