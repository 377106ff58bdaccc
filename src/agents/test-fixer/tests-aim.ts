// Failing tests as an aim of the search: in the source first; in the tests only where they are out of date.
import type { TestResult } from "../../core/checks.ts";
import { failingTestSource } from "../../syntax/test-source.ts";
import type { Aim, Standing } from "./aim.ts";
import { aroundPlace } from "./around.ts";
import { evidenceOfTests, testFileOf } from "./evidence.ts";
import { judgeOfTests } from "./judge-tests.ts";
import type { TestsProblem } from "./judge-tests.ts";
import { localise } from "./localise/index.ts";
import type { LocaliseProblem } from "./localise/index.ts";
import { isClear } from "./localise/show-place.ts";
import { longestFile, mostPlaces, mostTestsRead } from "./limits.ts";
import { measure } from "./measure.ts";
import type { LinesThatRan, Measured } from "./measure.ts";
import { likeliestFirst } from "./pick-place.ts";
import { writeFilePrompt } from "./prompts/write-file.ts";
import { writeFunctionPrompt } from "./prompts/write-function.ts";
import { writeTestPrompt } from "./prompts/write-test.ts";
import { byId, statusIn } from "./reproduce.ts";
import { readText, treeOf } from "./tree-text.ts";
import type { Place } from "./types.ts";

export function sourceAim(known: TestsProblem): Aim {
  let measured: Promise<Measured> | null = null;
  // Once for a search: its edits move lines, and measuring anew would cost more than it tells.
  const linesThatRan = (sources: readonly string[]) => (measured ??= measure(known, sources));
  return {
    slot: "write",
    prompts: { part: writeFunctionPrompt, file: writeFilePrompt },
    placesOf: (standing) => sourcePlaces(known, standing, linesThatRan),
    aroundOf: (place) => aroundPlace(place, known.problem, known.ports.trees),
    judge: judgeOfTests(known, "source"),
  };
}

/** `exercised`: places in the source that the tests run, for the question to show. */
export function testAim(known: TestsProblem, exercised: readonly Place[]): Aim {
  return {
    slot: "write-test",
    prompts: { part: writeTestPrompt, file: writeTestPrompt },
    placesOf: (standing) => testPlaces(known, standing),
    aroundOf: async (place) => {
      const around = await Promise.all(
        exercised.map((one) => aroundPlace(one, known.problem, known.ports.trees)),
      );
      return {
        imports: (await aroundPlace(place, known.problem, known.ports.trees)).imports,
        callees: exercised.map(({ span, text }) => span?.text ?? text).join("\n"),
        hunks: [...new Set(around.map(({ hunks }) => hunks))].join(""),
      };
    },
    judge: judgeOfTests(known, "tests"),
  };
}

/** Nothing changed yet. */
export async function startOf({ problem, ports, reproduced }: TestsProblem): Promise<Standing> {
  const { head, failing } = reproduced;
  const evidence = await evidenceOfTests(failing, head, { trees: ports.trees, tree: problem.head });
  return { edits: [], fixed: 0, run: head, evidence };
}

/** The failing tests as the last run has them: those that pass with the standing edits are done. */
function openTests({ reproduced }: TestsProblem, { run }: Standing): readonly TestResult[] {
  const open = reproduced.failing.filter(({ id }) => statusIn(run, id) !== "passed");
  return open.map((test) => (run === null ? null : byId(run.tests).get(test.id)) ?? test);
}

async function sourcePlaces(
  known: TestsProblem,
  standing: Standing,
  linesThatRan: (sources: readonly string[]) => Promise<Measured>,
): Promise<readonly Place[]> {
  const { problem, ports, reproduced, tools } = known;
  const tree = await treeOf(ports.trees, problem.head, standing.edits);
  if (tree === null) return [];
  const { base } = problem;
  const question = {
    failing: openTests(known, standing),
    head: standing.run ?? reproduced.head,
    tree,
    changed: problem.changed,
    coverage: null,
    ...(base === null ? {} : { before: (path: string) => readText(ports.trees, base, path) }),
  };
  const unmeasured = await localise(question, ports.trees);
  const places = isClear(unmeasured)
    ? unmeasured
    : await localise({ ...question, ...(await ranIn(unmeasured, standing, linesThatRan)) }, ports.trees);
  const short = places.filter(({ text }) => text.length <= longestFile);
  const ordered = await likeliestFirst(short, standing.evidence, {
    budget: tools.budget,
    journal: tools.journal,
    seed: problem.seed,
  });
  const names = ordered.map(({ path, span }) => `${path}${span === null ? "" : `: ${span.name}`}`);
  tools.journal.note(
    "localise",
    names.length === 0 ? "No source could be found that the tests run." : names.join("; "),
  );
  return ordered;
}

/** What was measured on the head says nothing of a file that was edited since. */
async function ranIn(
  places: readonly Place[],
  { edits }: Standing,
  linesThatRan: (sources: readonly string[]) => Promise<Measured>,
): Promise<Pick<LocaliseProblem, "coverage" | "passingCoverage">> {
  const { failing, passing } = await linesThatRan([...new Set(places.map(({ path }) => path))]);
  const edited = new Set(edits.map(({ path }) => path));
  const unedited = (lines: LinesThatRan) => new Map([...lines].filter(([path]) => !edited.has(path)));
  return { coverage: failing && unedited(failing), passingCoverage: passing.map(unedited) };
}

/** The failing tests themselves, one place each. */
async function testPlaces(known: TestsProblem, standing: Standing): Promise<readonly Place[]> {
  const { problem, ports } = known;
  const { trees } = ports;
  const tree = await treeOf(trees, problem.head, standing.edits);
  const places: Place[] = [];
  for (const test of tree === null ? [] : openTests(known, standing).slice(0, mostTestsRead)) {
    const file = await testFileOf(test, trees, tree ?? problem.head);
    const place = file === null ? null : await testPlace(test, file);
    if (place !== null && !places.some(({ span }) => span?.start === place.span?.start)) places.push(place);
    if (places.length >= mostPlaces) break;
  }
  return places;
}

/** Lines of a test; a longer one is for a person. */
const longestTest = 200;

function startOfLine(text: string, line: number): number {
  let at = 0;
  for (let passed = 1; passed < line; passed++) at = text.indexOf("\n", at) + 1;
  return at;
}

async function testPlace(
  { id }: TestResult,
  { path, text }: { readonly path: string; readonly text: string },
): Promise<Place | null> {
  const source = await failingTestSource(path, text, { title: id, line: null });
  // Of a longer test only a part is shown, which cannot be written anew.
  if (source === null || source.lastLine - source.firstLine + 1 >= longestTest) return null;
  const { firstLine, lastLine } = source;
  const start = text.indexOf(source.text, startOfLine(text, firstLine));
  if (start === -1) return null;
  const span = {
    name: `lines ${firstLine} to ${lastLine}`,
    path,
    start,
    end: start + source.text.length,
    firstLine,
    lastLine,
    text: source.text,
    signature: source.text.split("\n", 1)[0]?.slice(0, 300) ?? "",
  };
  return { path, text, span, why: "It is the test that fails.", score: 1 };
}

/** How a file reads with the standing edits in it. */
export function standingText(
  { problem, ports }: TestsProblem,
  { edits }: Standing,
): (path: string) => Promise<string | null> {
  return async (path) =>
    edits.find((edit) => edit.path === path)?.after ?? readText(ports.trees, problem.head, path);
}
