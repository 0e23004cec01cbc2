//! Changes that follow each other in a timeline stand in one line that opens.
import type { TimelineItem } from '@/api/types.ts'

/** From how many on they fold. */
const FEW = 2
const SAID = new Set(['note', 'attachment', 'activity'])

export type Piece = { item: TimelineItem; folded?: undefined } | { folded: readonly TimelineItem[]; item?: undefined }

/** What colleagues said and did stays as it is; between, what the record went through is one piece. */
export function pieces(items: readonly TimelineItem[]): Piece[] {
  const found: Piece[] = []
  let run: TimelineItem[] = []
  const close = (): void => {
    if (run.length >= FEW) found.push({ folded: run })
    else for (const item of run) found.push({ item })
    run = []
  }
  for (const item of items) {
    if (!SAID.has(item.kind)) run.push(item)
    else {
      close()
      found.push({ item })
    }
  }
  close()
  return found
}

/** What an item is kept by on the screen while newer ones come above it. */
export const keyOf = (item: TimelineItem): string => item.note?.id ?? item.attachment?.id ?? `${item.at}${item.kind}${item.text ?? ''}`
