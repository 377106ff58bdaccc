// A hunk of a JSON file merged by key, from its own lines and the clean lines around it.
import type { Hunk } from "../../core/conflict.ts";
import { readJsonLine, type JsonLine } from "../../syntax/json.ts";
import { surroundingsOf, type Surroundings } from "./context.ts";
import {
  hasComma,
  linesOfItems,
  print,
  readFragment,
  type JsonFragment,
  type JsonItem,
  type JsonRun,
} from "./items.ts";
import { mergeItems, type Change, type Container, type JsonFileKind, type Sides } from "./merge.ts";
import { joinLines, lineEndings } from "./endings.ts";

export interface MergedFragment {
  /** Whole lines. */
  readonly text: string;
  readonly changes: readonly Change[];
}

export interface FragmentContext {
  readonly before: string;
  readonly after: string;
  readonly file: JsonFileKind;
}

/** `null` where the sides want different things of one key, or where it cannot be seen that the result is well formed. */
export function mergeFragment(hunk: Hunk, context: FragmentContext): MergedFragment | null {
  const endings = lineEndings(hunk);
  const sides = readSides(hunk);
  if (endings === null || sides === null) return null;
  const around = surroundingsOf(context.before, context.after);
  const parts = mergeParts(sides, around, context.file);
  if (parts === null || !commasAgree(parts.lines, around)) return null;
  return { text: joinLines(parts.lines, endings), changes: parts.changes };
}

function readSides(hunk: Hunk): Sides<JsonFragment> | null {
  const [base, ours, theirs] = [hunk.base, hunk.ours, hunk.theirs].map(readFragment);
  if (!base || !ours || !theirs) return null;
  const same = (one: JsonLine, other: JsonLine | undefined): boolean =>
    one.kind === other?.kind && one.key === other.key && one.value === other.value;
  const aligned = [base, theirs].every(
    (side) =>
      side.bridges.length === ours.bridges.length &&
      ours.bridges.every((bridge, index) => same(bridge, side.bridges[index])),
  );
  return aligned ? { base, ours, theirs } : null;
}

interface Parts {
  readonly lines: readonly string[];
  readonly changes: readonly Change[];
}

function mergeParts(sides: Sides<JsonFragment>, around: Surroundings, file: JsonFileKind): Parts | null {
  const lines: string[] = [];
  const changes: Change[] = [];
  const { runs, bridges } = sides.ours;
  let container: Container = { keys: around.keys, rooted: around.rooted, file };
  let entry: OpenEntry | null = null;
  for (const index of runs.keys()) {
    const edges = {
      before: index === 0 ? around.before : [],
      after: index === runs.length - 1 ? around.after : [],
    };
    const shown: Sides<JsonFragment> = entry === null ? sides : wholly(sides, entry.side);
    const merged = mergeRun(shown, index, { container, edges });
    if (merged === null) return null;
    append(lines, merged.lines);
    if (entry === null) append(changes, merged.changes);
    const bridge = bridges[index];
    if (bridge === undefined) break;
    // What came before of the same entry may be of the other side.
    if (merged.side !== undefined && bridges[index - 1]?.kind === "close") return null;
    const line = mergeBridge(shown, index);
    if (line === null) return null;
    lines.push(line);
    container = across(container, bridge);
    entry = next(entry, merged.side, bridge);
  }
  return { lines, changes };
}

/** Without a spread: an argument list of 100,000 overflows the stack. */
function append<T>(list: T[], more: readonly T[]): void {
  for (const item of more) list.push(item);
}

/** A lock entry that both sides changed and that goes on behind a bridge: all of it comes from the side that was taken. */
interface OpenEntry {
  readonly side: "ours" | "theirs";
  /** Containers open inside the entry. */
  readonly depth: number;
}

function next(
  entry: OpenEntry | null,
  side: "ours" | "theirs" | undefined,
  bridge: JsonLine,
): OpenEntry | null {
  const open = entry ?? (side === undefined ? null : { side, depth: 0 });
  const depth = (open?.depth ?? 0) + (bridge.kind === "open" ? 1 : -1);
  return open === null || depth < 0 ? null : { side: open.side, depth };
}

function wholly(sides: Sides<JsonFragment>, side: "ours" | "theirs"): Sides<JsonFragment> {
  return side === "ours" ? { ...sides, theirs: sides.base } : { ...sides, ours: sides.base };
}

interface Edges {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

interface MergedRun extends Parts {
  readonly side: "ours" | "theirs" | undefined;
}

function mergeRun(
  sides: Sides<JsonFragment>,
  index: number,
  where: { readonly container: Container; readonly edges: Edges },
): MergedRun | null {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map((side) => side.runs[index]);
  if (!base || !ours || !theirs) return null;
  const around = new Set([...where.edges.before, ...where.edges.after]);
  const isAround = (item: JsonItem): boolean => item.key !== null && around.has(item.key);
  const onSides = new Set([...ours.items, ...theirs.items].map((item) => item.key));
  // A line that both sides still have, with others beside it, may have been cut off the two and not off the base.
  const items = {
    base: base.items.filter((item) => !isAround(item) || onSides.has(item.key)),
    ours: ours.items,
    theirs: theirs.items,
  };
  const merged = mergeItems(items, where.container, where.edges);
  const rest = mergeTrivia({ base, ours, theirs });
  if (merged === null || rest === null || merged.items.some(isAround)) return null;
  const commas = new Set([ours, theirs].flatMap((run) => run.items.slice(-1).map(hasComma)));
  if (commas.size > 1) return null;
  const lines = [...linesOfItems(merged.items, commas.has(true)), ...rest];
  return { lines, changes: merged.changes, side: merged.side };
}

function mergeTrivia(runs: Sides<JsonRun>): readonly string[] | null {
  const [base, ours, theirs] = [runs.base, runs.ours, runs.theirs].map((run) => run.rest.join("\n"));
  if (ours === theirs || theirs === base) return runs.ours.rest;
  return ours === base ? runs.theirs.rest : null;
}

function mergeBridge(sides: Sides<JsonFragment>, index: number): string | null {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map((side) => {
    const bridge = side.bridges[index];
    return bridge === undefined ? "" : print(bridge, bridge.comma);
  });
  if (ours === undefined || theirs === undefined) return null;
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : null;
}

function across(container: Container, bridge: JsonLine): Container {
  if (bridge.kind === "open") return { ...container, keys: [...container.keys, bridge.key ?? "#"] };
  return { ...container, keys: container.keys.slice(0, -1) };
}

/** A comma stands after each value that another follows, and after no other: also at the seams with the lines around. */
function commasAgree(lines: readonly string[], around: Surroundings): boolean {
  const read = lines.map((line) => readJsonLine(line));
  const chain = [around.previous, ...read, around.next].flatMap((line) =>
    line === null || line.kind === "trivia" ? [] : [line],
  );
  return chain.every((line, index) => {
    const next = chain[index + 1];
    if (next === undefined || line.kind === "open") return true;
    return line.comma === (next.kind !== "close");
  });
}
