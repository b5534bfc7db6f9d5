/** A browser as far as the API needs one: keeps its cookie, says where it comes from. For tests that talk to a server. */

export interface Answer {
  status: number
  headers: Headers
  /** The body, read as JSON; undefined when there is none. */
  body: unknown
}

export interface Browser {
  readonly cookie: string | undefined
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

/** @param cookie what it brings from before */
export function browserAt(url: string, cookie?: string): Browser {
  const jar = new Map<string, string>((cookie ?? '').split('; ').flatMap(pair => (pair === '' ? [] : [[nameOf(pair), pair]])))
  const all = () => [...jar.values()].join('; ')
  return {
    get cookie() {
      return jar.size === 0 ? undefined : all()
    },
    async send(method, path, body, headers = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          origin: new URL(url).origin,
          'sec-fetch-site': 'same-origin',
          ...(jar.size === 0 ? {} : { cookie: all() }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      for (const each of response.headers.getSetCookie()) {
        const [pair = ''] = each.split(';')
        if (/Max-Age=0(?:;|$)/.test(each)) jar.delete(nameOf(pair))
        else jar.set(nameOf(pair), pair)
      }
      const text = await response.text()
      const json: unknown = text === '' ? undefined : JSON.parse(text)
      return { status: response.status, headers: response.headers, body: json }
    },
  }
}

const nameOf = (pair: string): string => pair.split('=')[0] ?? ''
