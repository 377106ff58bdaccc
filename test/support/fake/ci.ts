// Other Apps' checks, made by the test's own hand: with steps, logs, annotations and artifacts, finished when the test says so,
// or by a CI that follows pushes.
import { zipOf } from "../zip.ts";
import { git, listTree } from "./git.ts";
import { checkRunPayload, checkSuitePayload, workflowRunPayload } from "./payloads.ts";
import { addCheckRun } from "./routes/checks.ts";
import type { JsonObject } from "./render.ts";
import {
  newId,
  userOf,
  type CheckRunState,
  type Content,
  type Repository,
  type State,
  type StepState,
  type SuiteState,
  type User,
} from "./state.ts";
import { ACTIONS, checkAppOf, suiteOf } from "./suites.ts";

interface StepFixture {
  readonly name: string;
  /** Default `success`. */
  readonly conclusion?: string;
  /** What the step wrote; the fake adds time stamps and GitHub's signs. */
  readonly log?: string;
}

interface AnnotationFixture {
  readonly path: string;
  readonly line: number;
  readonly message: string;
  /** Default `failure`. */
  readonly level?: "notice" | "warning" | "failure";
}

export interface CheckFixture {
  readonly name: string;
  /** Default `failure`; `null`: it still runs. */
  readonly conclusion?: string | null;
  /** Slug of the App that writes it. Default `github-actions`, which alone has jobs, logs and artifacts. */
  readonly app?: string;
  /** The job's log as it is; `null`: gone. Default: made of the steps. */
  readonly log?: Content | null;
  readonly steps?: readonly StepFixture[];
  readonly annotations?: readonly AnnotationFixture[];
  /** Name of the artifact → its files, or the archive's own bytes. */
  readonly artifacts?: Readonly<Record<string, Readonly<Record<string, string>> | Buffer>>;
  readonly output?: { readonly title: string; readonly summary: string; readonly text?: string };
  /** Default: the pull request's head. */
  readonly sha?: string;
}

export interface CheckMade {
  /** The check run's id, and the job's. */
  readonly id: number;
  readonly suiteId: number;
  /** `null` for other Apps than GitHub Actions. */
  readonly runId: number | null;
  /** What GitHub delivers when it is completed. */
  readonly payloads: {
    readonly check_run: JsonObject;
    readonly workflow_run: JsonObject;
    readonly check_suite: JsonObject;
  };
}

/** A conclusion, or a whole check. */
export type CiWord = string | Omit<CheckFixture, "sha" | "app" | "name">;

interface CiPush {
  readonly sha: string;
  readonly branch: string;
  /** Text by path. */
  readonly files: Readonly<Record<string, string>>;
  /** 1, and one more each time that a job is started again. */
  readonly attempt: number;
}

export type DecideCi = (push: CiPush) => CiWord | Promise<CiWord>;

interface Target {
  readonly repository: Repository;
  readonly sha: string;
  readonly branch: string | null;
}

export function makeCheck(
  state: State,
  { repository, sha, branch }: Target,
  fixture: CheckFixture,
): CheckMade {
  const suite = suiteOf(state, checkAppOf(fixture.app ?? ACTIONS.slug), { repository, sha, branch });
  const job = suite.runId === null ? null : { steps: [], log: null };
  const { name } = fixture;
  const check = addCheckRun(
    state,
    repository,
    { suite, job },
    { name, head_sha: sha, status: "in_progress" },
  );
  if (fixture.conclusion !== null) fill(state, check, fixture);
  return madeOf(state, check, userOf(state, "author"));
}

/** Ends a check that runs, or ends it otherwise. */
export function finishCheck(state: State, check: CheckRunState, word: CiWord): CheckMade {
  fill(state, check, typeof word === "string" ? { conclusion: word } : word);
  return madeOf(state, check, userOf(state, "author"));
}

