// Types of what surrounds a record in every answer, read off the server's OpenAPI: src/api/schema.ts.
// Records themselves are described by /api/meta while the client runs, so a new entity changes nothing here.
// node scripts/schema.mjs writes the file; with --check it only tells whether it is current.
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'

/** What the client names; what these name comes along. */
const ROOTS = [
  'Problem', 'Hint', 'Posted', 'Shown', 'Groups', 'BatchResults', 'Imported', 'Timeline', 'Links', 'Books', 'Settled', 'WouldPost', 'Open', 'ReportTable',
  'Session', 'Home', 'WorkingDays', 'Hits', 'Meta', 'JobTold', 'JobResult', 'MassPreview', 'Bin', 'FileLook', 'FilePlan', 'HookDeliveries', 'Together', 'Inbox',
  // A page and a preview are alike for all entities: these stand for them.
  'SavedViewPage', 'SavedViewPreview',
]
const described = JSON.parse(readFileSync(new URL('../../tests/snapshots/openapi.json', import.meta.url), 'utf8'))
const target = new URL('../src/api/schema.ts', import.meta.url)

const schemas = {}
const take = (name) => {
  if (schemas[name]) return
  const schema = described.components.schemas[name]
  if (!schema) throw new Error(`openapi.json has no schema ${name}`)
  schemas[name] = schema
  for (const [, inner] of JSON.stringify(schema).matchAll(/#\/components\/schemas\/([A-Za-z_]+)/g)) take(inner)
}
ROOTS.forEach(take)

const tree = await openapiTS({ openapi: described.openapi, info: described.info, paths: {}, components: { schemas } }, { arrayLength: true })
const text = `//! Generated from tests/snapshots/openapi.json by \`npm run types:api\`; not to be changed by hand.\n\n${astToString(tree)}`
const before = (() => {
  try {
    return readFileSync(target, 'utf8')
  } catch {
    return ''
  }
})()
if (process.argv.includes('--check')) {
  if (before !== text) {
    process.stderr.write('web/src/api/schema.ts is not what the server describes: cargo xtask regen, then npm run types:api\n')
    process.exit(1)
  }
} else if (before !== text) writeFileSync(target, text)
