// `errand bench tests`: programs with failing tests, the loop that is to put them right, and a judge that believes nothing of it.
import path from "node:path";
import { ownVariables } from "../../config/process-environment.ts";
import { progressOn } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { readCases } from "./cases.ts";
import { survey } from "./survey.ts";
import { isWanted, TestCase } from "./tests-cases.ts";
import { testFigures, testText } from "./tests-figures.ts";
import { openInstalls } from "./tests-install.ts";
import { measureTests } from "./tests-measure.ts";
import type { MeasuredTests, MeasureTools } from "./tests-measure.ts";
import { openTestModels } from "./tests-models.ts";
import { openRepositories } from "./tests-repositories.ts";
import { benchSandboxSettings, openBenchSandbox } from "./tests-sandbox.ts";
import { AppError } from "../../core/errors.ts";

export interface BenchTestsOptions {
  /** Cases, one JSON object a line, plain or gzipped. */
  readonly cases: string;
  readonly model: string;
  readonly large?: string;
  /** Kinds and ids; empty: all. */
  readonly only: readonly string[];
  /** Cases that are measured at most, the first of the file. */
  readonly limit?: number;
  /** Cases at a time. */
  readonly jobs: number;
  readonly repositories?: string;
  /** Where installs, fetched commits and scratch are kept; left out: the sandbox's own folder. */
  readonly cache?: string;
  readonly json?: boolean;
}

/** The loop that is measured, and the suite that it is given. */
export type LoopUnderTest = Pick<MeasureTools, "fix"> & {
  readonly suiteFor: (sandbox: MeasureTools["sandbox"]) => MeasureTools["suiteFor"];
};

/** Milliseconds of one case: the loop's own ten minutes, what is run before it, and the judge. */
const caseMs = 25 * 60_000;
/** Exit status of a program that SIGINT has ended, by convention. */
const interruptedStatus = 130;

/** Measures the cases and prints the figures. Resolves with the exit status; throws `AppError` where nothing can be measured. */
export async function benchTests(options: BenchTestsOptions, loop: LoopUnderTest): Promise<number> {
  const progress = progressOn(process.stderr, { what: "cases", every: 1 });
  const models = openTestModels(options.model, options.large);
  const found = await survey(options.cases, {
    schema: TestCase,
    groupOf: () => "",
    onRefused: progress.refuse,
  });
  const cases = await chosen(options);
  progress.start(cases.length, found.refused);

  const stop = new AbortController();
  const release = onSignals(() => {
    stop.abort(new Error("stopped by a signal"));
  });
  try {
    const settings = benchSandboxSettings(
      options.cache === undefined ? undefined : path.resolve(options.cache),
    );
    const sandbox = await openBenchSandbox(settings, progress.note);
    const cache = path.join(settings.directory, "bench");
    const common = { cache, environment: defined(ownVariables()), signal: stop.signal };
    const tools: MeasureTools = {
      repositories: openRepositories({ ...common, directory: options.repositories ?? null }),
      installs: openInstalls({ ...common, tell: progress.note }),
      sandbox,
      environment: common.environment,
      fix: loop.fix,
      suiteFor: loop.suiteFor(sandbox),
      modelsFor: models.modelsFor,
      now: Date.now,
      tell: progress.note,
    };
    const measured = await measureAll(cases, { tools, signal: stop.signal, jobs: options.jobs }, progress);
    progress.end();
    const figures = testFigures(measured, {
      model: models.model,
      large: models.large,
      sandbox: sandbox.driver,
      interrupted: stop.signal.aborted,
      refused: found.refused,
    });
    process.stdout.write(options.json === true ? `${JSON.stringify(figures, null, 2)}\n` : testText(figures));
    if (figures.interrupted) return interruptedStatus;
    return figures.refused + figures.notMaterialised + figures.errors > 0 ? 1 : 0;
  } finally {
    release();
  }
}

async function chosen({ cases: file, only, limit = Infinity }: BenchTestsOptions): Promise<TestCase[]> {
  const cases: TestCase[] = [];
  for await (const read of readCases(file, TestCase)) {
    if (read.problem === null && isWanted(read.case, only) && cases.length < limit) cases.push(read.case);
  }
  if (cases.length > 0) return cases;
  throw new AppError("input", `No case of ${file} is ${only.join(" or ")}.`, {
    retryable: false,
    remedy: "--only takes kinds and ids as the file has them.",
  });
}

/** In the order of the file. Once the signal is aborted, what was measured till then. */
async function measureAll(
  cases: readonly TestCase[],
  {
    tools,
    signal,
    jobs,
  }: { readonly tools: MeasureTools; readonly signal: AbortSignal; readonly jobs: number },
  progress: Progress,
): Promise<readonly MeasuredTests[]> {
  const measured: (MeasuredTests | undefined)[] = cases.map(() => undefined);
  let next = 0;
  const work = async () => {
    while (next < cases.length && !signal.aborted) {
      const place = next++;
      const one = cases[place];
      if (one === undefined) return;
      const measure = await measureTests(one, tools, { bench: signal, limitMs: caseMs }).catch(
        (error: unknown) => {
          if (signal.aborted) return undefined;
          throw error;
        },
      );
      measured[place] = measure;
      if (measure === undefined) return;
      progress.note(wordsOf(measure));
      progress.advance(1);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return measured.filter((one) => one !== undefined);
}

function wordsOf({ id, ending, solved, falselyClaimed, seconds, why }: MeasuredTests): string {
  const verdict = falselyClaimed ? "FALSE " : solved ? "solved " : "";
  return `${id}: ${verdict}${ending} in ${seconds} s${why === "" ? "" : `: ${why}`}`;
}

const defined = (variables: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** The first signal stops what runs, and waits until nothing of it is left; the second ends the process at once. */
function onSignals(stop: () => void): () => void {
  let stopping = false;
  const heard = () => {
    if (stopping) process.exit(interruptedStatus);
    stopping = true;
    stop();
  };
  process.on("SIGINT", heard);
  process.on("SIGTERM", heard);
  return () => {
    process.off("SIGINT", heard);
    process.off("SIGTERM", heard);
  };
}
