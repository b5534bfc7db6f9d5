/**
 * Browser telephones: PJSIP objects that come and go with their owners' sessions, made over ARI in Asterisk's memory
 * (`sorcery.conf` of our templates says so). They are gone when Asterisk restarts: make them again at each connection.
 */
import { AriNotFound } from './errors.ts'
import { type AriHttp, path } from './http.ts'

export interface Telephone {
  /** Name of the endpoint, and user name: letters, digits, `-`, `_`, at most 64. Call it as `PJSIP/<id>`. */
  readonly id: string
  /** Fresh for each session, at least 16 characters. */
  readonly password: string
  readonly language?: string
  /** In a browser (SIP over WebSocket, WebRTC), or one that speaks plain SIP over UDP. A browser unless said. */
  readonly kind?: 'browser' | 'sip'
}

export interface TelephoneRequests {
  /** Makes a telephone, or gives an existing one a new password. */
  create(telephone: Telephone): Promise<void>
  /** Takes it away, and with it its registration. One that is not there is fine. A conversation goes on until it is hung up. */
  remove(id: string): Promise<void>
}

const telephoneId = /^[A-Za-z0-9_-]{1,64}$/

export function telephoneRequests(http: AriHttp): TelephoneRequests {
  const where = (type: string, id: string) => path('asterisk', 'config', 'dynamic', 'res_pjsip', type, id)
  const put = async (type: string, id: string, fields: Record<string, string>) => {
    const body = { fields: Object.entries(fields).map(([attribute, value]) => ({ attribute, value })) }
    await http.send({ method: 'PUT', path: where(type, id), body })
  }
  const remove = async (type: string, id: string) => {
    try {
      await http.send({ method: 'DELETE', path: where(type, id) })
    } catch (error) {
      if (!(error instanceof AriNotFound)) throw error
    }
  }
  return {
    async create({ id, password, language = 'it', kind = 'browser' }) {
      if (!telephoneId.test(id)) throw new RangeError(`${id} is no name for a telephone`)
      if (password.length < 16) throw new RangeError('the password of a telephone is too short')
      // Browsers' SIP libraries know MD5 digests only (RFC 3261 §22.4); the password is random, lives for a session and travels over TLS.
      await put('auth', id, { auth_type: 'digest', username: id, password })
      // One page at a time: the page that registers last is the one that rings, so a reload needs no waiting for the old one to expire.
      await put('aor', id, { max_contacts: '1', remove_existing: 'yes', default_expiration: '120' })
      // The endpoint last: from here on the telephone exists, whole.
      await put('endpoint', id, {
        context: 'from-agents',
        ...(kind === 'browser' ? { transport: 'ws', webrtc: 'yes', dtls_auto_generate_cert: 'yes' } : { transport: 'udp' }),
        disallow: 'all',
        allow: 'alaw,ulaw',
        language,
        aors: id,
        auth: id,
        direct_media: 'no',
        allow_subscribe: 'no',
        allow_transfer: 'no',
        // A page that died sends no more sound; the program notices by the heartbeat, this is for when the program is away too.
        rtp_timeout: '60',
      })
    },
    async remove(id) {
      if (!telephoneId.test(id)) throw new RangeError(`${id} is no name for a telephone`)
      for (const type of ['endpoint', 'aor', 'auth']) await remove(type, id)
    },
  }
}
