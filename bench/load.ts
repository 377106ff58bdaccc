// Load on the webhook endpoint of the built app: how fast it answers, and whether each delivery is there exactly once afterwards.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { PullRef } from "../src/core/pull.ts";
import { startFakeGitHub } from "../test/support/fake-github.ts";
import type { FakeGitHub } from "../test/support/fake-github.ts";
import { missingRedis, startRedis } from "../test/support/servers.ts";
import { accountFor, waitingItems } from "./support/accounting.ts";
import type { Account } from "./support/accounting.ts";
import { startProcess } from "./support/app-process.ts";
import { makeDeliveries } from "./support/deliveries.ts";
import { sendAll } from "./support/load-generator.ts";
import type { LoadResult } from "./support/load-generator.ts";
import { progress, publishResult } from "./support/result.ts";
import { percentile, round } from "./support/statistics.ts";

const connections = 50;
const duplicateShare = 0.3;
/** Repositories, each with its own installation, and pull requests in each. */
const [repositories, pullsEach] = [10, 10];

/** Deliveries sent, and the bound on the 99th percentile in milliseconds. GitHub gives up at 10 s. */
const redisLoad = { deliveries: 10_000, p99Ms: 500 };
const embeddedLoad = { deliveries: 1_000, p99Ms: 2_500 };

interface Outcome {
  readonly scenario: string;
  readonly load: LoadResult;
  readonly account: Account;
  readonly memoryMb: number;
  readonly p99Ms: number;
}

async function openPulls(github: FakeGitHub): Promise<PullRef[]> {
  const pulls: PullRef[] = [];
  for (let index = 0; index < repositories; index++) {
    const app = await github.addRepository({ owner: `org-${index}`, name: "app", files: { "a.txt": "1\n" } });
    github.setPermission("ann", "write", app);
    await github.git(app).commit("feature", { "a.txt": "2\n" });
    for (let made = 0; made < pullsEach; made++) {
      pulls.push(await github.openPull({ ...app, head: "feature" }));
    }
  }
  return pulls;
}

async function withGitHub<T>(
  work: (github: FakeGitHub, pulls: readonly PullRef[]) => Promise<T>,
): Promise<T> {
  const github = await startFakeGitHub();
  try {
    return await work(github, await openPulls(github));
  } finally {
    await github.close();
  }
}

/** `errand web` alone on Redis: nothing is taken out, so the store holds every item in the end. */
function loadRedis(total: number): Promise<Outcome> {
  return withGitHub(async (github, pulls) => {
    const redis = await startRedis();
    const dataDir = await mkdtemp(path.join(tmpdir(), "errand-load-"));
    const variables = { REDIS_URL: redis.url, ERRAND_DATA_DIR: dataDir };
    const web = await startProcess("web", github, variables);
    try {
      const deliveries = makeDeliveries(github, pulls, { total, duplicateShare });
      progress(`load: ${total} deliveries to errand web on Redis`);
      const load = await sendAll(web.webhookUrl, deliveries.all, connections);
      const { now: memoryMb } = await web.memory();
      const waiting = await waitingItems(variables);
      const account = accountFor(deliveries, load, { waiting, carriedOut: [] });
      return { scenario: "errand web, Redis", load, account, memoryMb, p99Ms: redisLoad.p99Ms };
    } finally {
      await web.stop();
      await redis.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
}

/** `errand start` on the embedded store: the worker answers comments meanwhile, so what it says it has carried out counts, too. */
function loadEmbedded(total: number): Promise<Outcome> {
  return withGitHub(async (github, pulls) => {
    const dataDir = await mkdtemp(path.join(tmpdir(), "errand-load-"));
    const variables = { ERRAND_DATA_DIR: dataDir };
    const app = await startProcess("start", github, { ...variables, LOG_LEVEL: "debug" });
    try {
      const deliveries = makeDeliveries(github, pulls, { total, duplicateShare });
      progress(`load: ${total} deliveries to errand start on the embedded store`);
      const load = await sendAll(app.webhookUrl, deliveries.all, connections);
      const { now: memoryMb } = await app.memory();
      await app.stop();
      const carriedOut = app.lines.filter(({ msg }) => msg === "item done").map(({ item }) => String(item));
      const waiting = await waitingItems(variables);
      const account = accountFor(deliveries, load, { waiting, carriedOut });
      return { scenario: "errand start, embedded", load, account, memoryMb, p99Ms: embeddedLoad.p99Ms };
    } finally {
      await app.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
}

function rowOf({ scenario, load, account, memoryMb, p99Ms }: Outcome) {
  const at = (share: number) => round(percentile(load.ms, share));
  return {
    scenario,
    deliveries: load.ms.length,
    "p50 ms": at(0.5),
    "p99 ms": at(0.99),
    "max ms": at(1),
    "p99 bound ms": p99Ms,
    "per second": round(load.ms.length / load.seconds),
    ...account,
    "RSS MB": memoryMb,
  };
}

function failuresOf(outcome: Outcome): string[] {
  const { scenario, account, load, p99Ms } = outcome;
  const p99 = percentile(load.ms, 0.99);
  return [
    ...(p99 < p99Ms ? [] : [`${scenario}: p99 is ${round(p99)} ms, the bound is ${p99Ms} ms`]),
    ...(["lost", "doubled", "refused"] as const)
      .filter((what) => account[what] > 0)
      .map((what) => `${scenario}: ${account[what]} ${what}`),
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { share: { type: "string" }, write: { type: "boolean" } } });
  const share = Number(values.share ?? 1);
  const outcomes: Outcome[] = [];
  const failures: string[] = [];
  const missing = missingRedis();
  if (missing === null) outcomes.push(await loadRedis(redisLoad.deliveries * share));
  else failures.push(`Redis was not measured: ${missing}`);
  outcomes.push(await loadEmbedded(embeddedLoad.deliveries * share));

  const rows = outcomes.map(rowOf);
  failures.push(...outcomes.flatMap(failuresOf));
  const command = `npm run bench:load${values.share ? ` -- --share ${values.share}` : ""}`;
  const title = `Deliveries of 12 KB, ${duplicateShare * 100}% of them redeliveries, ${connections} connections`;
  publishResult(
    { name: "load", command, figures: { rows }, tables: [{ title, rows }], failures },
    values.write ?? share === 1,
  );
}

await main();
