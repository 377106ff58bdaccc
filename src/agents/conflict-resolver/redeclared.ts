// Names that a merged file declares twice where neither side does: "both sides" of a hunk that defines the same thing in two ways. Most parsers take such a file.
import type { MergeRules } from "../../core/agent.ts";
import { splitLines } from "../../merge/lines.ts";

/** What a line declares: types and values have names of their own in some languages. */
interface Declared {
  readonly space: "type" | "value";
  readonly name: string;
}

/** Reads one line without its indentation; `lines` from `at` on tell how a statement goes on. */
type ReadLine = (code: string, lines: readonly string[], at: number) => Declared | null;

/** What begins a declaration, and the name as its group `name`. */
function matcher(space: Declared["space"], pattern: RegExp): ReadLine {
  return (code) => {
    const name = pattern.exec(code)?.groups?.["name"];
    return name === undefined || name === "_" ? null : { space, name };
  };
}

const firstOf =
  (...readers: readonly ReadLine[]): ReadLine =>
  (code, lines, at) => {
    for (const read of readers) {
      const found = read(code, lines, at);
      if (found) return found;
    }
    return null;
  };

const scriptFunction = matcher(
  "value",
  /^(?:export\s+)?(?:default\s+)?(?:async\s+)?function(?:\s*\*\s*|\s+)(?<name>[\p{L}_$][\p{L}\p{N}_$]*)/u,
);

/** An overload of TypeScript declares a function without its body: only the one with a body counts. Parameters over more than 30 lines are not read. */
const script: ReadLine = firstOf(
  matcher(
    "value",
    /^(?:export\s+)?(?:const|let|var|(?:const\s+)?enum)\s+(?!enum\b)(?<name>[\p{L}_$][\p{L}\p{N}_$]*)/u,
  ),
  matcher(
    "value",
    /^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+(?!extends\b)(?<name>[\p{L}_$][\p{L}\p{N}_$]*)/u,
  ),
  matcher("type", /^(?:export\s+)?interface\s+(?<name>[\p{L}_$][\p{L}\p{N}_$]*)/u),
  matcher("type", /^(?:export\s+)?type\s+(?<name>[\p{L}_$][\p{L}\p{N}_$]*)\s*(?:<|=)/u),
  (code, lines, at) => {
    const found = scriptFunction(code, lines, at);
    return found && hasBody(lines.slice(at, at + 30).join("")) ? found : null;
  },
);

/** Whether the line on which the brackets of the parameters close ends in a brace. */
function hasBody(text: string): boolean {
  let depth = 0;
  for (let at = text.indexOf("("); at >= 0 && at < text.length; at++) {
    const one = text.charAt(at);
    if (one === "(") depth++;
    if (one === ")") depth--;
    if (depth === 0)
      return /[{}]$/.test((text.slice(at + 1).split("\n", 1)[0] ?? "").split("//", 1)[0]?.trimEnd() ?? "");
  }
  return false;
}

const definition = matcher("value", /^(?:async\s+)?(?:def|class)\s+(?<name>[\p{L}_][\p{L}\p{N}_]*)/u);

/** A decorated definition may stand twice (a property and its setter, an overload), so it is not looked at. */
const python: ReadLine = (code, lines, at) => {
  const above = lines[at - 1]?.trim() ?? "";
  return above.startsWith("@") || above === ")" ? null : definition(code, lines, at);
};

