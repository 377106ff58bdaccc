// `errand fix-tests`: the App's loop on failing tests, in a person's own working copy.
import { realpath } from "node:fs/promises";
import path from "node:path";
import { fixTests } from "../agents/test-fixer/fix-tests.ts";
import { unifiedDiff } from "../agents/test-fixer/gates/unified-diff.ts";
import type { FixResult } from "../agents/test-fixer/types.ts";
import { defaultPolicy } from "../config/policy-defaults.ts";
import { AppError } from "../core/errors.ts";
import type { Sandbox } from "../core/sandbox.ts";
import type { Suite, Trees } from "../core/suite.ts";
import { openLocalTrees } from "../workspace/local-trees.ts";
import type { LocalTrees } from "../workspace/local-trees.ts";
import { installedIn } from "./fix-tests-installed.ts";
import { openFixModels } from "./fix-tests-models.ts";
import type { FixModels } from "./fix-tests-models.ts";
import { openLocalSandbox } from "./fix-tests-sandbox.ts";
import { detectedSuite, givenSuite, lineOf, requireTestCommand } from "./fix-tests-suite.ts";
import { endLines, exitStatus, interruptedStatus, jsonOf, proofTable, shownPatch } from "./fix-tests-text.ts";
import type { Fate } from "./fix-tests-text.ts";
import { writeProven } from "./fix-tests-write.ts";
import { printable } from "./resolve-text.ts";

export interface FixTestsOptions {
  /** Words of the test command; empty: what the files show. */
  readonly command: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
  /** Edits of tests are written, too. */
  readonly tests?: boolean;
  /** `false`: what fails on the base is put right, too. */
  readonly base?: boolean;
  /** `false`: no model is asked. */
  readonly models?: boolean;
}

/** What the command has around it. */
export interface Around {
  readonly directory: string;
  /** Of the process alone: a repository's `.env` must not send its reader's code anywhere. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Aborted where the person stops it. */
  readonly signal: AbortSignal;
  /** To standard output. */
  readonly print: (text: string) => void;
  /** A line to standard error. */
  readonly tell: (line: string) => void;
  /** Whether standard output is one. */
  readonly isTerminal: boolean;
}

/**
 * Resolves with the exit status: 0 fixed or nothing fails, 1 not fixed, 130 stopped. Throws `AppError` where there is nothing to work on: no git repository, no
 * test command, a wrong setting, a sandbox that is switched off. Nothing that it made is left, however it ends.
 */
