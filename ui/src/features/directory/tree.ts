/** Units as a tree in one list: each below the one above, with how deep it lies and how many people belong to it. */
import type { Person, Unit } from '@/ipc'

export interface Branch {
  unit: Unit
  depth: number
  /** People of the unit and of all below it. */
  people: number
}

export function treeOf(units: Unit[], people: Person[]): Branch[] {
  const known = new Set(units.map((unit) => unit.unit_id))
  const below = new Map<string | null, Unit[]>()
  for (const unit of units) {
    // A unit whose parent is not shown begins a tree of its own.
    const parent = unit.parent !== null && known.has(unit.parent) ? unit.parent : null
    below.set(parent, [...(below.get(parent) ?? []), unit])
  }
  const own = new Map<string, number>()
  for (const person of people) own.set(person.unit_id, (own.get(person.unit_id) ?? 0) + 1)
  const branches: Branch[] = []
  const grow = (unit: Unit, depth: number): number => {
    const branch: Branch = { unit, depth, people: own.get(unit.unit_id) ?? 0 }
    branches.push(branch)
    for (const child of below.get(unit.unit_id) ?? []) branch.people += grow(child, depth + 1)
    return branch.people
  }
  for (const root of below.get(null) ?? []) grow(root, 0)
  return branches
}

/** The codes of a unit and of all below it. */
export function within(branches: Branch[], unitId: string): Set<string> {
  const from = branches.findIndex((branch) => branch.unit.unit_id === unitId)
  const root = branches[from]
  if (!root) return new Set()
  const after = branches.findIndex((branch, at) => at > from && branch.depth <= root.depth)
  return new Set(branches.slice(from, after === -1 ? undefined : after).map((branch) => branch.unit.unit_id))
}
