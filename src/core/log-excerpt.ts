// What is kept of a log that may be of any length: its beginning, what speaks of failures with the lines around it, and its end.

/** Bytes of UTF-8 of each part; with the line feeds and the notes on what is left out they stay within 64 KiB. */
const budgets = { head: 4_096, strong: 24_576, weak: 10_240, tail: 25_600 };
const headLines = 20;
const tailLines = 200;
const around = 20;
/** More than a note on left out lines takes. */
const noteBytes = 48;

/** Words that only failures have, in the output of test runners, compilers and package managers. */
const strong =
  /FAIL|AssertionError|[✗✕×✖❌]|not ok|panicked|panic:|npm ERR!|npm error|error TS|error\[E|Traceback|ERR_PNPM|^E {2}/;
const weak = /[Ee]rror|ERROR|●/;

type Part = "head" | "strong" | "weak";

export interface Excerpt {
  /** One line without its line feed. */
  readonly push: (line: string) => void;
  readonly lines: () => number;
  /** At most 64 KiB of UTF-8, lines joined by line feeds, with a note where lines are left out. */
  readonly text: () => string;
}

/** Holds no more than it gives: a log is pushed line by line, and what is not kept is forgotten. */
export function createExcerpt(): Excerpt {
  const recent: string[] = [];
  const kept = new Map<number, string>();
  /** A part that has no room for a line is full: else each further line of a long log would be tried. */
  const left = { head: budgets.head, strong: budgets.strong, weak: budgets.weak };
  /** Lines that are still to be kept after a strong and after a weak sign. */
  const after = { strong: 0, weak: 0 };
  let count = 0;

  function keep(index: number, part: Part): void {
    const line = recent[index % tailLines];
    if (line === undefined || left[part] === 0 || kept.has(index)) return;
    const { text, bytes } = copyOf(line);
    const cost = bytes + (kept.has(index - 1) ? 0 : noteBytes);
    if (cost > left[part]) {
      left[part] = 0;
      return;
    }
    left[part] -= cost;
    kept.set(index, text);
  }

  function keepAround(index: number, part: "strong" | "weak"): void {
    if (left[part] === 0) return;
    for (let one = Math.max(0, index - around); one <= index; one++) keep(one, part);
    after[part] = around;
  }

  function push(line: string): void {
    const index = count++;
    recent[index % tailLines] = line;
    if (index < headLines) keep(index, "head");
    if (strong.test(line)) keepAround(index, "strong");
    else if (after.strong-- > 0) keep(index, "strong");
    else if (weak.test(line)) keepAround(index, "weak");
    else if (after.weak-- > 0) keep(index, "weak");
  }

  function withTail(): Map<number, string> {
    const all = new Map(kept);
    let bytesLeft = budgets.tail - noteBytes;
    for (let index = count - 1; index >= Math.max(0, count - tailLines); index--) {
      if (all.has(index)) continue;
      const { text, bytes } = copyOf(recent[index % tailLines] ?? "");
      if (bytes > bytesLeft) break;
      bytesLeft -= bytes;
      all.set(index, text);
    }
    return all;
  }

  return { push, lines: () => count, text: () => joined(withTail(), count) };
}

/** A piece of a large text keeps the whole of it in memory: what is kept is copied. Half characters become U+FFFD. `bytes` counts its line feed. */
function copyOf(line: string): { text: string; bytes: number } {
  const buffer = Buffer.from(line);
  return { text: buffer.toString(), bytes: buffer.length + 1 };
}

function joined(lines: ReadonlyMap<number, string>, count: number): string {
  const out: string[] = [];
  let next = 0;
  const note = (until: number): void => {
    if (until > next) out.push(`[… ${until - next} lines left out …]`);
  };
  for (const index of [...lines.keys()].sort((a, b) => a - b)) {
    note(index);
    out.push(lines.get(index) ?? "");
    next = index + 1;
  }
  note(count);
  return out.join("\n");
}
