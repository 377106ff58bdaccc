// Three trees merged into one, as spans of the three texts: where only one side changed a node it is that side's, where both did its children are merged.
import { align } from "./align.ts";
import { mergeMembers } from "./members.ts";
import { changedSide, note, put, putConflict } from "./pieces.ts";
import type { Doubt, MergeOptions, Merging, Place, Run, Triple } from "./pieces.ts";
import type { SideName, TreeNode } from "./tree.ts";

/** Nesting beyond which nothing is merged: no person wrote it. */
const deepest = 150;

/** Merges three roots. Total: what cannot be merged is a conflict among the pieces. */
export function mergeTrees(roots: Triple<TreeNode>, options: MergeOptions): Merging {
  const merging: Merging = { ...options, pieces: [], deeds: [] };
  mergeNode(roots, { parent: null, depth: 0 }, merging);
  return merging;
}

/** Merges one node's own span, without the blanks before it. */
function mergeNode(nodes: Triple<TreeNode>, place: Place, merging: Merging): void {
  const { base, ours, theirs } = nodes;
  const side = changedSide(base.text, ours.text, theirs.text);
  if (side !== null) {
    const taken = nodes[side === "both" ? "ours" : side];
    if (taken.text !== base.text)
      note(merging, { side, within: place.parent?.type ?? "", members: null }, taken);
    put(merging, taken);
    return;
  }
  if (place.depth > deepest) {
    putConflict(merging, "too-large", nodes);
    return;
  }
  const sameType = base.type === ours.type && base.type === theirs.type;
  const isLeaf = [base, ours, theirs].some(({ children }) => children.length === 0);
  if (!sameType || isLeaf) putConflict(merging, "both-changed", nodes);
  else mergeChildren(nodes, place.depth + 1, merging);
}

function mergeChildren(nodes: Triple<TreeNode>, depth: number, merging: Merging): void {
  const { base, ours, theirs } = nodes;
  if (changedSide(straysOf(base, merging), straysOf(ours, merging), straysOf(theirs, merging)) !== "both") {
    putConflict(merging, "syntax", nodes);
    return;
  }
  const toOurs = align(base, ours);
  const toTheirs = align(base, theirs);
  if (toOurs === null || toTheirs === null) {
    putConflict(merging, "too-large", nodes);
    return;
  }
  const place = { parent: base, depth };
  let next = { base: 0, ours: 0, theirs: 0 };
  for (const [index, node] of base.children.entries()) {
    const to = { base: index, ours: toOurs[index] ?? -1, theirs: toTheirs[index] ?? -1 };
    const [mine, other] = [ours.children[to.ours], theirs.children[to.theirs]];
    if (mine === undefined || other === undefined) continue;
    const last = mergeRun(runsOf(nodes, next, to), place, merging);
    const anchor = { base: node, ours: mine, theirs: other };
    putBlank(anchor, last, merging);
    mergeNode(anchor, place, merging);
    next = { base: index + 1, ours: to.ours + 1, theirs: to.theirs + 1 };
  }
  const ends = {
    base: base.children.length,
    ours: ours.children.length,
    theirs: theirs.children.length,
  };
  const last = mergeRun(runsOf(nodes, next, ends), place, merging);
  putBlank({ base: endOf(base), ours: endOf(ours), theirs: endOf(theirs) }, last, merging);
}

/** Text among a node's children that is no child's: what the grammar skipped. */
function straysOf(node: TreeNode, { texts }: Merging): string {
  const gaps = node.children.map(({ from, start }) => texts[node.side].slice(from, start));
  return [...gaps, texts[node.side].slice(lastEnd(node), node.end)].map((gap) => gap.trim()).join("");
}

function runsOf(nodes: Triple<TreeNode>, from: Triple<number>, to: Triple<number>): Triple<Run> {
  const run = (side: SideName) => runOf(nodes[side], from[side], to[side]);
  return { base: run("base"), ours: run("ours"), theirs: run("theirs") };
}

function runOf(parent: TreeNode, from: number, to: number): Run {
  const nodes = parent.children.slice(from, to);
  const start = nodes[0]?.from ?? parent.children[from]?.from ?? lastEnd(parent);
  const end = nodes.at(-1)?.end ?? start;
  return { side: parent.side, nodes, start, end, text: nodes.map(({ text }) => text).join("\n") };
}

const lastEnd = (parent: TreeNode): number => parent.children.at(-1)?.end ?? parent.start;

/** Text before a node, or behind the last one: `from` to `start`. */
type Blank = Pick<TreeNode, "side" | "from" | "start">;

const endOf = (parent: TreeNode): Blank => ({ side: parent.side, from: lastEnd(parent), start: parent.end });

/** Merges a run; answers the side that it was taken from, `null` where none changed it. */
function mergeRun(runs: Triple<Run>, place: Place, merging: Merging): SideName | null {
  const side = changedSide(runs.base.text, runs.ours.text, runs.theirs.text);
  if (side !== null) {
    const taken = runs[side === "both" ? "ours" : side];
    const changed = taken.text !== runs.base.text;
    if (changed) note(merging, { side, within: place.parent?.type ?? "", members: null }, taken);
    put(merging, taken);
    return changed ? taken.side : null;
  }
  const isBroken = [runs.base, runs.ours, runs.theirs].some(({ nodes }) =>
    nodes.some(({ broken }) => broken),
  );
  if (isBroken) putConflict(merging, "syntax", runs);
  else if (!mergeMembers(runs, place, merging, mergeNode)) putConflict(merging, doubtOf(runs), runs);
  return "ours";
}

function doubtOf({ base, ours, theirs }: Triple<Run>): Doubt {
  if (base.nodes.length === 0) return "both-inserted";
  return ours.nodes.length === 0 || theirs.nodes.length === 0 ? "delete-change" : "both-changed";
}

/** Puts the blank text before a node that all sides have: of the side that changed it, else of the side that changed what stands before it. */
function putBlank(nodes: Triple<Blank>, last: SideName | null, merging: Merging): void {
  const text = (side: SideName) => merging.texts[side].slice(nodes[side].from, nodes[side].start);
  const side = changedSide(text("base"), text("ours"), text("theirs"));
  const span = (name: SideName) => ({ side: name, start: nodes[name].from, end: nodes[name].start });
  if (side === null && (text("ours") + text("theirs")).trim() !== "")
    putConflict(merging, "both-changed", { base: span("base"), ours: span("ours"), theirs: span("theirs") });
  else if (side === null) put(merging, span(last ?? "ours"));
  else put(merging, span(side === "both" ? "ours" : side));
}
