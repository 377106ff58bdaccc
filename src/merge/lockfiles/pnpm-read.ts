// pnpm-lock.yaml as a tree of keyed lines, as deep as its entries go, and the tree as the very text it was.
import { sameLines, type Lines } from "./lock-text.ts";

/** One key with what stands below it: more keys, or an entry's own lines. */
export interface PnpmNode {
  /** The line that the key stands in. */
  readonly head: string;
  /** Whether a blank line stands between the children. */
  readonly spaced: boolean;
  /** Whether a blank line stands between the head and the first child. */
  readonly opened: boolean;
  /** Empty for an entry. */
  readonly children: PnpmTree;
  /** The lines below an entry's head. */
  readonly lines: Lines;
}

export type PnpmTree = ReadonlyMap<string, PnpmNode>;

/** How many levels of keys stand below each section before its entries begin; a section that is not named is an entry by itself. */
const levels: Readonly<Record<string, number>> = {
  importers: 3,
  catalogs: 2,
  specifiers: 1,
  dependencies: 1,
  devDependencies: 1,
  optionalDependencies: 1,
  packages: 1,
  snapshots: 1,
  time: 1,
};

/** `null` for anything that pnpm would not write just so. */
export function readPnpmLock(lines: Lines): PnpmTree | null {
  const tree = readTree(lines, 0, (key) => levels[key] ?? 0);
  return tree !== null && sameLines(writePnpmLock(tree.children), lines) ? tree.children : null;
}

export function writePnpmLock(tree: PnpmTree): string[] {
  return writeTree(tree, true);
}

const keyForm = /^( *)(?:'((?:[^']|'')+)'|"([^"\\]+)"|([^\s'"#?[{&*!|>%@`-][^:]*(?::(?! )[^:]+)*)):(?: .*)?$/;

/** The key of a line at this indentation; `null` if there is none. */
function keyOf(line: string, indent: number): string | null {
  const [, spaces = "", single, double, plain] = keyForm.exec(line) ?? [];
  if (spaces.length !== indent) return null;
  return single?.replaceAll("''", "'") ?? double ?? plain ?? null;
}

function readTree(
  lines: Lines,
  indent: number,
  depthBelow: (key: string) => number,
): Pick<PnpmNode, "children" | "spaced" | "opened"> | null {
  const opened = lines[0] === "";
  const groups = groupLines(opened ? lines.slice(1) : lines, indent);
  const children = new Map<string, PnpmNode>();
  for (const group of groups ?? []) {
    const [head = "", ...below] = group;
    const key = keyOf(head, indent);
    const node = key === null ? null : readNode(head, below, indent, depthBelow(key));
    if (key === null || node === null || children.has(key)) return null;
    children.set(key, node);
  }
  if (groups === null) return null;
  return { children, opened, spaced: lines.length > 1 && isSpaced(opened ? lines.slice(1) : lines, indent) };
}

function readNode(head: string, below: Lines, indent: number, depth: number): PnpmNode | null {
  const entry = { head, spaced: false, opened: false, children: new Map<string, PnpmNode>(), lines: below };
  if (depth === 0 || below.length === 0) return entry;
  const tree = readTree(below, indent + 2, () => depth - 1);
  return tree && { ...entry, ...tree, lines: [] };
}

/** Lines from one key of this indentation to the next, without the blank line before the next. */
function groupLines(lines: Lines, indent: number): string[][] | null {
  const groups: string[][] = [];
  const deeper = " ".repeat(indent + 1);
  for (const line of lines) {
    if (line === "" || line.startsWith(deeper)) {
      if (groups.length === 0) return null;
      groups.at(-1)?.push(line);
    } else groups.push([line]);
  }
  return groups.map((group) => (group.at(-1) === "" ? group.slice(0, -1) : group));
}

/** Whether blank lines part the keys: where the second key has one before it. */
function isSpaced(lines: Lines, indent: number): boolean {
  const second = lines.findIndex(
    (line, index) => index > 0 && line !== "" && !line.startsWith(" ".repeat(indent + 1)),
  );
  return second > 0 && lines[second - 1] === "";
}

function writeTree(tree: PnpmTree, spaced: boolean): string[] {
  return [...tree.values()].flatMap((node, index) => [
    ...(spaced && index > 0 ? [""] : []),
    node.head,
    ...(node.opened ? [""] : []),
    ...node.lines,
    ...writeTree(node.children, node.spaced),
  ]);
}

/** A dependency of an entry: its name, and the version or key that it is resolved to. */
export interface Reference {
  readonly name: string;
  readonly version: string;
  readonly optional: boolean;
}

const sections: Readonly<Record<string, boolean>> = {
  "    dependencies:": false,
  "    optionalDependencies:": true,
};

/** What an entry of `packages` or `snapshots` depends on. */
export function referencesOf(entry: Lines): Reference[] {
  let optional: boolean | undefined;
  return entry.flatMap((line) => {
    if (!line.startsWith("      ")) optional = sections[line];
    const name = optional === undefined ? null : keyOf(line, 6);
    return name === null || optional === undefined ? [] : [{ name, version: valueOf(line), optional }];
  });
}

/** The plain text behind a line's key. */
export function valueOf(line: string): string {
  const [, value = ""] = /^ *(?:'(?:[^']|'')+'|"[^"]+"|[^\s'"]\S*?): (.*)$/.exec(line) ?? [];
  return value.replace(/^(['"])(.*)\1$/, "$2");
}