export async function fixLocalTests(options: FixTestsOptions, around: Around): Promise<number> {
  const { variables, signal, tell } = around;
  try {
    const models = openFixModels(variables, { enabled: options.models !== false, signal });
    const local = await openLocalTrees({ directory: around.directory, environment: variables, signal });
    try {
      return await fixIn({ local, models, options, around });
    } finally {
      await local.dispose();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    tell("Stopped. Nothing was written.");
    return interruptedStatus;
  }
}

interface Work {
  readonly local: LocalTrees;
  readonly models: FixModels;
  readonly options: FixTestsOptions;
  readonly around: Around;
}

async function fixIn(work: Work): Promise<number> {
  const { local, options, around } = work;
  const line = lineOf(options.command);
  if (options.command.length > 0 && line === "") throw emptyCommand();
  if (line === "") await requireTestCommand(local.trees, local.head);
  const { sandbox, dispose } = await openLocalSandbox(around.variables, tellOf(work));
  try {
    around.signal.throwIfAborted();
    const suite = await suiteOf(line, sandbox, work);
    const result = await fixTests(problemOf(work), {
      trees: local.trees,
      suite,
      models: work.models.models,
      rerunJob: () => Promise.resolve(false),
      signal: around.signal,
      now: Date.now,
      record: recordOf(work),
    });
    around.signal.throwIfAborted();
    return await end(result, work);
  } finally {
    await dispose();
  }
}

const emptyCommand = (): AppError =>
  new AppError("input", "The test command after -- is empty.", {
    retryable: false,
    remedy: "Name one, for example: errand fix-tests -- npm test",
  });

/** Lines for people while it goes on; with --json too: standard error is theirs. */
const tellOf =
  ({ around: { tell } }: Work) =>
  (line: string): void => {
    tell(printable(line));
  };

const recordOf =
  (work: Work) =>
  ({ step, detail }: { readonly step: string; readonly detail: string }): void => {
    tellOf(work)(`  ${step}: ${detail}`);
  };

function problemOf({ local, options }: Work) {
  const base = options.base === false ? null : local.baseTree;
  return {
    head: local.head,
    base,
    changed: base === null ? [] : local.changed,
    checks: [],
    protectedPaths: defaultPolicy.protectedPaths,
    seed: local.head,
  };
}

async function suiteOf(line: string, sandbox: Sandbox, work: Work): Promise<Suite> {
  const { local, around, models } = work;
  const tell = tellOf(work);
  const root = await rootOf(local);
  const { mount, environment, notes } = await installedIn(
    root,
    await local.trees.listTree(local.head),
    sandbox,
  );
  for (const note of notes) tell(note);
  tell(
    models.names.length === 0
      ? "No model is asked, so no change can be proposed: name one in ERRAND_SMALL_MODEL (docs/models.md)."
      : `Code that failing tests exercise is sent to ${models.names.join(", ")} (--no-models: to nobody).`,
  );
  const folder = path
    .relative(root, await realpath(around.directory))
    .split(path.sep)
    .join("/");
  const { trees, head } = local;
  const common = { sandbox, trees, head, folder, mount, environment };
  const parts = { ...common, signal: around.signal, record: recordOf(work) };
  const suite = line === "" ? await detectedSuite(parts) : await givenSuite(line, parts);
  if (suite.commands.some(({ name, runner }) => name === "test" && runner === null))
    tell("No test runner that is known stands in the command: its exit status is all that can be told.");
  return suite;
}

async function rootOf({ root }: LocalTrees): Promise<string> {
  if (root !== null) return realpath(root);
  throw new AppError("bug", "A working copy has no folder.", {
    retryable: false,
    remedy: "Report this with how the command was called.",
  });
}

async function end({ report, edits }: FixResult, work: Work): Promise<number> {
  const { local, models, options, around } = work;
  const fate = await fateOf({ report, edits }, work);
  const told = {
    report,
    edits: [...edits.keys()],
    patch: await patchOf(edits, local.trees, local.head),
    fate,
    used: await models.used(),
  };
  if (options.json === true) around.print(jsonOf(told));
  else {
    const table = proofTable(report);
    const patch = shownPatch(told.patch, around.isTerminal);
    around.print([table, patch].filter((part) => part !== "").join("\n"));
    for (const line of endLines(told)) around.tell(line);
  }
  return exitStatus(told);
}

/** Only what passed every gate, and has nothing against it, is written. */
async function fateOf({ report, edits }: FixResult, { local, options }: Work): Promise<Fate> {
  if (edits.size === 0) return { kind: "none" };
  const shown = (why: string): Fate => ({ kind: "shown", why });
  if (report.ending === "test-edit" && options.tests !== true)
    return shown(
      "This changes tests, so it was not written: look at it, and run it again with --tests to have it.",
    );
  if (report.ending !== "fixed" && report.ending !== "test-edit")
    return shown("It was not written: look at what speaks against it; git apply takes what is shown.");
  if (options.dryRun === true) return { kind: "dry-run" };
  const why = await writeProven({ root: await rootOf(local), trees: local.trees, head: local.head, edits });
  return why === null ? { kind: "written" } : shown(why);
}

async function patchOf(edits: ReadonlyMap<string, string>, trees: Trees, head: string): Promise<string> {
  const changes = [...edits].map(async ([file, after]) => {
    const before = await trees.readTree(head, file);
    return { path: file, before: before === null ? "" : Buffer.from(before.bytes).toString("utf8"), after };
  });
  return unifiedDiff(await Promise.all(changes));
}
