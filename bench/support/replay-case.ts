// One case through the whole app: a three-commit repository, a comment, and what came of it, checked against what the run says.
import { pullKey } from "../../src/core/pull.ts";
import type { PullRef } from "../../src/core/pull.ts";
import type { World } from "../../test/e2e/harness.ts";
import type { FileSpec } from "../../test/support/fake-github.ts";
import type { FileCase } from "./cases.ts";
import { likenessOf } from "./likeness.ts";
import type { Likeness } from "./likeness.ts";
import { RunLine, checkPushed, checkTold, checkUnpushed } from "./replay-checks.ts";
import type { Replayed } from "./replay-checks.ts";

export interface CaseResult {
  readonly id: string;
  readonly category: string;
  /** `null`: the run never ended. */
  readonly run: RunLine | null;
  /** The result against the developers' merge, where there is one: pushed at once, or proposed and then applied. */
  readonly likeness: Likeness | null;
  readonly violations: readonly string[];
}

const asker = "ann";
/** Far above any run: one that takes longer has been lost. */
const deadlineMs = 180_000;

/** Never throws for what the app does: that is a violation. */
export async function replayCase(world: World, index: number, test: FileCase): Promise<CaseResult> {
  const { id, category, path } = test;
  const replayed = await makeRepository(world, index, test);
  const violations: string[] = [];
  const run = await ask(world, replayed.pull, "fix-conflicts", violations);
  if (!run) return { id, category, run, likeness: null, violations };
  violations.push(...checkTold(world, replayed, run));

  const pushed = await follow(world, replayed, run, violations);
  const text = pushed === null ? null : await world.github.git(replayed.app).read(pushed, path);
  const likeness = text === null ? null : likenessOf(text, test.merged);
  await world.github.deleteRepository(replayed.app);
  return { id, category, run, likeness, violations };
}

/** Checks what the run left behind and applies what it proposed. Returns the commit that was pushed in the end; `null` when none was. */
async function follow(
  world: World,
  replayed: Replayed,
  run: RunLine,
  violations: string[],
): Promise<string | null> {
  if (run.ending === "pushed") {
    violations.push(...(await checkPushed(world, replayed, run)));
    return run.commitSha;
  }
  violations.push(...(await checkUnpushed(world, replayed)));
  if (run.ending !== "proposed") return null;

  const applied = await ask(world, replayed.pull, "apply", violations);
  if (applied?.ending !== "pushed") {
    violations.push(`a proposal could not be applied: ${applied?.ending ?? "no ending"}`);
    return null;
  }
  if (applied.tree !== run.tree) violations.push("what was applied is not the tree that was proposed");
  violations.push(...(await checkPushed(world, replayed, applied)));
  return applied.commitSha;
}

/** One account per case, so that the pace the app keeps for each installation does not slow the bench down. */
async function makeRepository(world: World, index: number, test: FileCase): Promise<Replayed> {
  const { path, base, ours, theirs } = test;
  const before: Record<string, FileSpec> = base === null ? { ".keep": "" } : { [path]: base };
  const { github } = world;
  const app = await github.addRepository({ owner: `case-${index}`, name: "replay", files: before });
  github.setPermission(asker, "write", app);
  const git = github.git(app);
  const headSha = await git.commit("feature", { [path]: ours });
  const baseSha = await git.commit("main", { [path]: theirs });
  return { app, pull: await github.openPull({ ...app, head: "feature" }), path, headSha, baseSha };
}

async function ask(
  world: World,
  pull: PullRef,
  verb: "fix-conflicts" | "apply",
  violations: string[],
): Promise<RunLine | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs);
  });
  await Promise.race([world.ask(pull, asker, `/agent ${verb}`), late]);
  clearTimeout(timer);
  const ended = world.lines.filter(
    (line) => line.message === "run ended" && line["pull"] === pullKey(pull) && line["verb"] === verb,
  );
  if (ended.length !== 1) violations.push(`${verb}: ${ended.length} runs ended where one was asked for`);
  const run = ended[0] ? RunLine.parse(ended[0]) : null;
  if (run?.ending === "failed") violations.push(`${verb}: the run failed`);
  return run;
}
