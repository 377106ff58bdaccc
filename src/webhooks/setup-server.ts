// Set-up mode: Probot's page that makes the GitHub App from app.yml and hands its credentials to .env.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { run } from "probot";
import { AppError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import { updateEnvFile } from "../config/env-file.ts";
import { readEnvironment } from "../config/environment.ts";
import type { Environment } from "../config/environment.ts";
import { exportVariables, processVariables } from "../config/process-environment.ts";
import type { WebServer } from "./server.ts";

export interface SetupOptions {
  readonly environment: Pick<Environment, "github" | "listen">;
  readonly log: Log;
  /** Where the credentials go: `.env` in the working directory, unless said otherwise. */
  readonly envFile?: string;
}

/** The host that app.yml comes with. */
const EXAMPLE_HOST = "errand.example.com";

const config = (message: string, remedy: string) =>
  new AppError("config", message, { retryable: false, remedy });

/** Probot reads app.yml from the working directory and says nothing when it is not there. */
function checkManifest(log: Log): void {
  const file = path.resolve("app.yml");
  if (!existsSync(file)) {
    throw config(
      `There is no app.yml in ${path.dirname(file)}: it says which permissions the new GitHub App asks for.`,
      "Start Errand in its own folder, or copy its app.yml here.",
    );
  }
  if (readFileSync(file, "utf8").includes(`//${EXAMPLE_HOST}/`)) {
    log.warn(
      { file },
      "app.yml still names the example host: put your own into hook_attributes.url, or change it later in the app's settings",
    );
  }
}

/** Probot takes these from the process's environment and from nowhere else. */
function exportForProbot({ webUrl, organisation }: Environment["github"]): void {
  const { protocol, host } = new URL(webUrl);
  const ours = host !== "github.com";
  exportVariables({
    // Without this Probot fetches a webhook proxy client from the npm registry and runs it.
    NO_SMEE_SETUP: "true",
    WEBHOOK_PROXY_URL: undefined,
    PROJECT_DOMAIN: undefined,
    GHE_HOST: ours ? host : undefined,
    GHE_PROTOCOL: ours ? protocol.slice(0, -1) : undefined,
    GH_ORG: organisation ?? undefined,
  });
}

/**
 * Stores the three credentials, once: the page asks nobody who they are, so what is set may not be replaced through it.
 * The OAuth client secret that comes with them is dropped, as nothing uses it.
 */
function credentialWriter(envFile: string, log: Log) {
  let written = false;
  return (given: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
    if (written)
      throw config("The credentials are set already.", `Remove them from ${envFile} to set up another app.`);
    const { APP_ID, PRIVATE_KEY, WEBHOOK_SECRET } = given;
    // Probot puts quotation marks around the key.
    const { app } = readEnvironment({
      APP_ID,
      PRIVATE_KEY: PRIVATE_KEY?.replaceAll('"', ""),
      WEBHOOK_SECRET,
    });
    if (!app) throw config("The page sent no credentials.", "Go through the set-up page again.");
    updateEnvFile(envFile, {
      APP_ID: String(app.id),
      PRIVATE_KEY: app.privateKey,
      WEBHOOK_SECRET: app.webhookSecret,
    });
    written = true;
    log.info(
      { file: envFile },
      "the app's credentials are stored: stop this with Ctrl-C and start Errand again",
    );
    return given;
  };
}

/**
 * Serves Probot's set-up page: `/` leads to it. Throws `AppError("config")` in production, where a page that hands out an identity to whoever
 * comes first must not stand open, and when there is no app.yml.
 */
export async function startSetupServer({ environment, log, envFile }: SetupOptions): Promise<WebServer> {
  if (processVariables()["NODE_ENV"] === "production") {
    throw config(
      "No credentials of a GitHub App are set, and there is no set-up page in production (NODE_ENV=production).",
      "Set APP_ID, PRIVATE_KEY and WEBHOOK_SECRET; `npm start` on your own machine makes the app and writes them to .env.",
    );
  }
  checkManifest(log);
  exportForProbot(environment.github);
  const { host, port } = environment.listen;
  const server = await run(() => undefined, {
    // Requests are logged at "info", and the address of one of them holds the code that the key is fetched with.
    env: { HOST: host, PORT: String(port), LOG_LEVEL: "warn" },
    updateEnv: credentialWriter(envFile ?? path.resolve(".env"), log),
  });
  const url = `http://${server.host}:${server.port}`;
  log.info({ url }, "no credentials are set: open this page to make the GitHub App");
  return { url, close: () => server.stop() };
}
