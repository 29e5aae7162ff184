// @vitest-environment node
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import shipped from '../../../src-tauri/tauri.conf.json'
// @ts-expect-error the browser tests are plain modules
import { serve } from '../browser/server.mjs'

const FOLDER = fileURLToPath(new URL('../../dist-mock/policy-test/', import.meta.url))

const directives = (policy: string) =>
  Object.fromEntries(
    policy
      .split(';')
      .map((part) => part.trim().split(/\s+/))
      .map(([name, ...sources]) => [name, sources.join(' ')]),
  )

describe('the content security policy', () => {
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

  it('under which the screens are tested is the one that ships', async () => {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(`${FOLDER}page.html`, '<title>page</title>')
    const { address, close } = await serve()
    const answer = await fetch(`${address}/policy-test/page.html`)
    await answer.text()
    close()
    expect(directives(answer.headers.get('content-security-policy') ?? '')).toEqual(shipped.app.security.csp)
  })

  it('lets in nothing but our own files and our own commands', () => {
    const policy = shipped.app.security.csp as Record<string, string>
    const allowed = new Set(["'none'", "'self'", 'data:', 'ipc:', 'http://ipc.localhost'])
    for (const [directive, sources] of Object.entries(policy)) {
      for (const source of sources.split(' ')) expect(allowed, `${directive} ${source}`).toContain(source)
    }
    expect(policy['default-src']).toBe("'none'")
    expect(policy['script-src']).toBe("'self'")
    expect(policy['style-src']).toBe("'self'")
    expect(Object.keys(policy).filter((directive) => policy[directive]?.includes('data:'))).toEqual(['img-src'])
    expect(shipped.app.security.dangerousDisableAssetCspModification).toBe(false)
    expect(shipped.app.windows).toEqual([])
  })
})
