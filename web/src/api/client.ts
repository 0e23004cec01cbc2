//! One door to the server: headers, problems as a typed error, keys for repeated writes, and signing in again
//! in the middle of things without losing what was typed.
import i18next from 'i18next'
import { currentLang } from '@/i18n/index.ts'
import { allowed, askRights } from './denied.ts'
import { heard, isNobodyThere, probe } from './line.ts'
import type { Acted, BatchResult, Bin, Books, Deliveries, DemoUser, FileLook, FilePlan, Filter, Group, Home, InboxSettings, InboxTold, Json, Job, JobResult, Links, MassPreview, MetaData, NextActivity, Opened, Page, Preview, ProblemJson, Problem, Rec, Recent, RefValue, ReportTable, SearchHit, Session, Settled, TimelineItem, Together, WorkingDays, Would } from './types.ts'

export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly problems: readonly Problem[]
  readonly body: ProblemJson
  readonly retryAfter: number

  constructor(body: ProblemJson, retryAfter = 0) {
    super(body.detail || body.title)
    this.name = 'Refused'
    this.status = body.status
    this.code = body.code
    this.problems = body.problems ?? []
    this.body = body
    this.retryAfter = retryAfter
  }

  get demoUsers(): readonly DemoUser[] {
    return this.body.demo_users ?? []
  }

  /** What has to be made before anybody can sign in. */
  get toBegin(): readonly ('company' | 'user')[] {
    return this.body.to_begin ?? []
  }
}

/** No answer at all: the line or the server is down. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

let company: string | undefined
export const sendCompany = (id: string | undefined): void => {
  company = id
}
export const recheckRights = (): Promise<void> => askRights(company)

// While a session has run out, requests wait here for the person to sign in again.
type Waiting = { resolve: () => void; reject: (error: Error) => void }
let waiting: Waiting[] = []
let askToSignIn: ((wanted: boolean) => void) | undefined

export const onExpired = (ask: (wanted: boolean) => void): void => {
  askToSignIn = ask
}
export function signedInAgain(): void {
  for (const { resolve } of waiting) resolve()
  waiting = []
  askToSignIn?.(false)
}
export function gaveUpSigningIn(): void {
  for (const { reject } of waiting) reject(new Unreachable('signed out'))
  waiting = []
  askToSignIn?.(false)
}

interface Ask {
  method?: string
  body?: unknown
  raw?: Blob
  /** Files; the browser writes the type with its boundary. */
  form?: FormData
  type?: string
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Goes out even when the page does. */
  keepalive?: boolean
  /** False for the sign-in calls themselves. */
  resume?: boolean
}

const newKey = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const isProblem = (body: unknown): body is ProblemJson => typeof body === 'object' && body !== null && 'title' in body && 'status' in body

async function refusal(response: Response): Promise<Refused> {
  const text = await response.text()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  // What stands before the server answers in words of its own, which tell nobody anything.
  const ours = response.status >= 500 ? 'failed' : 'strange'
  const request = response.headers.get('x-request-id')
  const problem = isProblem(body) ? body : { title: i18next.t(`state.${ours}`), status: response.status, code: 'unknown', detail: i18next.t(`state.${ours}_text`, { status: response.status }), ...(request ? { request } : {}), ...(typeof body === 'object' ? body : {}) }
  return new Refused({ ...problem, status: response.status }, Number(response.headers.get('retry-after') ?? 0))
}

async function ask<T>(path: string, { method = 'GET', body, raw, form, type, headers = {}, signal, keepalive = false, resume = true }: Ask = {}): Promise<T> {
  const all: Record<string, string> = { accept: 'application/json', 'accept-language': currentLang(), ...headers }
  if (company) all['x-company'] = company
  if (method !== 'GET') {
    all['x-heyi'] = '1'
    all['idempotency-key'] ??= newKey()
  }
  if (body !== undefined) all['content-type'] = 'application/json'
  if (raw) all['content-type'] = type ?? 'application/octet-stream'
  let response: Response
  try {
    response = await fetch(`/api${path}`, { method, headers: all, body: form ?? raw ?? (body === undefined ? null : JSON.stringify(body)), signal: signal ?? null, keepalive, credentials: 'same-origin' })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    void probe()
    throw new Unreachable(error instanceof Error ? error.message : 'unreachable')
  }
  if (isNobodyThere(response.status)) void probe()
  else heard()
  if (response.status === 401 && resume && askToSignIn) {
    await new Promise<void>((resolve, reject) => {
      waiting.push({ resolve, reject })
      askToSignIn?.(true)
    })
    // The same key again: if the first try did get through, it is not done twice.
    return ask<T>(path, { method, body, ...(raw ? { raw } : {}), ...(form ? { form } : {}), ...(type ? { type } : {}), headers: all, ...(signal ? { signal } : {}), resume: false })
  }
  if (response.status === 403 && path !== '/session') void askRights(company)
  if (!response.ok) throw await refusal(response)
  if (path !== '/session') allowed()
  if (response.status === 204 || response.headers.get('content-length') === '0') return undefined as T
  return (await response.json()) as T
}

