// What a merge must not make worse than its parents: syntax errors, names defined twice.
import type { StructuralLanguage } from "./language.ts";
import type { Placed } from "./lay-out.ts";
import type { TreeNode } from "./tree.ts";

/** What is wrong with one text. */
export interface Faults {
  /** Places that the grammar cannot make sense of, in the whole text. */
  readonly errors: number;
  /** Names that one unordered container has twice, among the containers that reach into the part that was looked at. */
  readonly repeated: ReadonlySet<string>;
}

/** Whether the result has no more syntax errors than the worse of its parents, and defines nothing twice that neither does. */
export function isSound(result: Faults, parents: readonly Faults[]): boolean {
  if (result.errors > Math.max(...parents.map(({ errors }) => errors))) return false;
  return [...result.repeated].every((name) => parents.some(({ repeated }) => repeated.has(name)));
}

/** The faults of a text, of which one part is looked at more closely. */
export function faultsOf(root: TreeNode, { start, end }: Placed, language: StructuralLanguage): Faults {
  const repeated = new Set<string>();
  const open: TreeNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const name of repeatedIn(node, language)) repeated.add(name);
    for (const child of node.children) if (child.start < end && child.end > start) open.push(child);
  }
  return { errors: countErrors(root), repeated };
}

function repeatedIn(node: TreeNode, { containers }: StructuralLanguage): string[] {
  const container = containers.get(node.type);
  if (container === undefined) return [];
  const keys = node.children.flatMap(({ type, key }) =>
    key !== null && container.members.has(type) ? [`${node.type}: ${key}`] : [],
  );
  const seen = new Set<string>();
  return keys.filter((key) => seen.size === seen.add(key).size);
}

/** Places that the grammar cannot make sense of. Walks only where something is wrong. */
export function countErrors(root: Pick<TreeNode, "type" | "broken" | "children">): number {
  let errors = 0;
  const open = root.broken ? [root] : [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const broken = node.children.filter((child) => child.broken);
    if (node.type === "ERROR" || broken.length === 0) errors++;
    open.push(...broken);
  }
  return errors;
}
