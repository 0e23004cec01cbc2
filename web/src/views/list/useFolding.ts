//! What keys and checkboxes do at the head of a group: fold it, open it, choose all of it.
import { useComplain } from '@/ui/Snack.tsx'
import type { GroupLine, Line } from './lines.ts'
import type { Grouping } from './useGrouping.ts'

interface Folding {
  /** Takes all records of a group into the selection, or out of it. */
  pick: (line: GroupLine) => Promise<void>
  /** Left and Right close and open groups, Enter both; false when the key means something else. */
  press: (from: number, at: number, key: string) => boolean
}

export function useFolding(grouping: Grouping | undefined, lines: readonly Line[], chosen: () => Set<string>, onSelect: (ids: ReadonlySet<string>) => void, stand: (row: number, at: number) => void): Folding {
  const complain = useComplain()
  const pick = async (line: GroupLine): Promise<void> => {
    if (!grouping) return
    try {
      const ids = grouping.idsOf(line.branch) ?? await grouping.fetchIds(line.branch)
      const next = chosen()
      const on = !ids.every((id) => next.has(id))
      for (const id of ids) {
        if (on) next.add(id)
        else next.delete(id)
      }
      onSelect(next)
    } catch (problem) {
      complain(problem, 'snack')
    }
  }
  const up = (line: Line): boolean => {
    const to = lines.findIndex((one) => one.id === line.under)
    if (to >= 0) stand(to, 0)
    return to >= 0
  }
  const press = (from: number, at: number, key: string): boolean => {
    const line = lines[from]
    if (!line || !grouping) return false
    if (line.kind === 'record') return key === 'ArrowLeft' && at <= 0 && up(line)
    if (key === 'ArrowLeft' && !(line.kind === 'group' && line.open)) up(line)
    else if (line.kind === 'more') {
      if (key === 'Enter' || key === ' ') grouping.more(line.under)
    } else if (key === ' ') void pick(line)
    else if (key === 'ArrowRight' && line.open) stand(Math.min(lines.length - 1, from + 1), 0)
    else grouping.turn(line.id)
    return true
  }
  return { pick, press }
}
