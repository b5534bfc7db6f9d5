/** The page of the API's documentation: the description, readable, without a script and without anything from elsewhere. */

type Json = Record<string, unknown>

interface Operation {
  summary?: string
  description?: string
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean; description?: string }[]
  requestBody?: { description?: string; content: Record<string, { schema: Json }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: Json }> }>
  'x-roles'?: string[]
}

/** HTML of the documentation of an OpenAPI description. */
export function documentationPage(description: Json): string {
  const operations = Object.entries(description.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const { schemas } = description.components as { schemas: Record<string, Json> }
  const [server] = description.servers as { url: string }[]
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? ''))].sort()
  const sections = tags.map(tag => {
    const own = operations.filter(({ operation }) => operation.tags?.[0] === tag)
    return `<section id="${asText(tag)}"><h2>${asText(tag)}</h2>${own.map(article).join('')}</section>`
  })
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Filo Diretto API</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:960px;padding:1rem;color:#17324d}
nav a{margin-right:1rem} summary{cursor:pointer;padding:.5rem 0} code,pre{font:14px/1.4 ui-monospace,monospace}
pre{background:#f2f5f8;padding:.75rem;overflow:auto;max-height:28rem} .m{display:inline-block;min-width:4.5rem;font-weight:700;color:#0059b3}
details{border-bottom:1px solid #d9dfe6} table{border-collapse:collapse} td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}
</style></head><body><h1>Filo Diretto API</h1><p>The same as <a href="/api/openapi.json">OpenAPI 3.1</a>. Errors are RFC 9457 problems in the language of <code>Accept-Language</code>;
creations take an <code>Idempotency-Key</code>; edits take the version that was read in <code>If-Match</code>; lists answer <code>next</code>, the cursor of the following page.
Paths begin at <code>${asText(server?.url ?? '')}</code>.</p>
<p id="terms">Who uses it does so with the rights of the person who is signed in, sees what that person may see, and is kept in the same log. The installation may set
terms of its own (<code>API_TERMS_URL</code>).</p>
<nav aria-label="Sections">${tags.map(tag => `<a href="#${asText(tag)}">${asText(tag)}</a>`).join('')}<a href="#schemas">schemas</a></nav><main>${sections.join('')}
<section id="schemas"><h2>Schemas</h2>${Object.entries(schemas)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => `<h3 id="${asText(name)}">${asText(name)}</h3>${schema(value)}`)
    .join('')}</section></main></body></html>`
}

function article({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const answer = Object.entries(operation.responses)
    .filter(([status]) => status !== 'default')
    .map(([status, response]) => `<h4>Answer ${status}</h4>${content(response.content)}`)
  const rows = (operation.parameters ?? []).map(
    each =>
      `<tr><td><code>${asText(each.name)}</code></td><td>${each.in}${each.required ? ', needed' : ''}</td><td>${asText(each.description ?? '')}</td></tr>`,
  )
  return `<details><summary><span class="m">${method}</span> <code>${asText(path)}</code> ${asText(operation.summary ?? '')}</summary>
${operation.description ? `<p>${asText(operation.description)}</p>` : ''}${operation['x-roles'] ? `<p>For: ${operation['x-roles'].map(asText).join(', ')}</p>` : ''}
${rows.length > 0 ? `<table><thead><tr><th>Parameter</th><th>Where</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>` : ''}
${operation.requestBody ? `<h4>Body</h4>${operation.requestBody.description ? `<p>${asText(operation.requestBody.description)}</p>` : ''}${content(operation.requestBody.content)}` : ''}${answer.join('')}</details>`
}

/** JSON by its schema, anything else by its media type. */
const content = (types: Record<string, { schema: Json }> | undefined): string => {
  const other = Object.keys(types ?? {}).find(type => type !== 'application/json')
  return other === undefined ? schema(types?.['application/json']?.schema) : `<p><code>${asText(other)}</code></p>`
}

const schema = (value: Json | undefined): string =>
  value ? `<pre tabindex="0">${linked(asText(JSON.stringify(value, null, 2)))}</pre>` : '<p>nothing</p>'

/** References lead to the schema that they name. */
const linked = (text: string): string => text.replace(/#\/components\/schemas\/(\w+)/g, '<a href="#$1">$1</a>')

const asText = (text: string): string => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
