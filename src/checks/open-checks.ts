// The checks of one repository, found on its base branch and run on any of its trees in the sandbox.
import type { CheckRun, Checks, CommandRun, Commands } from "../core/checks.ts";
import type { SandboxState } from "../core/sandbox.ts";
import { detectCommands } from "./commands/detect.ts";
import type { Detection } from "./commands/detect.ts";
import type { DetectedCommand } from "./commands/types.ts";
import { preparer } from "./run/ground.ts";
import type { Prepared } from "./run/ground.ts";
import { readTree } from "./run/read-tree.ts";
import type { TreeSource } from "./run/read-tree.ts";
import { runTree } from "./run/run-tree.ts";
import { notRun } from "./run/trouble.ts";

export interface OpenChecksOptions {
  readonly sandbox: SandboxState;
  readonly workspace: TreeSource;
  /** What the repository's agent.yml says; what is absent is detected on the base branch. */
  readonly commands: Commands;
  /** "owner/name". */
  readonly repository: string;
  readonly signal: AbortSignal;
  /** Progress for people. */
  readonly record: (event: { readonly step: string; readonly detail: string }) => void;
}

export interface OpenedChecks extends Checks {
  /** Why there is no test command and what to write, in Markdown for people; `null` where there is one. Type checks can be there all the same. */
  readonly missing: string | null;
  /** As `run`, but what was run before is run again: for a test that may be flaky. */
  readonly again: Checks["run"];
}

/** Throws what the workspace throws when the base branch cannot be read. Everything else is in `unavailable`, or in the runs. */
export async function openChecks(options: OpenChecksOptions): Promise<OpenedChecks> {
  const { sandbox, workspace } = options;
  if (sandbox.kind === "unavailable") return closed(`${sandbox.why} ${sandbox.remedy}`, null);
  const base = await workspace.parentTree("base");
  const detection = await detectCommands(await readTree(workspace, base), options.commands);
  record(options, detection);
  if (!detection.commands.some(isCheck)) {
    return closed(detection.missing ?? "Neither a test nor a type check was found.", detection.missing);
  }
  const setup = detection.commands.find(({ name }) => name === "setup")?.line ?? "";
  const prepare = preparer({ ...options, sandbox: sandbox.sandbox, setup });
  const { failed } = await prepare(base);
  return failed === null ? opened(detection, prepare) : closed(failed, detection.missing);
}

function isCheck({ name }: DetectedCommand): boolean {
  return name === "test" || name === "typecheck";
}

function closed(unavailable: string, missing: string | null): OpenedChecks {
  const nothing: CheckRun = { commands: [], typeErrors: [], tests: null, coverage: null };
  const run = () => Promise.resolve(nothing);
  return { unavailable, missing, run, again: run };
}

function opened(detection: Detection, prepare: (tree: string) => Promise<Prepared>): OpenedChecks {
  const again = async (tree: string, paths: readonly string[]): Promise<CheckRun> => {
    const { ground, files, notes, failed } = await prepare(tree);
    if (failed !== null) return withoutDependencies(detection, failed);
    return explained(await runTree(ground, detection.commands, { files, paths }), notes);
  };
  return { unavailable: null, missing: detection.missing, again, run: remembered(again) };
}

/** What a change of dependencies left without them tells nothing when it is run. */
function withoutDependencies({ commands }: Detection, why: string): CheckRun {
  const stopped = commands.filter(isCheck).map(({ name, line }): CommandRun => {
    return { name, command: line, status: "stopped", trouble: notRun(name, why), output: "", wallMs: 0 };
  });
  return { commands: stopped, typeErrors: [], tests: null, coverage: null };
}

/** A command that failed, or that could not be judged, may have missed something that was not installed. */
function explained(run: CheckRun, notes: readonly string[]): CheckRun {
  const commands = run.commands.map((command) => {
    const { status, trouble } = command;
    if (status === "passed" && trouble === "") return command;
    return { ...command, trouble: [trouble, ...notes].filter((words) => words !== "").join(" ") };
  });
  return { ...run, commands };
}

/** Runs under way are shared as well; what threw is tried anew. */
function remembered(run: Checks["run"]): Checks["run"] {
  const known = new Map<string, Promise<CheckRun>>();
  return async (tree, paths) => {
    const key = JSON.stringify([tree, [...new Set(paths)].sort()]);
    const before = known.get(key);
    if (before !== undefined) return await before;
    const started = run(tree, paths);
    known.set(key, started);
    try {
      return await started;
    } catch (error) {
      known.delete(key);
      throw error;
    }
  };
}

function record({ record: say }: OpenChecksOptions, { commands, missing }: Detection): void {
  const words = commands
    .filter((command) => isCheck(command) || command.name === "setup")
    .map(
      ({ name, line, folder, from }) => `${name}: ${line}${folder === "" ? "" : ` in ${folder}`} (${from})`,
    );
  if (words.length > 0) say({ step: "checks", detail: words.join("; ") });
  if (missing !== null) say({ step: "checks", detail: "no test command was found" });
}
