//! Work on a file that was not finished: whoever closes the window and opens the same file again goes on where they were.
import type { FilePlan } from '@/api/types.ts'
import { crc32 } from '@/lib/xlsx.ts'
import { recall, remember } from '@/lib/local.ts'

/** Files whose work is kept; the oldest goes. */
const FILES_MAX = 5
/** Larger plans, of thousands of mended cells, are not kept. */
const CHARS_MAX = 400_000

export interface Kept { mark: string; at: number; plan: FilePlan }

const isKept = (value: unknown): value is Kept => typeof value === 'object' && value !== null && 'mark' in value && 'at' in value && 'plan' in value && typeof value.plan === 'object' && value.plan !== null && 'columns' in value.plan && Array.isArray(value.plan.columns)
const isList = (value: unknown): value is Kept[] => Array.isArray(value) && value.every(isKept)

const placeOf = (user: string, entity: string): string => `import.work.${user}.${entity}`

/** The same file, wherever it lies: by its name and what is in it. */
export const markOf = async (file: File): Promise<string> => `${file.name}/${file.size}/${crc32(new Uint8Array(await file.arrayBuffer()))}`

export const keptOf = (user: string, entity: string, mark: string): Kept | null => recall(placeOf(user, entity), isList, []).find((one) => one.mark === mark) ?? null

export const forget = (user: string, entity: string, mark: string): void => remember(placeOf(user, entity), recall(placeOf(user, entity), isList, []).filter((one) => one.mark !== mark))

export function keep(user: string, entity: string, mark: string, plan: FilePlan, now: number): void {
  if (JSON.stringify(plan).length > CHARS_MAX) return
  remember(placeOf(user, entity), [{ mark, at: now, plan }, ...recall(placeOf(user, entity), isList, []).filter((one) => one.mark !== mark)].slice(0, FILES_MAX))
}
