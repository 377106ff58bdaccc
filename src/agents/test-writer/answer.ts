// The tests of an answer: one fenced block, of which only whole tests that nothing speaks against are taken.
import type { Import } from "./imports.ts";
import { mostTests } from "./limits.ts";
import { whyRefused } from "./static-look.ts";
import { readTestFile, withoutStretches, withoutTests } from "./test-file.ts";
import type { TestCase } from "./types.ts";

export interface Refused {
  readonly title: string;
  /** Goes on a sentence: "it asserts nothing". */
  readonly why: string;
}

export interface Answered {
  /** Statements at the top of a file that are tests or hold some; "" where there are none. */
  readonly added: string;
  readonly titles: readonly string[];
  readonly imports: readonly Import[];
  readonly refused: readonly Refused[];
}

const nothing = (why: string): Answered => ({
  added: "",
  titles: [],
  imports: [],
  refused: [{ title: "(the whole answer)", why }],
});

/** `taken` says whether there is a test of this title already. */
export async function readAnswer(
  path: string,
  answer: string,
  taken: (title: string) => boolean,
): Promise<Answered> {
  const text = fencedBlock(answer);
  if (text === null) return nothing("it is not one fenced block");
  const file = await readTestFile(path, text);
  if (file === null || file.broken) return nothing("it does not parse");
  const { seen, refused } = await sorted(path, file.tests, taken);
  const blocks = file.blocks.map(({ start, end }) => text.slice(start, end));
  const kept = await withoutOthers(path, blocks.join("\n\n"), seen);
  // What a suite holds beside its tests is looked at as well.
  const around = kept === "" ? null : await whyAround(path, kept);
  if (around !== null) return nothing(around);
  return { added: kept, titles: [...seen], imports: file.imports, refused };
}

/** Titles of tests that nothing speaks against, and the others. */
async function sorted(
  path: string,
  tests: readonly TestCase[],
  taken: (title: string) => boolean,
): Promise<{ readonly seen: ReadonlySet<string>; readonly refused: readonly Refused[] }> {
  const refused: Refused[] = [];
  const seen = new Set<string>();
  const met = new Set<string>();
  for (const { title, text } of tests) {
    if (seen.size >= mostTests) break;
    const why = await whyNot(path, text, title, (name) => met.has(name) || taken(name));
    if (why !== null) refused.push({ title: title ?? "(without a plain title)", why });
    if (title !== null) met.add(title);
    if (title !== null && why === null) seen.add(title);
  }
  return { seen, refused };
}

async function whyNot(
  path: string,
  body: string,
  title: string | null,
  taken: (title: string) => boolean,
): Promise<string | null> {
  if (title === null) return "its title is not a plain text";
  if (taken(title)) return "there is another test of this title";
  return await whyRefused(path, body);
}

async function whyAround(path: string, added: string): Promise<string | null> {
  const why = await whyRefused(path, added);
  return why === "it is longer than a test may be" ? null : why;
}

/** A title may come twice, of which the first stays: tests are cut by place, then. */
async function withoutOthers(path: string, text: string, kept: ReadonlySet<string>): Promise<string> {
  const file = await readTestFile(path, text);
  if (file === null) return "";
  const seen = new Set<string>();
  const doubles = file.tests.filter(({ title }) => {
    const isFirst = title !== null && kept.has(title) && !seen.has(title);
    if (title !== null) seen.add(title);
    return !isFirst;
  });
  const once = withoutStretches(text, doubles);
  return (await withoutTests(path, once, new Set())).trim();
}

const opening = /^ {0,3}(`{3,}|~{3,})[^`]*$/;

/** The text of the only fenced block; of an answer that is cut off or has several, `null`. */
function fencedBlock(answer: string): string | null {
  let fence: string | null = null;
  let block: string[] | null = null;
  let blocks = 0;
  for (const line of answer.replaceAll("\r\n", "\n").split("\n")) {
    if (fence === null) {
      fence = opening.exec(line)?.[1] ?? null;
      if (fence === null) continue;
      blocks += 1;
      block = [];
    } else if (isClosing(line, fence)) fence = null;
    else block?.push(line);
  }
  return blocks === 1 && fence === null && block !== null ? `${block.join("\n")}\n` : null;
}

function isClosing(line: string, fence: string): boolean {
  const text = line.trim();
  return text.length >= fence.length && text === fence.charAt(0).repeat(text.length);
}
