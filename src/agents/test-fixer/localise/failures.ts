// The failing tests as evidence: their sources, the words in them, and the stacks of what they said.
import type { TestResult } from "../../../core/checks.ts";
import { isTestPath } from "../../../core/test-paths.ts";
import { failingTestSource } from "../../../syntax/test-source.ts";
import type { TreeTexts } from "./files.ts";
import { framesOf } from "./frames.ts";
import type { Frame } from "./frames.ts";
import { folderOf, stemOf } from "./paths.ts";
import { identifiersOf, partsOf } from "./words.ts";

export interface Failure {
  readonly title: string;
  /** The test's file; `null` where it is not known. */
  readonly file: string | null;
  /** Frames outside of tests, innermost first. */
  readonly frames: readonly Frame[];
  /** Identifiers of the test's source; of the file's where the test was not found. */
  readonly identifiers: ReadonlySet<string>;
  /** Parts of the words of title, source and message. */
  readonly parts: ReadonlySet<string>;
  readonly titleParts: ReadonlySet<string>;
}

export async function readFailure(result: TestResult, texts: TreeTexts): Promise<Failure> {
  const said = `${result.detail ?? ""}\n${result.message}`;
  const named = fileOf(result, texts.paths);
  const frames = framesOf(said, texts.paths, named === null ? [] : [folderOf(named)]);
  const file =
    named ?? frames.find(({ path }) => isTestPath(path))?.path ?? (await fileByTitle(result, texts));
  const text = file === null ? null : await texts.read(file);
  const line = frames.find(({ path, line: at }) => path === file && at !== null)?.line ?? null;
  const source =
    file === null || text === null ? null : await failingTestSource(file, text, { title: result.id, line });
  const shown = source === null ? (text ?? "") : `${source.hooks}\n${source.text}`;
  const identifiers = identifiersOf(shown);
  const title = titleOf(result.id, file);
  const words = [...identifiers, ...identifiersOf(title), ...identifiersOf(messageOf(said))];
  return {
    title,
    file,
    frames: frames.filter(({ path }) => !isTestPath(path)),
    identifiers,
    parts: partsOf(words),
    titleParts: partsOf(identifiersOf(title)),
  };
}

/** What was said before the first frame: expected, actual. */
function messageOf(said: string): string {
  const at = said.search(/\n\s*(?:at |❯ |File ")/);
  return said.slice(0, at === -1 ? 1_500 : Math.min(at, 1_500));
}

const titleOf = (id: string, file: string | null): string =>
  file !== null && id.startsWith(file) ? id.slice(file.length) : id;

/** The file that the report, or the test's id, names. */
function fileOf({ file, id }: TestResult, files: ReadonlySet<string>): string | null {
  if (file !== undefined && files.has(file)) return file;
  const [first = ""] = id.split(/ > |::|: /, 1);
  if (files.has(first)) return first;
  return null;
}

/** Test files looked through where nothing names one. */
const mostSearched = 20;

/** The test file that holds the last part of the title, those first that are called like a word of it. */
async function fileByTitle({ id }: TestResult, texts: TreeTexts): Promise<string | null> {
  const last = id.split(" > ").at(-1) ?? id;
  const words = partsOf(identifiersOf(id));
  const tests = [...texts.paths]
    .filter((path) => isTestPath(path) && /\.(?:[cm]?[jt]sx?|py|go|rs|java)$/.test(path))
    .map((path) => ({ path, fits: [...partsOf([stemOf(path)])].some((part) => words.has(part)) }))
    .sort((one, other) => Number(other.fits) - Number(one.fits));
  for (const { path } of tests.slice(0, mostSearched)) {
    const text = await texts.read(path);
    if (text === null) continue;
    if (text.includes(last) || (await failingTestSource(path, text, { title: id, line: null })) !== null)
      return path;
  }
  return null;
}
