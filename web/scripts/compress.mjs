// Tells the service worker what the program is made of, then writes a .gz and a .br beside every text file of the build,
// so that the server never compresses while someone waits. Zopfli writes a .gz some 4 % smaller than zlib can.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import zopfli from '@gfx/zopfli'

const root = new URL('../dist/', import.meta.url).pathname
const files = (dir) => readdirSync(dir).flatMap((name) => {
  const path = join(dir, name)
  return statSync(path).isDirectory() ? files(path) : [path]
})
const shell = ['/', '/boot.js', '/favicon.svg', '/manifest.webmanifest', ...files(root).map((path) => `/${relative(root, path)}`).filter((path) => /^\/assets\/.*\.(js|css)$/.test(path))]
const worker = join(root, 'sw.js')
const build = createHash('sha256').update(readFileSync(join(root, 'index.html'))).update(shell.join()).digest('hex').slice(0, 12)
writeFileSync(worker, readFileSync(worker, 'utf8').replace("'dev'", `'${build}'`).replace('[]', JSON.stringify(shell)))
let before = 0
let after = 0
for (const path of files(root)) {
  if (!/\.(js|css|html|svg|json|txt|webmanifest)$/.test(path)) continue
  const text = readFileSync(path)
  const small = await zopfli.gzipAsync(text, { numiterations: 15 })
  if (small.length >= text.length) continue
  writeFileSync(`${path}.gz`, small)
  writeFileSync(`${path}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }))
  before += text.length
  after += small.length
}
process.stdout.write(`compressed ${(before / 1024).toFixed(0)} kB to ${(after / 1024).toFixed(0)} kB\n`)
