// One merge from webhook to the end, by the app and by hand: the same calls, the same git, each timed to the push and to the last word.
import { pullKey } from "../../src/core/pull.ts";
import type { FakeGitHub } from "../../test/support/fake-github.ts";
import type { AppProcess } from "./app-process.ts";
import { appToken, isPush } from "./bare-calls.ts";
import type { Names, RecordedCall } from "./bare-calls.ts";
import type { Hand } from "./hand.ts";
import type { Timing } from "./hand-job.ts";
import { asker, conflictedPaths } from "./shop.ts";
import type { Shop, ShopPull } from "./shop.ts";

/** A run of the app, with what it takes to do the same by hand. */
export interface AppRun {
  readonly timing: Timing;
  readonly shopPull: ShopPull;
  readonly askId: number;
  readonly runId: string;
  readonly calls: readonly RecordedCall[];
}

const runTimeoutMs = 120_000;

/** Asks for one pull request and waits for the end of its run. `worker` is the process that says so; often the web one, too. */
export async function runApp(
  github: FakeGitHub,
  { web, worker }: { web: AppProcess; worker: AppProcess },
  shop: Shop,
): Promise<AppRun> {
  const shopPull = await shop.openPull();
  const { pull } = shopPull;
  const { id: askId, payload } = github.comment(pull, asker, "/agent fix-conflicts");
  const before = github.requests.length;
  const began = performance.now();
  let [toPush, toEnd] = [NaN, NaN];
  const unhook = github.onRequest((call) => {
    toEnd = performance.now() - began;
    if (isPush(call)) toPush = toEnd;
  }, "after");
  await github.deliver("issue_comment", payload, { to: web.webhookUrl });
  const ended = await worker.waitFor(
    (line) => line.msg === "run ended" && line["pull"] === pullKey(pull),
    runTimeoutMs,
  );
  unhook();
  if (ended["ending"] !== "pushed") throw new Error(`a run ended ${String(ended["ending"])}, not pushed`);
  const calls = github.requests.slice(before);
  return { timing: { toPush, toEnd }, shopPull, askId, runId: String(ended["runId"]), calls };
}

export interface Clone {
  readonly directory: string;
  /** Whether it is there already; without it the work begins with a clone. */
  readonly warm: boolean;
}

/** Has done by hand for a new pull request what the app did for `model`, and checks that the same came of it. */
export async function runByHand(
  { github, hand }: { github: FakeGitHub; hand: Hand },
  shop: Shop,
  model: AppRun,
  clone: Clone,
): Promise<Timing> {
  const shopPull = await shop.openPull();
  const { app, branch, headSha: head, baseSha: base } = shopPull;
  const { id: askId } = github.comment(shopPull.pull, asker, "/agent fix-conflicts");
  const commitSha = await shop.git.sha(model.shopPull.branch);
  const token = github.token(app.owner);
  const { tree, ...timing } = await hand.work({
    client: { api: github.url, token, jwt: appToken(github) },
    calls: model.calls,
    first: {
      ...firstNames(github, model),
      commitSha,
      tree: await shop.git.run("rev-parse", `${commitSha}^{tree}`),
      blobs: await blobNames(shop, commitSha),
    },
    names: namesFor(model, { shopPull, askId }),
    git: { ...clone, url: github.gitUrl(app.owner, app.repo), token, head, base },
    results: await expectedResults(shop, model, shopPull),
  });
  const pushed = await shop.git.run("rev-parse", `${branch}^{tree}`);
  if (pushed !== tree) throw new Error("the work by hand pushed another tree than it made");
  return timing;
}

/** What the rules make of this pull request: what they made of the first one, with this one's mark. */
async function expectedResults(shop: Shop, model: AppRun, own: ShopPull): Promise<Map<string, string>> {
  const results = new Map<string, string>();
  for (const path of conflictedPaths) {
    const text = (await shop.git.read(model.shopPull.branch, path)) ?? "";
    results.set(path, text.replaceAll(model.shopPull.mark, own.mark));
  }
  return results;
}

async function blobNames(shop: Shop, commit: string): Promise<string[]> {
  return Promise.all(conflictedPaths.map((path) => shop.git.run("rev-parse", `${commit}:${path}`)));
}

function firstNames(github: FakeGitHub, { shopPull, runId }: AppRun) {
  const comment = github.comments(shopPull.pull).find(({ user }) => user.login === github.bot.login);
  const check = github.checkRuns(shopPull.app).find(({ externalId }) => externalId === runId);
  return { commentId: String(comment?.id), checkId: String(check?.id) };
}

function namesFor(model: AppRun, { shopPull, askId }: { shopPull: ShopPull; askId: number }): Names {
  const { pull, headSha, baseSha, mark } = model.shopPull;
  return new Map([
    [headSha, shopPull.headSha],
    [baseSha, shopPull.baseSha],
    [mark, shopPull.mark],
    [String(pull.number), String(shopPull.pull.number)],
    [String(model.askId), String(askId)],
    [model.runId, `${shopPull.mark}-by-hand`],
  ]);
}
