/**
 * What directors look at is reckoned from weeks of calls: on PostgreSQL in threads with connections of their own, so that nobody's page or call
 * waits for it, and it ends when nobody looks any more. The embedded database has one session: there it is reckoned where it is, in its turn.
 */
import type { FastifyReply } from 'fastify'
import { type Config, type House, openThreads, openTurnstile, type Threads } from '../platform/index.ts'
import type { PastContext } from './past.ts'
import type { ChannellingQuery, ForecastQuery } from './schema.ts'
import { channellingView, forecastView, pastDayView } from './service.ts'

/** The views that are reckoned, with what each is asked. */
export interface Questions {
  day: { date: string }
  forecast: ForecastQuery
  channelling: ChannellingQuery
}

interface Answers {
  day: Awaited<ReturnType<typeof pastDayView>>
  forecast: Awaited<ReturnType<typeof forecastView>>
  channelling: Awaited<ReturnType<typeof channellingView>>
}

type View = keyof Questions

/** Reckons a view where it is called. */
export const reckon: { [V in View]: (ground: PastContext, query: Questions[V]) => Promise<Answers[V]> } = {
  day: (ground, { date }) => pastDayView(ground, date),
  forecast: forecastView,
  channelling: channellingView,
}

/** What each thread is told. */
export interface ViewSettings {
  readonly config: Config
}

/** A question to a thread. */
export interface ViewQuestion<V extends View = View> {
  readonly view: V
  readonly query: Questions[V]
  /** How far the program's clock is ahead of the machine's. */
  readonly clockAheadMs: number
}

const bounds = { atOnce: 2, waiting: 6 }
const ofThreads = { ...bounds, memoryMb: 512, withinMs: 60_000, idleMs: 5 * 60_000 }
/** A view reads one thing after the other. */
const connectionsOfThread = 2

type Reckoner = <V extends View>(view: V, query: Questions[V], signal: AbortSignal) => Promise<Answers[V]>

interface PlannerViews {
  reckoner: Reckoner
  threads: Threads | undefined
}

declare module '../platform/index.ts' {
  interface HouseParts {
    plannerViews: PlannerViews
  }
}

function open(house: House): PlannerViews {
  if (house.database.kind === 'embedded') {
    const inTurn = openTurnstile(bounds)
    return { reckoner: (view, query, signal) => inTurn(() => reckon[view](house, query), signal), threads: undefined }
  }
  const settings: ViewSettings = { config: { ...house.config, DATABASE_POOL: connectionsOfThread } }
  const threads = openThreads({ ...ofThreads, program: new URL('./views-thread.ts', import.meta.url), settings })
  return {
    threads,
    async reckoner<V extends View>(view: V, query: Questions[V], signal: AbortSignal) {
      const question: ViewQuestion<V> = { view, query, clockAheadMs: house.clock.now() - Date.now() }
      // The thread answers with the same function that is called here on the embedded database.
      return (await threads.ask(question, signal)) as Answers[V]
    },
  }
}

/**
 * Reckons a view for whoever waits for the reply.
 * @throws Refused 503 while too many are reckoned; what the view refuses
 */
export function viewFor<V extends View>(house: House, { raw }: FastifyReply, view: V, query: Questions[V]): Promise<Answers[V]> {
  house.parts.plannerViews ??= open(house)
  const gone = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort()
  })
  return house.parts.plannerViews.reckoner(view, query, gone.signal)
}

/** Ends the threads of a program that stops. */
export async function closeViews(house: House): Promise<void> {
  await house.parts.plannerViews?.threads?.close()
}
