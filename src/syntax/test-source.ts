// The source of one test, by its title as a runner reports it.
import { importsIn } from "./imports.ts";
import { linesAround, linesBetween, lineTable } from "./lines.ts";
import type { LineSpan, LineTable } from "./lines.ts";
import { coversTitle } from "./titles.ts";
import { testReader } from "./test-nodes.ts";
import type { TestNode } from "./test-nodes.ts";
import { readFileTree, visitsOf } from "./visits.ts";

export interface TestSource {
  /** Whole lines, at most 200: those around the failed line where the test is longer. */
  readonly text: string;
  /** 1-based, inclusive. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** Whole texts of the hooks that run before it, outermost first; "" where there are none. */
  readonly hooks: string;
  /** The file's import lines. */
  readonly imports: string;
}

/** A test as it is looked for. */
export interface TestTitle {
  /** The runner's id or title: file, suites, title and parameters, however joined. Hostile text. */
  readonly title: string;
  /** 1-based line where it failed, for when no title fits; `null` where that is not known. */
  readonly line: number | null;
}

const mostLines = 200;
const longestHooks = 4_000;
const mostTests = 5_000;
/** Lines shown above and below a line where no test is found. */
const around = 15;

interface FoundTest extends TestNode {
  readonly lines: LineSpan;
  /** Titles from the outermost suite to the test. */
  readonly titles: readonly string[];
}

/** The tests of one file, parsed once. */
export interface TestFile {
  /** `null` where the title fits no test of the file and no line is known. */
  readonly find: (wanted: TestTitle) => TestSource | null;
}

/** A file whose language no grammar knows has no tests, only lines. Rejects only if the grammar cannot be loaded. */
export async function openTestFile(path: string, text: string): Promise<TestFile> {
  const table = lineTable(text);
  const read = await readFileTree(path, text, (root, grammar) => {
    const reader = testReader(grammar);
    const nodes = reader === null ? [] : [...visitsOf(root)].flatMap((visit) => reader(visit, text) ?? []);
    return foundTests(table, nodes);
  });
  const tests = read ?? [];
  const imports = (await importsIn(path, text)).block;
  return {
    find: ({ title, line }) => {
      const test = bestOf(tests, title, line);
      const lines = test?.lines ?? (line === null ? null : linesBetween(table, line - around, line + around));
      if (lines === null) return null;
      const { start, end, firstLine, lastLine } = cut(table, lines, line);
      const hooks = test === null ? "" : hooksOf(tests, test, text);
      return { text: text.slice(start, end), firstLine, lastLine, hooks, imports };
    },
  };
}

/** The one test of a file that a runner reports by this title; see `TestFile`. */
export async function failingTestSource(
  path: string,
  text: string,
  wanted: TestTitle,
): Promise<TestSource | null> {
  return (await openTestFile(path, text)).find(wanted);
}

/** Tests, suites and hooks in the order of the text, each with the titles of the suites around it. */
function foundTests(table: LineTable, nodes: readonly TestNode[]): readonly FoundTest[] {
  const open: FoundTest[] = [];
  return nodes.slice(0, mostTests).map((node) => {
    while ((open.at(-1)?.end ?? Infinity) <= node.start) open.pop();
    const outer = open.at(-1)?.titles ?? [];
    const titles = node.title === null ? outer : [...outer, node.title];
    const found = { ...node, titles, lines: linesAround(table, node.start, node.end) };
    open.push(found);
    return found;
  });
}

/** The test of which most of the title is known; of equals the one around the line, then the inner one, then the first. */
function bestOf(tests: readonly FoundTest[], title: string, line: number | null): FoundTest | null {
  let best: FoundTest | null = null;
  let most = 0;
  for (const test of tests) {
    const covered = test.kind === "test" ? coversTitle(test.titles, title) : 0;
    const holds = line !== null && test.lines.firstLine <= line && line <= test.lines.lastLine;
    const score = covered === 0 ? 0 : covered + (holds ? 0.5 : 0);
    if (score > most || (score === most && score > 0 && best !== null && within(test.lines, best.lines))) {
      best = test;
      most = score;
    }
  }
  return best;
}

const within = (inner: LineSpan, outer: LineSpan): boolean =>
  inner.start >= outer.start && inner.end <= outer.end;

/** Hooks of the file and of the suites around the test. */
function hooksOf(tests: readonly FoundTest[], test: FoundTest, text: string): string {
  const hooks = tests.filter(
    (one) => one.kind === "hook" && one.titles.every((title, index) => test.titles[index] === title),
  );
  const texts = hooks.map(({ lines }) => text.slice(lines.start, lines.end));
  let length = 0;
  return texts.filter((one) => (length += one.length) <= longestHooks).join("");
}

function cut(table: LineTable, lines: LineSpan, line: number | null): LineSpan {
  const { firstLine, lastLine } = lines;
  if (lastLine - firstLine < mostLines) return lines;
  const inside = line !== null && line >= firstLine && line <= lastLine;
  const from = inside
    ? Math.min(Math.max(firstLine, line - mostLines / 2), lastLine - mostLines + 1)
    : firstLine;
  return linesBetween(table, from, from + mostLines - 1);
}
