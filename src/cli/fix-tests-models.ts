// The models that are asked about failing tests in a person's own clone: configured by the process's variables, paid by the person, remembered nowhere.
import { randomUUID } from "node:crypto";
import { defaultPolicy } from "../config/policy-defaults.ts";
import { readModelSettings } from "../config/model-settings.ts";
import { useInWords } from "../core/model-use.ts";
import { noModels } from "../core/models.ts";
import type { Models } from "../core/models.ts";
import { clientFor } from "../model/clients/client-for.ts";
import { createModels } from "../model/index.ts";
import { createMemoryLedger } from "../model/memory-ledger.ts";
import { silentLog } from "./log.ts";

export interface UsedModels {
  readonly calls: number;
  /** Millionths of a dollar; of calls without a price nothing. */
  readonly micros: number;
  /** Lines for people: what it came to, and what went wrong. */
  readonly lines: readonly string[];
}

export interface FixModels {
  readonly models: Models;
  /** Whom it asks; empty: nobody. */
  readonly names: readonly string[];
  readonly used: () => Promise<UsedModels>;
}

/** Milliseconds in which models may be asked: above the loop's own limit, as in the App. */
const askingMs = 15 * 60_000;

/** Throws `AppError("config")` for what is configured wrongly. */
export function openFixModels(
  variables: Readonly<Record<string, string | undefined>>,
  { enabled, signal }: { readonly enabled: boolean; readonly signal: AbortSignal },
): FixModels {
  const settings = enabled ? readModelSettings(variables) : null;
  const names = settings === null ? [] : [...settings.roles.small, ...settings.roles.large];
  if (settings === null || names.length === 0) {
    return {
      models: noModels,
      names: [],
      used: () => Promise.resolve({ calls: 0, micros: 0, lines: [] }),
    };
  }
  const modelsFor = createModels({
    settings,
    ledger: createMemoryLedger(),
    clientFor: clientFor(settings),
    now: Date.now,
    log: silentLog,
  });
  const { models, use } = modelsFor({
    runId: `local:${randomUUID()}`,
    pull: { installationId: 0, owner: "local", repo: "clone", number: 0 },
    fromFork: false,
    policy: defaultPolicy,
    askingMs,
    signal,
  });
  const used = async (): Promise<UsedModels> => {
    const sum = await use([], []);
    if (sum === null) return { calls: 0, micros: 0, lines: [] };
    return {
      calls: sum.tiers.reduce((total, { calls }) => total + calls, 0),
      micros: sum.tiers.reduce((total, { micros }) => total + micros, 0),
      lines: [...(sum.tiers.length === 0 ? [] : [useInWords(sum, [])]), ...sum.problems].map(
        (line) => `Models: ${line}`,
      ),
    };
  };
  return { models, names, used };
}
