/**
 * The line of those who wait, in order, that can say how many are ahead of each.
 *
 * A counted B+ tree: leaves hold the items in order, every node knows how many items are below it, so the rank of an item is a
 * sum along one path. `add`, `remove` and `ahead` are O(log n). Wide nodes keep the tree two or three levels deep and its parts
 * close together in memory; a pointer tree of single items would miss the cache at each of its fourteen levels.
 *
 * Items are ordered by `order`, then `seq`, which must not change while they are inside.
 */

/** What can stand in a line. No two items have the same `order` and `seq`. */
export interface Ranked {
  readonly order: number
  readonly seq: number
}

/** Most parts of a node. A node with fewer than a quarter looks for a neighbour to join. */
const width = 32

interface Node<T> {
  count: number
  /** The first key that belongs here; nothing smaller ever goes below this node. */
  order: number
  seq: number
  /** Of a leaf. */
  items: T[]
  /** Of an inner node; empty in a leaf. */
  children: Node<T>[]
}

function comesBefore(a: Ranked, b: Ranked): boolean {
  return a.order < b.order || (a.order === b.order && a.seq < b.seq)
}

/** The number of items of a sorted list that come before `item`. */
function countBefore<T extends Ranked>(items: readonly Ranked[], item: T): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = items[middle]
    if (other !== undefined && comesBefore(other, item)) low = middle + 1
    else high = middle
  }
  return low
}

/** The child below which `item` belongs. */
function childFor<T extends Ranked>(node: Node<T>, item: T): number {
  const before = countBefore(node.children, item)
  const next = node.children[before]
  if (next !== undefined && next.order === item.order && next.seq === item.seq) return before
  return before > 0 ? before - 1 : 0
}

function sumOfCounts(nodes: readonly { count: number }[]): number {
  let sum = 0
  for (const node of nodes) sum += node.count
  return sum
}

/** Puts `part` at `index`, moving the later ones up. */
function insertAt<P>(parts: P[], index: number, part: P): void {
  parts.push(part)
  for (let i = parts.length - 1; i > index; i--) {
    const before = parts[i - 1]
    if (before !== undefined) parts[i] = before
  }
  parts[index] = part
}

export class RankedQueue<T extends Ranked> {
  private root: Node<T> = { count: 0, order: Number.NEGATIVE_INFINITY, seq: 0, items: [], children: [] }

  get size(): number {
    return this.root.count
  }

  add(item: T): void {
    const right = addBelow(this.root, item)
    if (right === null) return
    const left = this.root
    this.root = { count: left.count + right.count, order: left.order, seq: left.seq, items: [], children: [left, right] }
  }

  /** Takes out an item that is inside. */
  remove(item: T): void {
    removeBelow(this.root, item)
    const only = this.root.children[0]
    if (this.root.children.length === 1 && only !== undefined) this.root = only
  }

  /** How many items come before `item`, which need not be inside. */
  ahead(item: T): number {
    let ahead = 0
    let node = this.root
    while (node.children.length > 0) {
      const at = childFor(node, item)
      for (let i = 0; i < at; i++) ahead += node.children[i]?.count ?? 0
      const child = node.children[at]
      if (child === undefined) break
      node = child
    }
    return ahead + countBefore(node.items, item)
  }
}

/** Adds below `node`; answers the right half if the node had to be split. */
function addBelow<T extends Ranked>(node: Node<T>, item: T): Node<T> | null {
  node.count++
  if (node.children.length === 0) {
    insertAt(node.items, countBefore(node.items, item), item)
    return node.items.length > width ? splitLeaf(node) : null
  }
  const at = childFor(node, item)
  const child = node.children[at]
  const right = child === undefined ? null : addBelow(child, item)
  if (right === null) return null
  insertAt(node.children, at + 1, right)
  return node.children.length > width ? splitInner(node) : null
}

function splitLeaf<T extends Ranked>(node: Node<T>): Node<T> | null {
  const items = node.items.splice(width >> 1)
  const first = items[0]
  if (first === undefined) return null
  node.count = node.items.length
  return { count: items.length, order: first.order, seq: first.seq, items, children: [] }
}

function splitInner<T extends Ranked>(node: Node<T>): Node<T> | null {
  const children = node.children.splice(width >> 1)
  const first = children[0]
  if (first === undefined) return null
  node.count = sumOfCounts(node.children)
  return { count: sumOfCounts(children), order: first.order, seq: first.seq, items: [], children }
}

function removeBelow<T extends Ranked>(node: Node<T>, item: T): void {
  node.count--
  if (node.children.length === 0) {
    node.items.splice(countBefore(node.items, item), 1)
    return
  }
  const at = childFor(node, item)
  const child = node.children[at]
  if (child === undefined) return
  removeBelow(child, item)
  if (parts(child) < width >> 2) join(node, at > 0 ? at - 1 : at)
}

function parts<T>(node: Node<T>): number {
  return node.items.length + node.children.length
}

/** Joins the children at `at` and `at + 1` if they fit into one. */
function join<T>(node: Node<T>, at: number): void {
  const left = node.children[at]
  const right = node.children[at + 1]
  if (left === undefined || right === undefined || parts(left) + parts(right) > width) return
  for (const item of right.items) left.items.push(item)
  for (const child of right.children) left.children.push(child)
  left.count += right.count
  node.children.splice(at + 1, 1)
}
