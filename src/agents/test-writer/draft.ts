// What is being written: the tests of each function, and the files that they make.
import { compose } from "./compose.ts";
import type { Refused } from "./answer.ts";
import { nameSource, styleOf } from "./import-style.ts";
import type { ImportStyle, Known, OwnModule } from "./import-style.ts";
import { exportsOf } from "./imports.ts";
import type { Exports, Import } from "./imports.ts";
import type { Place } from "./layout.ts";
import type { Mutant } from "./mutants/types.ts";
import { pathOf } from "./import-style.ts";
import type { Wanted } from "./survey.ts";
import { textIn } from "./targets.ts";
import { readTestFile, withoutTests } from "./test-file.ts";
import type { WritePorts } from "./types.ts";
import { familyOf } from "./walk.ts";
import { grammarOf } from "../../syntax/index.ts";

/** The tests of one function, as they grow. Only `draft.ts` and `write-function.ts` change it. */
export interface Work {
  readonly wanted: Wanted;
  readonly place: Place;
  /** With what the kept answers import. */
  known: Known;
  /** Text of the test file as it is; "" where there is none. */
  readonly existing: string;
  /** First lines of the example; "" where there is none. */
  readonly example: string;
  /** Statements with the tests that are kept. */
  added: string;
  /** Imports of answers, which say what was meant. */
  imports: readonly Import[];
  /** Mutants that each kept test notices. */
  readonly kills: Map<string, Set<Mutant>>;
  /** Mutants of which a run told something. */
  readonly judged: Set<Mutant>;
  readonly dropped: Refused[];
  /** Answers with tests that passed: their calls, and the tests. */
  readonly answers: { readonly callIds: readonly string[]; readonly titles: readonly string[] }[];
}

/** Lines of an example that are read for its style and shown. */
const exampleLines = 60;

export interface Tree {
  readonly head: string;
  readonly paths: readonly string[];
}

export async function openWork(
  wanted: Wanted,
  place: Place,
  {
    tree,
    ports,
    runner,
  }: { readonly tree: Tree; readonly ports: WritePorts; readonly runner: string | null },
): Promise<Work> {
  const { target } = wanted;
  const { trees } = ports;
  const existing = place.exists ? ((await textIn(trees, tree.head, place.testPath)) ?? "") : "";
  const example = place.example === null ? "" : ((await textIn(trees, tree.head, place.example)) ?? "");
  const exports = await exportsOf(target.path, target.text);
  const family = familyOf(grammarOf(target.path)) ?? "script";
  const style = styleOf(family, example, { source: target.path, exports, runner });
  const read = place.example === null ? null : await readTestFile(place.example, example);
  const source = { path: target.path, exports };
  const imported = { path: place.example ?? place.testPath, imports: read?.imports ?? [] };
  const known: Known = {
    testPath: place.testPath,
    style,
    source,
    root: target.span.name.split(".")[0] ?? target.span.name,
    example: place.example === null ? null : imported,
    answer: [],
    files: await ownFiles(imported, { tree, ports, source, style }),
    runner,
  };
  const work = {
    wanted,
    place,
    known,
    existing,
    example: example.split("\n").slice(0, exampleLines).join("\n"),
  };
  return { ...work, added: "", imports: [], kills: new Map(), judged: new Set(), dropped: [], answers: [] };
}

interface Near {
  readonly tree: Tree;
  readonly ports: WritePorts;
  readonly source: OwnModule;
  readonly style: ImportStyle;
}

/** Files of the repository that an import leads to, and what they export. At most 20. */
async function ownFiles(
  { path, imports }: { readonly path: string; readonly imports: readonly Import[] },
  { tree, ports, source, style }: Near,
): Promise<ReadonlyMap<string, OwnModule>> {
  const empty: Exports = { names: new Set(), commonJs: false, package: null };
  const all = new Map(tree.paths.map((one) => [one, { path: one, exports: empty }]));
  const found = new Map<string, OwnModule>();
  for (const { module } of imports) {
    if (found.size >= 20) break;
    const file = style.family === "go" ? null : pathOf(module, path, { style, files: all, source });
    const text = file === null ? null : await textIn(ports.trees, tree.head, file);
    if (file !== null && text !== null) found.set(file, { path: file, exports: await exportsOf(file, text) });
  }
  return found;
}

/** Learns which files of the repository an answer means. */
export async function learnImports(
  work: Work,
  imports: readonly Import[],
  { tree, ports }: { readonly tree: Tree; readonly ports: WritePorts },
): Promise<Known> {
  const { known, place } = work;
  const near = { tree, ports, source: known.source, style: known.style };
  const files = await ownFiles({ path: place.testPath, imports }, near);
  return { ...known, answer: [...imports, ...work.imports], files: new Map([...known.files, ...files]) };
}

/** A test file with the tests of these functions, in their order; `null` where they cannot stand together. */
export async function testFile(
  works: readonly (Pick<Work, "place" | "existing" | "known" | "added" | "imports"> & {
    readonly more?: string;
  })[],
): Promise<string | null> {
  const [first] = works;
  if (first === undefined) return null;
  const added = works.map((work) =>
    [work.added, work.more ?? ""].filter((part) => part !== "").join(gap(first.known)),
  );
  const whole = added.filter((part) => part !== "").join(gap(first.known));
  if (whole === "") return first.existing;
  const sources = works.map(({ known, imports }) =>
    nameSource({ ...known, answer: [...known.answer, ...imports] }),
  );
  const { style, source } = first.known;
  const header = style.family === "go" ? `package ${source.exports.package ?? "main"}` : "";
  const composed = await compose(
    first.place.testPath,
    { existing: first.existing, added: whole, header },
    (name) => sources.map((one) => one(name)).find((found) => found !== null) ?? null,
    style,
  );
  return composed?.text ?? null;
}

const gap = ({ style }: Known): string => (style.family === "python" ? "\n\n\n" : "\n\n");

/** Takes a test out. */
export async function drop(work: Work, title: string, why: string): Promise<void> {
  work.added = (await withoutTests(work.place.testPath, work.added, new Set([title]))).trim();
  work.kills.delete(title);
  work.dropped.push({ title, why });
}

/** Mutants that a kept test notices, or did before. */
export function noticed({ wanted, kills }: Work): ReadonlySet<Mutant> {
  return new Set([...wanted.killedBefore, ...[...kills.values()].flatMap((found) => [...found])]);
}
