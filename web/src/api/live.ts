//! Other people's changes, as they happen. After a gap everything on the screen is asked for again.
import type { QueryClient } from '@tanstack/react-query'
import { probe } from './line.ts'
import type { Change } from './types.ts'

const isChange = (value: unknown): value is Change => typeof value === 'object' && value !== null && 'entity' in value && 'id' in value
/** Changes come in bursts (an import, a batch): lists are refetched once per burst. */
const BURST_MS = 400

export function listen(client: QueryClient): () => void {
  const entities = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let lost = false
  let tries = 0
  let source: EventSource

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

  const onChange = (event: MessageEvent): void => {
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
    if (entity === 'notification') void client.invalidateQueries({ queryKey: ['inbox'] })
    if (entity === 'special_day' || entity === 'working_calendar' || entity === 'company') void client.invalidateQueries({ queryKey: ['working_days'] })
    // Notes, activities and files of a record that is looked at.
    if (entity === 'note' || entity === 'activity' || entity === 'attachment') void client.invalidateQueries({ queryKey: ['aside'] })
    entities.add(entity)
    timer ??= setTimeout(flush, BURST_MS)
  }
  const connect = (): void => {
    source = new EventSource('/api/live')
    source.addEventListener('change', onChange)
    source.addEventListener('error', () => {
      lost = true
      void probe()
      // A refusal (the session has run out) closes for good: ask again later, ever more rarely.
      if (source.readyState !== EventSource.CLOSED) return
      tries += 1
      again = setTimeout(connect, Math.min(60_000, 5_000 * tries))
    })
    source.addEventListener('open', () => {
      if (lost) void client.invalidateQueries()
      lost = false
      tries = 0
    })
  }
  connect()
  return () => {
    if (timer) clearTimeout(timer)
    if (again) clearTimeout(again)
    source.close()
  }
}
