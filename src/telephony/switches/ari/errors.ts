/**
 * What can go wrong between us and Asterisk, by what the caller can do about it.
 *
 * `AriUnavailable` says nothing about whether the request was carried out: after it, look (list, or wait for the next connect)
 * instead of assuming. All others are Asterisk's own answers, so nothing was done.
 */

/** The request that failed, for logs and messages. Never holds a password: credentials travel in headers and bodies. */
export interface FailedRequest {
  readonly method: string
  readonly path: string
  /** HTTP status of the answer; 0 when there was none. */
  readonly status: number
}

/** Asterisk answered with an error that has no class of its own (400, 401, 403 …). */
export class AriError extends Error {
  override readonly name: string = 'AriError'
  readonly request: FailedRequest

  constructor(request: FailedRequest, reason: string, options?: ErrorOptions) {
    super(`${request.method} ${request.path}: ${reason}`, options)
    this.request = request
  }
}

/** 404: the channel, bridge or playback is gone, or was never there. */
export class AriNotFound extends AriError {
  override readonly name = 'AriNotFound'
}

/** 409: the id is taken, or the channel is not (any more) in our application. */
export class AriConflict extends AriError {
  override readonly name = 'AriConflict'
}

/** 412 and 422: the thing exists and is in a state in which this cannot be done (e.g. a channel that has not reached us yet). */
export class AriWrongState extends AriError {
  override readonly name = 'AriWrongState'
}

/** No answer in time, no connection, or Asterisk is overloaded (5xx). The request may or may not have been carried out. */
export class AriUnavailable extends AriError {
  override readonly name = 'AriUnavailable'
}

/** Picks the class for an HTTP status. Pure. */
export function ariError(request: FailedRequest, reason: string): AriError {
  if (request.status === 404) return new AriNotFound(request, reason)
  if (request.status === 409) return new AriConflict(request, reason)
  if (request.status === 412 || request.status === 422) return new AriWrongState(request, reason)
  if (request.status >= 500) return new AriUnavailable(request, reason)
  return new AriError(request, reason)
}
