// `npm run demo`: conflicted pull requests on a GitHub of our own, the built app, and a look at what it did.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { PullRef } from "../src/core/pull.ts";
import { startFakeGitHub } from "../test/support/fake-github.ts";
import type { FakeGitHub, RepositoryAddress } from "../test/support/fake-github.ts";
import { startBuiltApp } from "./app.ts";
import type { App } from "./app.ts";
import { printEnd, printProofEnd, printRun, say, showLine } from "./print.ts";
import { taxedBefore, taxedOnBase, taxedOnBranch } from "./proof-scenario.ts";
import { startDemoModel } from "./scripted-model.ts";
import { tellTestsStory } from "./tests-story.ts";
import { before, onBase, onBranch, onUnclearBranch } from "./scenario.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean" },
    model: { type: "string" },
    prove: { type: "boolean" },
    story: { type: "string" },
  },
});
const asJson = options.json === true;

/** A run takes a second or two; the first one waits for the embedded store. */
const runTimeoutMs = 120_000;

/** What the app's log says of an ended run (src/pipeline/end-run.ts). */
const EndedRun = z.object({
  ending: z.string(),
  tree: z.string().nullable(),
  commitSha: z.string().nullable(),
  hunks: z.array(z.object({ path: z.string(), tier: z.string(), class: z.string(), settled: z.boolean() })),
});

/** What was seen of one pull request, from outside the app except for its own report. */
export interface Seen {
  readonly pull: PullRef;
  readonly branch: string;
  readonly run: z.infer<typeof EndedRun>;
  readonly pushed: boolean;
  /** The pushed tree is the verified one, and it hangs on the head that was read and on the base. */
  readonly sound: boolean;
  readonly parents: readonly string[];
  readonly comment: string;
  readonly check: { readonly name: string; readonly conclusion: string };
  readonly seconds: number;
}

async function main(): Promise<number> {
  if (options.prove === true) return demonstrateProof();
  if (options.story === "tests") return tellTestsStory(asJson);
  if (options.story !== undefined && options.story !== "conflicts") {
    process.stderr.write("The demo tells two stories: npm run demo -- --story conflicts, or tests.\n");
    return 2;
  }
  if (options.model === undefined || options.model === "scripted") return demonstrate();
  process.stderr.write(
    "The demo knows one model, a script on this machine: npm run demo -- --model scripted\nReal models are set in .env of the app itself: docs/models.md\n",
  );
  return 2;
}

