import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import react from '@vitejs/plugin-react'
import { mockServer } from './dev/mock.ts'

// HEYI_SERVER=http://127.0.0.1:8080 npm run dev   talks to a real server; without it the mock answers.
const server = process.env['HEYI_SERVER']

// Boxes of antd ask whether they stand in a Form of antd. We have none, and its machinery would be a tenth of the first load.
const withoutForm: Plugin = {
  name: 'without-form',
  enforce: 'pre',
  apply: 'build',
  resolveId: (source, importer) => (source === '@rc-component/form' && importer?.endsWith('/antd/es/form/context.js') ? fileURLToPath(new URL('./src/ui/noForm.ts', import.meta.url)) : null),
}

export default defineConfig({
  plugins: [withoutForm, react(), ...(server ? [] : [mockServer()])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { fs: { allow: ['..'] }, host: '127.0.0.1', port: 5173, ...(server ? { proxy: { '^/api/': server } } : {}) },
  // As strict as the real server, so that nothing grows that it would forbid.
  preview: { headers: { 'content-security-policy': "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'" }, host: '127.0.0.1', port: 4173, ...(server ? { proxy: { '^/api/': server } } : {}) },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler|i18next|react-i18next|@tanstack)\// }],
        },
      },
    },
  },
})
