// The environment as typed data: read once at the start, checked whole, every mistake told at once.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ModelSettings } from "../core/model-settings.ts";
import { nearest } from "../core/nearest.ts";
import type { SandboxSettings } from "../core/sandbox-settings.ts";
import { modelProblems, modelSettingsOf, modelWarnings } from "./model-settings.ts";
import { filled, invalidEnvironment, problem, readValues } from "./read-variables.ts";
import type { Values, Variables } from "./read-variables.ts";
import { sandboxProblems, sandboxSettingsOf, sandboxWarnings } from "./sandbox-settings.ts";
import { rules, variableNames } from "./variables.ts";
import type { VariableName } from "./variables.ts";

export interface AppCredentials {
  readonly id: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
}

type StoreLocation =
  | { readonly kind: "redis"; readonly url: string }
  | { readonly kind: "postgres"; readonly url: string }
  | { readonly kind: "embedded"; readonly directory: string };

export interface Environment {
  /** `null` when no credential is set at all: the app is to be set up first. */
  readonly app: AppCredentials | null;
  readonly github: {
    /** Base of the REST API, without a slash at the end. */
    readonly apiUrl: string;
    /** Where people and git go, without a slash at the end. */
    readonly webUrl: string;
    /** Set-up only: the organisation that is to own the new app. */
    readonly organisation: string | null;
  };
  readonly store: StoreLocation;
  readonly dataDirectory: string;
  readonly cache: { readonly directory: string; readonly maxBytes: number };
  readonly concurrency: number;
  /** Whether past merges are replayed in the background. */
  readonly replay: boolean;
  readonly listen: { readonly host: string; readonly port: number };
  readonly log: { readonly level: "debug" | "info" | "warn" | "error"; readonly format: "pretty" | "json" };
  /** Without a role nobody is asked anything. */
  readonly models: ModelSettings;
  /** What the repository's own code runs in. */
  readonly sandbox: SandboxSettings;
  /** Things that look like mistakes and stop nothing: an unknown ERRAND_ variable, a model without its key. */
  readonly warnings: readonly string[];
}

const isName = (name: unknown): name is VariableName => variableNames.some((known) => known === name);

function readKeyFile(file: string, problems: string[]): string | undefined {
  let pem: string;
  try {
    pem = readFileSync(file, "utf8");
  } catch {
    problems.push(problem("PRIVATE_KEY_PATH", "names a file that cannot be read"));
    return undefined;
  }
  const key = rules.shape.PRIVATE_KEY.safeParse(pem.trim());
  if (!key.success)
    problems.push(problem("PRIVATE_KEY_PATH", "names a file that holds no RSA private key in PEM"));
  return key.data;
}

/** All three, or none; a key that was already found bad is not also called missing. */
function readApp(values: Values, set: Record<string, string>, problems: string[]): AppCredentials | null {
  const { APP_ID: id, WEBHOOK_SECRET: webhookSecret, PRIVATE_KEY_PATH: keyPath } = values;
  const privateKey =
    values.PRIVATE_KEY ?? (set["PRIVATE_KEY"] || !keyPath ? undefined : readKeyFile(keyPath, problems));
  const hasKey = Boolean(set["PRIVATE_KEY"] ?? set["PRIVATE_KEY_PATH"]);
  const present: Partial<Record<VariableName, boolean>> = {
    APP_ID: "APP_ID" in set,
    PRIVATE_KEY: hasKey,
    WEBHOOK_SECRET: "WEBHOOK_SECRET" in set,
  };
  if (!Object.values(present).some(Boolean)) return null;
  for (const name of variableNames) {
    if (present[name] === false)
      problems.push(problem(name, "is missing although other credentials of the app are set"));
  }
  if (id === undefined || privateKey === undefined || webhookSecret === undefined) return null;
  return { id, privateKey, webhookSecret };
}

/** github.com, an Enterprise Server, a data-residency host (api.NAME.ghe.com), or whatever serves the API itself. */
function readGitHub(values: Values): Environment["github"] {
  const apiUrl =
    values.GITHUB_API_URL ??
    (values.GHE_HOST ? `https://${values.GHE_HOST}/api/v3` : "https://api.github.com");
  const { protocol, host } = new URL(apiUrl);
  return {
    apiUrl,
    webUrl: `${protocol}//${host.startsWith("api.") ? host.slice("api.".length) : host}`,
    organisation: values.GH_ORG ?? null,
  };
}

function readStore(values: Values, dataDirectory: string): StoreLocation {
  if (values.REDIS_URL) return { kind: "redis", url: values.REDIS_URL };
  if (values.DATABASE_URL) return { kind: "postgres", url: values.DATABASE_URL };
  return { kind: "embedded", directory: dataDirectory };
}

function unknownVariables(variables: Variables): string[] {
  const unknown = Object.keys(variables).filter((name) => name.startsWith("ERRAND_") && !isName(name));
  return unknown.map((name) => {
    const meant = nearest(name, variableNames);
    return `${name} is not a variable of Errand${meant ? `; was ${meant} meant?` : ""}`;
  });
}

/**
 * Reads and checks every variable. Folders come back absolute. Nothing is created or connected; the only file read is `PRIVATE_KEY_PATH`.
 * Throws one `AppError("config")` that lists every variable that is wrong, with an example for each and without any value.
 */
export function readEnvironment(variables: Variables): Environment {
  const set = filled(variables);
  const problems: string[] = [];
  const values = readValues(variableNames, set, problems);
  // What a broken variable would have said is not known: nothing is compared with it.
  if (problems.length === 0) problems.push(...modelProblems(values), ...sandboxProblems(values));
  const app = readApp(values, set, problems);
  if (problems.length > 0) throw invalidEnvironment(problems);

  const dataDirectory = path.resolve(values.ERRAND_DATA_DIR ?? ".data");
  const cacheDirectory = path.resolve(values.ERRAND_CACHE_DIR ?? path.join(dataDirectory, "cache"));
  const { LOG_LEVEL: level = "info", LOG_FORMAT: format = "pretty" } = values;
  const { HOST: host = "127.0.0.1", PORT: port = 3000 } = values;
  return {
    app,
    github: readGitHub(values),
    store: readStore(values, dataDirectory),
    dataDirectory,
    cache: { directory: cacheDirectory, maxBytes: values.ERRAND_CACHE_MAX_BYTES ?? 10e9 },
    concurrency: values.ERRAND_CONCURRENCY ?? 2,
    replay: values.ERRAND_REPLAY !== "off",
    listen: { host, port },
    log: { level, format },
    models: modelSettingsOf(values),
    sandbox: sandboxSettingsOf(values, cacheDirectory),
    warnings: [...unknownVariables(variables), ...modelWarnings(values), ...sandboxWarnings(values)],
  };
}
