// What the sandbox costs: a program in it, beside the same program without it, taking turns; and what a hundred runs leave behind.
import { constants } from "node:fs";
import { access, chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Sandbox, SandboxState } from "../src/core/sandbox.ts";
import { defaultSandboxLimits } from "../src/core/sandbox-settings.ts";
import type { SandboxSettings } from "../src/core/sandbox-settings.ts";
import { openSandbox } from "../src/workspace/sandbox/index.ts";
import { runAlone, runOnCopy } from "./support/bare-runs.ts";
import type { Argv } from "./support/bare-runs.ts";
import { countLeftovers } from "./support/leftovers.ts";
import type { Leftovers } from "./support/leftovers.ts";
import { progress, publishResult } from "./support/result.ts";
import { dependencySize, makeDependencies, makeTrees } from "./support/sandbox-fixtures.ts";
import type { BenchTree } from "./support/sandbox-fixtures.ts";
import { median, percentile, round } from "./support/statistics.ts";

/** Milliseconds that a start may take in the median, without and with dependencies. */
const startBound = { without: 30, with: 100 };
const treeSizes = { small: 10, large: 1_000 };
/** First id that runs drop to where the bench is root: unused by systemd.io/UIDS-GIDS, and not the product's own. */
const sandboxUser = 60_900;
/** Milliseconds after the last run in which what it used may go. */
const settleMs = 2_000;

const name = "sandbox";
const commandLine = (runs: string | null) =>
  `npm run bench:sandbox${runs === null ? "" : ` -- --runs ${runs}`}`;

interface Scenario {
  readonly title: string;
  readonly argv: Argv;
  readonly tree: BenchTree;
  readonly dependencies: boolean;
  readonly runs: number;
  /** Bound on the median in the sandbox; `null` where it is only reported. */
  readonly boundMs: number | null;
}

interface Place {
  readonly root: string;
  /** Where the bare copies are made: in memory, as the sandbox's are, where this machine has such a folder. */
  readonly copies: string;
  readonly sandbox: Sandbox;
  readonly settings: SandboxSettings;
  readonly dependencies: string;
}

interface Timed {
  readonly alone: readonly number[];
  readonly copied: readonly number[];
  readonly sandboxed: readonly number[];
}

async function inPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), "errand-bench-sandbox-"));
  await chmod(root, 0o711);
  const inMemory = await access("/dev/shm", constants.W_OK).then(
    () => "/dev/shm",
    () => root,
  );
  const copies = await mkdtemp(path.join(inMemory, "errand-bench-copies-"));
  const settings: SandboxSettings = {
    ...{ driver: "bwrap", directory: path.join(root, "sandbox"), limits: defaultSandboxLimits },
    user: process.geteuid?.() === 0 ? sandboxUser : null,
    ...{ registries: [], tools: [], container: { runtime: "docker", image: "" } },
  };
  await mkdir(settings.directory, { mode: 0o711 });
  try {
    const state = await openReady(settings);
    if (state.kind === "unavailable") {
      const failures = [`Nothing was measured: ${state.why} ${state.remedy}`];
      publishResult({ name, command: commandLine(null), figures: {}, tables: [], failures }, false);
      return;
    }
    progress(`sandbox: writing ${dependencySize.packages * dependencySize.filesEach} files of dependencies`);
    const dependencies = await makeDependencies(path.join(settings.directory, "dependencies", "bench"));
    await work({ root, copies, settings, dependencies, sandbox: state.sandbox });
  } finally {
    await rm(copies, { recursive: true, force: true });
    await rm(root, { recursive: true, force: true });
  }
}

async function openReady(settings: SandboxSettings): Promise<SandboxState> {
  const quiet = () => undefined;
  const nothing = () => Promise.resolve(null);
  return await openSandbox({
    settings,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    dependencies: { find: nothing, fill: nothing },
    openRoad: () => Promise.reject(new Error("Nothing is installed here.")),
    variables: {},
    // The worker's own start, which no run waits for; its tests ask it.
    selfTest: nothing,
  });
}

