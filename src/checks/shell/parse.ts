// A line of shell, split into its simple commands: enough to find a program in it and to put arguments behind it, and honest about the rest.

export interface Word {
  /** As it is written. */
  readonly raw: string;
  /** What the shell makes of it; `null` where that hangs on a variable. A pattern such as `*.js` stands as it is written. */
  readonly text: string | null;
  /** Whether any of it is in quotes: the shell then hands a pattern on as it is. */
  readonly quoted: boolean;
  /** Where it stands in the line: offsets of its first character, and behind its last. */
  readonly start: number;
  readonly end: number;
}

export interface SimpleCommand {
  /** Assignments before the program (`CI=1`), as they are written. */
  readonly assignments: readonly Word[];
  readonly words: readonly Word[];
  readonly start: number;
  /** Behind its last word or redirection. */
  readonly end: number;
  /** Whether it has redirections (`> file`). */
  readonly redirected: boolean;
  /** What follows it. */
  readonly operator: "&&" | "||" | ";" | "|" | "&" | "";
}

/**
 * The simple commands of a line, in order. `null` where the line holds more than lists and pipelines of them: groups, substitutions, loops, here-documents,
 * comments, or an open quote.
 */
export function parseShell(line: string): readonly SimpleCommand[] | null {
  const commands: SimpleCommand[] = [];
  let at = 0;
  for (;;) {
    const command = readCommand(line, at);
    if (command === null) return null;
    if (command.words.length === 0 && command.assignments.length === 0) {
      const isEndOfList = command.operator === "" && isClosed(commands.at(-1)?.operator);
      return isEndOfList ? commands : null;
    }
    commands.push(command);
    if (command.operator === "") return commands;
    at = line.indexOf(command.operator, command.end) + command.operator.length;
  }
}

function isClosed(operator: SimpleCommand["operator"] | undefined): boolean {
  return operator === ";" || operator === "&";
}

const reserved: ReadonlySet<string> = new Set(
  "if then elif else fi for in do done while until case esac select function time ! { } [[ ]]".split(" "),
);

function readCommand(line: string, from: number): SimpleCommand | null {
  const assignments: Word[] = [];
  const words: Word[] = [];
  let at = skipBlanks(line, from);
  const start = at;
  let end = at;
  let redirected = false;
  for (;;) {
    const operator = operatorAt(line, at);
    if (operator !== null) return { assignments, words, start, end, redirected, operator };
    const redirection = redirectionAt(line, at);
    const word = readWord(line, redirection ?? at);
    if (word === null) return null;
    redirected ||= redirection !== null;
    if (redirection === null) {
      if (words.length === 0 && reserved.has(word.raw)) return null;
      (words.length === 0 && /^[A-Za-z_]\w*=/.test(word.raw) ? assignments : words).push(word);
    }
    end = word.end;
    at = skipBlanks(line, end);
  }
}

/** Offset behind the blanks, continued lines among them. */
function skipBlanks(line: string, from: number): number {
  let at = from;
  for (;;) {
    if (line[at] === " " || line[at] === "\t") at += 1;
    else if (line[at] === "\\" && line[at + 1] === "\n") at += 2;
    else return at;
  }
}

/** The operator that ends a command here; `null` where a word or a redirection begins. */
function operatorAt(line: string, at: number): SimpleCommand["operator"] | null {
  if (at >= line.length) return "";
  const two = line.slice(at, at + 2);
  if (two === "&&" || two === "||") return two;
  if (two === ";;" || two === "|&") return null;
  const one = line[at];
  return one === ";" || one === "|" || one === "&" ? one : null;
}

/** Offset behind a redirection's operator and blanks, where one stands here: `2>`, `>>`, `>&`, `<`; never a here-document. */
function redirectionAt(line: string, at: number): number | null {
  const found = /^\d*(?:>>|>&|>\||<&|>|<(?![<(]))/.exec(line.slice(at, at + 8));
  return found === null ? null : skipBlanks(line, at + found[0].length);
}

/** Outside quotes these make a line more than simple commands. */
const special = new Set("();&|<>\n`");

function readWord(line: string, start: number): Word | null {
  if (line[start] === "#") return null;
  const word: Reading = { line, text: "", known: true, quoted: false };
  let at = start;
  while (at < line.length) {
    const next = line[at] ?? "";
    if (next === " " || next === "\t" || isBoundary(next)) break;
    const behind = readPiece(word, at);
    if (behind === null) return null;
    at = behind;
  }
  if (at === start || isOdd(line[at])) return null;
  return {
    raw: line.slice(start, at),
    text: word.known ? word.text : null,
    quoted: word.quoted,
    start,
    end: at,
  };
}

function isBoundary(character: string): boolean {
  return special.has(character);
}

/** A word cannot end before one of these in a list of simple commands. */
function isOdd(character: string | undefined): boolean {
  return character === "(" || character === ")" || character === "`" || character === "\n";
}

interface Reading {
  readonly line: string;
  text: string;
  known: boolean;
  quoted: boolean;
}

/** Reads a quoted part, an escape, a variable or one character; the offset behind it, or `null`. */
function readPiece(word: Reading, at: number): number | null {
  const { line } = word;
  switch (line[at] ?? "") {
    case "'":
      return readSingleQuoted(word, at + 1);
    case '"':
      return readDoubleQuoted(word, at + 1);
    case "\\":
      if (at + 1 >= line.length) return null;
      if (line[at + 1] !== "\n") word.text += line[at + 1] ?? "";
      word.quoted = true;
      return at + 2;
    case "$":
      return readVariable(word, at);
    default:
      word.text += line[at] ?? "";
      return at + 1;
  }
}

function readSingleQuoted(word: Reading, from: number): number | null {
  const close = word.line.indexOf("'", from);
  if (close === -1) return null;
  word.text += word.line.slice(from, close);
  word.quoted = true;
  return close + 1;
}

function readDoubleQuoted(word: Reading, from: number): number | null {
  const { line } = word;
  word.quoted = true;
  for (let at = from; at < line.length;) {
    const next = line[at] ?? "";
    if (next === '"') return at + 1;
    if (next === "`") return null;
    if (next === "$") {
      const behind = readVariable(word, at);
      if (behind === null) return null;
      at = behind;
    } else if (next === "\\" && '"\\$`\n'.includes(line[at + 1] ?? " ")) {
      if (line[at + 1] !== "\n") word.text += line[at + 1] ?? "";
      at += 2;
    } else {
      word.text += next;
      at += 1;
    }
  }
  return null;
}

/** `$NAME` and `${NAME}` make a word unknown; a substitution makes the line unreadable; else it is a dollar sign. */
function readVariable(word: Reading, at: number): number | null {
  const rest = word.line.slice(at);
  if (rest.startsWith("$(") || rest.startsWith("$'")) return null;
  const found = /^\$(?:\{[^{}`$"'\\]*\}|\w+|[@*#?$!-])/.exec(rest);
  if (found === null) {
    if (rest.startsWith("${")) return null;
    word.text += "$";
    return at + 1;
  }
  word.known = false;
  return at + found[0].length;
}
