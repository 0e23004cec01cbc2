// Keeps the program itself, so that it opens without a network and at once with one. What the server
// answers about the business is never kept here. The build writes its files into SHELL.
const BUILD = 'dev'
const SHELL = []
const CACHE = `heyi-${BUILD}`

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  const gone = (name) => name.startsWith('heyi-') && name !== CACHE
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(gone).map((name) => caches.delete(name)))).then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const address = new URL(request.url)
  if (request.method !== 'GET' || address.origin !== location.origin || address.pathname.startsWith('/api/')) return
  if (request.mode === 'navigate') {
    // The newest page while there is a network; the kept one when there is none.
    event.respondWith(fetch(request).catch(() => caches.match('/', { ignoreSearch: true, ignoreVary: true }).then((page) => page ?? Response.error())))
  } else {
    // Names of assets hold the hash of what is in them: a kept one is the right one, whatever a proxy says it varies by.
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)))
  }
})
