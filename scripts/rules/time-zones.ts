/**
 * Finds time zones that stand in code: days and hours are those of the institute, whose zone is a setting (`TIME_ZONE`) and comes to the pages with
 * the session. The setting's own default, and examples in schemas, are none.
 */
import { lineAt, type Source, withoutComments } from './source.ts'

const zone = /'((?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/\w+)'/g
const example = /example: $/
const settings = 'src/platform/config.ts'

export interface Found {
  readonly line: number
  readonly zone: string
}

/** The time zones that some code names. Pure. */
export function timeZones(code: string): Found[] {
  const text = withoutComments(code)
  return Array.from(text.matchAll(zone))
    .filter(({ index }) => !example.test(text.slice(0, index)))
    .map(({ 1: name = '', index }) => ({ line: lineAt(text, index), zone: name }))
}

/** Returns a sentence for each time zone that is named elsewhere than in the settings. */
export const timeZonesFound = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ path }) => path !== settings)
    .flatMap(({ path, text }) => timeZones(text).map(each => ({ path, ...each })))
    .map(({ path, line, zone: name }) => `${path}:${line} names the time zone '${name}': take the institute's (TIME_ZONE).`)
