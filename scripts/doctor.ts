/**
 * `npm run doctor`: looks at an installation and says in sentences what is not right and how it is mended. Ends with 1 when something has to
 * be mended, with 0 when there are warnings at most. It changes nothing, and takes seconds.
 *
 *   npm run doctor              what is not right, and how many checks were well
 *   npm run doctor -- --all     also what is well
 *   npm run doctor -- --json    every finding, as JSON
 */
import { z } from 'zod'
import { examine, type Finding, gatherFacts, isUnwell } from '../src/doctor/index.ts'
import { readConfig } from '../src/platform/index.ts'
import { runCommand } from './house.ts'
import { readOptions } from './options.ts'

const options = readOptions(z.object({ json: z.boolean().default(false), all: z.boolean().default(false) }), ['json', 'all'])
const marks: Readonly<Record<Finding['status'], string>> = { wrong: '✗', warning: '!', unknown: '?', ok: '✓' }

await runCommand(async () => {
  const findings = examine(await gatherFacts(readConfig(process.env)))
  process.exitCode = isUnwell(findings) ? 1 : 0
  if (options.json) return console.log(JSON.stringify({ healthy: !isUnwell(findings), findings }, null, 2))
  for (const status of ['wrong', 'warning', 'unknown', 'ok'] as const)
    for (const finding of findings) if (finding.status === status && (status !== 'ok' || options.all)) print(finding)
  const many = (status: Finding['status']) => findings.filter(finding => finding.status === status).length
  console.log(`${many('wrong')} to mend, ${many('warning')} to look at, ${many('unknown')} not known, ${many('ok')} well.`)
})

function print({ check, status, says, mend }: Finding): void {
  console.log(`${marks[status]} ${check}: ${says}`)
  if (mend !== '') console.log(`    → ${mend}`)
}
