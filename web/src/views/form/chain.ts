//! Where the documents of a chain stand in its picture: what follows stands after, crossings kept few.
import type { LinkNode, Links } from '@/api/types.ts'

export interface Placed { node: LinkNode; layer: number; rank: number }
export interface Arranged { nodes: Placed[]; layers: number; ranks: number }

const ROUNDS = 4

export function arrange({ nodes, edges }: Links): Arranged {
  const layer = new Map(nodes.map((node) => [node.id, 0]))
  const known = edges.filter((edge) => layer.has(edge.from) && layer.has(edge.to) && edge.from !== edge.to)
  // The longest way from a start; as many rounds as there are nodes, so a circle in the data ends too.
  for (let round = 0; round < nodes.length; round += 1) {
    let moved = false
    for (const { from, to } of known) {
      const least = (layer.get(from) ?? 0) + 1
      if ((layer.get(to) ?? 0) < least && least < nodes.length) {
        layer.set(to, least)
        moved = true
      }
    }
    if (!moved) break
  }
  const columns: string[][] = []
  for (const node of nodes) (columns[layer.get(node.id) ?? 0] ??= []).push(node.id)
  const dense = columns.filter(Boolean)
  const rank = new Map<string, number>()
  const settle = (column: string[]): void => column.forEach((id, index) => rank.set(id, index))
  dense.forEach(settle)
  // Each document goes to the middle of what it came from, then of what came of it.
  const middle = (id: string, side: 'from' | 'to'): number => {
    const others = known.filter((edge) => edge[side === 'from' ? 'to' : 'from'] === id).map((edge) => rank.get(edge[side]) ?? 0)
    return others.length ? others.reduce((sum, one) => sum + one, 0) / others.length : (rank.get(id) ?? 0)
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const forward = round % 2 === 0
    for (const column of forward ? dense : [...dense].reverse()) {
      const side = forward ? 'from' : 'to'
      const wish = new Map(column.map((id) => [id, middle(id, side)]))
      column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0))
      settle(column)
    }
  }
  const at = new Map(dense.flatMap((column, index) => column.map((id) => [id, index] as const)))
  return {
    nodes: nodes.map((node) => ({ node, layer: at.get(node.id) ?? 0, rank: rank.get(node.id) ?? 0 })),
    layers: dense.length,
    ranks: Math.max(0, ...dense.map((column) => column.length)),
  }
}
