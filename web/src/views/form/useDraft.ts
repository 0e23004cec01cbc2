//! Ties a draft to the server: completes it while typing, saves it, tells what is wrong with it.
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { api, newKey, Refused } from '@/api/client.ts'
import type { Entity, Hint, Opened, Problem, Rec } from '@/api/types.ts'
import type { Meta } from '@/meta/meta.ts'
import { addRow, carry, draftOf, fill, forPreview, forSave, isDirty, ownedFields, place, questionOf, rebase, type Draft } from './draft.ts'

const TYPING_MS = 220

/** The record as someone else saved it, out of a stale answer; it may come alone or as when it is opened. */
export function currentOf(error: Refused): Rec | undefined {
  const current = error.body.current as Rec | undefined
  const record = current && typeof current['record'] === 'object' ? (current['record'] as Rec) : current
  return record && 'id' in record ? record : undefined
}

export interface Remarks {
  problems: ReadonlyMap<string, string>
  /** Those that belong to no field on the screen. */
  general: readonly string[]
  hints: ReadonlyMap<string, Hint[]>
}
const NO_REMARKS: Remarks = { problems: new Map(), general: [], hints: new Map() }

/** What a line finds in stock is said at its quantity. */
const isOfStock = (hint: Hint): boolean => typeof hint.row === 'number' && /(^|\.)qty$/.test(hint.field ?? '')

function hintsOf(told: readonly Hint[], entity: Entity, keys: Record<string, string[]>): Map<string, Hint[]> {
  const hints = new Map<string, Hint[]>()
  for (const hint of told) {
    const at = place(hint.field ?? '*', hint.row, entity, keys)
    hints.set(at, [...(hints.get(at) ?? []), hint])
  }
  return hints
}

export type Saved = { ok: true; opened: Opened } | { ok: false; error: unknown; stale?: Rec }

export interface Form {
  draft: Draft
  dirty: boolean
  busy: boolean
  remarks: Remarks
  change: (step: (draft: Draft) => Draft) => void
  reset: () => void
  take: (record: Rec) => void
  merge: (current: Rec, theirs?: ReadonlySet<string>) => void
  save: () => Promise<Saved>
  complain: (problems: readonly Problem[]) => string[]
}

/** A record offers a first line to type in. */
function withFirstLine(draft: Draft): Draft {
  return ownedFields(draft.entity).reduce((made, field) => ((made.rows[field.name] ?? []).length ? made : addRow(made, field.name, 0)), draft)
}

// What was typed in a new record while it was being saved waits here for the form of the saved one.
const carried = new Map<string, Draft>()
function takeCarried(record: Rec): Draft | undefined {
  const id = String(record['id'] ?? '')
  const draft = carried.get(id)
  carried.delete(id)
  return draft?.base['version'] === record['version'] ? draft : undefined
}