async function demonstrate(): Promise<number> {
  const directory = await mkdtemp(path.join(tmpdir(), "errand-demo-"));
  const github = await startFakeGitHub();
  const model = options.model === undefined ? null : await startDemoModel();
  let app: App | undefined;
  try {
    const repository = await seed(github);
    say(asJson, "Starting the built app: errand start, embedded store, nothing else …");
    app = await startBuiltApp(github, {
      dataDirectory: path.join(directory, "data"),
      // The shop's packages are made up: no registry has them, and none is asked.
      variables: { ERRAND_SANDBOX: "off", ...model?.variables },
      onLine: (line) => {
        if (!asJson) showLine(line);
      },
    });
    github.autoDeliver(app.webhookUrl);
    const a = await ask(github, app, { repository, branch: "coupons", title: "Redeem coupons" });
    const b = await ask(github, app, {
      repository,
      branch: "coupons-unclear",
      title: "Redeem coupons, and price them",
    });
    const ok = isAsExpected(a, b, model !== null) && github.violations.length === 0;
    if (asJson) process.stdout.write(`${JSON.stringify({ ...jsonOf(a), left: jsonOf(b) })}\n`);
    else {
      for (const seen of [a, b]) await printRun(github, repository, seen);
      printEnd(ok, github.violations, model?.calls() ?? null);
    }
    return ok ? 0 : 1;
  } finally {
    await app?.close();
    await model?.close();
    await github.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** One pull request whose conflict the repository's own tests decide, run in the sandbox. */
async function demonstrateProof(): Promise<number> {
  const directory = await mkdtemp(path.join(tmpdir(), "errand-demo-"));
  // The sandbox's own user has to pass through it.
  await chmod(directory, 0o711);
  const github = await startFakeGitHub();
  let app: App | undefined;
  try {
    const repository = await github.addRepository({ owner: "acme", name: "till", files: taxedBefore });
    const git = github.git(repository);
    await git.commit("quantities", taxedOnBranch, "Count quantities");
    await git.commit("main", taxedOnBase, "Add the tax");
    github.setPermission("ada", "write");
    say(
      asJson,
      "Starting the built app: errand start, embedded store, and the sandbox, which is tried first …",
    );
    app = await startBuiltApp(github, {
      dataDirectory: path.join(directory, "data"),
      variables: { ERRAND_SANDBOX: "bwrap", ERRAND_SANDBOX_DIR: path.join(directory, "sandbox") },
      onLine: (line) => {
        if (!asJson) showLine(line);
      },
    });
    github.autoDeliver(app.webhookUrl);
    const seen = await ask(github, app, { repository, branch: "quantities", title: "Count quantities" });
    const ok = seen.pushed && seen.sound && isProven(seen) && github.violations.length === 0;
    if (asJson) process.stdout.write(`${JSON.stringify(jsonOf(seen))}\n`);
    else {
      await printRun(github, repository, seen);
      printProofEnd(ok, github.violations);
    }
    return ok ? 0 : 1;
  } finally {
    await app?.close();
    await github.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** The hunk that no rule settles was settled by the candidate with which every test passes. */
const isProven = ({ run, comment }: Seen): boolean =>
  run.hunks.every(({ tier, settled }) => tier === "proven" && settled) &&
  comment.includes("proved by 2 tests");

/** Something stays open, and the comment shows what it may well be resolved to. */
const isOfferedToPeople = ({ run, comment }: Seen): boolean =>
  run.hunks.some(({ settled }) => !settled) && comment.includes("**The likeliest resolutions**");

/** The first pull request is pushed; the second is a person's to decide, with a model's answer or without. */
function isAsExpected(a: Seen, b: Seen, withModel: boolean): boolean {
  const offered = withModel ? isPicked(b) : isOfferedToPeople(b);
  return a.pushed && !b.pushed && offered && a.sound && b.sound;
}

/** The hunk that no rule settles was picked by the model, and the whole is offered, not pushed: nobody has measured yet how often it is right. */
const isPicked = ({ run }: Seen): boolean =>
  run.ending === "proposed" && run.hunks.some(({ tier, settled }) => tier === "pick" && settled);

/** One repository; both branches leave `main` before `main` moves on. */
async function seed(github: FakeGitHub): Promise<RepositoryAddress> {
  const repository = await github.addRepository({ owner: "acme", name: "shop", files: before });
  const git = github.git(repository);
  await git.commit("coupons", onBranch, "Redeem coupons");
  await git.commit("coupons-unclear", onUnclearBranch, "Redeem coupons, and price them");
  await git.commit("main", onBase, "Cache pages for a minute");
  github.setPermission("ada", "write");
  return repository;
}

/** Opens the pull request, writes the comment as a person would, and waits for the run's end. */
async function ask(
  github: FakeGitHub,
  app: App,
  { repository, branch, title }: { repository: RepositoryAddress; branch: string; title: string },
): Promise<Seen> {
  const git = github.git(repository);
  const pull = await github.openPull({ ...repository, head: branch, title });
  const [headBefore, baseTip] = await Promise.all([git.head(branch), git.head("main")]);
  say(asJson, `\nada writes "/agent fix-conflicts" on #${pull.number} (${title})`);
  const begun = performance.now();
  const { payload } = github.comment(pull, "ada", "/agent fix-conflicts");
  const delivery = await github.deliver("issue_comment", payload, { to: app.webhookUrl });
  if (delivery.status !== 200 && delivery.status !== 202)
    throw new Error(`the webhook answered ${delivery.status}: ${delivery.body}`);

  const line = await app.waitFor(
    (candidate) =>
      candidate.msg === "run ended" &&
      candidate["pull"] === `${repository.owner}/${repository.repo}#${pull.number}`,
    runTimeoutMs,
  );
  const seconds = Math.round(performance.now() - begun) / 1000;
  const run = EndedRun.parse(line);
  return {
    pull,
    branch,
    run,
    seconds,
    ...(await look(github, { repository, pull, branch, run, headBefore, baseTip })),
  };
}

/** Looks from outside: at the branch, the comment and the check run, not at what the app says of itself. */
async function look(
  github: FakeGitHub,
  at: Pick<Seen, "pull" | "branch" | "run"> & {
    repository: RepositoryAddress;
    headBefore: string | null;
    baseTip: string | null;
  },
): Promise<Pick<Seen, "pushed" | "sound" | "parents" | "comment" | "check">> {
  const { repository, pull, branch, run, headBefore, baseTip } = at;
  const git = github.git(repository);
  const head = await git.head(branch);
  const [commit] = await git.log(branch);
  const pushed = head !== headBefore;
  const parents = pushed && commit ? commit.parents : [];
  const asVerified = commit?.tree === run.tree && run.commitSha === head;
  const ownComment = github.comments(pull).find(({ user }) => user.login === github.bot.login);
  return {
    pushed,
    sound: pushed ? asVerified && parents.join() === [headBefore, baseTip].join() : run.commitSha === null,
    parents,
    comment: ownComment?.body ?? "",
    check: checkOn(github, repository, head),
  };
}

function checkOn(github: FakeGitHub, repository: RepositoryAddress, sha: string | null): Seen["check"] {
  const run = github.checkRuns(repository).find(({ headSha }) => headSha === sha);
  return { name: run?.name ?? "", conclusion: run?.conclusion ?? "" };
}

function jsonOf({ pushed, parents, run, comment, check, seconds }: Seen) {
  const { hunks } = run;
  const files = [...new Set(hunks.map((hunk) => hunk.path))].map((file) => ({
    path: file,
    hunks: hunks
      .filter((hunk) => hunk.path === file)
      .map(({ tier, class: name, settled }) => ({ tier, class: name, settled })),
  }));
  return { pushed, parents, files, comment, check, seconds };
}

process.exitCode = await main();
