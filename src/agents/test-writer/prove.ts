// The last word on what was written: it passes each time, in any order, and nothing that passed before is worse.
import type { SuiteRun } from "../../core/suite.ts";
import { passing, stateOf, whyUseless, worse } from "./bench.ts";
import { drop, testFile } from "./draft.ts";
import type { Work } from "./draft.ts";
import { shuffledRuns, stableRuns } from "./limits.ts";
import type { Session } from "./session.ts";

export type Proven =
  | {
      readonly passed: true;
      readonly edits: ReadonlyMap<string, string>;
      /** The whole suite with the tests. */
      readonly after: SuiteRun;
      readonly shuffled: boolean;
    }
  | { readonly passed: false; readonly why: string };

/** Takes out of the works what is not stable. The texts are of what is left. */
export async function prove(session: Session): Promise<Proven> {
  const stable = await stability(session);
  if (typeof stable === "string") return { passed: false, why: stable };
  for (let time = 0; time < 2; time += 1) {
    const edits = await editsOf(session.done);
    if (edits === null) return { passed: false, why: "The tests cannot stand together in one file." };
    if (edits.size === 0) return { passed: false, why: "No test was left." };
    const ended = await wholeSuite(session, edits);
    if (ended.kind === "ended") return { passed: false, why: ended.why };
    if (ended.gone.length === 0)
      return { passed: true, edits, after: ended.after, shuffled: stable.shuffled };
    for (const { work, title } of ended.gone)
      await drop(work, title, "it does not pass when the whole suite is run");
  }
  return { passed: false, why: "Tests that pass alone fail in the whole suite." };
}

/** Five runs of the files alone, two of them in another order. A sentence where they tell nothing. */
async function stability(session: Session): Promise<{ readonly shuffled: boolean } | string> {
  const edits = await editsOf(session.done);
  if (edits === null) return "The tests cannot stand together in one file.";
  const runs: SuiteRun[] = [];
  for (let time = 0; time < stableRuns && edits.size > 0; time += 1) {
    const seed = time < stableRuns - shuffledRuns ? null : seedOf(session.problem.seed, time);
    const run = await session.bench.run(edits, { tests: [...edits.keys()], seed, measure: [] });
    const why = whyUseless(run);
    if (run === null || why !== null) return why ?? "";
    runs.push(run);
  }
  for (const { work, title } of titlesOf(session.done)) {
    const times = runs.filter((run) => stateOf(run, title) === "passed").length;
    if (times < stableRuns) await drop(work, title, `it passed in ${times} of ${stableRuns} runs`);
  }
  return { shuffled: runs.some((run) => run.shuffled) };
}

/** 31-bit, from the words of a seed. */
function seedOf(words: string, time: number): number {
  let hash = time + 1;
  for (const character of words.slice(0, 200))
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 2_147_483_647;
  return hash;
}

interface Titled {
  readonly work: Work;
  readonly title: string;
}

function titlesOf(works: readonly Work[]): readonly Titled[] {
  return works.flatMap((work) => [...work.kills.keys()].map((title) => ({ work, title })));
}

/** The written files that hold tests, by path; `null` where one cannot be put together. */
async function editsOf(works: readonly Work[]): Promise<ReadonlyMap<string, string> | null> {
  const edits = new Map<string, string>();
  for (const path of new Set(works.map(({ place }) => place.testPath))) {
    const here = works.filter(({ place, kills }) => place.testPath === path && kills.size > 0);
    if (here.length === 0) continue;
    const text = await testFile(here);
    if (text === null) return null;
    edits.set(path, text);
  }
  return edits;
}

type WholeSuite =
  | { readonly kind: "ended"; readonly why: string }
  | { readonly kind: "run"; readonly after: SuiteRun; readonly gone: readonly Titled[] };

async function wholeSuite(
  { bench, done, before }: Session,
  edits: ReadonlyMap<string, string>,
): Promise<WholeSuite> {
  const measure = [...new Set(done.map(({ wanted }) => wanted.target.path))];
  const judged = await judgeWhole(bench, { edits, before, measure });
  if (judged.kind === "ended") return judged;
  const gone = titlesOf(done).filter(({ title }) => stateOf(judged.after, title) !== "passed");
  return { ...judged, gone };
}

type Judged =
  { readonly kind: "ended"; readonly why: string } | { readonly kind: "run"; readonly after: SuiteRun };

/** The whole suite with the texts. What is worse is looked at once more: tests that were there before may be flaky. */
export async function judgeWhole(
  bench: Session["bench"],
  {
    edits,
    before,
    measure,
  }: {
    readonly edits: ReadonlyMap<string, string>;
    readonly before: SuiteRun;
    readonly measure: readonly string[];
  },
): Promise<Judged> {
  const request = { tests: "all", seed: null, measure } as const;
  const after = await bench.run(edits, request);
  const why = whyUseless(after);
  if (after === null || why !== null) return { kind: "ended", why: why ?? "" };
  const lost = worse(passing(before), after);
  if (lost.length === 0) return { kind: "run", after };
  const again = await bench.run(edits, request);
  const useless = whyUseless(again);
  if (again === null || useless !== null) return { kind: "ended", why: useless ?? "" };
  const still = worse(new Set(lost), again);
  return still.length === 0
    ? { kind: "run", after }
    : {
        kind: "ended",
        why: `With the new tests ${still.length} of the tests that passed do not pass any more.`,
      };
}