function fill(state: State, check: CheckRunState, fixture: Exclude<CiWord, string>): void {
  const { conclusion = "failure", steps = [], annotations = [], artifacts = {} } = fixture;
  check.status = "completed";
  check.conclusion = conclusion;
  check.completedAt = new Date().toISOString();
  Object.assign(check, { title: null, summary: null, text: null, ...fixture.output });
  for (const { path, line, message, level = "failure" } of annotations)
    check.annotations.push({ path, message, start_line: line, end_line: line, annotation_level: level });
  if (check.job !== null) {
    check.job.steps = steps.map(stepState);
    check.job.log = fixture.log === undefined ? logOf(steps) : fixture.log;
  }
  for (const [name, files] of Object.entries(artifacts)) addArtifact(state, check.suite, name, files);
}

function addArtifact(
  state: State,
  suite: SuiteState,
  name: string,
  files: Readonly<Record<string, string>> | Buffer,
): void {
  const id = newId(state);
  const zip = Buffer.isBuffer(files) ? files : zipOf(files);
  state.artifacts.set(id, { id, repository: suite.repository, suite, name, zip, expired: false });
}

/** Steps take ten seconds each, and the next begins in the second in which one ends. */
const STEP_S = 10;
const BEGAN_MS = Date.parse("2026-01-01T12:00:00Z");
const moment = (seconds: number): string => new Date(BEGAN_MS + seconds * 1000).toISOString();

function stepState({ name, conclusion = "success" }: StepFixture, index: number): StepState {
  const seconds = (at: number): string => moment(at).replace(/\.\d+Z$/, "Z");
  const startedAt = seconds(index * STEP_S);
  return { name, conclusion, startedAt, completedAt: seconds((index + 1) * STEP_S) };
}

/** As GitHub writes it: each line with its time to a ten-millionth of a second, steps in groups. */
function logOf(steps: readonly StepFixture[]): string {
  const lines = steps.flatMap(({ name, conclusion = "success", log = "" }, index) => {
    const stamp = moment(index * STEP_S + 0.5).replace("Z", "0000Z");
    const written = log.replace(/\n$/, "").split("\n");
    const end = conclusion === "failure" ? ["##[error]Process completed with exit code 1."] : [];
    return [`##[group]Run ${name}`, "##[endgroup]", ...written, ...end].map((line) => `${stamp} ${line}\n`);
  });
  return lines.join("");
}

function madeOf(state: State, check: CheckRunState, sender: User): CheckMade {
  const { suite, repository, headSha } = check;
  const result = {
    ...{ repository, headSha, suite, sender },
    headBranch: suite.headBranch ?? "",
    conclusion: check.conclusion ?? "",
  };
  return {
    id: check.id,
    suiteId: suite.id,
    runId: suite.runId,
    // Made when they are asked for: GitHub tells of no end of a check that runs.
    payloads: {
      get check_run() {
        return checkRunPayload(state, check, "completed", { sender });
      },
      get workflow_run() {
        return workflowRunPayload(state, result);
      },
      get check_suite() {
        return checkSuitePayload(state, result);
      },
    },
  };
}

/** From now on each commit that a branch comes to gets a check, which runs until `decide` has said what came of it; so does a job started again. */
export function followPushes(state: State, repository: Repository, name: string, decide: DecideCi): void {
  state.ci.set(repository, ({ sha, branch, sender, again }) => {
    const running =
      again ??
      state.checkRuns.get(makeCheck(state, { repository, sha, branch }, { name, conclusion: null }).id);
    if (running === undefined) return;
    const work = async (): Promise<void> => {
      const files = await filesAt(repository, sha);
      const { attempt } = running.suite;
      const word = await decide({ sha, branch, files, attempt });
      finishCheck(state, running, word);
      announce(state, running, sender);
    };
    state.background(work());
  });
}

function announce(state: State, check: CheckRunState, sender: User): void {
  const { payloads } = madeOf(state, check, sender);
  state.emit("check_run", () => payloads.check_run);
  state.emit("workflow_run", () => payloads.workflow_run);
  state.emit("check_suite", () => payloads.check_suite);
}

async function filesAt(repository: Repository, sha: string): Promise<Record<string, string>> {
  const entries = (await listTree(repository.gitDir, sha, { recursive: true })).filter(
    ({ type }) => type === "blob",
  );
  const texts = await Promise.all(
    entries.map((entry) => git(repository.gitDir, ["cat-file", "blob", entry.sha])),
  );
  return Object.fromEntries(entries.map(({ path }, index) => [path, texts[index]?.toString() ?? ""]));
}
