//! The chain of documents as a picture: where it came from, what came of it. A click opens one.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkNode, Links } from '@/api/types.ts'
import { formatDay } from '@/lib/dates.ts'
import { formatMoney } from '@/lib/decimal.ts'
import { useGo } from '@/lib/go.tsx'
import { useScene } from '@/meta/meta.ts'
import { arrange } from './chain.ts'

interface ChainGraphProps { links: Links; current: string; upright?: boolean }

const WIDE = { w: 184, h: 74, gapLayer: 56, gapRank: 18 }
const TALL = { w: 178, h: 74, gapLayer: 30, gapRank: 12 }

export function ChainGraph({ links, current, upright = false }: ChainGraphProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const { nodes, layers, ranks } = useMemo(() => arrange(links), [links])
  const size = upright ? TALL : WIDE
  const inLayer = (layer: number): number => nodes.filter((one) => one.layer === layer).length
  const stepLayer = (upright ? size.h : size.w) + size.gapLayer
  const stepRank = (upright ? size.w : size.h) + size.gapRank
  const across = ranks * stepRank - size.gapRank
  const at = (layer: number, rank: number): { x: number; y: number } => {
    const shift = (across - (inLayer(layer) * stepRank - size.gapRank)) / 2
    const along = layer * stepLayer
    const cross = shift + rank * stepRank
    return upright ? { x: cross, y: along } : { x: along, y: cross }
  }
  const places = new Map(nodes.map(({ node, layer, rank }) => [node.id, at(layer, rank)]))
  const width = (upright ? across : layers * stepLayer - size.gapLayer) + 4
  const height = (upright ? layers * stepLayer - size.gapLayer : across) + 4

  const curve = (from: { x: number; y: number }, to: { x: number; y: number }): string => {
    if (upright) {
      const [x1, y1, x2, y2] = [from.x + size.w / 2, from.y + size.h, to.x + size.w / 2, to.y]
      return `M${x1} ${y1}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`
    }
    const [x1, y1, x2, y2] = [from.x + size.w, from.y + size.h / 2, to.x, to.y + size.h / 2]
    return `M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`
  }
  const tone = (node: LinkNode): { word: string; tone: string } => {
    const entity = scene.meta.entity(node.entity)
    const field = entity?.fields.find((one) => one.name === entity.stage_field)
    const choice = node.stage ? scene.meta.choice(field?.choice, node.stage) : undefined
    return { word: choice ? scene.meta.say(choice.label) : (node.stage ?? ''), tone: choice?.tone ?? 'neutral' }
  }
  return (
    <div className="chain">
      <svg width={width} height={height} viewBox={`-2 -2 ${width} ${height}`} role="group" aria-label={t('aside.links')}>
        <defs><marker id="chain-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0.5 7.5 4 0 7.5z" className="chain-tip" /></marker></defs>
        {links.edges.map((edge) => {
          const from = places.get(edge.from)
          const to = places.get(edge.to)
          return from && to && <path key={`${edge.from}-${edge.to}-${edge.kind}`} d={curve(from, to)} className="chain-edge" markerEnd="url(#chain-tip)" />
        })}
        {nodes.map(({ node }) => {
          const place = places.get(node.id)
          const label = scene.meta.say(scene.meta.entity(node.entity)?.label) || node.entity
          const state = tone(node)
          if (!place) return null
          const known = Boolean(scene.meta.entity(node.entity))
          return (
            <g
              key={node.id} transform={`translate(${place.x} ${place.y})`} className={`chain-node${node.id === current ? ' now' : ''}${known ? '' : ' closed'}`} tabIndex={known ? 0 : undefined} role={known ? 'link' : undefined}
              onClick={() => known && go(`/${node.entity}/${node.id}`)}
              onKeyDown={(event) => event.key === 'Enter' && known && go(`/${node.entity}/${node.id}`)}
            >
              <rect width={size.w} height={size.h} rx="7" />
              <foreignObject width={size.w} height={size.h}>
                <div className="chain-text">
                  <span className="spread"><span className="faint clip">{label}</span><span className={`chain-stage ${state.tone}`}>{state.word}</span></span>
                  <b className="clip">{node.label}</b>
                  <span className="spread"><span className="faint clip">{node.on ? formatDay(node.on, scene.locale) : ''}</span>{node.total && <span className="num">{formatMoney(node.total, scene.locale, node.currency ?? scene.companyCurrency)}</span>}</span>
                </div>
              </foreignObject>
            </g>
          )
        })}
      </svg>
    </div>
  )
}
