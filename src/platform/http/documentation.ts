/**
 * The reference of the API as a page: the description, readable, without anything from elsewhere. All of it is in the page itself, so that it is
 * read and printed without a script; the script, a file of ours as the content policy wants it, only finds operations by words.
 */

type Json = Record<string, unknown>

interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Json
}

interface Operation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: { description?: string; content: Record<string, { schema: Json }> }
  responses: Record<string, { $ref?: string; description?: string; content?: Record<string, { schema: Json }> }>
  'x-roles'?: string[]
}

interface Placed {
  path: string
  method: string
  operation: Operation
}

/** Where the script of the page is served. */
export const documentationScriptPath = '/api/docs/find.js'

/** HTML of the documentation of an OpenAPI description. */
export function documentationPage(description: Json): string {
  const operations: Placed[] = Object.entries(description.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const { schemas, responses } = description.components as {
    schemas: Record<string, Json>
    responses: Record<string, { description?: string }>
  }
  const [server] = description.servers as { url: string }[]
  const tags = [...new Set(operations.map(tagOf))].sort()
  const sections = tags.map(tag => {
    const own = operations.filter(each => tagOf(each) === tag)
    return `<section id="${idOf(tag)}"><h2>${asText(tag)}</h2>${own.map(each => article(each, responses)).join('')}</section>`
  })
  const named = Object.entries(schemas).sort(([a], [b]) => a.localeCompare(b))
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Filo Diretto API</title><style>${style}</style><script src="${documentationScriptPath}" defer></script></head><body>
<header><h1>Filo Diretto API</h1>
<form id="find" role="search" hidden><label for="words">Find an operation</label><input id="words" type="search" autocomplete="off" placeholder="ticket answer, POST, listTickets …">
<p id="found" role="status"></p></form></header>
<div class="columns"><nav aria-label="Sections"><ul>${tags
    .map(
      tag =>
        `<li><a href="#${idOf(tag)}">${asText(tag)}</a> <small>${operations.filter(each => tagOf(each) === tag).length}</small></li>`,
    )
    .join('')}<li><a href="#schemas">schemas</a> <small>${named.length}</small></li></ul></nav><main>
<section class="intro"><p>${asProse(String((description.info as { description?: string }).description ?? ''))}</p>
<p>Paths begin at <code>${asText(server?.url ?? '')}</code>. The same for programs: <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
<p id="terms">Who uses it does so with the rights of the person who is signed in, sees what that person may see, and is kept in the same log. The installation may set
terms of its own (<code>API_TERMS_URL</code>).</p></section>
${sections.join('')}
<section id="schemas"><h2>Schemas</h2>${named
    .map(
      ([name, value]) =>
        `<details id="${idOf(name)}"><summary><b>${asText(name)}</b></summary><div class="body">${described(value)}${shape(value)}</div></details>`,
    )
    .join('')}</section></main></div></body></html>`
}

/** What the page runs: it narrows the operations to those in whose words all typed ones begin or stand, and opens what an address names. */
export const documentationScript = `'use strict'
const form = document.getElementById('find')
const words = document.getElementById('words')
const found = document.getElementById('found')
const all = [...document.querySelectorAll('main details.operation')]
const texts = new Map(all.map(each => [each, each.dataset.words]))
const narrow = () => {
  const asked = words.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let count = 0
  for (const each of all) {
    each.hidden = !asked.every(word => texts.get(each).includes(word))
    if (!each.hidden) count++
  }
  for (const section of document.querySelectorAll('main section')) {
    const own = [...section.querySelectorAll('details.operation')]
    section.hidden = asked.length > 0 && own.every(each => each.hidden)
  }
  found.textContent = asked.length === 0 ? '' : count === 1 ? '1 operation' : count + ' operations'
}
const open = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!target) return
  if (target.closest('[hidden]')) {
    words.value = ''
    narrow()
  }
  if (target instanceof HTMLDetailsElement) target.open = true
  target.scrollIntoView()
}
form.hidden = false
form.addEventListener('submit', event => event.preventDefault())
words.addEventListener('input', narrow)
addEventListener('hashchange', open)
addEventListener('keydown', event => {
  if (event.key !== '/' || event.target === words) return
  event.preventDefault()
  words.focus()
})
open()
`

const style = `
*{box-sizing:border-box} body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#17324d;background:#fff}
header{position:sticky;top:0;z-index:1;background:#fff;border-bottom:1px solid #d9dfe6;padding:.5rem 1rem;display:flex;gap:.5rem 2rem;align-items:center;flex-wrap:wrap}
h1{font-size:1.25rem;margin:0} h2{text-transform:capitalize;margin:2rem 0 .5rem} h4{margin:1rem 0 .25rem} a{color:#0059b3}
form{display:flex;gap:.25rem .75rem;align-items:center;flex-wrap:wrap;flex:1 1 20rem} form[hidden],[hidden]{display:none} #found{margin:0}
input{font:inherit;padding:.4rem .6rem;border:1px solid #5c6f82;border-radius:4px;flex:1 1 12rem;min-width:0}
:focus-visible{outline:3px solid #0059b3;outline-offset:2px}
.columns{display:grid;grid-template-columns:15rem minmax(0,1fr);gap:0 2rem;max-width:1200px;margin:0 auto;padding:0 1rem}
nav{position:sticky;top:4rem;align-self:start;max-height:calc(100vh - 4rem);overflow:auto;padding:1rem 0} nav ul{list-style:none;margin:0;padding:0} nav a{display:inline-block;padding:.15rem 0;text-transform:capitalize}
nav small{color:#5c6f82} section,details{scroll-margin-top:4.5rem}
details{border-bottom:1px solid #d9dfe6} summary{cursor:pointer;padding:.5rem 0;overflow-wrap:anywhere} .body{padding:0 0 1rem 1rem}
.m{display:inline-block;min-width:4.5rem;font-weight:700;color:#0059b3} code,.type{font:14px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%} td,th{text-align:left;padding:.25rem .75rem .25rem 0;vertical-align:top;border-top:1px solid #eef1f4} td:first-child{white-space:nowrap}
.needed{color:#a3001f} small.meta{color:#5c6f82}
@media (max-width:700px){.columns{display:block} nav{position:static;max-height:none} nav ul{display:flex;flex-wrap:wrap;gap:0 1rem} header{position:static} td,th{display:block;border:0;padding:0} tr{display:block;border-top:1px solid #eef1f4;padding:.35rem 0} thead{display:none} td:first-child{white-space:normal} .body{padding-left:0}}
@media print{form,nav{display:none}}
`

const tagOf = ({ operation }: Placed): string => operation.tags?.[0] ?? ''
const idOf = (name: string): string => asText(name.replace(/\s+/g, '-'))

function article({ path, method, operation }: Placed, named: Record<string, { description?: string }>): string {
  const { operationId = '', summary = '', description, parameters = [], requestBody } = operation
  const searched = [method, path, operationId, summary, ...parameters.map(each => each.name)].join(' ').toLowerCase()
  const answers = Object.entries(operation.responses).map(([status, response]) => {
    const reference = response.$ref?.split('/').at(-1) ?? ''
    const says = response.description ?? named[reference]?.description ?? ''
    const name = status === 'default' ? 'Otherwise' : status
    return `<h4>${name} <small class="meta">${asText(says)}</small></h4>${content(response.content)}`
  })
  return `<details class="operation" id="${asText(operationId)}" data-words="${asText(searched)}"><summary><span class="m">${method}</span> <code>${asText(path)}</code> ${asText(summary)}</summary><div class="body">
<p>${asProse(description ?? '')}</p><p><small class="meta">Its name in clients: <code>${asText(operationId)}</code></small></p>
${parameters.length > 0 ? `<h4>Parameters</h4><table><thead><tr><th>Name</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${parameters.map(parameterRow).join('')}</tbody></table>` : ''}
${requestBody ? `<h4>Body</h4>${requestBody.description ? `<p>${asText(requestBody.description)}</p>` : ''}${content(requestBody.content)}` : ''}
${answers.join('')}</div></details>`
}

const parameterRow = ({ name, in: place, required, description, schema }: Parameter): string =>
  `<tr><td><code>${asText(name)}</code><br><small class="meta">${place}${required ? ', <span class="needed">needed</span>' : ''}</small></td><td class="type">${typeOf(schema)}</td><td>${asText(description ?? '')}</td></tr>`

const content = (types: Record<string, { schema: Json }> | undefined): string =>
  Object.entries(types ?? {})
    .map(([type, { schema }]) => (type.includes('json') ? shape(schema) : `<p><code>${asText(type)}</code></p>`))
    .join('')

/** The fields of an object as a table; of anything else, its type. */
function shape(schema: Json): string {
  const { properties, required } = schema as { properties?: Record<string, Json>; required?: string[] }
  if (!properties) return `<p class="type">${typeOf(schema)}</p>`
  const rows = Object.entries(properties).map(
    ([name, value]) =>
      `<tr><td><code>${asText(name)}</code>${required?.includes(name) ? '' : '<br><small class="meta">may be missing</small>'}</td><td class="type">${typeOf(value)}</td><td>${described(value)}${within(value)}</td></tr>`,
  )
  return `<table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

/** The fields of an object inside another, also as an element of a list; of each of several, one after the other. */
function within(value: Json): string {
  const several = [value.anyOf, value.oneOf].find(Array.isArray) ?? []
  const inner = [value, value.items, ...several].filter(
    (each): each is Json => typeof each === 'object' && each !== null && 'properties' in each,
  )
  return inner.map(shape).join('<small class="meta">or</small>')
}

function described({ description, examples }: Json): string {
  const example = Array.isArray(examples)
    ? ` <small class="meta">e.g. <code>${asText(JSON.stringify(examples[0]))}</code></small>`
    : ''
  return `${typeof description === 'string' ? asText(description) : ''}${example}`
}

/** What a value may be, in words and with links to what has a name. */
function typeOf(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return 'anything'
  const {
    $ref,
    const: only,
    enum: choices,
    anyOf,
    oneOf,
    allOf,
    type,
    format,
    items,
    maxLength,
    minimum,
    maximum,
  } = schema as Json
  if (typeof $ref === 'string') {
    const name = $ref.split('/').at(-1) ?? ''
    return `<a href="#${idOf(name)}">${asText(name)}</a>`
  }
  if (only !== undefined) return asText(JSON.stringify(only))
  if (Array.isArray(choices)) return choices.map(each => asText(JSON.stringify(each))).join(' | ')
  const several = [anyOf, oneOf].find(Array.isArray)
  if (several) return several.map(typeOf).join(' | ')
  if (Array.isArray(allOf)) return allOf.map(typeOf).join(' and ')
  if (type === 'array') return `list of ${typeOf(items)}`
  const bounds = [
    typeof maxLength === 'number' ? `at most ${maxLength} characters` : '',
    typeof minimum === 'number' ? `from ${minimum}` : '',
    typeof maximum === 'number' ? `to ${maximum}` : '',
  ].filter(Boolean)
  return `${asText(String(type ?? 'anything'))}${typeof format === 'string' ? ` <small class="meta">${asText(format)}</small>` : ''}${bounds.length > 0 ? ` <small class="meta">${bounds.join(' ')}</small>` : ''}`
}

const asText = (text: string): string => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)

/** Sentences, with what stands in backticks as code. */
const asProse = (text: string): string => asText(text).replace(/`([^`]*)`/g, '<code>$1</code>')