export function useDraft(meta: Meta, entity: Entity, record: Rec, saved: boolean, editable: boolean): Form {
  const client = useQueryClient()
  const open = (from: Rec): Draft => (editable && !saved ? withFirstLine(draftOf(entity, from, saved)) : draftOf(entity, from, saved))
  const [draft, setDraft] = useState<Draft>(() => takeCarried(record) ?? open(record))
  const [remarks, setRemarks] = useState<Remarks>(NO_REMARKS)
  const [busy, setBusy] = useState(false)
  const [tries, setTries] = useState(0)
  // The draft as of this very moment: whoever saves or answers must not see one that is a drawing behind.
  const latest = useRef(draft)
  const change = useCallback((step: (now: Draft) => Draft): void => {
    latest.current = step(latest.current)
    setDraft(latest.current)
  }, [])
  const strict = useRef(false)
  /** What was refused when it was saved; completing the same says nothing else of it. */
  const refused = useRef<string | null>(null)
  // One key until it is saved: pressing twice, or again after a lost answer, makes one record.
  const createKey = useRef(newKey())
  const typed = useRef(!saved)
  const lastKeys = useRef<Record<string, string[]>>({})

  /** The question the server answered last: what it filled in belongs to that state. */
  const answered = useRef('')
  const asked = editable && (isDirty(draft) || !saved)
  const question = asked ? questionOf(draft) : ''

  /** Of lines of goods that are saved, what is free, reserved or on its way is asked for all together; nothing else is taken from the answer. */
  const hasGoods = ownedFields(entity).some((field) => meta.entity(field.entity ?? '')?.fields.some((one) => one.entity === 'product'))
  const looked = editable && !asked && hasGoods ? `${String(draft.base['id'])} ${String(draft.base['version'])}` : ''
  useEffect(() => {
    if (!looked) return
    const stop = new AbortController()
    const sent = forPreview(meta, latest.current)
    const look = async (): Promise<void> => {
      const answer = await api.preview(entity.name, sent.record, stop.signal)
      if (stop.signal.aborted || isDirty(latest.current)) return
      lastKeys.current = sent.keys
      setRemarks((now) => ({ ...now, hints: hintsOf((answer.hints ?? []).filter(isOfStock), entity, sent.keys) }))
    }
    void look().catch(() => undefined)
    return () => stop.abort()
  }, [looked, meta, entity])

  const complete = useCallback(async (signal: AbortSignal): Promise<void> => {
    const asking = questionOf(latest.current)
    const sent = forPreview(meta, latest.current)
    const answer = await api.preview(entity.name, sent.record, signal)
    // Something was typed since: this answer is about another record, and the next one is on its way.
    if (signal.aborted || questionOf(latest.current) !== asking) return
    answered.current = asking
    lastKeys.current = sent.keys
    change((now) => fill(now, answer.record, sent.keys))
    const hints = hintsOf(answer.hints ?? [], entity, sent.keys)
    const problems = new Map<string, string>()
    // Before the first try to save nobody is told that an empty form is incomplete.
    if (strict.current) for (const problem of answer.problems ?? []) problems.set(place(problem.field, problem.row, entity, sent.keys), problem.message)
    const general = problems.get('')
    problems.delete('')
    setRemarks((now) => (refused.current === asking ? { ...now, hints } : { problems, hints, general: general ? [general] : [] }))
  }, [meta, entity, change])

  /** Completing is a courtesy, saving will say what is wrong; but that one may no longer do it is said at once. */
  const tellRight = useCallback((error: unknown): void => {
    if (error instanceof Refused && error.status === 403) setRemarks((now) => ({ ...now, general: [error.message] }))
  }, [])

  useEffect(() => {
    if (!asked) return
    const stop = new AbortController()
    const timer = setTimeout(() => void complete(stop.signal).catch(tellRight), typed.current ? TYPING_MS : 0)
    typed.current = true
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [question, complete, tellRight, tries])

  const complain = useCallback((found: readonly Problem[]): string[] => {
    const problems = new Map<string, string>()
    const general: string[] = []
    for (const problem of found) {
      const at = place(problem.field, problem.row, entity, lastKeys.current)
      if (at) problems.set(at, problem.message)
      else general.push(problem.message)
    }
    setRemarks((now) => ({ ...now, problems, general }))
    return [...problems.keys()]
  }, [entity])

  const take = useCallback((fresh: Rec) => {
    change(() => draftOf(entity, fresh, true))
    setRemarks(NO_REMARKS)
    strict.current = false
  }, [entity, change])

  const save = useCallback(async (): Promise<Saved> => {
    setBusy(true)
    try {
      // Saved faster than it was completed: what stands there may belong to another customer or quantity.
      if ((isDirty(latest.current) || !latest.current.saved) && answered.current !== questionOf(latest.current)) await complete(new AbortController().signal).catch(() => undefined)
      const now = latest.current
      const sent = forSave(meta, now)
      lastKeys.current = sent.keys
      const id = now.base['id']
      const opened = now.saved && typeof id === 'string' ? await api.change(entity.name, id, sent.record) : await api.create(entity.name, sent.record, createKey.current)
      createKey.current = newKey()
      if (opened.out_of_sight) {
        change(() => draftOf(entity, now.base, now.saved))
        setRemarks(NO_REMARKS)
        void client.invalidateQueries({ predicate: ({ queryKey }) => ['list', 'groups', 'count', 'aside'].includes(String(queryKey[0])) })
        return { ok: true, opened }
      }
      const fresh = opened.record['id']
      if (typeof fresh === 'string') client.setQueryData(['record', entity.name, fresh], opened)
      void client.invalidateQueries({ queryKey: ['list', entity.name] })
      void client.invalidateQueries({ queryKey: ['groups', entity.name] })
      void client.invalidateQueries({ queryKey: ['aside', entity.name] })
      const since = carry(now, latest.current, opened.record, sent.keys)
      change(() => since)
      if (!now.saved && typeof fresh === 'string' && isDirty(since)) carried.set(fresh, since)
      setRemarks(NO_REMARKS)
      strict.current = false
      return { ok: true, opened }
    } catch (error) {
      if (error instanceof Refused) {
        strict.current = true
        refused.current = questionOf(latest.current)
        // A refused message may be sent again once it is corrected: under a new key.
        createKey.current = newKey()
        complain(error.problems.length ? error.problems : [])
        if (error.status === 412) {
          const current = currentOf(error)
          return { ok: false, error, ...(current ? { stale: current } : {}) }
        }
      }
      return { ok: false, error }
    } finally {
      setBusy(false)
    }
  }, [meta, entity, client, complain, complete, change])

  return {
    draft,
    dirty: isDirty(draft),
    busy,
    remarks,
    change,
    reset: () => {
      change((now) => open(now.base))
      setRemarks(NO_REMARKS)
      strict.current = false
      setTries((n) => n + 1)
    },
    take,
    merge: (current, theirs) => change((now) => rebase(now, current, theirs)),
    save,
    complain,
  }
}
