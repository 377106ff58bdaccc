// `errand start`, `errand web`, `errand worker`: from the environment to a running process, and back to nothing on a signal.
import { readEnvironment } from "../config/environment.ts";
import type { Environment } from "../config/environment.ts";
import { processVariables } from "../config/process-environment.ts";
import { AppError } from "../core/errors.ts";
import { secretsOf as secretsOfModels } from "../model/secrets.ts";
import { startSetupServer } from "../webhooks/setup-server.ts";
import { startApp } from "./app.ts";
import type { Role } from "./app.ts";
import { createLog } from "./log.ts";

/** Serves until SIGINT or SIGTERM. Throws `AppError` when the environment does not allow it. */
export async function serve(role: Role): Promise<void> {
  const environment = readEnvironment(processVariables());
  const log = createLog({ ...environment.log, secrets: secretsOf(environment) });
  for (const warning of environment.warnings) log.warn({}, warning);

  const { app } = environment;
  if (app === null && role === "worker") throw noCredentials();
  const running =
    app === null
      ? await startSetupServer({ environment, log })
      : await startApp(role, { ...environment, app }, log);
  closeOnSignal(() => running.close(), log);
}

function noCredentials(): AppError {
  return new AppError("config", "A worker needs the app's credentials, and none is set.", {
    retryable: false,
    remedy: "Run `npm start` once to make the app, or set APP_ID, PRIVATE_KEY and WEBHOOK_SECRET.",
  });
}

function secretsOf({ app, store, models }: Environment): string[] {
  const password = store.kind === "embedded" ? "" : new URL(store.url).password;
  return [app?.privateKey ?? "", app?.webhookSecret ?? "", password, ...secretsOfModels(models)];
}

/** The first signal lets work under way finish; the second ends the process at once. */
function closeOnSignal(close: () => Promise<void>, log: ReturnType<typeof createLog>): void {
  let closing = false;
  const onSignal = (signal: string) => {
    if (closing) process.exit(1);
    closing = true;
    log.info({ signal }, "closing; a second signal ends at once");
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error }, "closing failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}
