// When two settlements of a hunk of JSON mean the same.
import { readJsonLine } from "../../syntax/json.ts";
import { surroundingsOf } from "./context.ts";
import { splitLines, withoutEnding } from "../lines.ts";

/**
 * Whether `one` and `other`, each between the same lines of context, hold the same values under the same names. Order of names, commas,
 * blank lines, comments and indentation do not count; order of elements does. Texts that are no JSON are equal only if they are the same text.
 */
export function equalJsonFragment(
  one: string,
  other: string,
  context: { readonly before: string; readonly after: string },
): boolean {
  const { keys } = surroundingsOf(context.before, context.after);
  const left = valuesOf(one, keys);
  const right = valuesOf(other, keys);
  if (left === null || right === null) return one === other;
  return left.length === right.length && left.every((value, index) => value === right[index]);
}

/** Every value with its path, sorted, and where the fragment ends; `null` if it is no JSON or a name repeats. */
function valuesOf(text: string, start: readonly string[]): string[] | null {
  const path = [...start];
  const counts = new Map<string, number>();
  const values: string[] = [];
  const names = new Set<string>();
  let closed = 0;
  for (const line of splitLines(text)) {
    const read = readJsonLine(withoutEnding(line));
    if (read === null) return null;
    if (read.kind === "trivia") continue;
    if (read.kind === "close") {
      if (path.pop() === undefined) closed++;
      continue;
    }
    const container = JSON.stringify([closed, path]);
    const index = counts.get(container) ?? 0;
    counts.set(container, index + 1);
    const name = read.key ?? `#${index}`;
    const place = [closed, path, name];
    names.add(JSON.stringify(place));
    values.push(JSON.stringify([place, read.kind === "open" ? read.value : canonical(read.value)]));
    if (read.kind === "open") path.push(name);
  }
  if (names.size < values.length) return null;
  return [...values.sort(), JSON.stringify([closed, path])];
}

function canonical(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    return value;
  }
}
