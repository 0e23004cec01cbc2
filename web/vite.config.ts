import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import react from '@vitejs/plugin-react'
import { mockServer } from './dev/mock.ts'

// HEYI_SERVER=http://127.0.0.1:8080 npm run dev   talks to a real server; without it the mock answers.
const server = process.env['HEYI_SERVER']

export default defineConfig({
  plugins: [react(), ...(server ? [] : [mockServer()])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { fs: { allow: ['..'] }, host: '127.0.0.1', port: 5173, ...(server ? { proxy: { '/api': server } } : {}) },
  // As strict as the real server, so that nothing grows that it would forbid.
  preview: { headers: { 'content-security-policy': "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'" }, host: '127.0.0.1', port: 4173, ...(server ? { proxy: { '/api': server } } : {}) },
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
