/// <reference types="vitest/config" />
// One build, four small entries. `--mode mock` swaps the host for the in-browser one; the real bundle never holds it.
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { sentencesOfWindows } from './sentences.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig(({ mode }) => {
  const mocked = mode === 'mock' || mode === 'test'
  return {
    base: './',
    plugins: [vue(), sentencesOfWindows(path('./src'))],
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
      setupFiles: ['tests/unit/setup.ts'],
      restoreMocks: true,
      // Its components import their own stylesheets, which only the bundler can read.
      server: { deps: { inline: [/element-plus/] } },
    },
  }
})
