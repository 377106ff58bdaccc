// Writes tests for what a pull request changes, when somebody asks: they pass, and fail when the code is changed.
import { openSuite } from "../../checks/suite/open-suite.ts";
import type { Agent, AgentContext } from "../../core/agent.ts";
import type { KeptEdits } from "../../core/fix.ts";
import type { Outcome } from "../../core/task.ts";
import { noMarkers } from "../../verifiers/no-markers.ts";
import { parses } from "../../verifiers/parses.ts";
import { protectedPaths } from "../../verifiers/protected-paths.ts";
import { onlyTests } from "./only-tests.ts";
import type { WritePorts, WriteProblem, WriteResult } from "./types.ts";
import { recheckTests, writeTests } from "./write-tests.ts";

const name = "test-writer";

export const testWriter: Agent = {
  name,
  order: 30,
  verifiers: [onlyTests, noMarkers, parses, protectedPaths],

  propose({ errand, args }) {
    if (errand !== "write-tests") return [];
    const [only] = args;
    return [{ agent: name, goal: "Write tests for what changed", paths: only === undefined ? [] : [only] }];
  },

  async run({ paths }, context) {
    const problem = await problemOf(paths[0] ?? null, context);
    const ports = await portsOf(context, problem);
    const kept = keptFor(context);
    const result =
      kept === null ? await writeTests(problem, ports) : await recheckTests(problem, kept, ports);
    if (result.status === "written") await deliver(result, context);
    return outcomeOf(result);
  },
};

async function problemOf(only: string | null, { workspace }: AgentContext): Promise<WriteProblem> {
  const head = await workspace.parentTree("head");
  const base = (await workspace.mergeBaseTree()) ?? (await workspace.parentTree("base"));
  const changes = await workspace.changesSince("head", base);
  return { head, base, changed: changes.map(({ path }) => path), only, seed: workspace.headSha };
}

async function portsOf(context: AgentContext, { base, head }: WriteProblem): Promise<WritePorts> {
  const { workspace, sandbox, policy, repository, signal, record, models } = context;
  const suite = await openSuite({
    sandbox,
    trees: workspace,
    detectOn: base ?? head,
    commands: policy.commands,
    repository,
    signal,
    record,
  });
  return { trees: workspace, suite, models, signal, record, now: Date.now };
}

function keptFor({ keptEdits, workspace }: AgentContext): KeptEdits | null {
  return keptEdits?.agent === name && keptEdits.headSha === workspace.headSha ? keptEdits : null;
}

/** Kept with the run first: nobody asks and pays again. */
async function deliver({ edits, report }: WriteResult, context: AgentContext): Promise<void> {
  const { workspace } = context;
  await context.keepEdits({
    agent: name,
    headSha: workspace.headSha,
    edits: [...edits].map(([path, text]) => ({ path, text })),
    fix: null,
    written: report,
  });
  for (const [path, text] of edits) {
    const mode = (await workspace.readPath("head", path))?.mode ?? "100644";
    await workspace.write(path, { mode, bytes: Buffer.from(text) });
  }
}

function outcomeOf({ status, report }: WriteResult): Outcome {
  const common = { hunks: [], written: report };
  switch (status) {
    case "written":
      return { status: "changed", summary: report.words, ...common };
    case "nothing":
      return { status: "unchanged", reason: report.words, ...common };
    case "none":
    case "not-run":
      return { status: "gave-up", reason: report.words, ...common };
  }
}
