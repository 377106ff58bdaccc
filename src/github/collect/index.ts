// The checks that failed on a commit, with all that GitHub knows of why: annotations, the failed step's log, results in artifacts.
import type { FailedCheck } from "../../core/failed-check.ts";
import { createLogReducer } from "../../core/log-reducer.ts";
import type { PullRef } from "../../core/pull.ts";
import type { Client } from "../client.ts";
import { commitStatuses, failedStatuses } from "../commit-statuses.ts";
import { failedConclusions, failureOfRun, foreignRuns } from "../failed-checks.ts";
import type { ForeignRun } from "../failed-checks.ts";
import { readAnnotations } from "./annotations.ts";
import { readArtifacts } from "./artifacts.ts";
import type { ArtifactResults, ReadResults } from "./artifacts.ts";
import { actionsSlug, readJob, readJobLog } from "./job.ts";
import type { Job } from "./job.ts";

const mostChecks = 20;
/** Checks that are read at the same time. */
const atOnce = 4;

export interface CollectOptions {
  readonly sha: string;
  readonly signal: AbortSignal;
  /** `null`: artifacts are not looked at. */
  readonly readResults: ReadResults | null;
}

interface Failed {
  readonly run: ForeignRun;
  readonly conclusion: FailedCheck["conclusion"];
}

/** Newest of each name, the worst first and commit statuses last, at most 20. Throws the signal's reason, and AppError where the list itself cannot be read. */
export async function failedCheckDetails(
  client: Client,
  pull: PullRef,
  options: CollectOptions,
): Promise<readonly FailedCheck[]> {
  options.signal.throwIfAborted();
  const runs = await foreignRuns(client, pull, options.sha);
  const statuses = await commitStatuses(client, pull, options.sha);
  const failed = newestOfEachName(runs).slice(0, mostChecks);
  const artifactsOf = onceEach((runId) => artifactsOfRun(client, pull, runId, options));
  const details = await inTurns(failed, (one) => detailsOf(client, pull, { ...one, options, artifactsOf }));
  options.signal.throwIfAborted();
  const names = new Set(runs.map(({ name }) => name));
  return [...details, ...failedStatuses(statuses, names)].slice(0, mostChecks);
}

function newestOfEachName(runs: readonly ForeignRun[]): readonly Failed[] {
  const byName = new Map<string, Failed>();
  for (const run of [...runs].sort((a, b) => a.id - b.id)) {
    const conclusion = failureOfRun(run);
    if (conclusion !== null) byName.set(`${run.app?.id ?? 0} ${run.name}`, { run, conclusion });
  }
  const rank = ({ conclusion }: Failed): number => failedConclusions.indexOf(conclusion);
  return [...byName.values()].sort((a, b) => rank(a) - rank(b) || b.run.id - a.run.id);
}

type ArtifactsOf = (runId: number) => Promise<ArtifactResults>;

/** The jobs of one workflow run share its artifacts. */
function onceEach(read: ArtifactsOf): ArtifactsOf {
  const known = new Map<number, Promise<ArtifactResults>>();
  return (runId) => {
    const found = known.get(runId) ?? read(runId);
    known.set(runId, found);
    return found;
  };
}

async function artifactsOfRun(
  client: Client,
  pull: PullRef,
  runId: number,
  { readResults, signal }: CollectOptions,
): Promise<ArtifactResults> {
  if (readResults === null) return { results: [], trouble: [] };
  return readArtifacts(client, pull, { runId, read: readResults, signal });
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let start = 0; start < items.length; start += atOnce)
    done.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  return done;
}

interface One extends Failed {
  readonly options: CollectOptions;
  readonly artifactsOf: ArtifactsOf;
}

async function detailsOf(client: Client, pull: PullRef, one: One): Promise<FailedCheck> {
  const { run, conclusion, options } = one;
  const { id, name, app, output } = run;
  const { signal } = options;
  const noted = await readAnnotations(client, pull, { id, count: output.annotations_count, signal });
  const { job, trouble } =
    app?.slug === actionsSlug ? await readJob(client, pull, id) : { job: null, trouble: "" };
  const said = job === null ? saidOf(run) : await saidOfJob(client, pull, one, job);
  return {
    ...{ id, name, conclusion },
    app: app?.slug ?? null,
    url: run.html_url ?? "",
    annotations: noted.annotations,
    log: said.log,
    step: said.step,
    results: said.results,
    trouble: [noted.trouble, trouble, ...said.trouble].filter((sentence) => sentence !== "").join(" "),
    jobId: job === null ? null : id,
    ...(job?.attempt === undefined ? {} : { attempt: job.attempt }),
  };
}

interface Said extends Pick<FailedCheck, "log" | "step" | "results"> {
  readonly trouble: readonly string[];
}

async function saidOfJob(
  client: Client,
  pull: PullRef,
  { run, options, artifactsOf }: One,
  job: Job,
): Promise<Said> {
  const { log, trouble } = await readJobLog(client, pull, {
    id: run.id,
    steps: job.steps,
    signal: options.signal,
  });
  const artifacts = await artifactsOf(job.runId);
  return {
    log: log?.text ?? null,
    step: log?.step ?? null,
    results: artifacts.results,
    trouble: [trouble, ...artifacts.trouble],
  };
}

/** What the check says of itself stands in for a log. */
function saidOf({ output: { title, summary, text }, app }: ForeignRun): Said {
  const reducer = createLogReducer();
  const parts = [title, summary, text].filter((part) => part !== null && part !== "");
  reducer.push(parts.join("\n"));
  const by =
    app?.slug === actionsSlug
      ? "This check is no job of GitHub Actions"
      : "This check is not by GitHub Actions";
  return parts.length === 0
    ? {
        log: null,
        step: null,
        results: [],
        trouble: [`${by}: there is no log, and it says nothing of itself.`],
      }
    : {
        log: reducer.end().text,
        step: null,
        results: [],
        trouble: [`${by}: its own summary stands in for a log.`],
      };
}
