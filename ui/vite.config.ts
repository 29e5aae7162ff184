/// <reference types="vitest/config" />
// One build, four small entries. `--mode mock` swaps the host for the in-browser one; the real bundle never holds it.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'
import workbenchOnly from './src/texts/workbench-only.json'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** The Chinese catalogue without some sections (`case`) and parts (`words.urge_kind`, `problem.absence_over`), for the small windows; the workbench imports the whole file. */
const smallCatalogue = (left: string[]): Plugin => ({
  name: 'small-catalogue',
  resolveId: (id) => (id === 'virtual:small-catalogue' ? '\0small-catalogue' : null),
  load(id) {
    if (id !== '\0small-catalogue') return null
    const file = path('./src/texts/zh-CN.json')
    this.addWatchFile(file)
    const whole = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, unknown>>
    for (const [section, list] of left.map((name) => name.split('.') as [string, string?])) {
      if (list) delete whole[section]?.[list]
      else delete whole[section]
    }
    return `export default ${JSON.stringify(whole)}`
  },
})

export default defineConfig(({ mode }) => {
  const mocked = mode === 'mock' || mode === 'test'
  return {
    base: './',
    plugins: [vue(), smallCatalogue(mode === 'test' ? [] : workbenchOnly)],
    resolve: {
      alias: {
        '@': path('./src'),
        '#host': path(mocked ? './src/ipc/mock/index.ts' : './src/ipc/tauri.ts'),
      },
    },
    define: { __VUE_OPTIONS_API__: mode === 'test', __VUE_PROD_DEVTOOLS__: false },
    server: { port: 5199, strictPort: true },
    build: {
      outDir: mocked ? 'dist-mock' : 'dist',
      target: 'es2022',
      // The content security policy allows neither inline script nor data: addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: true,
      rollupOptions: {
        input: {
          'quick-report': path('./quick-report.html'),
          timer: path('./timer.html'),
          alert: path('./alert.html'),
          workbench: path('./workbench.html'),
        },
      },
    },
    test: {
      environment: 'happy-dom',
      include: ['tests/unit/**/*.test.ts'],
      restoreMocks: true,
      // Its components import their own stylesheets, which only the bundler can read.
      server: { deps: { inline: [/element-plus/] } },
    },
  }
})
