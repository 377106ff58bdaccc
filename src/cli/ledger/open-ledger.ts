// The ledger that the environment names, for as long as one command needs it.
import { existsSync } from "node:fs";
import { readEnvironment } from "../../config/environment.ts";
import type { Environment } from "../../config/environment.ts";
import { processVariables } from "../../config/process-environment.ts";
import { AppError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { Store } from "../../core/store.ts";
import { openStore } from "../../store/index.ts";
import type { LedgerPorts } from "./ports.ts";

/**
 * Opens the store, carries out `work` and closes it again, whatever happens. Throws `AppError` with what to do when the environment is wrong, when there is no
 * store yet, or when the embedded one is in use.
 */
export async function withLedger(
  work: (ports: LedgerPorts, environment: Environment) => Promise<number>,
): Promise<number> {
  const environment = readEnvironment(processVariables());
  const store = await openFor(environment);
  const ports: LedgerPorts = {
    ledger: store,
    now: Date.now,
    print: (text) => void process.stdout.write(text),
    tell: (text) => void process.stderr.write(text),
  };
  try {
    return await work(ports, environment);
  } finally {
    await store.close();
  }
}

/** Nothing of the store's is told: standard output is for results, and what fails is thrown. */
const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

async function openFor({ store }: Environment): Promise<Store> {
  if (store.kind !== "embedded") {
    const url = store.kind === "redis" ? { redisUrl: store.url } : { databaseUrl: store.url };
    return (await openStore({ ...url, dataDir: "", log: silent })).store;
  }
  const { directory } = store;
  if (!existsSync(directory)) throw noStore(directory);
  try {
    return (await openStore({ dataDir: directory, log: silent })).store;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError("store", error.message, {
      retryable: error.retryable,
      remedy: `If \`errand start\` is running, stop it, run this command, and start it again: the embedded store takes one process. With REDIS_URL or DATABASE_URL both can run at once. Otherwise: ${error.remedy}`,
      cause: error,
    });
  }
}

function noStore(directory: string): AppError {
  return new AppError("store", `There is no ledger yet: ${directory} is not there.`, {
    retryable: false,
    remedy:
      "Run this where `errand start` runs, or set ERRAND_DATA_DIR, REDIS_URL or DATABASE_URL as it has them.",
  });
}
