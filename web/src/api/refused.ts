//! The refused rows of a job come in parts; all of them, where somebody wants all.
import { api } from './client.ts'
import type { FailedRow, JobResult } from './types.ts'

/** What a job told, with the next part of its refused rows. */
export async function nextRefused<T extends JobResult>(told: T): Promise<T> {
  const last = told.failed.at(-1)
  if (!told.more || !last) return told
  const next = await api.jobResult(told.id, last.row)
  return { ...told, failed: [...told.failed, ...next.failed], more: next.more }
}

/** All refused rows of a job. */
export async function allRefused(told: JobResult): Promise<FailedRow[]> {
  const failed = [...told.failed]
  let { more } = told
  while (more) {
    const next = await api.jobResult(told.id, failed.at(-1)?.row)
    failed.push(...next.failed)
    more = next.more && next.failed.length > 0
  }
  return failed
}
