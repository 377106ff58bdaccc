// Stack frames in what a failed test said: node, jest, vitest, Python, Go, Rust. Hostile text: a path counts only where the tree has it.
import { pathInTree } from "./paths.ts";

export interface Frame {
  readonly path: string;
  /** 1-based; `null` where the path was mapped from a built file. */
  readonly line: number | null;
  /** The function as the stack calls it, its last word; "" where it has none. */
  readonly name: string;
}

const mostLines = 400;
const longestLine = 600;
const mostFrames = 60;

const located =
  /((?:file:\/\/)?[^\s()"'`<>|,;=[\]{}]{1,300}\.(?:[cm]?[jt]sx?|py|go|rs|java))(?:["']?, line |:)(\d{1,7})/g;

/** The innermost frame first. `folders`: where relative paths may start from, as Go's do. */
export function framesOf(
  said: string,
  files: ReadonlySet<string>,
  folders: readonly string[] = [],
): readonly Frame[] {
  const lines = said.slice(0, 64 * 1024).split("\n", mostLines);
  const frames: Frame[] = [];
  let before = "";
  for (const full of lines) {
    const line = full.slice(0, longestLine);
    for (const [, written = "", number = ""] of line.matchAll(located)) {
      const found = pathInTree(written, files, folders);
      if (found === null || frames.length >= mostFrames) continue;
      frames.push({
        path: found.path,
        line: found.exact ? Number(number) : null,
        name: nameOn(line, before),
      });
    }
    before = line;
  }
  // Python writes the innermost call last.
  return isPython(said) ? frames.reverse() : frames;
}

const isPython = (said: string): boolean =>
  said.includes("Traceback (most recent call last)") ||
  /^[^\s:]{1,300}\.py:\d+: /m.test(said.slice(0, 64 * 1024));

/** "parse" of "at Parser.parse (a.js:1:2)", of `File "a.py", line 1, in parse`, and of Go's and Rust's line above. */
function nameOn(line: string, before: string): string {
  const script = /^\s*(?:at (?:async )?(?:new )?|❯ )([\w$.<>#]{1,120})(?: \[as [\w$.]{1,60}\])? \(?/.exec(
    line,
  )?.[1];
  const python = /\bin (\w{1,120})\s*$/.exec(line)?.[1];
  const above = /^\s*(?:\d+: )?([\w.:*()/<>-]{1,200}?)(?:\([^()]*\))?$/.exec(
    /^\s*(?:at |\/|\t)/.test(line) ? before : "",
  )?.[1];
  const name = script ?? python ?? above ?? "";
  return /([\p{L}_$][\p{L}\p{N}_$]*)\W*$/u.exec(name)?.[1] ?? "";
}
