// The content security policy that the desktop program ships, read from where Tauri reads it.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const CONFIGURATION = fileURLToPath(new URL('../../../src-tauri/tauri.conf.json', import.meta.url))

/** One header value: each directive with its sources, as in `app.security.csp`. */
export function policyOf(configuration) {
  return Object.entries(configuration.app.security.csp)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ')
}

export const POLICY = policyOf(JSON.parse(readFileSync(CONFIGURATION, 'utf8')))
