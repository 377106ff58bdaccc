// Where in a JSON file a hunk stands, read from the lines around it.
import { readJsonLine, type JsonLine } from "../../syntax/json.ts";
import { splitLines, withoutEnding } from "../lines.ts";

/** What the clean lines around a hunk say about it. */
export interface Surroundings {
  /** Names of the containers that are open where the hunk starts, outermost known one first; elements and the root have none. */
  readonly keys: readonly string[];
  /** Whether the outermost container is known to be the file's root. */
  readonly rooted: boolean;
  /** Names in the hunk's own container, before it and after it, as far as they can be seen. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The nearest line on each side that is not blank or a comment; `null` if there is none to be seen. */
  readonly previous: JsonLine | null;
  readonly next: JsonLine | null;
}

export function surroundingsOf(before: string, after: string): Surroundings {
  const above = backwards(before);
  const below = forwards(after);
  return { ...above, after: below.names, next: below.next };
}

type Above = Pick<Surroundings, "keys" | "rooted" | "before" | "previous">;

/** Reads upwards: a bracket that closes leads into a block beside the hunk, one that opens with none to close is around it. */
function backwards(text: string): Above {
  const lines = significant(text).reverse();
  const keys: string[] = [];
  const before: string[] = [];
  let rooted = false;
  let depth = 0;
  for (const line of lines) {
    if (line === null || rooted) break;
    const around = line.kind === "open" && depth === 0;
    if (around && isRoot(line)) rooted = true;
    else if (around) keys.push(line.key ?? "#");
    else {
      depth += STEP[line.kind];
      if (depth === 0 && keys.length === 0) before.push(...named(line));
    }
  }
  return { keys: keys.reverse(), rooted, before: before.reverse(), previous: lines[0] ?? null };
}

function named(line: JsonLine): string[] {
  return line.key === null ? [] : [line.key];
}

/** How many blocks deeper a line leads, read upwards. */
const STEP = { open: -1, close: 1, leaf: 0, trivia: 0 } as const;

/** Only the root's bracket has neither a name nor an indentation. */
function isRoot(line: JsonLine): boolean {
  return line.key === null && line.value === "{" && !/^\s/.test(line.body);
}

function forwards(text: string): { names: string[]; next: JsonLine | null } {
  const names: string[] = [];
  const lines = significant(text);
  let depth = 0;
  for (const line of lines) {
    if (line === null || depth < 0) break;
    if (depth === 0 && line.kind !== "close" && line.key !== null) names.push(line.key);
    if (line.kind === "open") depth++;
    if (line.kind === "close") depth--;
  }
  return { names, next: lines[0] ?? null };
}

function significant(text: string): (JsonLine | null)[] {
  const lines = splitLines(text).map((line) => readJsonLine(withoutEnding(line)));
  return lines.filter((line) => line?.kind !== "trivia");
}
