// The agent itself on a repository of ours: real commands, a real runner in a real sandbox, and a model that plays a script.
import { afterAll, beforeAll, describe } from "@jest/globals";
import type { Commands } from "../../../../src/core/checks.ts";
import type { FailedCheck } from "../../../../src/core/failed-check.ts";
import type { FixReport } from "../../../../src/core/fix.ts";
import type { Sandbox } from "../../../../src/core/sandbox.ts";
import { Outcome } from "../../../../src/core/task.ts";
import { testFixer } from "../../../../src/agents/test-fixer/index.ts";
import { turnVariable } from "../../../support/failing-repositories.ts";
import type { FailingRepository } from "../../../support/failing-repositories.ts";
import { fixingModel } from "../../../support/fixing-model.ts";
import type { Known } from "../../../support/fixing-model.ts";
import { installTools, toolMissing } from "../../../support/installed-tools.ts";
import { describeWithTools, toolsFor } from "../../../support/sandbox-tools.ts";
import { workspaceOf } from "../../../checks/support.ts";
import type { Files } from "../../../checks/support.ts";
import { contextOf, fakeWorkspace, taskOf } from "../../../verifiers/support.ts";
import { makeDirectory, readySandbox, settingsFor } from "../../../workspace/sandbox/driver-support.ts";
import { scriptedModels } from "../models.ts";

/** Others than those of other tests of the sandbox, which may run at the same time. */
const firstUser = 743_000;

export interface Tools {
  /** Packages for `node_modules`. */
  readonly packages: readonly string[];
  /** Programs of this machine beside those that every sandbox has. */
  readonly programs: readonly string[];
  /** Fills a folder of `parent` in place of the packages; resolves with it. */
  readonly fill?: (parent: string) => Promise<string>;
}

/** Tests of repositories that need these tools; where one of them is not there they are skipped, under a title that says why. */
export function describeRepaired(
  title: string,
  { packages, programs, fill, user }: Tools & { readonly user: number },
  suite: (repair: Repair) => void,
): void {
  const missing = packages.map(toolMissing).find((why) => why !== null) ?? null;
  if (missing !== null) {
    describe.skip(`${title}: ${missing}`, () => {
      suite(unexpected);
    });
    return;
  }
  describeWithTools(programs, title, () => {
    let folder: Awaited<ReturnType<typeof makeDirectory>>;
    let sandbox: Sandbox;
    beforeAll(async () => {
      folder = await makeDirectory();
      const install = fill ?? ((parent: string) => installTools(parent, packages));
      const isBare = fill === undefined && packages.length === 0;
      const installed = isBare ? null : await install(folder.directory);
      const settings = settingsFor(folder.directory, {
        user: firstUser + 100 * user,
        tools: toolsFor(programs),
      });
      sandbox = await readySandbox(settings, {
        dependencies: { find: () => Promise.resolve(installed), fill: () => Promise.resolve(null) },
      });
    }, 120_000);
    afterAll(() => folder.remove());
    suite((repository, options) => repair(sandbox, repository, options));
  });
}

const unexpected: Repair = () => Promise.reject(new Error("There is nothing to run it with."));

export type Repair = (repository: FailingRepository, options?: RepairOptions) => Promise<Repaired>;

interface RepairOptions {
  /** What the model knows; left out: the repository's own answer. */
  readonly known?: readonly Known[];
  readonly wrong?: readonly string[];
  readonly checks?: readonly FailedCheck[];
  readonly commands?: Commands;
}

interface Repaired {
  readonly report: FixReport;
  /** What would be committed: text by path. */
  readonly written: Files;
  /** What the model was asked about, in order. */
  readonly asked: readonly { readonly slot: string; readonly subject: string | null }[];
}

async function repair(
  sandbox: Sandbox,
  { base, head, answer, test }: FailingRepository,
  { known, wrong = [], checks = [], commands = {} }: RepairOptions = {},
): Promise<Repaired> {
  const answers = known ?? (answer === null ? [] : [{ of: answer.split("\n", 1)[0] ?? test, code: answer }]);
  const models = modelsThatKnow(answers, wrong);
  const workspace = workspaceFrom(base, head);
  const context = {
    ...contextOf(workspace, { commands }),
    models,
    sandbox: { kind: "ready", sandbox: byTurn(sandbox) } as const,
    failedChecks: checks,
  };
  const outcome = Outcome.parse(await testFixer.run(taskOf(), context));
  const fix = "fix" in outcome ? outcome.fix : undefined;
  if (fix === undefined) throw new Error(`There is no report of it: ${JSON.stringify(outcome)}`);
  const written = [...workspace.results].map(([path, blob]) => [path, textOf(blob?.bytes)] as const);
  return { report: fix, written: Object.fromEntries(written), asked: models.asked };
}

const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("utf8");

/** Each run is told its turn, as a machine whose state is never the same twice. */
function byTurn(sandbox: Sandbox): Sandbox {
  let turn = 0;
  return {
    ...sandbox,
    run: (request) => {
      const environment = { ...request.environment, [turnVariable]: String(turn++) };
      return sandbox.run({ ...request, environment });
    },
  };
}

/** The base, the head over it, and whatever trees are made of the head. */
function workspaceFrom(base: Files, changed: Files) {
  const head = { ...base, ...changed };
  const trees: Record<string, Files> = { base, head };
  return {
    ...fakeWorkspace({ sinceHead: Object.keys(changed) }),
    ...workspaceOf(trees),
    mergeBaseTree: () => Promise.resolve("base"),
    treeWith: (results: ReadonlyMap<string, { readonly bytes: Uint8Array } | null>) => {
      const edited = [...results].map(([path, blob]) => [path, textOf(blob?.bytes)] as const);
      const name = `tree ${Object.keys(trees).length}`;
      trees[name] = { ...head, ...Object.fromEntries(edited) };
      return Promise.resolve(name);
    },
  };
}

/** The answers of a script for the server, given at once. */
function modelsThatKnow(known: readonly Known[], wrong: readonly string[]) {
  const replies = fixingModel(known, wrong);
  return scriptedModels({
    small: ({ user }) => {
      const reply = replies({
        ...{ wire: "openai", model: "small", system: "", user, schema: null, maxOutputTokens: 2_000 },
        ...{ seed: null, key: null },
      });
      if ("kind" in reply && reply.kind === "text") return reply.text;
      throw new Error("The script answers with text, at once.");
    },
  });
}
