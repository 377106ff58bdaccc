// `errand doctor`: is everything there that Errand needs? One line per check, each problem with its remedy.
import { access, constants, mkdir } from "node:fs/promises";
import { readEnvironment } from "../config/environment.ts";
import type { Environment } from "../config/environment.ts";
import { processVariables } from "../config/process-environment.ts";
import { AppError, messageOf } from "../core/errors.ts";
import { checkApp } from "../github/check-app.ts";
import { openStore } from "../store/index.ts";
import { checkGitVersion } from "../workspace/version.ts";
import { silentLog } from "./log.ts";

interface Finding {
  readonly check: string;
  /** `skipped`: could not be looked at, because an earlier check failed or nothing is set up yet. */
  readonly result: "ok" | "problem" | "skipped";
  readonly detail: string;
  /** What to do next; `null` when there is nothing to do. */
  readonly remedy: string | null;
}

type Check = (environment: Environment) => Promise<string>;

/** Later parts add a line here each. */
const checks: readonly (readonly [string, Check])[] = [
  ["git", async () => `git ${await checkGitVersion(processVariables())}`],
  ["data directory", ({ dataDirectory }) => writable(dataDirectory)],
  ["mirror cache", ({ cache }) => writable(cache.directory)],
  ["store", checkStore],
  ["app credentials", checkCredentials],
];

/** Runs every check and prints the findings. Returns the exit code: 0 when there is no problem, 1 when there is one. */
export async function doctor({ json }: { json: boolean }): Promise<number> {
  const findings = await examine(processVariables());
  const ok = findings.every(({ result }) => result !== "problem");
  process.stdout.write(json ? `${JSON.stringify({ ok, findings }, null, 2)}\n` : asText(findings));
  return ok ? 0 : 1;
}

/** The findings for these variables. Never throws. */
export async function examine(variables: Readonly<Record<string, string | undefined>>): Promise<Finding[]> {
  const node = finding("node", `Node ${process.versions.node}`);
  let environment: Environment;
  try {
    environment = readEnvironment(variables);
  } catch (error) {
    const rest = checks.map(([check]) => skipped(check, "the environment has to be right first"));
    return [node, problem("environment", error), ...rest];
  }
  const findings = [
    node,
    finding("environment", environment.warnings.join("; ") || "every variable is valid"),
  ];
  for (const [check, look] of checks) {
    if (check === "app credentials" && environment.app === null) {
      findings.push(skipped(check, "none is set: `npm start` opens the page that makes the app"));
      continue;
    }
    findings.push(
      await look(environment).then(
        (detail) => finding(check, detail),
        (error: unknown) => problem(check, error),
      ),
    );
  }
  return findings;
}

const finding = (check: string, detail: string): Finding => ({ check, result: "ok", detail, remedy: null });
const skipped = (check: string, detail: string): Finding => ({
  check,
  result: "skipped",
  detail,
  remedy: null,
});

function problem(check: string, error: unknown): Finding {
  const remedy =
    error instanceof AppError ? error.remedy : "Run again with LOG_LEVEL=debug and report what you see.";
  return { check, result: "problem", detail: messageOf(error), remedy };
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

async function checkStore({ store }: Environment): Promise<string> {
  const { store: opened } = await openStore({
    redisUrl: store.kind === "redis" ? store.url : undefined,
    databaseUrl: store.kind === "postgres" ? store.url : undefined,
    dataDir: store.kind === "embedded" ? store.directory : "",
    log: silentLog,
  });
  try {
    return await opened.health();
  } finally {
    await opened.close();
  }
}

async function checkCredentials({ app, github }: Environment): Promise<string> {
  if (!app) return "none is set";
  return checkApp({ appId: app.id, privateKey: app.privateKey, apiUrl: github.apiUrl, log: silentLog });
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
