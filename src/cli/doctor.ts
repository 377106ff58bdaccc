// `errand doctor`: is everything there that Errand needs? One line per check, each problem with its remedy.
import { access, constants, mkdir } from "node:fs/promises";
import { readEnvironment } from "../config/environment.ts";
import type { Environment } from "../config/environment.ts";
import { processVariables } from "../config/process-environment.ts";
import { AppError, messageOf } from "../core/errors.ts";
import type { Store } from "../core/store.ts";
import { checkApp } from "../github/check-app.ts";
import { openStore } from "../store/index.ts";
import { checkGitVersion } from "../workspace/version.ts";
import { finding, problem, skipped } from "./doctor-finding.ts";
import type { Finding } from "./doctor-finding.ts";
import { checkModels, modelsCheck } from "./doctor-models.ts";
import { checkSandbox, sandboxCheck } from "./doctor-sandbox.ts";
import { silentLog } from "./log.ts";

interface DoctorOptions {
  /** `false`: no model is asked anything. */
  readonly models: boolean;
  /** `false`: the sandbox is left out. */
  readonly sandbox: boolean;
  /** Takes a line for whoever waits. */
  readonly tell: (line: string) => void;
}

type Check = (environment: Environment, options: DoctorOptions) => Promise<readonly Finding[]>;

/** Each with the names of what it finds, for where nothing can be looked at. Later parts add a line here each. */
const checks: readonly (readonly [readonly string[], Check])[] = [
  [["git"], one("git", async () => `git ${await checkGitVersion(processVariables())}`)],
  [["data directory"], one("data directory", ({ dataDirectory }) => writable(dataDirectory))],
  [["mirror cache"], one("mirror cache", ({ cache }) => writable(cache.directory))],
  [[sandboxCheck], checkSandboxIfWanted],
  [["store", modelsCheck], checkStoreAndModels],
  [["app credentials"], checkCredentials],
];

/** A check that finds one thing, or throws. */
function one(check: string, look: (environment: Environment) => Promise<string>): Check {
  return async (environment) => {
    try {
      return [finding(check, await look(environment))];
    } catch (error) {
      return [problem(check, error)];
    }
  };
}

/** Runs every check and prints the findings. Returns the exit code: 0 when there is no problem, 1 when there is one. */
export async function doctor({
  json,
  models = true,
  sandbox = true,
}: {
  readonly json: boolean;
  readonly models?: boolean;
  readonly sandbox?: boolean;
}): Promise<number> {
  // Standard output is for the findings.
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  const findings = await examine(processVariables(), { models, sandbox, tell });
  const ok = findings.every(({ result }) => result !== "problem");
  process.stdout.write(json ? `${JSON.stringify({ ok, findings }, null, 2)}\n` : asText(findings));
  return ok ? 0 : 1;
}

/** The findings for these variables. Never throws. */
export async function examine(
  variables: Readonly<Record<string, string | undefined>>,
  options: DoctorOptions,
): Promise<readonly Finding[]> {
  const node = finding("node", `Node ${process.versions.node}`);
  let environment: Environment;
  try {
    environment = readEnvironment(variables);
  } catch (error) {
    const names = checks.flatMap(([found]) => found);
    const rest = names.map((check) => skipped(check, "the environment has to be right first"));
    return [node, problem("environment", error), ...rest];
  }
  const findings = [
    node,
    finding("environment", environment.warnings.join("; ") || "every variable is valid"),
  ];
  for (const [, look] of checks) findings.push(...(await look(environment, options)));
  return findings;
}

async function writable(directory: string): Promise<string> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await access(directory, constants.R_OK | constants.W_OK);
  } catch (cause) {
    throw new AppError("config", `${directory} cannot be written: ${messageOf(cause)}.`, {
      retryable: false,
      remedy: "Give this user the directory, or set ERRAND_DATA_DIR or ERRAND_CACHE_DIR to another one.",
      cause,
    });
  }
  return directory;
}

function checkSandboxIfWanted(
  { sandbox: settings }: Environment,
  { sandbox: isWanted, tell }: DoctorOptions,
): Promise<readonly Finding[]> {
  if (!isWanted) return Promise.resolve([skipped(sandboxCheck, "--no-sandbox says to leave it out")]);
  return checkSandbox({ settings, variables: processVariables(), tell });
}

/** Models are asked where the store counts it, so they are looked at while that is open. */
async function checkStoreAndModels(
  { store: location, models: settings }: Environment,
  { models: isWanted, tell }: DoctorOptions,
): Promise<readonly Finding[]> {
  const off = isWanted ? null : skipped(modelsCheck, "--no-models says to ask none");
  let store: Store;
  try {
    store = await openAt(location);
  } catch (error) {
    const why = `nothing is asked where it cannot be counted: ${messageOf(error)}`;
    return [problem("store", error), off ?? skipped(modelsCheck, why)];
  }
  try {
    const health = finding("store", await store.health());
    return [health, ...(off ? [off] : await checkModels({ settings, ledger: store, tell }))];
  } catch (error) {
    return [problem("store", error), off ?? skipped(modelsCheck, "the store has to be right first")];
  } finally {
    await store.close();
  }
}

async function openAt(location: Environment["store"]): Promise<Store> {
  const { store } = await openStore({
    redisUrl: location.kind === "redis" ? location.url : undefined,
    databaseUrl: location.kind === "postgres" ? location.url : undefined,
    dataDir: location.kind === "embedded" ? location.directory : "",
    log: silentLog,
  });
  return store;
}

function checkCredentials(environment: Environment, options: DoctorOptions): Promise<readonly Finding[]> {
  const check = "app credentials";
  const { app, github } = environment;
  if (app === null)
    return Promise.resolve([skipped(check, "none is set: `npm start` opens the page that makes the app")]);
  const look = one(check, () =>
    checkApp({ appId: app.id, privateKey: app.privateKey, apiUrl: github.apiUrl, log: silentLog }),
  );
  return look(environment, options);
}

const signs = { ok: "✓", problem: "✗", skipped: "–" } as const;

function asText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .map(({ check, result, detail, remedy }) => {
      const line = `${signs[result]} ${check.padEnd(width)}  ${detail}`;
      return remedy === null ? `${line}\n` : `${line}\n  ${" ".repeat(width)}  → ${remedy}\n`;
    })
    .join("");
}
