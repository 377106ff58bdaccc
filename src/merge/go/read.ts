// go.mod and go.work as statements that keep their own lines.

/** One directive with its arguments, on a line of its own or in a block. */
export interface Statement {
  /** "require", "replace", … */
  readonly verb: string;
  /** What tells it from others of its verb: of a requirement the module's path. */
  readonly key: string;
  /** What its key has: of a requirement the version. */
  readonly value: string;
  /** The comment behind it, "//" left out: "indirect". */
  readonly note: string;
  /** Comment and blank lines above it. */
  readonly lead: readonly string[];
  readonly line: string;
}

/** `require ( … )`. */
export interface Block {
  readonly verb: string;
  readonly lead: readonly string[];
  readonly line: string;
  readonly statements: readonly Statement[];
  /** Comment and blank lines before the bracket that closes. */
  readonly rest: readonly string[];
  readonly close: string;
}

export type Item = Statement | Block;

export interface GoFile {
  readonly items: readonly Item[];
  readonly rest: readonly string[];
}

export function isBlock(item: Item): item is Block {
  return "close" in item;
}

const OPEN = /^([a-z]+)[ \t]*\([ \t]*$/;
const CLOSE = /^[ \t]*\)[ \t]*$/;

/** A block that has not closed yet. */
interface Open {
  readonly verb: string;
  readonly lead: readonly string[];
  readonly line: string;
  readonly statements: Statement[];
}

/** Of lines without their endings; `null` where a line is no statement. */
export function readGoFile(lines: readonly string[]): GoFile | null {
  const items: Item[] = [];
  let block: Open | null = null;
  let lead: string[] = [];
  for (const line of lines) {
    if (isTrivia(line)) {
      lead.push(line);
      continue;
    }
    const opened: Open | null = openBlock(line, lead);
    if (block === null && opened !== null) block = opened;
    else if (block !== null && CLOSE.test(line)) {
      items.push({ ...block, rest: lead, close: line });
      block = null;
    } else {
      const statement = readStatement(line, lead, block?.verb ?? "");
      if (statement === null) return null;
      (block === null ? items : block.statements).push(statement);
    }
    lead = [];
  }
  return block === null ? { items, rest: lead } : null;
}

function openBlock(line: string, lead: readonly string[]): Open | null {
  const [, verb] = OPEN.exec(line) ?? [];
  return verb === undefined ? null : { verb, lead, line, statements: [] };
}

/** The statements of a piece of a block, and the trivia behind the last; `null` if anything else is among them. */
export function readStatements(
  lines: readonly string[],
  verb: string | null,
): { readonly statements: readonly Statement[]; readonly rest: readonly string[] } | null {
  const statements: Statement[] = [];
  let lead: string[] = [];
  for (const line of lines) {
    if (isTrivia(line)) {
      lead.push(line);
      continue;
    }
    const statement = readStatement(line, lead, verb);
    if (statement === null) return null;
    statements.push(statement);
    lead = [];
  }
  return { statements, rest: lead };
}

/** The verb of the block that is open behind these lines; "" outside any block, `null` where none is to be seen. */
export function openVerb(lines: readonly string[]): string | null {
  for (const line of lines.toReversed()) {
    if (CLOSE.test(line)) return "";
    const [, verb] = OPEN.exec(line) ?? [];
    if (verb !== undefined) return verb;
  }
  return null;
}

function isTrivia(line: string): boolean {
  const text = line.trim();
  return text === "" || text.startsWith("//");
}

/** How many words a statement has, and how many of them, from the first, are its key. */
const WORDS: Readonly<Record<string, { readonly all: number; readonly key: number }>> = {
  module: { all: 1, key: 0 },
  go: { all: 1, key: 0 },
  toolchain: { all: 1, key: 0 },
  require: { all: 2, key: 1 },
  exclude: { all: 2, key: 2 },
  use: { all: 1, key: 1 },
  tool: { all: 1, key: 1 },
  ignore: { all: 1, key: 1 },
};

function readStatement(line: string, lead: readonly string[], verb: string | null): Statement | null {
  const [, code = "", note = ""] = /^([^/]*(?:\/(?!\/)[^/]*)*)(?:\/\/(.*))?$/.exec(line) ?? [];
  if (/["'`()\uFEFF]/.test(code)) return null;
  const words = code.trim().split(/\s+/);
  const named = verb === null || verb === "" ? (words.shift() ?? "") : verb;
  const split = splitWords(named, words);
  return split && { verb: named, ...split, note: note.trim(), lead, line };
}

type Split = Pick<Statement, "key" | "value"> | null;

function splitWords(verb: string, words: readonly string[]): Split {
  const at = (index: number): Split => ({
    key: words.slice(0, index).join(" "),
    value: words.slice(index).join(" "),
  });
  if (verb === "retract") return words.length > 0 ? at(words.length) : null;
  if (verb === "godebug") return splitSetting(words);
  const arrow = words.indexOf("=>");
  if (verb === "replace") return arrow < 1 ? null : at(arrow);
  const count = Object.hasOwn(WORDS, verb) ? WORDS[verb] : undefined;
  return arrow === -1 && count?.all === words.length ? at(count.key) : null;
}

/** `name=value`. */
function splitSetting(words: readonly string[]): Split {
  const [key, value, ...more] = words.join(" ").split("=");
  return key && value && more.length === 0 ? { key, value } : null;
}
