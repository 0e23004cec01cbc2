//! The contract of docs/api.md as types. Replaced step by step by schema.d.ts, generated from openapi.json.

export type Json = null | string | number | boolean | Json[] | { [key: string]: Json | undefined }
export type Value = Json | undefined
/** A record: its fields by name. */
export interface Rec { [field: string]: Value }

export interface RefValue { id: string; label: string }
export interface Text { en: string; zh: string }

export const KINDS = [
  'id', 'ref', 'text', 'long_text', 'email', 'phone', 'url', 'barcode', 'int', 'bool', 'amount', 'qty', 'price', 'rate',
  'date', 'instant', 'choice', 'currency', 'json', 'owned',
] as const
export type Kind = (typeof KINDS)[number]

export interface Field {
  name: string
  kind: Kind
  label: Text
  help?: Text | null
  required?: boolean
  readonly?: boolean
  computed?: boolean
  hidden?: boolean
  search?: boolean
  group?: boolean
  entity?: string
  choice?: string
  currency?: string
  max?: number
  default?: Json
  only?: Filter | null
  /** Told apart by the client: a rate that multiplies, not a percentage. */
  factor?: boolean
}

export interface Action {
  name: string
  label: Text
  help?: Text | null
  args?: Field[]
  danger?: boolean
  primary?: boolean
  many?: boolean
}

export interface Entity {
  name: string
  prefix: string
  module: string
  kind: 'master' | 'document' | 'owned' | 'ledger' | 'setting'
  label: Text
  plural: Text
  help?: Text | null
  title: string[]
  parent?: { entity: string; field: string } | null
  can: { see: boolean; add: boolean; edit: boolean; remove: boolean; import: boolean; export: boolean }
  stage_field?: string | null
  list: string[]
  default_sort: string[]
  sections: { label: Text; fields: string[] }[]
  actions: Action[]
  fields: Field[]
  /** The life cycle: from stage, by action, to stage. */
  transitions?: [from: string, action: string, to: string][]
  /** Entities a new one of which can be made from a record of this one; read off the refs where absent. */
  makes?: string[]
}

export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad'
export interface Choice { code: string; label: Text; tone: Tone }

export interface Report { name: string; module?: string; label: Text; help?: Text | null; params: Field[] }

export type MenuItem = { entity: string; report?: undefined; screen?: undefined } | { report: string; entity?: undefined; screen?: undefined } | { screen: string; label?: Text; entity?: undefined; report?: undefined }
export interface Module { name: string; label: Text; icon: string; menu: MenuItem[] }

export interface MetaData {
  entities: Record<string, Entity>
  choices: Record<string, Choice[]>
  reports: Record<string, Report>
  modules: Module[]
}

export interface Company { id: string; label: string; currency: string }
export interface Session {
  user: { id: string; name: string; login: string; language: string }
  company: Company
  companies: Company[]
  roles: string[]
  today: string
  demo: boolean
  modules?: Module[] | string[]
}
export interface DemoUser { login: string; name: string; role: Text; password: string }

export type Operator =
  | '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not_in' | 'contains' | 'starts' | 'between' | 'empty' | 'not_empty' | 'within' | 'is'
export type Condition = [field: string, operator: Operator, value?: Json]
export type Filter = ['and' | 'or', ...Filter[]] | ['not', Filter] | Condition

export interface Page { rows: Rec[]; next: string | null; count?: number }
export interface Group { key: Json[]; count: number; sum?: Record<string, string>; min?: Record<string, string>; max?: Record<string, string> }

export interface Opened {
  record: Rec
  can: { edit: boolean; remove: boolean; because?: { edit?: string; remove?: string } }
  actions: { name: string; allowed: boolean; because?: string | null }[]
}
export interface Posted { entries: string[]; moves: string[]; created: { entity: string; id: string; label: string }[] }
export interface Acted extends Opened { posted?: Posted }

export interface Problem { code: string; field?: string | null; row?: number | null; message: string }
export interface Hint { row?: number | null; field?: string | null; tone: Tone; text: string }
export interface Preview { record: Rec; hints: Hint[]; problems: Problem[] }

export interface ProblemJson {
  type?: string
  title: string
  status: number
  code: string
  detail?: string
  request?: string
  problems?: Problem[]
  current?: Opened | Rec
  demo_users?: DemoUser[]
}

export interface BatchResult { results: ({ status: number; id?: string; problems?: Problem[] })[] }
export interface ImportResult { rows: number; created: number; changed: number; failed: { row: number; line?: number; problems: Problem[] }[] }

export interface TimelineItem {
  at: string
  by?: RefValue | null
  kind: 'note' | 'created' | 'changed' | 'action' | 'posted'
  text?: string | null
  changes?: { field: string; old: Json; new: Json }[]
}
export interface LinkNode { entity: string; id: string; label: string; stage?: string | null; on?: string | null; total?: string | null; currency?: string | null }
export interface Links { nodes: LinkNode[]; edges: { from: string; to: string; kind: string }[] }

export interface Books {
  entries: {
    id: string
    number?: string
    posted_on: string
    lines: { account: RefValue; debit: string; credit: string; currency_amount?: string | null; currency?: string | null; party?: RefValue | null }[]
  }[]
  moves: { product: RefValue; qty: string; from: RefValue; to: RefValue; value?: string | null }[]
}

export type Open =
  | { report: string; params?: Record<string, string>; entity?: undefined }
  | { entity: string; id: string; filter?: undefined; report?: undefined }
  | { entity: string; filter?: Filter | null; id?: undefined; report?: undefined }

export interface ReportTable {
  title: string
  columns: { name: string; label: string | Text; kind: Kind }[]
  rows: { cells: Record<string, Json | undefined>; level?: number; style?: 'plain' | 'head' | 'total'; open?: Open | null }[]
  notes?: string[]
}

export interface SearchHit { entity: string; id: string; label: string; text?: string }

export interface Figure { name: string; label: Text; value: string; kind: Kind; before?: string | null; open?: Open | null }
export interface ChartData {
  name: string
  label: Text
  kind: 'bar' | 'line' | 'pie'
  categories: (string | Text)[]
  series: { label: Text; values: (string | null)[]; kind: Kind }[]
  open?: Open | null
}
export interface Home { figures: Figure[]; charts: ChartData[] }
export interface Change { entity: string; id: string; version?: number; company?: string }
