//! Other people's changes, as they happen. The browser reconnects by itself; a gap only means a later refetch.
import type { QueryClient } from '@tanstack/react-query'
import type { Change } from './types.ts'

const isChange = (value: unknown): value is Change => typeof value === 'object' && value !== null && 'entity' in value && 'id' in value
/** Changes come in bursts (an import, a batch): lists are refetched once per burst. */
const BURST_MS = 400

export function listen(client: QueryClient): () => void {
  const source = new EventSource('/api/live')
  const entities = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let lost = false

  const flush = (): void => {
    timer = undefined
    for (const entity of entities) {
      void client.invalidateQueries({ queryKey: ['list', entity] })
      void client.invalidateQueries({ queryKey: ['groups', entity] })
    }
    if (entities.size) {
      void client.invalidateQueries({ queryKey: ['home'] })
      void client.invalidateQueries({ queryKey: ['count'] })
    }
    entities.clear()
  }

  source.addEventListener('change', (event) => {
    let change: unknown
    try {
      change = JSON.parse(String(event.data))
    } catch {
      return
    }
    if (!isChange(change)) return
    const { entity, id, version } = change
    const held = client.getQueryData<{ record: { version?: unknown } }>(['record', entity, id])
    if (held && held.record.version !== version) {
      void client.invalidateQueries({ queryKey: ['record', entity, id] })
      void client.invalidateQueries({ queryKey: ['aside', entity, id] })
    }
    entities.add(entity)
    timer ??= setTimeout(flush, BURST_MS)
  })
  source.addEventListener('error', () => {
    lost = true
  })
  source.addEventListener('open', () => {
    if (lost) void client.invalidateQueries()
    lost = false
  })
  return () => {
    if (timer) clearTimeout(timer)
    source.close()
  }
}
