// Replays whole-file merges through the running app, webhook to commit, and checks every claim it makes about them.
import path from "node:path";
import { parseArgs } from "node:util";
import { startWorld } from "../test/e2e/harness.ts";
import { missingRedis, startRedis } from "../test/support/servers.ts";
import { readCases } from "./support/cases.ts";
import { inParallel } from "./support/pool.ts";
import { replayCase } from "./support/replay-case.ts";
import type { CaseResult } from "./support/replay-case.ts";
import { replayTables } from "./support/replay-tables.ts";
import { progress, publishResult } from "./support/result.ts";
import { percentile, round } from "./support/statistics.ts";

/** Pull requests that the app serves at a time, and one more that is being set up meanwhile. */
const concurrency = 2;

async function replayAll(file: string, limit: number) {
  const cases = (await readCases(file)).slice(0, limit);
  const redis = missingRedis() === null ? await startRedis() : null;
  const world = await startWorld({
    variables: {
      ERRAND_CONCURRENCY: String(concurrency),
      // Each repository is met once: there is no use in keeping its mirror.
      ERRAND_CACHE_MAX_BYTES: "10MB",
      ...(redis && { REDIS_URL: redis.url }),
    },
  });
  const began = performance.now();
  let done = 0;
  try {
    const results = await inParallel(cases, concurrency + 1, async (test, index) => {
      const result = await replayCase(world, index, test);
      done++;
      if (done % 20 === 0 || done === cases.length) progress(`replay: ${done} of ${cases.length}`);
      return result;
    });
    const protocol = world.github.violations.map(({ kind, method, path: at }) => `${kind}: ${method} ${at}`);
    const seconds = round((performance.now() - began) / 1000, 1);
    return { results, protocol, seconds, store: redis ? "redis" : "embedded" };
  } finally {
    await world.close();
    await redis?.stop();
  }
}

/** Counts only, in the order of the cases: names and contents belong to other people. */
function caseFigures({ category, run, likeness, violations }: CaseResult) {
  const hunks = run?.hunks ?? [];
  return {
    category,
    ending: run?.ending ?? "never",
    ms: run?.ms ?? null,
    hunks: hunks.length,
    settled: hunks.filter(({ settled }) => settled).length,
    likeness,
    violations,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { cases: { type: "string" }, limit: { type: "string" }, write: { type: "boolean" } },
  });
  if (!values.cases) throw new Error("Usage: replay.ts --cases FILE[.gz] [--limit N] [--write]");
  const limit = values.limit === undefined ? Infinity : Number(values.limit);
  const { results, protocol, seconds, store } = await replayAll(values.cases, limit);

  const runs = results.flatMap(({ run }) => (run ? [run.ms] : []));
  const failures = [
    ...results.flatMap(({ id, violations }) => violations.map((violation) => `${id}: ${violation}`)),
    ...protocol.map((violation) => `not what GitHub takes: ${violation}`),
  ];
  const timing = {
    cases: results.length,
    store,
    seconds,
    "run p50 ms": percentile(runs, 0.5),
    "run max ms": percentile(runs, 1),
  };
  publishResult(
    {
      name: "replay",
      command: `npm run bench:replay -- --cases ${path.basename(values.cases)}${values.limit ? ` --limit ${values.limit}` : ""}`,
      figures: { ...timing, perCase: results.map(caseFigures) },
      tables: [{ title: "Run", rows: [timing] }, ...replayTables(results)],
      failures,
    },
    values.write ?? false,
  );
}

await main();
