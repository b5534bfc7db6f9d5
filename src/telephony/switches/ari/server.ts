/** Requests about Asterisk itself: what it is, its global variables, who can be reached. */
import { z } from 'zod'
import { AriNotFound } from './errors.ts'
import { type AriHttp, path } from './http.ts'
import { Endpoint, Info } from './model.ts'

export interface ServerRequests {
  about(): Promise<{ version: string; startedAt: Date }>
  /** The value of a global variable; undefined when it is not set. */
  getGlobal(name: string): Promise<string | undefined>
  /**
   * Tells the dialplan where to send the callers of an office while we are away. Without a fallback the dialplan's own default holds.
   * @param number the office's number, E.164 (`+390651234567`)
   * @param fallback the number to dial, E.164, or undefined to forget it
   */
  setFallback(number: string, fallback: string | undefined): Promise<void>
  /** Whether somebody can be reached, e.g. `PJSIP`, `anna`; undefined when Asterisk knows no such endpoint. */
  endpoint(technology: string, resource: string): Promise<Endpoint | undefined>
}

const Variable = z.object({ value: z.string() })
const e164 = /^\+[1-9][0-9]{2,14}$/

export function serverRequests(http: AriHttp): ServerRequests {
  const setGlobal = async (variable: string, value: string) => {
    await http.send({ method: 'POST', path: '/asterisk/variable', query: { variable, value } })
  }
  return {
    async about() {
      const { system, status } = Info.parse(await http.send({ method: 'GET', path: '/asterisk/info' }))
      return { version: system.version, startedAt: new Date(status.startup_time) }
    },
    async getGlobal(variable) {
      const { value } = Variable.parse(await http.send({ method: 'GET', path: '/asterisk/variable', query: { variable } }))
      return value === '' ? undefined : value
    },
    async setFallback(number, fallback) {
      // These become parts of the dialplan: nothing but digits may get there.
      for (const each of [number, fallback])
        if (each !== undefined && !e164.test(each)) throw new RangeError(`${each} is not an E.164 number`)
      await setGlobal(`FALLBACK_${number.slice(1)}`, fallback?.slice(1) ?? '')
    },
    async endpoint(technology, resource) {
      try {
        return Endpoint.parse(await http.send({ method: 'GET', path: path('endpoints', technology, resource) }))
      } catch (error) {
        if (error instanceof AriNotFound) return undefined
        throw error
      }
    },
  }
}
