/**
 * Monitoring: the figures of now, for those who are responsible for a contact centre.
 *
 * Who waits and what agents do are read from distribution's rows; what has happened is read from the sums of half hours, which a follower of
 * the journal writes once (`sums/`). They can be rebuilt from it at any time, so a figure can always be traced to its entries.
 */
import { z } from 'zod'
import { Instant } from '../platform/index.ts'

/** Seconds within which a call should be answered. */
export const thresholdSeconds = 20
/** How far the figures that look back do so. */
export const windowMinutes = 30
/** Sums that are behind the journal by more are said to be. */
export const lateMs = 60_000

const count = z.number().int().min(0)

export const AgentCounts = z.object({
  available: count,
  offered: count.describe('a call rings at the agent'),
  talking: count,
  wrapUp: count,
  paused: count,
})
export type AgentCounts = z.infer<typeof AgentCounts>

export const ServiceLevel = z.object({
  answeredWithin20: count.describe('calls answered within 20 seconds'),
  offered: count.describe('calls answered, and calls that were not answered, without callers who hung up within 20 seconds'),
  share: z.number().min(0).max(1).nullable().describe('the first of the second; null when there was no call'),
})
export type ServiceLevel = z.infer<typeof ServiceLevel>

const behindSeconds = count.describe('how old the oldest entry is that these figures do not contain yet; 0 within a minute')

const figures = {
  waiting: count.describe('calls that wait, those that ring at an agent included'),
  longestSince: Instant.nullable().describe('since when the one waits that has waited longest'),
  callbacks: count.describe('callers who hung up and kept their place, and are not being called yet'),
  agents: AgentCounts,
  inConversation: count.describe('calls that talk with an agent'),
  serviceLevel30: ServiceLevel.describe('of the waits that ended in the last 30 minutes'),
  abandoned30: count.describe('callers who hung up while they waited, in the last 30 minutes, after however short a wait'),
}

export const SectionFigures = z
  .object({ id: z.string(), name: z.string(), isOpen: z.boolean().describe('whether callers are let in now'), ...figures })
  .meta({ id: 'SectionFigures' })
export type SectionFigures = z.infer<typeof SectionFigures>

export const LiveFigures = z
  .object({
    at: Instant.describe('the instant of the figures'),
    behindSeconds,
    sections: z.array(SectionFigures),
    total: z.object(figures).describe('of these sections together; an agent who serves two of them counts once'),
  })
  .meta({ id: 'LiveFigures' })
export type LiveFigures = z.infer<typeof LiveFigures>

export const DayFigures = z
  .object({
    day: z.iso.date().describe('today, in office time'),
    timeZone: z.string(),
    behindSeconds,
    slots: z
      .array(z.object({ start: Instant, arrivals: count.describe('calls that joined the queue of a section') }))
      .describe('half hours of the whole day; those to come have no arrivals yet'),
    total: count,
    waits: z
      .array(
        z.object({
          sectionId: z.string(),
          seconds: z
            .array(z.number().min(0).nullable())
            .describe('mean wait of the calls answered in each half hour; null where none was'),
        }),
      )
      .describe('how long callers waited for each section, by the same half hours'),
  })
  .meta({ id: 'DayFigures' })
export type DayFigures = z.infer<typeof DayFigures>

export const ArrivalsByProvince = z
  .object({
    day: z.iso.date().describe('today, in office time'),
    behindSeconds,
    region: z
      .string()
      .nullable()
      .describe('the region whose provinces these are, all of them; null for the country: those that were called'),
    provinces: z.array(
      z.object({
        code: z.string().describe('sign of the province').meta({ example: 'RM' }),
        name: z.string(),
        regionName: z.string(),
        arrivals: count.describe('calls to the numbers of its offices that entered the contact centre'),
      }),
    ),
  })
  .meta({ id: 'ArrivalsByProvince' })
export type ArrivalsByProvince = z.infer<typeof ArrivalsByProvince>
