//! A list whose records stand under each other: opened as one goes, searched with all that stands above, moved by hand.
import { Select } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Rec } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { useDelayed } from '@/lib/hooks.ts'
import { useMeta } from '@/meta/meta.ts'
import type { Query } from '@/meta/query.ts'
import { Empty, Trouble } from '@/ui/parts.tsx'
import { Waiting } from '@/ui/Waiting.tsx'
import type { Column } from '../list/columns.ts'
import { MoveDialog } from './MoveDialog.tsx'
import { isWithin, selfRefs } from './tree.ts'
import { TreeTable } from './TreeTable.tsx'
import { useMove, type Target } from './useMove.tsx'
import { useTree } from './useTree.ts'
import './tree.css'

const NONE: ReadonlySet<string> = new Set()
const LEVELS = [1, 2, 3, 4] as const
/** All levels there are. */
const ALL = 40
/** As many are opened at once: each asks for what stands under it. */
const OPENED_MAX = 100

interface TreeViewProps { entity: Entity; query: Query; put: (query: Query) => void; columns: readonly Column[]; fields: string | undefined; /** Only the lines, as in a card of a dashboard. */ bare?: boolean; /** Instead of a tree without lines. */ nothing?: ReactNode }

export default function TreeView({ entity, query, put, columns, fields, bare, nothing }: TreeViewProps) {
  const possible = selfRefs(entity)
  const field = possible.find((one) => one.name === query.parent) ?? possible[0]
  const { t } = useTranslation()
  return field ? <Hanging entity={entity} query={query} put={put} columns={columns} fields={fields} bare={bare} nothing={nothing} field={field} possible={possible} /> : <Empty title={t('list.no_match')} />
}

function Hanging({ entity, query, put, columns, fields, bare = false, nothing, field, possible }: TreeViewProps & { field: ReturnType<typeof selfRefs>[number]; possible: ReturnType<typeof selfRefs> }) {
  const { t } = useTranslation()
  const meta = useMeta()
  const [open, setOpen] = useState(NONE)
  const [closed, setClosed] = useState(NONE)
  const [pages, setPages] = useState<Readonly<Record<string, number>>>({})
  const [active, setActive] = useState('')
  const [asking, setAsking] = useState<Rec | null>(null)
  const { lines, found, error, pending, retry } = useTree(entity, query, field, fields, open, closed, pages)
  const { busy, move, undo } = useMove(entity, field)
  // Down to which level all is being opened; what comes is opened in turn.
  const [level, setLevel] = useState(0)
  useEffect(() => {
    if (level === 0) return
    const next = lines.flatMap((line) => (line.kind === 'row' && line.depth < level - 1 && line.below > 0 && !line.open ? [line.id] : [])).slice(0, Math.max(0, OPENED_MAX - open.size))
    if (next.length > 0) setOpen(new Set([...open, ...next]))
    else if (!lines.some((line) => line.kind === 'wait')) setLevel(0)
  }, [level, lines, open])
  const openTo = (wanted: number): void => {
    setOpen(new Set(lines.flatMap((line) => (line.kind === 'row' && line.open && line.depth < wanted - 1 ? [line.id] : []))))
    setLevel(wanted)
  }
  const waiting = useDelayed(pending)
  const canMove = entity.can.edit && !field.readonly && !field.computed
  const searching = found !== null || Boolean(query.filter || query.search)
  const current = lines.find((line) => line.kind === 'row' && line.id === active)
  const row = current?.kind === 'row' ? current.row : null

  const turn = (id: string, wanted: boolean): void => {
    const put = searching ? setClosed : setOpen
    put((now) => {
      const next = new Set(now)
      if (wanted !== searching) next.add(id)
      else next.delete(id)
      return next
    })
  }
  const take = async (one: Rec, to: Target | null): Promise<boolean> => {
    const well = await move(one, to)
    if (well && to) turn(to.id, true)
    return well
  }
  useCommands(bare ? [] : [
    ...(canMove ? [{ id: 'tree-move', label: t('tree.move'), group: 'page' as const, hotkey: 'm', ...(row ? {} : { because: t('tree.none') }), run: () => setAsking(row) }] : []),
    ...(canMove && !field.required && row ? [{ id: 'tree-top', label: t('tree.to_top'), group: 'page' as const, run: () => void take(row, null) }] : []),
    ...(undo ? [{ id: 'tree-undo', label: t('undo.undo'), group: 'page' as const, hotkey: 'z', run: undo }] : []),
    ...(searching ? [] : [...LEVELS, ALL].map((one) => ({ id: `tree-level-${one}`, label: one === ALL ? t('tree.open_all') : t('tree.open_to', { count: one }), group: 'page' as const, run: () => openTo(one) }))),
    ...(open.size && !searching ? [{ id: 'tree-close', label: t('tree.close_all'), group: 'page' as const, run: () => setOpen(NONE) }] : []),
  ])
  return (
    <div className="tree-page">
      {!bare && (
        <div className="tree-bar">
          {possible.length > 1 && <label className="row-flex"><span className="faint">{t('tree.by')}</span><Select size="small" data-tree="by" popupMatchSelectWidth={false} value={field.name} onChange={(parent) => put({ ...query, parent })} options={possible.map((one) => ({ value: one.name, label: meta.say(one.label) }))} /></label>}
          {!searching && <span className="tree-levels" role="group" aria-label={t('tree.levels')}><span className="faint">{t('tree.levels')}</span>{[...LEVELS, ALL].map((one) => <button key={one} type="button" className="quiet" data-level={one} aria-label={one === ALL ? undefined : t('tree.open_to', { count: one })} title={one === ALL ? t('tree.open_all') : t('tree.open_to', { count: one })} onClick={() => openTo(one)}>{one === ALL ? t('tree.all_levels') : one}</button>)}</span>}
          {open.size >= OPENED_MAX && !searching && <span className="faint" role="status">{t('tree.opened_cut', { count: OPENED_MAX })}</span>}
          {found && found.count > 0 && <span className="faint" role="status">{found.cut ? t('tree.found_cut', { count: found.count }) : t('tree.found', { count: found.count })}</span>}
        </div>
      )}
      {error && lines.length === 0 ? <Trouble error={error} retry={retry} />
      : pending ? (waiting ? <Waiting shape="table" wait={0} /> : null)
      : lines.length === 0 ? (nothing ?? <Empty title={searching ? t('list.no_match') : t('list.none_yet', { what: meta.say(entity.plural) })} />)
      : <TreeTable
          entity={entity} query={query} put={put} columns={columns} lines={lines} active={active} onActive={setActive} onTurn={turn} busy={busy} searching={searching}
          onMore={(id) => setPages({ ...pages, [id]: (pages[id] ?? 1) + 1 })}
          {...(open.size > 0 && !searching ? { onClose: () => setOpen(NONE) } : {})}
          {...(canMove ? { onAsk: setAsking, onDrop: (one: Rec, to: Target | null) => void take(one, to), topless: field.required === true } : {})}
        />}
      {error !== null && lines.length > 0 && <Trouble error={error} retry={retry} />}
      {asking && <MoveDialog entity={entity} field={field} row={asking} isBelow={(id) => isWithin(lines, id, String(asking['id'] ?? ''))} onMove={(to) => take(asking, to)} onClose={() => setAsking(null)} />}
    </div>
  )
}
