/**
 * Figures of now for Prometheus. They are asked of the database when Prometheus asks, and are the same on every node: take the greatest, not the
 * sum. With them the follower starts that writes the sums of half hours.
 */
import { Gauge } from 'prom-client'
import { agentStatuses, liveSections } from '../distribution/index.ts'
import { contactCentreSections } from '../organisation/index.ts'
import { type House, registry } from '../platform/index.ts'
import { agentStates } from '../routing/index.ts'
import { behindMs, entriesRead, startSums } from './sums/index.ts'

const names = {
  waiting: 'filodiretto_calls_waiting',
  longest: 'filodiretto_longest_wait_seconds',
  agents: 'filodiretto_agents',
  sumsBehind: 'filodiretto_sums_behind_seconds',
  sumsRead: 'filodiretto_sums_entries_read',
} as const

/** Adds the gauges to those that `/metrics` shows, until the answered `close` is called. One house for each process has them. */
export function startMonitoring(house: House): { close(): Promise<void> } {
  const db = house.database.kysely
  /** A database that does not answer must not take the other figures with it: these are then left out. */
  const orNothing = async (gauge: { reset(): void }, fill: () => Promise<void>): Promise<void> => {
    gauge.reset()
    await fill().catch((error: unknown) => {
      gauge.reset()
      house.log.warn({ error: String(error) }, 'figures of now could not be read')
    })
  }
  const sectionsNow = async () =>
    liveSections(
      db,
      (await contactCentreSections(db)).map(section => section.id),
    )
  new Gauge({
    name: names.waiting,
    help: 'Calls that wait, by section',
    labelNames: ['section'] as const,
    registers: [registry],
    collect() {
      return orNothing(this, async () => {
        for (const { sectionId, waiting } of await sectionsNow()) this.set({ section: sectionId }, waiting)
      })
    },
  })
  new Gauge({
    name: names.longest,
    help: 'Seconds that the call has waited which has waited longest, by section',
    labelNames: ['section'] as const,
    registers: [registry],
    collect() {
      return orNothing(this, async () => {
        for (const { sectionId, longestSince } of await sectionsNow())
          this.set({ section: sectionId }, longestSince ? Math.max(0, (house.clock.now() - longestSince.getTime()) / 1000) : 0)
      })
    },
  })
  new Gauge({
    name: names.agents,
    help: 'Agents by state',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      return orNothing(this, async () => {
        for (const state of agentStates) if (state !== 'signed-out') this.set({ state }, 0)
        for (const { state } of await agentStatuses(db)) if (state !== 'signed-out') this.inc({ state })
      })
    },
  })
  new Gauge({
    name: names.sumsBehind,
    help: 'Age of the oldest entry of the journal that the sums of half hours do not contain, in seconds',
    registers: [registry],
    collect() {
      return orNothing(this, async () => this.set((await behindMs(house)) / 1_000))
    },
  })
  new Gauge({
    name: names.sumsRead,
    help: 'Entries of the journal that the sums of half hours have read since they were begun or rebuilt',
    registers: [registry],
    collect() {
      return orNothing(this, async () => this.set(await entriesRead(house)))
    },
  })
  const sums = startSums(house)
  return {
    async close() {
      for (const name of Object.values(names)) registry.removeSingleMetric(name)
      await sums.close()
    },
  }
}
