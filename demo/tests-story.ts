// The demo's third story: a check goes red, a fix is proposed, a person's word pushes it, and the second check is green.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import type { PullRef } from "../src/core/pull.ts";
import { startScriptedServer } from "../src/scripted/server.ts";
import { failingRepository } from "../test/support/failing-repositories.ts";
import { fixingModel } from "../test/support/fixing-model.ts";
import { startFakeGitHub } from "../test/support/fake-github.ts";
import type { FakeGitHub, RepositoryAddress } from "../test/support/fake-github.ts";
import { startBuiltApp } from "./app.ts";
import type { App, LogLine } from "./app.ts";
import { printTestsEnd, printTestsStep, say, showLine } from "./print.ts";

const receipt = failingRepository("node", "failing");
const stepTimeoutMs = 300_000;

/** What was seen from outside. */
export interface TestsStory {
  readonly proposed: boolean;
  /** The pushed commit has the head alone as its parent, and only the source file differs. */
  readonly sound: boolean;
  readonly checks: readonly { readonly name: string; readonly conclusion: string }[];
  readonly comment: string;
  readonly modelCalls: number;
  readonly seconds: number;
}

/** Resolves with the exit status. */
export async function tellTestsStory(asJson: boolean): Promise<number> {
  if (receipt?.answer == null) throw new Error("The demo's repository is missing.");
  const directory = await mkdtemp(path.join(tmpdir(), "errand-demo-"));
  // The sandbox's own user has to pass through it.
  await chmod(directory, 0o711);
  const github = await startFakeGitHub();
  const unhelpful = "export function total(lines) {\n  return lines.length;\n}\n";
  const model = await startScriptedServer(
    fixingModel([{ of: "export function total", code: receipt.answer }], [unhelpful]),
  );
  let app: App | undefined;
  try {
    say(
      asJson,
      "Starting the built app: errand start, embedded store, and the sandbox, which is tried first …",
    );
    app = await startBuiltApp(github, {
      dataDirectory: path.join(directory, "data"),
      variables: {
        ERRAND_SANDBOX: "bwrap",
        ERRAND_SANDBOX_DIR: path.join(directory, "sandbox"),
        ERRAND_SMALL_MODEL: "openai:scripted@demo",
        ERRAND_ENDPOINTS: `demo=${model.openaiUrl}`,
        ERRAND_PRICES: "@demo=0.10/0.50",
      },
      onLine: (line) => {
        if (!asJson) showLine(line);
      },
    });
    github.autoDeliver(app.webhookUrl);
    const seen = await play(github, app, () => model.requests().length, asJson);
    const ok = isAsTold(seen) && github.violations.length === 0;
    if (asJson) process.stdout.write(`${JSON.stringify(seen)}\n`);
    else printTestsEnd(ok, github.violations, seen);
    return ok ? 0 : 1;
  } finally {
    await app?.close();
    await model.close();
    await github.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const isAsTold = ({ proposed, sound, checks, comment }: TestsStory): boolean =>
  proposed && sound && checks.at(-1)?.conclusion === "success" && comment.includes("CI on our commit");

async function play(github: FakeGitHub, app: App, calls: () => number, asJson: boolean): Promise<TestsStory> {
  const begun = performance.now();
  const repository = await seed(github);
  const git = github.git(repository);
  say(asJson, "\nada opens a pull request that simplifies a sum, and CI goes red");
  await git.commit("simplify", { "README.md": "Receipts.\n" }, "Say what this is");
  const pull = await github.openPull({ ...repository, head: "simplify", title: "Simplify the sum" });
  const before = await git.commit("simplify", receipt?.head ?? {}, "Simplify the sum");
  const proposal = await ended(app, pull, 1);
  const proposed = proposal["ending"] === "proposed";
  if (!asJson) printTestsStep("what Errand proposes, without having been asked", commentOf(github, pull));

  say(asJson, '\nada looks at it, and writes "/agent apply"');
  github.comment(pull, "ada", "/agent apply");
  await ended(app, pull, 2);
  await app.waitFor(({ msg }) => msg === "checks of our commit have ended", stepTimeoutMs);
  const [commit] = await git.log("simplify");
  const changed = await git.run("diff", "--name-only", `${before}..simplify`);
  return {
    proposed,
    sound: commit?.parents.join() === before && changed.trim() === receipt?.fixes,
    checks: github
      .checkRuns(repository)
      .map(({ name, conclusion }) => ({ name, conclusion: conclusion ?? "" })),
    comment: commentOf(github, pull),
    modelCalls: calls(),
    seconds: Math.round(performance.now() - begun) / 1000,
  };
}

/** The line that tells of the pull request's n-th ended run. */
async function ended(app: App, pull: PullRef, n: number): Promise<LogLine> {
  let count = 0;
  const key = `${pull.owner}/${pull.repo}#${pull.number}`;
  const line = await app.waitFor(
    (candidate) => candidate.msg === "run ended" && candidate["pull"] === key && ++count === n,
    stepTimeoutMs,
  );
  return z.looseObject({ msg: z.string() }).parse(line);
}

function commentOf(github: FakeGitHub, pull: PullRef): string {
  return github.comments(pull).find(({ user }) => user.login === github.bot.login)?.body ?? "";
}

const redLog = [
  "✖ every piece is paid for (1.2ms)",
  "  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:",
  "",
  "  350 !== 850",
].join("\n");

/** CI that follows pushes: green as soon as the sum is right. */
async function seed(github: FakeGitHub): Promise<RepositoryAddress> {
  const repository = await github.addRepository({
    owner: "acme",
    name: "receipts",
    files: receipt?.base ?? {},
  });
  github.setPermission("ada", "write");
  github.ciFollowsPushes(
    repository,
    ({ files }) =>
      files["src/receipt.js"] === receipt?.answer
        ? "success"
        : { conclusion: "failure", steps: [{ name: "npm test", conclusion: "failure", log: redLog }] },
    "unit tests",
  );
  return repository;
}
