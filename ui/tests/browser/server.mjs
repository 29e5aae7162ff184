// Serves dist-mock with the security policy of the desktop program.
import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { POLICY } from './policy.mjs'

const ROOT = fileURLToPath(new URL('../../dist-mock/', import.meta.url))
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

/** Answers `{ address, close }`. */
export async function serve() {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname)
    const file = join(ROOT, path)
    if (path === '/favicon.ico') {
      response.writeHead(204).end()
      return
    }
    if (!file.startsWith(ROOT) || !existsSync(file) || path.endsWith('/')) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, {
      'content-type': `${TYPES[extname(file)] ?? 'application/octet-stream'}; charset=utf-8`,
      'content-security-policy': POLICY,
    })
    createReadStream(file).pipe(response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}
