//! The contract of docs/api.md as types. What surrounds records is generated from the server's description (schema.ts);
//! here it gets the names the client uses, and the shapes of values the description leaves open.
import type { components } from './schema.ts'

type Described = components['schemas']
/** The same with some fields told more exactly. */
type Told<T, More> = Omit<T, keyof More> & More
/** What the server always says, and a description made by hand may leave out. */
type Loose<T, Must extends keyof T> = Pick<T, Must> & Partial<Omit<T, Must>>

export type Json = null | string | number | boolean | Json[] | { [key: string]: Json | undefined }
export type Value = Json | undefined
/** A record: its fields by name. */
export interface Rec { [field: string]: Value }

export type RefValue = Told<Described['Ref'], { label: string }>
export type Text = Described['Text']

export const KINDS = [
  'id', 'ref', 'doc', 'text', 'long_text', 'email', 'phone', 'url', 'barcode', 'int', 'bool', 'amount', 'qty', 'price', 'rate',
  'date', 'instant', 'choice', 'currency', 'country', 'json', 'owned',
] as const
export type Kind = Described['MetaField']['kind']

export type Field = Loose<Told<Described['MetaField'], {
  only: Filter | null
  default: Json
  /** Told apart by the client: a rate that multiplies, not a percentage. */
  factor: boolean
}>, 'name' | 'kind' | 'label'>

export type Action = Loose<Told<Described['MetaAction'], { args: Field[] }>, 'name' | 'label'>

export type Entity = Told<Described['MetaEntity'], {
  actions: Action[]
  fields: Field[]
  /** The life cycle: from stage, by action, to stage. */
  transitions?: Described['MetaEntity']['transitions']
  /** Entities a new one of which can be made from a record of this one; read off the refs where absent. */
  makes?: string[]
  made_labels?: Described['MetaEntity']['made_labels']
}>

export type Tone = Described['Hint']['tone']
export type Choice = Described['MetaChoice']
export type Report = Told<Described['MetaReport'], { module?: string; params: Field[] }>
export type MenuItem = Described['MetaModule']['menu'][number]
export type Module = Described['MetaModule']

export interface MetaData {
  entities: Record<string, Entity>
  choices: Record<string, Choice[]>
  reports: Record<string, Report>
  modules: Module[]
}

export type Company = Described['Company_']
export type Session = Described['Session']
export type DemoUser = NonNullable<Described['Problem']['demo_users']>[number]

export type Operator =
  | '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not_in' | 'contains' | 'starts' | 'between' | 'empty' | 'not_empty' | 'within' | 'is'
export type Condition = [field: string, operator: Operator, value?: Json]
export type Filter = ['and' | 'or', ...Filter[]] | ['not', Filter] | Condition

export type Page = Told<Described['SavedViewPage'], { rows: Rec[] }>
export type Group = Told<Described['Groups']['groups'][number], { key: Json[]; sum?: Record<string, string | null>; min?: Record<string, Json>; max?: Record<string, Json> }>

export type Opened = Omit<Described['Shown'], 'posted'> & { record: Rec }
export type Posted = Described['Posted']
export type Acted = Described['Shown'] & { record: Rec }

export type Problem = Described['ProblemItem']
export type Hint = Described['Hint']
export type Preview = Told<Described['SavedViewPreview'], { record: Rec }>

/** A refusal as it comes; one that is not ours, from a proxy, has less of it. */
export type ProblemJson = Loose<Told<Described['Problem'], { code: string; current: Opened | Rec }>, 'title' | 'status' | 'code'>

export type BatchResult = Described['BatchResults']
export type ImportResult = Described['Imported']

export type TimelineItem = Told<Described['Timeline']['items'][number], { by?: RefValue | null; changes?: { field: string; old: Json; new: Json }[] }>
export type LinkNode = Described['Links']['nodes'][number]
export type Links = Described['Links']
export type Books = Described['Books']
export type Settled = Described['Settled']
export type Would = Described['WouldPost']

/** Where a figure leads. */
export type Open =
  | { report: string; params?: Record<string, string>; entity?: undefined }
  | { entity: string; id: string; filter?: undefined; report?: undefined }
  | { entity: string; filter?: Filter | null; id?: undefined; report?: undefined }

type Row = Described['ReportTable']['rows'][number]
export type ReportTable = Told<Described['ReportTable'], { rows: Told<Row, { cells: Record<string, Json | undefined>; open?: Open | null }>[] }>

export type SearchHit = Described['Hits']['hits'][number]

export type Figure = Told<Described['Home']['figures'][number], { open?: Open | null }>
export type ChartData = Told<Described['Home']['charts'][number], { open?: Open | null }>
export type WorkingDays = Described['WorkingDays']
export interface Home { figures: Figure[]; charts: ChartData[] }
/** A version of 0: it was deleted, or is not ours to see any more. */
export interface Change { entity: string; id: string; version?: number; company?: string | null }

export type Job = Described['JobTold']
export type JobResult = Described['JobResult']
export type FailedRow = JobResult['failed'][number]
export type Deliveries = Described['HookDeliveries']
export type Delivery = Deliveries['deliveries'][number]

export type Together = Described['Together']
export type InboxTold = Described['Inbox']

export type MassPreview = Described['MassPreview']
export type Bin = Described['Bin']
export type FileLook = Described['FileLook']
export type FilePlan = Loose<Described['FilePlan'], 'columns'>

/** The open activity a record waits for. */
export interface NextActivity { id: string; activity_type: RefValue; summary: string; due_on: string; due_state: string; assigned_to?: RefValue | null }
export type NoticeWhen = 'now' | 'digest' | 'never'
export const NOTICES = ['mention', 'assignment', 'note', 'stage', 'job', 'due'] as const
export type InboxSettings = Record<(typeof NOTICES)[number], NoticeWhen> & { quiet_from: string | null; quiet_to: string | null }
/** A record one has opened. */
export interface Recent { entity: string; id: string; label: string; at: string }