const query = (params: Record<string, string | number | boolean | undefined>): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== undefined && value !== '') search.set(name, String(value))
  const text = search.toString()
  return text ? `?${text}` : ''
}
export type ListParams = {
  filter?: string; search?: string; sort?: string; limit?: number; cursor?: string; count?: boolean; fields?: string; group?: string; sum?: string; min?: string; max?: string; filled?: string; unique?: string
}

/** The address of a file with the same rows. */
export const fileUrl = (path: string, params: Record<string, string | undefined>, format: 'csv' | 'xlsx'): string =>
  `/api/${path}${query({ ...params, format })}`

const id = encodeURIComponent

/** One thing done to many records: to these, or to all a filter and a search leave. */
export type Mass = { op: string; record?: Rec } & ({ ids: readonly string[] } | { filter: Filter | null; search?: string; near?: boolean })

export const api = {
  session: () => ask<Session>('/session', { resume: false }),
  signIn: (login: string, password: string, code?: string) => ask<Session>('/session', { method: 'POST', body: { login, password, ...(code ? { code } : {}) }, resume: false }),
  signOut: () => ask<void>('/session', { method: 'DELETE', resume: false }),
  changePassword: (old: string, fresh: string) => ask<void>('/session/password', { method: 'PUT', body: { old, new: fresh }, resume: false }),
  givePassword: (user: string, fresh: string) => ask<void>(`/user/${id(user)}/password`, { method: 'PUT', body: { new: fresh } }),
  issueKey: (key: string) => ask<{ key: string }>(`/api_key/${id(key)}/issue`, { method: 'POST' }),
  beginSecondFactor: (password: string) => ask<{ secret: string; uri: string }>('/session/second_factor', { method: 'POST', body: { password }, resume: false }),
  confirmSecondFactor: (code: string) => ask<{ recovery_codes: string[] }>('/session/second_factor', { method: 'PUT', body: { code }, resume: false }),
  removeSecondFactor: (password: string, code: string) => ask<void>('/session/second_factor', { method: 'DELETE', body: { password, code }, resume: false }),
  resetSecondFactor: (user: string) => ask<void>(`/user/${id(user)}/second_factor`, { method: 'DELETE' }),
  issueSecret: (hook: string) => ask<{ secret: string }>(`/webhook/${id(hook)}/issue`, { method: 'POST' }),
  deliveries: (hook: string) => ask<Deliveries>(`/webhook/${id(hook)}/deliveries`),
  retryHook: (hook: string) => ask<Deliveries>(`/webhook/${id(hook)}/retry`, { method: 'POST' }),
  jobResult: (job: string, after?: number) => ask<JobResult>(`/job/${id(job)}/result${query({ after })}`),
  turnJob: (job: string, what: 'cancel' | 'resume') => ask<{ job: Job }>(`/job/${id(job)}/${what}`, { method: 'POST' }),
  changeSession: (body: { company?: string; language?: string }) => ask<Session | undefined>('/session', { method: 'PATCH', body }),
  meta: () => ask<MetaData>('/meta'),
  home: () => ask<Home>('/home'),
  workingDays: () => ask<WorkingDays>('/working_days'),
  search: (q: string, limit: number, signal?: AbortSignal) => ask<{ hits: SearchHit[] }>(`/search${query({ q, limit })}`, signal ? { signal } : {}),

  list: (entity: string, params: ListParams, signal?: AbortSignal) => ask<Page>(`/${entity}${query(params)}`, signal ? { signal } : {}),
  groups: (entity: string, params: ListParams, signal?: AbortSignal) => ask<{ groups: Group[] }>(`/${entity}${query(params)}`, signal ? { signal } : {}),
  read: (entity: string, key: string) => ask<Opened>(`/${entity}/${id(key)}`),
  prefilled: (entity: string, from: string) => ask<{ record: Rec }>(`/${entity}/new${query({ from })}`),
  preview: (entity: string, record: Rec, signal: AbortSignal) => ask<Preview>(`/${entity}/preview`, { method: 'POST', body: record, signal }),
  create: (entity: string, record: Rec, key: string, keepalive = false) => ask<Opened>(`/${entity}`, { method: 'POST', body: record, headers: { 'idempotency-key': key }, keepalive }),
  upsert: (entity: string, external: string, record: Rec) => ask<Opened>(`/${entity}/by/${id(external)}`, { method: 'PUT', body: record }),
  change: (entity: string, key: string, record: Rec, keepalive = false) => ask<Opened>(`/${entity}/${id(key)}`, { method: 'PATCH', body: record, keepalive }),
  remove: (entity: string, key: string) => ask<void>(`/${entity}/${id(key)}`, { method: 'DELETE' }),
  act: (entity: string, key: string, action: string, body: Rec) => ask<Acted>(`/${entity}/${id(key)}/${action}`, { method: 'POST', body }),
  batch: (entity: string, rows: Rec[], atomic: boolean) => ask<BatchResult>(`/${entity}/batch`, { method: 'POST', body: { rows, atomic } }),
  mass: (entity: string, what: Mass) => ask<{ job: Job }>(`/${entity}/mass`, { method: 'POST', body: what }),
  massPreview: (entity: string, what: Mass) => ask<MassPreview>(`/${entity}/mass`, { method: 'POST', body: { ...what, preview: true } }),
  undoJob: (job: string) => ask<{ job: Job }>(`/job/${id(job)}/undo`, { method: 'POST' }),
  bin: (entity: string) => ask<Bin>(`/${entity}/bin`),
  restore: (entity: string, key: string) => ask<Opened>(`/${entity}/${id(key)}/restore`, { method: 'POST' }),
  lookAtFile: (entity: string, file: Blob, type: string, sheet: number, head?: number) => ask<FileLook>(`/${entity}/import/look${query({ sheet, head })}`, { method: 'POST', raw: file, type }),
  loadFile: (entity: string, file: File, plan: FilePlan, dry: boolean, key: string) => {
    const form = new FormData()
    form.append('plan', JSON.stringify(plan))
    form.append('file', file)
    return ask<{ job: Job }>(`/${entity}/import${query({ as: 'job', dry: dry ? true : undefined })}`, { method: 'POST', form, headers: { 'idempotency-key': key } })
  },

  timeline: (entity: string, key: string, part: { limit: number; kind: string; before: string }) => ask<{ items: TimelineItem[]; next?: string | null }>(`/${entity}/${id(key)}/timeline${query(part)}`),
  post: (path: string, body: Json, key: string) => ask<unknown>(path, { method: 'POST', body, headers: { 'idempotency-key': key } }),
  note: (entity: string, key: string, text: string, kind: 'log' | 'message') => ask<unknown>(`/${entity}/${id(key)}/note`, { method: 'POST', body: { text, kind } }),
  together: (entity: string, key: string) => ask<Together>(`/${entity}/${id(key)}/together`),
  follow: (entity: string, key: string, wanted: boolean) => ask<unknown>(`/${entity}/${id(key)}/follow`, { method: wanted ? 'PUT' : 'DELETE' }),
  addFollower: (entity: string, key: string, user: string) => ask<unknown>(`/${entity}/${id(key)}/follow`, { method: 'POST', body: { user } }),
  followers: (entity: string, key: string) => ask<{ following: boolean; followers: RefValue[] }>(`/${entity}/${id(key)}/follow`),
  attach: (entity: string, key: string, file: File) => {
    const form = new FormData()
    form.append('file', file)
    return ask<unknown>(`/${entity}/${id(key)}/attachment`, { method: 'POST', form })
  },
  unread: () => ask<{ unread: number }>('/inbox/unread'),
  inbox: () => ask<InboxTold>('/inbox?limit=30'),
  inboxSettings: () => ask<InboxSettings>('/inbox/settings'),
  changeInboxSettings: (body: InboxSettings) => ask<InboxSettings>('/inbox/settings', { method: 'PUT', body }),
  recent: (limit: number) => ask<{ items: Recent[] }>(`/recent${query({ limit })}`),
  opened: (entity: string, key: string) => ask<void>('/recent', { method: 'POST', body: { entity, id: key } }),
  readInbox: (what: { ids: string[] } | { all: true }) => ask<{ unread: number }>('/inbox/read', { method: 'POST', body: what }),
  nextActivities: (entity: string, ids: readonly string[]) => ask<{ next: Record<string, NextActivity | null> }>('/activity/next', { method: 'POST', body: { entity, ids } }),
  links: (entity: string, key: string) => ask<Links>(`/${entity}/${id(key)}/links`),
  wouldPost: (entity: string, key: string, action: string, args: Rec) => ask<Would>(`/${entity}/${id(key)}/${action}/rehearse`, { method: 'POST', body: args }),
  settled: (entity: string, key: string) => ask<Settled>(`/${entity}/${id(key)}/settled`),
  books: (entity: string, key: string) => ask<Books>(`/${entity}/${id(key)}/books`),
  report: (name: string, params: Record<string, string>) => ask<ReportTable>(`/report/${name}${query(params)}`),
}

export { newKey }
