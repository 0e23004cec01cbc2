import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Refused } from './api/client.ts'
import { startLanguage } from './i18n/index.ts'
import { router } from './router.tsx'
import { Theme } from './ui/theme.tsx'

const speaking = startLanguage()

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays a refusal; only a broken line is tried again.
      retry: (failures, error) => !(error instanceof Refused && error.status < 500) && failures < 2,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

// Only in the built program: while developing, what is kept would hide what was just changed.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined))
}

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no root')
void speaking.then(() => createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Theme><RouterProvider router={router} /></Theme>
    </QueryClientProvider>
  </StrictMode>,
))
