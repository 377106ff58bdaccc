// From webhook to pushed commit, against the same git commands and HTTP calls made by hand; and what memory the app takes.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startFakeGitHub } from "../test/support/fake-github.ts";
import type { FakeGitHub } from "../test/support/fake-github.ts";
import { missingRedis, startRedis } from "../test/support/servers.ts";
import { startProcess } from "./support/app-process.ts";
import type { AppProcess } from "./support/app-process.ts";
import { runApp, runByHand } from "./support/e2e-runs.ts";
import { startHand } from "./support/hand.ts";
import type { Hand } from "./support/hand.ts";
import type { Timing } from "./support/hand-job.ts";
import { progress, publishResult } from "./support/result.ts";
import { makeShop } from "./support/shop.ts";
import { median, round } from "./support/statistics.ts";

/** Each repository gives one cold and two warm runs; with its own installation, because the app paces its writes to each. */
const defaultRepositories = 7;
/** Time over the same work by hand. Warm: the mirror is there; cold: against a blobless bare clone. */
const bounds = { warm: 1.5, cold: 1.3 };
/** The app gives its mirror back after it has said that the run ended: milliseconds until it is quiet. */
const quietMs = 400;

interface Pair {
  readonly app: Timing;
  readonly byHand: Timing;
}

interface Measured {
  readonly scenario: string;
  readonly cold: readonly Pair[];
  readonly warm: readonly Pair[];
  readonly calls: { readonly api: number; readonly git: number };
  readonly runs: number;
  readonly memory: { readonly now: number; readonly highest: number };
  readonly memoryBoundMb: number;
}

type Processes = Readonly<Record<"web" | "worker", AppProcess>>;

interface Parties {
  readonly github: FakeGitHub;
  readonly processes: Processes;
  readonly hand: Hand;
}

async function measureRepository(parties: Parties, owner: string, directory: string) {
  const { github, processes } = parties;
  const shop = await makeShop(github, owner);
  const app = async () => {
    const run = await runApp(github, processes, shop);
    await sleep(quietMs);
    return run;
  };
  const clone = (warm: boolean) => ({ directory: path.join(directory, `${owner}.git`), warm });
  const coldApp = await app();
  const coldByHand = await runByHand(parties, shop, coldApp, clone(false));
  // App, hand, hand, app: a machine that grows slower or faster meanwhile is so for both.
  const first = await app();
  const hands = [
    await runByHand(parties, shop, first, clone(true)),
    await runByHand(parties, shop, first, clone(true)),
  ] as const;
  const second = await app();
  const count = (kind: "api" | "git") => second.calls.filter((call) => call.kind === kind).length;
  await github.deleteRepository(shop.app);
  return {
    cold: [{ app: coldApp.timing, byHand: coldByHand }],
    warm: [
      { app: first.timing, byHand: hands[0] },
      { app: second.timing, byHand: hands[1] },
    ],
    calls: { api: count("api"), git: count("git") },
  };
}

async function measure(
  scenario: string,
  start: (github: FakeGitHub, directory: string) => Promise<Processes>,
  { repositories, memoryBoundMb }: { repositories: number; memoryBoundMb: number },
): Promise<Measured> {
  const directory = await mkdtemp(path.join(tmpdir(), "errand-bench-"));
  const github = await startFakeGitHub();
  const hand = startHand();
  const processes = await start(github, directory);
  try {
    const measured = [];
    for (let index = 0; index < repositories; index++) {
      measured.push(await measureRepository({ github, processes, hand }, `org-${index}`, directory));
      progress(`e2e: ${scenario}: ${index + 1} of ${repositories} repositories`);
    }
    if (github.violations.length > 0) throw new Error(JSON.stringify(github.violations));
    return {
      scenario,
      cold: measured.flatMap(({ cold }) => cold),
      warm: measured.flatMap(({ warm }) => warm),
      calls: measured.at(-1)?.calls ?? { api: 0, git: 0 },
      runs: measured.length * 3,
      memory: await processes.worker.memory(),
      memoryBoundMb,
    };
  } finally {
    await hand.stop();
    await processes.web.stop();
    await processes.worker.stop();
    await github.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function measureRedis(repositories: number): Promise<Measured> {
  const redis = await startRedis();
  const start = async (github: FakeGitHub, directory: string) => {
    const variables = { REDIS_URL: redis.url, ERRAND_DATA_DIR: path.join(directory, "data") };
    return {
      web: await startProcess("web", github, variables),
      worker: await startProcess("worker", github, variables),
    };
  };
  try {
    return await measure("web and worker, Redis", start, { repositories, memoryBoundMb: 300 });
  } finally {
    await redis.stop();
  }
}

function measureEmbedded(repositories: number): Promise<Measured> {
  const start = async (github: FakeGitHub, directory: string) => {
    const app = await startProcess("start", github, { ERRAND_DATA_DIR: path.join(directory, "data") });
    return { web: app, worker: app };
  };
  return measure("start, embedded", start, { repositories, memoryBoundMb: 700 });
}

function timeRow({ scenario, ...measured }: Measured, temperature: "warm" | "cold") {
  const pairs = measured[temperature];
  const of = (who: keyof Pair, to: keyof Timing) => median(pairs.map((pair) => pair[who][to]));
  return {
    scenario,
    mirror: temperature,
    runs: pairs.length,
    "app to push ms": round(of("app", "toPush")),
    "by hand ms": round(of("byHand", "toPush")),
    ratio: round(of("app", "toPush") / of("byHand", "toPush"), 2),
    bound: bounds[temperature],
    "app to end ms": round(of("app", "toEnd")),
    "by hand to end ms": round(of("byHand", "toEnd")),
    "ratio to end": round(of("app", "toEnd") / of("byHand", "toEnd"), 2),
    "API calls": measured.calls.api,
  };
}

function memoryRow({ scenario, runs, memory, memoryBoundMb }: Measured) {
  return {
    process: scenario === "start, embedded" ? "errand start, embedded" : "errand worker, Redis",
    "after runs": runs,
    "RSS MB": memory.now,
    "highest MB": memory.highest,
    "bound MB": memoryBoundMb,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { repositories: { type: "string" }, write: { type: "boolean" } },
  });
  const repositories = Number(values.repositories ?? defaultRepositories);
  const missing = missingRedis();
  const failures = missing === null ? [] : [`Redis was not measured: ${missing}`];
  const all = [
    ...(missing === null ? [await measureRedis(repositories)] : []),
    await measureEmbedded(repositories),
  ];
  const times = all.flatMap((measured) => [timeRow(measured, "warm"), timeRow(measured, "cold")]);
  const memory = all.map(memoryRow);
  for (const { scenario, mirror, ratio, bound } of times) {
    if (!(ratio <= bound))
      failures.push(`${scenario}, ${mirror}: ${ratio} times the work by hand, the bound is ${bound}`);
  }
  for (const row of memory) {
    if (row["RSS MB"] >= row["bound MB"]) failures.push(`${row.process}: ${row["RSS MB"]} MB`);
  }
  publishResult(
    {
      name: "e2e",
      command: `npm run bench:e2e${values.repositories ? ` -- --repositories ${values.repositories}` : ""}`,
      figures: { times, memory, all },
      tables: [
        { title: "Webhook to pushed commit: 5,000 files, 3 in conflict (medians)", rows: times },
        { title: "Memory", rows: memory },
      ],
      failures,
    },
    values.write ?? values.repositories === undefined,
  );
}

await main();