async function runSandboxed({ sandbox, dependencies }: Place, scenario: Scenario): Promise<void> {
  const result = await sandbox.run({
    ...{ tree: scenario.tree.archive, argv: [...scenario.argv], network: "none", returns: [], reports: [] },
    cache: scenario.dependencies ? { directory: dependencies, mode: "use" } : null,
    signal: new AbortController().signal,
  });
  const { ended, stderr, stdout } = result;
  if (ended.kind === "exit" && ended.code === 0) return;
  throw new Error(
    `In the sandbox: ${JSON.stringify(ended)} ${stderr.text.slice(0, 500)} ${stdout.text.slice(-500)}`,
  );
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The three ways take turns, so that what else the machine does falls on all of them. */
async function measure(place: Place, scenario: Scenario): Promise<Timed> {
  progress(`sandbox: ${scenario.title}, ${scenario.runs} runs each way`);
  const { argv, tree } = scenario;
  const modules = path.join(place.dependencies, "project", "node_modules");
  const dependencies = scenario.dependencies ? modules : null;
  const copy = { archive: tree.archive, root: place.copies, dependencies };
  const times = { alone: [] as number[], copied: [] as number[], sandboxed: [] as number[] };
  for (let run = -2; run < scenario.runs; run++) {
    const alone = argv[0] === "true" ? await timed(() => runAlone(argv, place.root)) : NaN;
    const copied = await timed(() => runOnCopy(argv, copy));
    const sandboxed = await timed(() => runSandboxed(place, scenario));
    // Two rounds to warm up.
    if (run < 0) continue;
    times.alone.push(alone);
    times.copied.push(copied);
    times.sandboxed.push(sandboxed);
  }
  return times;
}

function rowOf(scenario: Scenario, { alone, copied, sandboxed }: Timed) {
  const ms = (samples: readonly number[], share = 0.5) => round(percentile(samples, share), 1);
  return {
    run: scenario.title,
    n: scenario.runs,
    "sandbox p50 ms": ms(sandboxed),
    "sandbox p95 ms": ms(sandboxed, 0.95),
    "bound ms": scenario.boundMs,
    "bare copy p50 ms": ms(copied),
    "bare copy p95 ms": ms(copied, 0.95),
    "ratio to bare copy": round(median(sandboxed) / median(copied), 2),
    "program alone p50 ms": Number.isNaN(median(alone)) ? null : ms(alone),
  };
}

/** Runs one after the other; counted before, and after at most two seconds in which what ended may go. */
async function leave(place: Place, scenario: Scenario): Promise<{ before: Leftovers; after: Leftovers }> {
  progress(`sandbox: what ${scenario.runs} runs leave behind`);
  const where = { directory: place.settings.directory, user: place.settings.user };
  const before = countLeftovers(where);
  for (let run = 0; run < scenario.runs; run++) await runSandboxed(place, scenario);
  let after = countLeftovers(where);
  for (let waited = 0; waited < settleMs && JSON.stringify(after) !== JSON.stringify(before); waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    after = countLeftovers(where);
  }
  return { before, after };
}

function scenariosFor(trees: readonly BenchTree[], runs: number): Scenario[] {
  const starts = trees.flatMap((tree) =>
    [false, true].map((dependencies): Scenario => {
      const bound = dependencies ? startBound.with : startBound.without;
      return {
        title: `true, ${tree.files} files${dependencies ? ", dependencies" : ""}`,
        ...{ argv: ["true"], tree, dependencies, runs },
        boundMs: tree.files === treeSizes.small ? bound : null,
      };
    }),
  );
  const tests = trees.map((tree): Scenario => ({
    title: `npm test, ${tree.files} files, dependencies`,
    ...{ argv: ["npm", "test"], tree, dependencies: true, runs: Math.ceil(runs / 10), boundMs: null },
  }));
  return [...starts, ...tests];
}

function failuresOf(
  rows: readonly ReturnType<typeof rowOf>[],
  left: { before: Leftovers; after: Leftovers },
) {
  const slow = rows
    .filter((row) => row["bound ms"] !== null && row["sandbox p50 ms"] >= row["bound ms"])
    .map(
      (row) => `${row.run}: the median is ${row["sandbox p50 ms"]} ms, the bound is ${row["bound ms"]} ms`,
    );
  const kinds = ["processes", "mounts", "descriptors", "groups", "files"] as const;
  const stayed = kinds
    .filter((kind) => left.after[kind] > left.before[kind])
    .map((kind) => `${kind}: ${left.before[kind]} before, ${left.after[kind]} after`);
  return [...slow, ...stayed];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: "string" }, write: { type: "boolean" } } });
  const runs = Number(values.runs ?? 100);
  await inPlace(async (place) => {
    const trees = makeTrees(place.root, Object.values(treeSizes));
    const scenarios = scenariosFor(trees, runs);
    const rows = [];
    for (const scenario of scenarios) rows.push(rowOf(scenario, await measure(place, scenario)));
    const [, busiest] = scenarios;
    if (busiest === undefined) throw new Error("There is no scenario.");
    const left = await leave(place, busiest);
    const counts = [
      { counted: "before", ...left.before },
      { counted: `after ${runs} runs`, ...left.after },
    ];
    publishResult(
      {
        name,
        command: commandLine(values.runs ?? null),
        figures: { rows, leftovers: left },
        tables: [
          { title: "One run, from the tree in git to the end of everything in it", rows },
          { title: "What consecutive runs leave", rows: counts },
        ],
        failures: failuresOf(rows, left),
      },
      values.write ?? runs === 100,
    );
  });
}

await main();
