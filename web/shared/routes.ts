/**
 * What may be asked of the server, as types: taken from the declarations of the routes themselves, so that a field which changes its name
 * there is missed here by the compiler. Nothing of the server is loaded in the browser.
 */
import type { z } from 'zod'
import type { DeclaredRoute } from '../../src/routes.ts'

export type Method = DeclaredRoute['method']

/** The addresses of the routes of a method, as they are declared: `/api/tickets/:ticketId`. */
export type UrlOf<M extends Method> = Extract<DeclaredRoute, { method: M }>['url']

type Routes = { [R in DeclaredRoute as `${R['method']} ${R['url']}`]: R }
type RouteAt<M extends Method, U extends string> = `${M} ${U}` extends infer Name extends keyof Routes ? Routes[Name] : never

type Declared<S> = [NonNullable<S>] extends [never] ? false : true
type Sent<S> = NonNullable<S> extends infer B extends z.ZodType ? z.input<B> : never
type Read<S> = NonNullable<S> extends infer B extends z.ZodType ? z.output<B> : never

type Nothing = Record<never, never>
/** A member of a request: needed unless all of it may be left out. */
type Member<Name extends string, T> = Nothing extends T ? { [N in Name]?: T | undefined } : { [N in Name]: T }

/** In an address everything is text: what may be left out is what the schema lets be, the type is what it is read as. */
type QueryOf<Q> =
  Sent<Q> extends infer S
    ? Read<Q> extends infer O
      ? { [K in keyof S]: K extends keyof O ? (Nothing extends Pick<S, K> ? O[K] | null | undefined : O[K]) : never }
      : never
    : never

type Path<R extends DeclaredRoute> = Declared<R['params']> extends true ? Member<'path', Read<R['params']>> : unknown
type Query<R extends DeclaredRoute> = Declared<R['query']> extends true ? Member<'query', QueryOf<R['query']>> : unknown
type BodyOf<R> = R extends DeclaredRoute
  ? Declared<R['takes']> extends true
    ? Blob
    : Declared<R['body']> extends true
      ? Sent<R['body']>
      : undefined
  : never
type Body<R extends DeclaredRoute> = [BodyOf<R>] extends [undefined]
  ? unknown
  : undefined extends BodyOf<R>
    ? { body?: BodyOf<R> }
    : Member<'body', BodyOf<R>>
/** `If-Match`: the version that was read. */
type Version<R extends DeclaredRoute> = true extends R['ifMatch'] ? { version: number } : unknown
/** `Idempotency-Key`: a repetition with the same key does nothing twice. See `useIdempotencyKey`. */
type Key<R extends DeclaredRoute> = true extends R['idempotent'] ? { key?: string | undefined } : unknown

/** How it is sent: until it is given up, and with `keepalive` also while the page is left. */
interface Sending {
  signal?: AbortSignal | undefined
  keepalive?: boolean
}

type Request<R extends DeclaredRoute> = Path<R> & Query<R> & Body<R> & Version<R> & Key<R> & Sending

/** What goes with a request to a route: `path`, `query`, `body`, `version` and `key` where it has them. */
export type RequestOf<M extends Method, U extends string> = Request<RouteAt<M, U>>

/** The request as the last argument, which may be left out where nothing in it is needed. */
export type RequestArguments<M extends Method, U extends string> =
  Nothing extends RequestOf<M, U> ? [request?: RequestOf<M, U>] : [request: RequestOf<M, U>]

/** What a route answers: nothing where it declares no answer. */
export type AnswerOf<M extends Method, U extends string> =
  Declared<RouteAt<M, U>['answer']> extends true ? Read<RouteAt<M, U>['answer']> : undefined

type StepBody<R extends DeclaredRoute> = Declared<R['body']> extends true ? Member<'body', Sent<R['body']>> : { body?: undefined }

/** One of several things that can be done with something, by the names that a page gives them, each with the body that its route takes. */
export type StepOf<Urls extends Readonly<Record<string, UrlOf<'POST'>>>> = {
  [N in keyof Urls & string]: { name: N } & StepBody<RouteAt<'POST', Urls[N]>>
}[keyof Urls & string]
