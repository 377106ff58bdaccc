// The failing tests as evidence: their sources, the words in them, and the stacks of what they said.
import type { TestResult } from "../../../core/checks.ts";
import { isTestPath } from "../../../core/test-paths.ts";
import { openTestFile } from "../../../syntax/test-source.ts";
import type { TestFile } from "../../../syntax/test-source.ts";
import type { TreeTexts } from "./files.ts";
import { framesOf } from "./frames.ts";
import type { Frame } from "./frames.ts";
import { folderOf, pathInTree, stemOf } from "./paths.ts";
import { callCounts, identifiersOf, partsOf } from "./words.ts";

export interface Failure {
  readonly title: string;
  /** The test's file; `null` where it is not known. */
  readonly file: string | null;
  /** Frames outside of tests, innermost first. */
  readonly frames: readonly Frame[];
  /** Identifiers of the test's source; of the file's where the test was not found. */
  readonly identifiers: ReadonlySet<string>;
  /** Names that the test calls, and how much that says: 1 where no other test of the file does, less with each that does. */
  readonly calls: ReadonlyMap<string, number>;
  /** Parts of the words of title, source and message. */
  readonly parts: ReadonlySet<string>;
  readonly titleParts: ReadonlySet<string>;
  readonly messageParts: ReadonlySet<string>;
  /** Titles of suites and test, and their words as they are written. */
  readonly segments: ReadonlySet<string>;
}

/** Test files by path, each parsed once. */
export type TestFiles = (path: string) => Promise<OpenTest | null>;

interface OpenTest extends TestFile {
  readonly text: string;
  /** How often each name is called in the whole file. */
  readonly calls: ReadonlyMap<string, number>;
}

export function openTests(texts: TreeTexts): TestFiles {
  const known = new Map<string, OpenTest | null>();
  return async (path) => {
    const seen = known.get(path);
    if (seen !== undefined) return seen;
    const text = await texts.read(path);
    const open =
      text === null ? null : { ...(await openTestFile(path, text)), text, calls: callCounts(text) };
    known.set(path, open);
    return open;
  };
}

export async function readFailure(result: TestResult, texts: TreeTexts, tests: TestFiles): Promise<Failure> {
  const said = `${result.detail ?? ""}\n${result.message}`;
  const { file, frames } = await whereOf(result, said, { texts, tests });
  const test = file === null ? null : await tests(file);
  const line = frames.find(({ path, line: at }) => path === file && at !== null)?.line ?? null;
  const title = titleOf(result.id, file);
  const shown = sourceOf(test, { title: result.id, line });
  const identifiers = identifiersOf(shown);
  return {
    title,
    file,
    frames: frames.filter(({ path }) => !isTestPath(path)),
    identifiers,
    calls: callsOf(shown, test?.calls ?? new Map()),
    parts: partsOf([...identifiers, ...identifiersOf(title), ...identifiersOf(messageOf(said))]),
    titleParts: partsOf([...identifiersOf(title), ...identifiersOf(stemOf(file ?? ""))]),
    messageParts: partsOf(identifiersOf(messageOf(said).slice(0, 600))),
    segments: new Set([...title.split(/ > |::/), ...identifiersOf(title)].map((part) => part.trim())),
  };
}

/** The test with its hooks; the whole file where the title fits none of its tests. */
function sourceOf(test: OpenTest | null, wanted: Parameters<TestFile["find"]>[0]): string {
  const source = test?.find(wanted) ?? null;
  return source === null ? (test?.text ?? "") : `${source.hooks}\n${source.text}`;
}

async function whereOf(
  result: TestResult,
  said: string,
  { texts, tests }: { readonly texts: TreeTexts; readonly tests: TestFiles },
): Promise<{ readonly file: string | null; readonly frames: readonly Frame[] }> {
  const named = fileOf(result, texts.paths);
  const frames = framesOf(said, texts.paths, named === null ? [] : [folderOf(named)]);
  if (named !== null) return { file: named, frames };
  const framed = [...new Set(frames.map(({ path }) => path).filter(isTestPath))].slice(0, mostSearched);
  // The innermost frame may be a helper's: the test is where its title stands.
  for (const path of framed) {
    const found = (await tests(path))?.find({ title: result.id, line: null }) ?? null;
    if (found !== null) return { file: path, frames };
  }
  return { file: (await fileByTitle(result, texts, tests)) ?? framed[0] ?? null, frames };
}

/** As Ochiai has it, for one failing test: calls elsewhere in the file are taken for passing tests'. */
function callsOf(shown: string, inFile: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const own = [...callCounts(shown)];
  return new Map(
    own.map(([name, count]) => [name, Math.sqrt(count / Math.max(count, inFile.get(name) ?? 0))]),
  );
}

/** What was said before the first frame: expected, actual. */
function messageOf(said: string): string {
  const at = said.search(/\n\s*(?:at |❯ |File ")/);
  return said.slice(0, at === -1 ? 1_500 : Math.min(at, 1_500));
}

const titleOf = (id: string, file: string | null): string =>
  file !== null && id.startsWith(file) ? id.slice(file.length) : id;

/** The file that the report, or the test's id, names: a file that died is reported by its path. */
function fileOf({ file, id }: TestResult, files: ReadonlySet<string>): string | null {
  if (file !== undefined && files.has(file)) return file;
  for (const part of id.split(/ > |::|: |\s/).slice(0, 20)) {
    const found = /\.\w{1,5}$/.test(part) ? pathInTree(part, files, []) : null;
    if (found?.exact === true) return found.path;
  }
  return null;
}

/** Test files looked through where nothing names one. */
const mostSearched = 20;

/** The test file that has a test of this title, those looked at first that are called like a word of it. */
async function fileByTitle({ id }: TestResult, texts: TreeTexts, open: TestFiles): Promise<string | null> {
  const words = partsOf(identifiersOf(id));
  const tests = [...texts.paths]
    .filter((path) => isTestPath(path) && /\.(?:[cm]?[jt]sx?|py|go|rs|java)$/.test(path))
    .map((path) => ({ path, fits: [...partsOf([stemOf(path)])].some((part) => words.has(part)) }))
    .sort((one, other) => Number(other.fits) - Number(one.fits));
  for (const { path } of tests.slice(0, mostSearched)) {
    const test = await open(path);
    if (test !== null && test.find({ title: id, line: null }) !== null) return path;
  }
  return null;
}
