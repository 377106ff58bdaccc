// Where tests are run: trees that differ from the head by some texts, within the limits of one run.
import type { SuiteRequest, SuiteRun } from "../../core/suite.ts";
import type { TestResult } from "../../core/checks.ts";
import {
  leastRun,
  longestRun,
  longestWriting,
  mostCalls,
  mostRuns,
  reservedRuns,
  runTimes,
} from "./limits.ts";
import type { WritePorts, WriteProblem } from "./types.ts";

export interface Bench {
  /** Runs tests on the head with these texts over it. `null`: the runs or the time are spent. Throws what the ports throw. */
  readonly run: (
    texts: ReadonlyMap<string, string>,
    request: Omit<SuiteRequest, "tree">,
  ) => Promise<SuiteRun | null>;
  /** Runs that may still be used for writing: some are kept for the end. */
  readonly runsLeft: () => number;
  readonly runsUsed: () => number;
  /** Whether a model may be asked once more, and takes that call. */
  readonly takeCall: () => boolean;
}

export function openBench({ head }: WriteProblem, ports: WritePorts): Bench {
  const { trees, suite, signal, now } = ports;
  const started = now();
  let runs = 0;
  let calls = 0;
  let wallMs: number | null = null;
  const spentTime = () => now() - started;
  return {
    async run(texts, request) {
      signal.throwIfAborted();
      if (runs >= mostRuns || spentTime() > longestRun) return null;
      runs += 1;
      const tree = texts.size === 0 ? head : await treeOf(texts, head, trees);
      if (tree === null) return null;
      const run = await suite.run({ ...request, tree, ...(wallMs !== null && { wallMs }) });
      if (run.status === "reported") wallMs ??= Math.max(leastRun, run.wallMs * runTimes);
      return run;
    },
    runsLeft: () => (spentTime() > longestWriting ? 0 : Math.max(0, mostRuns - reservedRuns - runs)),
    runsUsed: () => runs,
    takeCall() {
      signal.throwIfAborted();
      if (calls >= mostCalls || spentTime() > longestWriting) return false;
      calls += 1;
      return true;
    },
  };
}

/** The files keep their modes. */
async function treeOf(
  texts: ReadonlyMap<string, string>,
  head: string,
  trees: WritePorts["trees"],
): Promise<string | null> {
  const blobs = new Map<string, { mode: string; bytes: Uint8Array }>();
  for (const [path, text] of texts) {
    const mode = (await trees.readTree(head, path))?.mode ?? "100644";
    blobs.set(path, { mode, bytes: Buffer.from(text) });
  }
  return await trees.treeWith(blobs);
}

export type TitleState = "passed" | "failed" | "skipped" | "absent";

/** How the test of a title ended: by all results that are under it. */
export function stateOf(run: SuiteRun, title: string): TitleState {
  const under = run.tests.filter((test) => isUnder(test, title));
  if (under.length === 0) return "absent";
  const states = new Set(under.map(({ status }) => status));
  if (states.has("failed")) return "failed";
  return states.has("skipped") ? "skipped" : "passed";
}

/** Reports write a title as one line. */
const asLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Whether a result is of the test of this title, or of a part of it: a subtest, one set of its parameters, an assertion. */
export function isUnder({ id }: Pick<TestResult, "id">, title: string): boolean {
  const name = asLine(title);
  return (
    id.split(" > ").some((part) => part === name || part.startsWith(`${name}[`)) ||
    id.endsWith(` > ${name}`) ||
    id === name
  );
}

/** What a failed test said, for the next prompt. */
export function failureOf(run: SuiteRun, title: string): string {
  const failed = run.tests.find((test) => test.status === "failed" && isUnder(test, title));
  return (failed?.detail ?? failed?.message ?? "").slice(0, 1_500);
}

/** Ids that pass. */
export function passing(run: SuiteRun): ReadonlySet<string> {
  return new Set(run.tests.flatMap(({ id, status }) => (status === "passed" ? [id] : [])));
}

/** Ids that passed and do not now: they fail, are skipped, or are gone. */
export function worse(before: ReadonlySet<string>, after: SuiteRun): readonly string[] {
  const now = passing(after);
  return [...before].filter((id) => !now.has(id));
}

/** Why a run tells nothing, in words for people; `null` where it tells something. */
export function whyUseless(run: SuiteRun | null): string | null {
  if (run === null) return "The runs of tests or the time of this run are spent.";
  if (run.status === "reported") return null;
  return run.trouble === "" ? "The tests could not be run to their end." : run.trouble;
}