/** A method has its receiver's type in its name; `init` may stand in a file as often as one likes. */
const go: ReadLine = firstOf(
  matcher("value", /^func\s+(?!init\()(?<name>(?:\([^)]{0,200}\)\s*)?[\p{L}_][\p{L}\p{N}_]*)\s*[([]/u),
  matcher("value", /^type\s+(?<name>[\p{L}_][\p{L}\p{N}_]*)\s/u),
);

const rustWords = String.raw`^(?:pub(?:\([^)]*\))?\s+)?(?:default\s+)?(?:const\s+)?(?:async\s+)?(?:unsafe\s+)?(?:extern\s+"[^"]*"\s+)?`;
const rustName = String.raw`\s+(?<name>[\p{L}_][\p{L}\p{N}_]*)`;

const item = firstOf(
  matcher("value", new RegExp(`${rustWords}fn${rustName}`, "u")),
  matcher("type", new RegExp(`${rustWords}(?:struct|enum|trait)${rustName}`, "u")),
);

/** What an attribute switches on may stand twice, once for each system. */
const rust: ReadLine = (code, lines, at) => {
  const found = item(code, lines, at);
  return found && isConditional(lines, at) ? null : found;
};

/** Attributes and comments right above it are read. */
function isConditional(lines: readonly string[], at: number): boolean {
  for (let above = at - 1; above >= 0; above--) {
    const line = (lines[above] ?? "").trim();
    if (!/^(?:#|\/\/)/.test(line)) return false;
    if (/\bcfg\b/.test(line)) return true;
  }
  return false;
}

const java = matcher(
  "type",
  /^(?:(?:public|protected|private|static|final|abstract|sealed|non-sealed|strictfp)\s+)*(?:class|interface|enum|record)\s+(?<name>[\p{L}_$][\p{L}\p{N}_$]*)/u,
);

const readers: readonly (readonly [RegExp, ReadLine])[] = [
  [/\.[cm]?[jt]sx?$/i, script],
  [/\.pyi?$/i, python],
  [/\.go$/i, go],
  [/\.rs$/i, rust],
  [/\.java$/i, java],
];

/**
 * Names, each once, that `result` declares again in the same scope, and oftener than any of `parents`. By lines: a scope is a stretch of lines in which nothing
 * stands further left, and what a comment or a text of several lines holds counts as code. Names taken out of a pattern (`const { a }`) and further names of one
 * statement are not read. [] for a language that is not known.
 */
export function newlyRedeclared(path: string, result: string, parents: readonly string[]): string[] {
  const read = readers.find(([pattern]) => pattern.test(path))?.[1];
  if (read === undefined) return [];
  const counts = parents.map((text) => redeclared(text, read));
  return [...redeclared(result, read)]
    .filter(([key, count]) => counts.every((known) => count > (known.get(key) ?? 0)))
    .map(([key]) => key.split("\t").at(-1) ?? key);
}

interface Scope {
  readonly indentation: number;
  readonly names: Set<string>;
}

/** How often each name, by its indentation and kind, is declared again where it is declared already. */
function redeclared(text: string, read: ReadLine): ReadonlyMap<string, number> {
  const again = new Map<string, number>();
  const open: Scope[] = [];
  const lines = splitLines(text);
  for (const [at, line] of lines.entries()) {
    const code = line.trimStart();
    if (code === "") continue;
    const { indentation, names } = scopeAt(line.length - code.length, open);
    const found = read(code, lines, at);
    if (found === null) continue;
    const key = `${found.space}\t${found.name}`;
    const placed = `${indentation}\t${key}`;
    if (names.has(key)) again.set(placed, (again.get(placed) ?? 0) + 1);
    names.add(key);
  }
  return again;
}

/** The scope of a line that is indented so far; those further in are closed by it. */
function scopeAt(indentation: number, open: Scope[]): Scope {
  let last = open.at(-1);
  while (last !== undefined && last.indentation > indentation) {
    open.pop();
    last = open.at(-1);
  }
  if (last?.indentation === indentation) return last;
  const scope = { indentation, names: new Set<string>() };
  open.push(scope);
  return scope;
}

/** `parseErrors` that also tells of names declared twice: to most parsers that is no error. */
export const withRedeclared =
  (parseErrors: MergeRules["parseErrors"]): MergeRules["parseErrors"] =>
  (path, { ours, theirs, result }) => {
    const [twice] = newlyRedeclared(path, result, [ours, theirs]);
    return twice === undefined
      ? parseErrors(path, { ours, theirs, result })
      : Promise.resolve(`${twice} is declared twice`);
  };
