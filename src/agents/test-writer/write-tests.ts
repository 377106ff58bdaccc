// Writes tests for changed functions until they pass and bite. Works on trees alone: the App, the command line and tests in memory share it.
import type { KeptEdits, WritingReport } from "../../core/fix.ts";
import { decidesTests, isTestPath } from "../../core/test-paths.ts";
import { openBench, stateOf, whyUseless } from "./bench.ts";
import type { Bench } from "./bench.ts";
import { openWork } from "./draft.ts";
import type { Work } from "./draft.ts";
import { placeFor } from "./layout.ts";
import { prove, judgeWhole } from "./prove.ts";
import { counted, emptyReport, functionReport, keptWords } from "./report.ts";
import type { Session } from "./session.ts";
import { survey } from "./survey.ts";
import type { Wanted } from "./survey.ts";
import { changedFunctions, isMeant } from "./targets.ts";
import type { WritePorts, WriteProblem, WriteResult } from "./types.ts";
import { writeFunction } from "./write-function.ts";

/** Runs that are left to a function even if many wait: a try and some mutants. */
const leastShare = 4;

const ended = (
  status: WriteResult["status"],
  words: string,
  steps: WritingReport["steps"] = [],
): WriteResult => ({ status, report: emptyReport(words, steps), edits: new Map() });

/** At most 10 minutes, 20 questions to the small model and 60 runs of tests. Throws the signal's reason, and what trees and suite throw. */
export async function writeTests(problem: WriteProblem, ports: WritePorts): Promise<WriteResult> {
  const { suite, record, trees, models } = ports;
  if (suite.unavailable !== null) return ended("not-run", suite.unavailable);
  const paths = await trees.listTree(problem.head);
  if (!paths.some((path) => isMeant(path, problem.only)))
    return ended("nothing", "The path that was asked for is not in this branch.");
  const changed = await changedFunctions(problem, trees);
  if (changed.length === 0) return ended("nothing", noFunctions(problem));
  record({ step: "functions", detail: counted(changed.length, "changed function") });
  const bench = openBench(problem, ports);
  const surveyed = await survey(changed, { problem, ports, bench, paths });
  if (surveyed.status === "not-run") return ended("not-run", surveyed.why);
  const { wanted, fine, before } = surveyed;
  const steps = [
    {
      name: "survey",
      detail: `${counted(changed.length, "changed function")}: ${wanted.length} to write for, ${fine} well tested, ${surveyed.left} not looked at`,
    },
  ];
  record({ step: "survey", detail: steps[0]?.detail ?? "" });
  if (wanted.length === 0) {
    const words = `Every changed line of ${counted(fine, "function")} runs in tests, and they notice every fault that was put into it.`;
    return ended("nothing", words, steps);
  }
  if (!models.isAvailable("small", "test-writer"))
    return ended(
      "none",
      `${counted(wanted.length, "changed function")} could do with tests, but no model can be asked: configure one (docs/models.md).`,
      steps,
    );
  const runner = suite.commands.find(({ name }) => name === "test")?.runner ?? null;
  const session: Session = {
    problem,
    ports,
    bench,
    before,
    runner,
    tree: { head: problem.head, paths },
    done: [],
  };
  const { works, homeless } = await writeAll(wanted, session);
  if (homeless > 0)
    steps.push({ name: "place", detail: `${counted(homeless, "function")}: no place for tests` });
  return await finish({ ...session, done: works }, steps);
}

function noFunctions({ only }: WriteProblem): string {
  return only === null
    ? "This pull request changes no function that tests could be written for (JavaScript, TypeScript, Python, Go)."
    : "Under that path this pull request changes no function that tests could be written for.";
}

async function writeAll(
  wanted: readonly Wanted[],
  session: Session,
): Promise<{ readonly works: readonly Work[]; readonly homeless: number }> {
  const { bench, tree, ports, runner } = session;
  const works: Work[] = [];
  let homeless = 0;
  for (const [index, one] of wanted.entries()) {
    const { path } = one.target;
    const already = works.find(({ wanted: { target } }) => target.path === path)?.place;
    const place = already ?? placeFor(path, tree.paths, runner);
    if (place === null) {
      homeless += 1;
      continue;
    }
    const work = await openWork(one, place, { tree, ports, runner });
    const share = Math.max(leastShare, Math.floor(bench.runsLeft() / (wanted.length - index)));
    await writeFunction(work, { ...session, done: [...works] }, share);
    works.push(work);
  }
  return { works, homeless };
}

async function finish(session: Session, steps: WritingReport["steps"]): Promise<WriteResult> {
  const { done, ports, bench } = session;
  const wrote = done.some(({ kills }) => kills.size > 0);
  const proven = wrote ? await prove(session) : null;
  const passed = proven?.passed === true && [...proven.edits.keys()].every(isWritable) ? proven : null;
  await noteAnswers(session, passed !== null);
  const functions = done.map((work) => functionReport(work, passed?.after ?? null));
  if (passed === null) {
    const why = proven?.passed === false ? ` ${proven.why}` : "";
    const words = `No test was kept for ${counted(done.length, "function")}.${why}`;
    return {
      status: "none",
      report: { words, steps: [...steps, runsOf(bench)], functions },
      edits: new Map(),
    };
  }
  const order = passed.shuffled ? "two of them in another order" : "in the runner's own order";
  const stable = { name: "stability", detail: `each kept test passed in 5 runs, ${order}` };
  ports.record({ step: "prove", detail: stable.detail });
  const words = keptWords(functions);
  return {
    status: "written",
    report: { words, steps: [...steps, stable, runsOf(bench)], functions },
    edits: passed.edits,
  };
}

/** An answer settled what was asked where a test of it is in the result. */
async function noteAnswers({ done, ports }: Session, isKept: boolean): Promise<void> {
  for (const { answers, kills } of done)
    for (const { callIds, titles } of answers)
      await ports.models.note(callIds, { accepted: isKept && titles.some((title) => kills.has(title)) });
}

const isWritable = (path: string): boolean => isTestPath(path) && !decidesTests(path);

const runsOf = (bench: Bench) => ({ name: "runs", detail: `${counted(bench.runsUsed(), "run")} of tests` });

/** Tests that were written for this very head before: judged again by the whole suite, without a model. */
export async function recheckTests(
  problem: WriteProblem,
  kept: Pick<KeptEdits, "edits" | "written">,
  ports: WritePorts,
): Promise<WriteResult> {
  if (ports.suite.unavailable !== null) return ended("not-run", ports.suite.unavailable);
  const edits = new Map(kept.edits.map(({ path, text }) => [path, text]));
  if (edits.size === 0 || kept.written === null || ![...edits.keys()].every(isWritable))
    return ended("none", "What was kept is no set of tests.");
  const bench = openBench(problem, ports);
  const before = await bench.run(new Map(), { tests: "all", seed: null, measure: [] });
  const why = whyUseless(before);
  if (before === null || why !== null) return ended("not-run", why ?? "");
  const judged = await judgeWhole(bench, { edits, before, measure: [] });
  if (judged.kind === "ended")
    return ended("none", `The tests that were written do not pass any more. ${judged.why}`);
  const titles = kept.written.functions.flatMap((one) => one.kept);
  const failing = titles.filter((title) => stateOf(judged.after, title) !== "passed");
  if (failing.length > 0)
    return ended(
      "none",
      `${counted(failing.length, "test")} of those that were written do not pass any more.`,
    );
  return { status: "written", report: kept.written, edits };
}
